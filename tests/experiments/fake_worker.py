"""The worker process, on the fake model."""

import sys

from fake import code_version, fake_room

from sim.experiments import store, worker

if __name__ == "__main__":
    sys.modules["sim.model"] = fake_room()
    store.code_version = code_version
    worker.main()

"""The worker process, on the fake model."""

import fake

from sim.experiments import worker

if __name__ == "__main__":
    fake.install()
    worker.main()

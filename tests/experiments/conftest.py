import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture
def fake_model(monkeypatch):
    """The fake model in place of the true one, in this process."""
    from fake import code_version, fake_room

    monkeypatch.setitem(sys.modules, "sim.model", fake_room())
    monkeypatch.setattr("sim.experiments.store.code_version", code_version)


@pytest.fixture
def fake_worker():
    """The command of a worker process on the fake model."""
    return (sys.executable, str(Path(__file__).parent / "fake_worker.py"))

"""How much memory a process took is its own, not that of the process that began it."""

import subprocess
import sys

import numpy as np

from sim.memory import free_bytes, peak_bytes

HELD = 300_000_000
TELL = "from sim.memory import peak_bytes; print(peak_bytes())"


def test_what_the_parent_holds_is_not_counted():
    held = np.ones(HELD, dtype=np.uint8)
    told = subprocess.run([sys.executable, "-c", TELL], capture_output=True, text=True, check=True)
    assert 1_000_000 < int(told.stdout) < HELD < peak_bytes()
    assert held[-1] == 1


def test_what_is_let_go_stays_counted():
    before = peak_bytes()
    np.ones(HELD, dtype=np.uint8)
    assert peak_bytes() >= before
    assert peak_bytes() > HELD


def test_free_memory_is_known_here():
    free = free_bytes()
    assert free is None or free > 0

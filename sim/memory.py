"""How much memory there is and how much a process took."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

KIB = 1024


def peak_bytes() -> int:
    """Return the most memory that this process ever held, in bytes; 0 where nobody knows."""
    # What `getrusage` tells on Linux begins with what the parent held when it made this process.
    with suppress(OSError), open("/proc/self/status") as lines:
        for line in lines:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * KIB
    try:
        import resource
    except ImportError:  # not on Windows
        return 0
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(most) * (1 if sys.platform == "darwin" else KIB)


def free_bytes() -> int | None:
    """Return how much memory a new process could take, in bytes; None where nobody knows.

    What the machine has available, or what the limit of the control group leaves, if that is less.
    """
    known = [free for free in (_available(), _left_in_group()) if free is not None]
    return min(known) if known else None


def _available() -> int | None:
    try:
        with open("/proc/meminfo") as lines:
            for line in lines:
                if line.startswith("MemAvailable:"):
                    return int(line.split()[1]) * KIB
    except OSError:
        pass
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return None


def _left_in_group() -> int | None:
    try:
        with (
            open("/sys/fs/cgroup/memory.max") as most,
            open("/sys/fs/cgroup/memory.current") as now,
        ):
            limit = most.read().strip()
            return None if limit == "max" else max(int(limit) - int(now.read()), 0)
    except (OSError, ValueError):
        return None

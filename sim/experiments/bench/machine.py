"""The machine on which something was timed."""

from __future__ import annotations

import os
import platform
from pathlib import Path
from typing import Any

from sim.experiments.processors import cores
from sim.experiments.versions import code_version, libraries


def machine() -> dict[str, Any]:
    """Return what this machine is, for JSON: processor, cores, memory, load, code and libraries."""
    return {
        "processor": _processor(),
        "cores": cores(),
        "memory_gb": _memory_gb(),
        "system": f"{platform.system()} {platform.machine()}",
        "load_at_start": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
        "code_version": code_version(),
        "libraries": libraries(),
    }


def _processor() -> str:
    """The processor's name; its family besides, where the name alone says little."""
    facts: dict[str, str] = {}
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            name, _, value = line.partition(":")
            facts.setdefault(name.strip(), value.strip())
    except OSError:
        return platform.processor() or platform.machine()
    numbers = [f"{name} {facts[name]}" for name in ("cpu family", "model") if name in facts]
    name = facts.get("model name") or platform.machine()
    return f"{name} ({', '.join(numbers)})" if numbers else name


def _memory_gb() -> float | None:
    try:
        return round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1e9, 1)
    except (AttributeError, ValueError, OSError):
        return None

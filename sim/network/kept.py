"""Networks kept: large ones on disk, so that the same one is built once and held once by all.

Of smaller ones, which are built as fast as they are read, a process keeps the last in memory:
markets are compared on the same network.

A kept network is one file, named by a hash of all that decides its content, in ``networks`` of
the cache folder. It is written beside its place, flushed to the disk and renamed: whatever happens
to the writer, a reader finds a whole file or none. Files may be deleted at any time: who has
one open keeps it. Those unused longest go when all together pass the cap.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any

import numba
import numpy as np

from sim.compiled import PACKAGE, cache_root
from sim.network.column_file import BrokenFile, read_network, write_network
from sim.network.ties import Network
from sim.parameters import OF_THE_GENERATOR
from sim.scenario import Scenario

try:
    import fcntl
except ImportError:  # not on Windows; two processes at once may there build the same network
    fcntl = None  # type: ignore[assignment]
CAN_LOCK = fcntl is not None

CAP_VARIABLE = "SHARESIM_NETWORK_CACHE_GB"
"""Environment variable: gigabytes that all kept networks may take together; 0 keeps none."""
DEFAULT_CAP_GB = 4.0
LARGE_TIES = 1_000_000
"""Generated networks of at least so many expected ties are kept on disk."""
LARGE_FILE_BYTES = 4_000_000
"""Networks from files of at least this size are kept."""
PART_SECONDS = 3600
"""A file being written that was not touched for so long is what a killed process left."""
SUFFIX, PART_SUFFIX, LOCK_SUFFIX = ".network", ".part", ".lock"
_NOT_BUILT_FROM = ("file", "max_followed")


def cap_bytes() -> float:
    """Return how many bytes all kept networks may take together; 0 where the setting is none."""
    try:
        return max(float(os.environ.get(CAP_VARIABLE, DEFAULT_CAP_GB)) * 1e9, 0.0)
    except ValueError:
        return 0.0


def kept_network(
    scenario: Scenario, seed: int, build: Callable[[], Network], folder: Path | None = None
) -> Network:
    """Return the network of a scenario as it was kept, or built and kept."""
    if not _is_large(scenario) and not scenario.network.file:
        return _built_last(network_key(scenario, seed), build)
    if cap_bytes() == 0 or not _is_large(scenario):
        return build()
    try:
        folder = folder or cache_root() / "networks"
        file = folder / f"{network_key(scenario, seed)}{SUFFIX}"
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(file.with_suffix(LOCK_SUFFIX)):
            found = _found(file)
            if found is not None:
                return found
            network = build()
            _keep(network, file)
            return network
    except (OSError, RuntimeError):  # the folder cannot be written, or there is no home folder
        return build()


_last: dict[str, Network] = {}


def _built_last(key: str, build: Callable[[], Network]) -> Network:
    """Return the network of that name if it is the last one that was built here, else build it."""
    network = _last.get(key)
    if network is None:
        _last.clear()
        network = _last[key] = build()
    return network


def network_key(scenario: Scenario, seed: int) -> str:
    """Return the name of a network: 32 hexadecimal digits of all that decides its content."""
    given = asdict(scenario.network)
    of: dict[str, Any] = {name: given[name] for name in given if name not in _NOT_BUILT_FROM}
    if scenario.network.file:
        of = {name: of[name] for name in of if f"network.{name}" not in OF_THE_GENERATOR}
        with open(scenario.network.file, "rb") as ties:
            of["sha256"] = hashlib.file_digest(ties, "sha256").hexdigest()
    else:
        of["n_people"] = scenario.population.n_consumers
    text = json.dumps({**of, "seed": seed, "code": _code()}, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


@lru_cache(maxsize=1)
def _code() -> str:
    """A hash of the code that builds networks."""
    digest = hashlib.sha256(f"{np.__version__} {numba.__version__}".encode())
    below = (PACKAGE / name for name in ("arithmetic.py", "compiled.py", "draws.py"))
    for file in (*sorted((PACKAGE / "network").glob("*.py")), *below):
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def _is_large(scenario: Scenario) -> bool:
    if scenario.network.file:
        try:
            size = os.path.getsize(scenario.network.file)
            return size * scenario.network.copies >= LARGE_FILE_BYTES
        except OSError:
            return False  # whoever reads it says what is wrong
    return scenario.population.n_consumers * scenario.network.mean_degree >= LARGE_TIES


@contextmanager
def _alone(lock_file: Path) -> Iterator[None]:
    """Let one process at a time look for a network and build it; the next one finds it there."""
    if not CAN_LOCK:
        yield
        return
    with open(lock_file, "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            yield
        finally:
            # Who waits for this very file still goes after us; a newcomer finds the network.
            lock_file.unlink(missing_ok=True)


def _found(file: Path) -> Network | None:
    try:
        network = read_network(file)
    except FileNotFoundError:
        return None
    except (BrokenFile, OSError):
        file.unlink(missing_ok=True)
        return None
    with suppress(OSError):
        os.utime(file)  # the ones used last stay longest
    return network


def _keep(network: Network, file: Path) -> None:
    """Write a network if there is room for it under the cap; a full disk is no mistake."""
    part = file.with_suffix(f".{os.getpid()}{PART_SUFFIX}")
    try:
        with suppress(OSError):
            write_network(network, part, cap_bytes())
            if part.exists():
                os.replace(part, file)
                _trim(file.parent)
    finally:
        part.unlink(missing_ok=True)


def _trim(folder: Path) -> None:
    """Remove what killed processes left, and the networks unused longest, down to the cap."""
    states = []
    for entry in os.scandir(folder):
        with suppress(OSError):
            state = entry.stat()
            is_left = entry.name.endswith(PART_SUFFIX)
            if is_left and time.time() - state.st_mtime > PART_SECONDS:
                os.unlink(entry)
            elif entry.name.endswith(SUFFIX):
                states.append((state.st_mtime_ns, state.st_size, entry.path))
    total = sum(size for _, size, _ in states)
    for _, size, path in sorted(states)[:-1]:
        if total <= cap_bytes():
            break
        with suppress(OSError):
            os.unlink(path)
        total -= size

"""One network in one file: a line of JSON that says what is where, then the columns themselves.

Columns are mapped into memory rather than read: only what is touched takes room, and processes
that run on the same network share it. The mapping is private, so that nothing a process does to
its columns reaches the file.
"""

from __future__ import annotations

import json
import mmap
import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.network.ties import Dropped, Network

FORMAT = "sharesim network 2"
COLUMNS = ("follower_start", "reader", "packed_layer", "taste_x", "taste_y", "community", "weight")
ALIGNMENT = 64
LABELS = "labels"


class BrokenFile(Exception):
    """A file that holds no whole network."""


def write_network(network: Network, path: Path, most_bytes: float) -> None:
    """Write a network and flush it to the disk; nothing where it has more than ``most_bytes``."""
    columns = {name: getattr(network, name) for name in COLUMNS}
    columns = {name: column for name, column in columns.items() if column is not None}
    if network.labels is not None:
        text = "\n".join(network.labels).encode("utf-8", "surrogateescape")
        columns[LABELS] = np.frombuffer(text, dtype=np.uint8)
    places, end = {}, 0
    for name, column in columns.items():
        places[name] = (end, len(column), column.dtype.str)
        end += -(-column.nbytes // ALIGNMENT) * ALIGNMENT
    if end > most_bytes:
        return
    facts = {
        "format": FORMAT,
        "n_people": network.n_people,
        "dropped": network.dropped._asdict(),
        "directed": network.directed,
        "copies": network.copies,
        "weights_are_trust": network.weights_are_trust,
        "columns": places,
        "bytes": end,
    }
    header = json.dumps(facts).encode() + b"\n"
    header = header.rjust(-(-len(header) // ALIGNMENT) * ALIGNMENT)
    with open(path, "wb") as file:
        file.write(header)
        for name, column in columns.items():
            file.seek(len(header) + places[name][0])
            column.tofile(file)
        file.truncate(len(header) + end)
        file.flush()
        os.fsync(file.fileno())


def read_network(path: Path) -> Network:
    """Return the network of a file, its columns mapped into memory.

    Raises BrokenFile where the file is no whole network, OSError where it cannot be read.
    """
    with open(path, "rb") as file:
        try:
            header = file.readline()
            facts = json.loads(header)
            if facts["format"] != FORMAT:
                raise BrokenFile(path)
            size = len(header) + facts["bytes"]
            if os.fstat(file.fileno()).st_size != size:
                raise BrokenFile(path)
            content = mmap.mmap(file.fileno(), size, access=mmap.ACCESS_COPY)
            columns: dict[str, NDArray[Any]] = {
                name: np.ndarray(length, np.dtype(kind), content, len(header) + start)
                for name, (start, length, kind) in facts["columns"].items()
            }
            labels = columns.pop(LABELS, None)
            if labels is not None:
                text = labels.tobytes().decode("utf-8", "surrogateescape")
            return Network(
                n_people=facts["n_people"],
                dropped=Dropped(**facts["dropped"]),
                directed=facts["directed"],
                copies=facts["copies"],
                weights_are_trust=facts["weights_are_trust"],
                labels=None if labels is None else text.split("\n") if text else [],
                **columns,
            )
        except (ValueError, KeyError, TypeError) as error:
            raise BrokenFile(path) from error

"""Columns of a given length filled with zeros (ids with -1), for tests that need only some."""

import typing
from typing import Any

import numpy as np

from sim.world import columns

TYPES = {
    columns.I1: np.int8,
    columns.I2: np.int16,
    columns.I4: np.int32,
    columns.I8: np.int64,
    columns.F4: np.float32,
    columns.F8: np.float64,
    columns.U1: np.bool_,
}
ABSENT = {"joined_week", "joined_share", "last_merchant", "followed", "entered_week"}
ABSENT |= {
    "joined_root",
    "exited_week",
    "share",
    "sharer",
    "tie",
    "layer",
    "source_order",
    "parent_share",
}


def small(kind: type, length: int, /, **given: Any) -> Any:
    """Columns of type ``kind`` with ``length`` rows; ``given`` ones as they are."""
    hints = typing.get_type_hints(kind)
    unknown = given.keys() - hints.keys()
    assert not unknown, unknown
    made = {}
    for name, hint in hints.items():
        if name in given:
            value = given[name]
            made[name] = np.array(value, dtype=TYPES[hint]) if hint in TYPES else value
        elif hint in TYPES:
            made[name] = np.full(length, -1 if name in ABSENT else 0, dtype=TYPES[hint])
        else:
            made[name] = 0
    return kind(**made)


def small_world_columns(n_consumers: int, n_merchants: int) -> tuple[Any, Any, Any]:
    """Consumers, merchants and a platform, all without money."""
    return (
        small(columns.ConsumerColumns, n_consumers),
        small(columns.MerchantColumns, n_merchants),
        small(columns.PlatformColumns, 1),
    )

"""Asking memory ahead of time for what will be looked at, so that nobody waits for it then."""

from __future__ import annotations

from typing import Any

from llvmlite import ir  # type: ignore[import-untyped]
from numba.core import cgutils, types
from numba.extending import intrinsic, overload

from sim.kernels.references import item_of

#: People, of 32 bits each, in a cache line of 64 bytes: many in a row are asked for line by line.
READERS_OF_LINE = 16
_FOR_READING, _KEEP_CLOSE, _DATA = 0, 3, 1


def fetch_ahead(column: Any, place: Any) -> None:
    """Begin to fetch an item of a column behind a reference; plain Python has no need to."""


@overload(fetch_ahead)
def _fetch_ahead_compiled(column: Any, place: int) -> Any:
    def fetch(column: Any, place: int) -> None:
        _prefetch(column, place)  # type: ignore[call-arg]

    return fetch


@intrinsic
def _prefetch(_: Any, column: Any, place: Any) -> Any:
    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        address = builder.bitcast(item_of(context, builder, sig, args), cgutils.voidptr_t)
        number = ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [cgutils.voidptr_t, number, number, number])
        prefetch = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0i8")
        how = [ir.Constant(number, word) for word in (_FOR_READING, _KEEP_CLOSE, _DATA)]
        builder.call(prefetch, [address, *how])
        return context.get_dummy_value()

    return types.none(column, place), generate

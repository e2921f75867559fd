"""What holds of several rows alike, put into all of them at once."""

from __future__ import annotations

from typing import Any

from llvmlite import ir  # type: ignore[import-untyped]
from numba.core import types
from numba.extending import intrinsic, overload

from sim.kernels.references import item_of

#: Rows that get a value at once: as many as fill a vector of 64 bytes.
AT_ONCE = 8


def put_repeated(column: Any, place: int, value: Any) -> None:
    """Put a value into ``AT_ONCE`` rows of a column from ``place`` on, which must all be there."""
    for k in range(AT_ONCE):
        column[place + k] = value


@overload(put_repeated)
def _put_repeated_compiled(column: Any, place: int, value: Any) -> Any:
    def put(column: Any, place: int, value: Any) -> None:
        _put(column, place, value)  # type: ignore[call-arg]

    return put


@intrinsic
def _put(_: Any, column: Any, place: Any, value: Any) -> Any:
    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        first = item_of(context, builder, sig, args)
        value = context.cast(builder, args[2], sig.args[2], sig.args[0].dtype)
        rows = repeated(builder, value, AT_ONCE)
        builder.store(rows, builder.bitcast(first, rows.type.as_pointer()), align=1)
        return context.get_dummy_value()

    return types.none(column, place, value), generate


def repeated(builder: Any, value: Any, times: int) -> Any:
    """Return a vector of the same value throughout: code."""
    nothing = ir.Constant(ir.VectorType(value.type, times), ir.Undefined)
    first = builder.insert_element(nothing, value, ir.Constant(ir.IntType(32), 0))
    places = ir.Constant(ir.VectorType(ir.IntType(32), times), [0] * times)
    return builder.shuffle_vector(first, nothing, places)

"""Several fields of several far rows, put into columns at once.

Field by field each row would be looked for anew; here it is loaded as one vector of 64 bytes, and
eight of them are turned into the columns of their fields.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from llvmlite import ir  # type: ignore[import-untyped]
from numba.core import cgutils, types
from numba.extending import intrinsic, overload

from sim.kernels.references import item_of

#: Rows that are looked up at once, and fields of each.
AT_ONCE = 8


def put_fields(table: Any, rows: Any, at: Any, columns: Any, place: int) -> None:
    """Put the first fields of ``AT_ONCE`` rows of a table into as many columns, from a place on.

    Which rows these are, ``rows`` tells from ``at`` on. A row has ``AT_ONCE`` fields.
    """
    first = at[:-1]
    for k in range(AT_ONCE):
        row = rows[(*first, at[-1] + k)]
        for field, column in enumerate(columns):
            column[place + k] = table[row, field]


@overload(put_fields)
def _put_fields_compiled(table: Any, rows: Any, at: Any, columns: Any, place: int) -> Any:
    def put(table: Any, rows: Any, at: Any, columns: Any, place: int) -> None:
        _put(table, rows, at, columns, place)  # type: ignore[call-arg]

    return put


class _Asked(NamedTuple):
    """Of what type a column and a place are."""

    args: tuple[Any, Any]


@intrinsic
def _put(_: Any, table: Any, rows: Any, at: Any, columns: Any, place: Any) -> Any:
    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        fields = [
            item_of(context, builder, _Asked((kind, place)), (column, args[4]))
            for kind, column in zip(columns, cgutils.unpack_tuple(builder, args[3]), strict=True)
        ]
        first_row = item_of(context, builder, _Asked((rows, at)), (args[1], args[2]))
        cell = types.UniTuple(types.int64, 2)
        nothing, word = ir.Constant(ir.IntType(64), 0), ir.IntType(64)
        lines = []
        for k in range(AT_ONCE):
            row = builder.load(builder.gep(first_row, [ir.Constant(word, k)]))
            number = context.cast(builder, row, rows.dtype, types.int64)
            where = context.make_tuple(builder, cell, (number, nothing))
            line = item_of(context, builder, _Asked((table, cell)), (args[0], where))
            kind = ir.VectorType(line.type.pointee, AT_ONCE).as_pointer()
            lines.append(builder.load(builder.bitcast(line, kind), align=8))
        for field, column in zip(fields, _turned(builder, lines), strict=False):
            builder.store(column, builder.bitcast(field, column.type.as_pointer()), align=8)
        return context.get_dummy_value()

    return types.none(table, rows, at, columns, place), generate


def _turned(builder: Any, rows: list[Any]) -> list[Any]:
    """Return the columns of a square of so many rows: halves, quarters and so on are swapped."""
    rows, size, step = list(rows), len(rows), 1
    while step < size:
        upper = [k if k & step == 0 else size + (k ^ step) for k in range(size)]
        lower = [k ^ step if k & step == 0 else size + k for k in range(size)]
        for one in range(size):
            if one & step == 0:
                pair = rows[one], rows[one | step]
                for which, lanes in ((one, upper), (one | step, lower)):
                    mask = ir.Constant(ir.VectorType(ir.IntType(32), size), lanes)
                    rows[which] = builder.shuffle_vector(*pair, mask)
        step *= 2
    return rows

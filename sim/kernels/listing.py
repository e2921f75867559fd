"""Lists of the rows that are marked, many rows at a time.

Row by row a list takes a step for every row, marked or not; processors that can press the chosen
ones of many numbers together take one for sixteen.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir  # type: ignore[import-untyped]
from numba.core import types
from numba.extending import intrinsic, overload

from sim.compiled import has_instructions
from sim.kernels.references import item_of
from sim.kernels.repeating import repeated

#: Rows that are looked at together: marks and lists, of 32 bits a row, have room for so many more.
AT_ONCE = 16
_PRESSED = ir.VectorType(ir.IntType(32), AT_ONCE)
_CHOSEN = ir.VectorType(ir.IntType(1), AT_ONCE)


def list_rows(marks: Any, bits: int, n: int, rows: Any) -> int:
    """Fill in which of the first ``n`` rows have any of these bits; return how many have."""
    n_listed = 0
    for k in range(n):
        # Written before it is known to be one of them: no choice is made.
        rows[n_listed] = k
        n_listed += (marks[k] & bits) != 0
    return n_listed


@overload(list_rows)
def _list_rows_compiled(marks: Any, bits: int, n: int, rows: Any) -> Any:
    def pressed_together(marks: Any, bits: int, n: int, rows: Any) -> int:
        n_listed = 0
        for k in range(0, n, AT_ONCE):
            n_listed += _press(marks, k, bits, n, rows, n_listed)  # type: ignore[call-arg]
        return n_listed

    return pressed_together if has_instructions("avx512f") else list_rows


@intrinsic
def _press(_: Any, marks: Any, place: Any, bits: Any, n: Any, rows: Any, end: Any) -> Any:
    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        def item(column: int, at: int) -> Any:
            where = types.void(sig.args[column], sig.args[at])
            return builder.bitcast(
                item_of(context, builder, where, (args[column], args[at])), _PRESSED.as_pointer()
            )

        def in_all(value: int) -> Any:
            narrow = context.cast(builder, args[value], sig.args[value], types.int32)
            return repeated(builder, narrow, AT_ONCE)

        numbers = ir.Constant(_PRESSED, list(range(AT_ONCE)))
        each = builder.add(in_all(1), numbers)
        marked = builder.and_(builder.load(item(0, 1), align=4), in_all(2))
        chosen = builder.and_(
            builder.icmp_signed("!=", marked, ir.Constant(_PRESSED, None)),
            builder.icmp_signed("<", each, in_all(3)),
        )
        press = builder.module.declare_intrinsic(
            "llvm.x86.avx512.mask.compress.v16i32",
            fnty=ir.FunctionType(_PRESSED, [_PRESSED, _PRESSED, _CHOSEN]),
        )
        listed = builder.call(press, [each, ir.Constant(_PRESSED, None), chosen])
        builder.store(listed, item(4, 5), align=4)
        which = builder.zext(builder.bitcast(chosen, ir.IntType(AT_ONCE)), ir.IntType(64))
        return builder.ctpop(which)

    return types.int64(marks, place, bits, n, rows, end), generate

"""Many answers at once: yes or no for each of several items, as the bits of one whole number.

A loop that asks item by item ends where the processor cannot foresee it; here there is one question
for all of them, and then only those to go through for which the answer is yes.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir  # type: ignore[import-untyped]
from numba.core import types
from numba.extending import intrinsic, overload

from sim.kernels.references import item_of
from sim.kernels.repeating import repeated
from sim.world.columns import ASKED_AT_ONCE

WIDTH = ASKED_AT_ONCE
_WORD = ir.IntType(64)
_ALL_BITS = (1 << 64) - 1


def equal_bits(column: Any, row: int, place: int, value: int) -> int:
    """Return which of ``WIDTH`` items are this value, those from ``place`` on in a row of a table.

    The lowest bit belongs to the first of them.
    """
    return sum((column[row, place + k] == value) << k for k in range(WIDTH))


def below_bits(column: Any, place: int, bound: float) -> int:
    """Return which of ``WIDTH`` reals from ``place`` on are smaller than ``bound``."""
    return sum((column[place + k] < bound) << k for k in range(WIDTH))


def lowest_bit(bits: int) -> int:
    """Return the place of the lowest bit that is set; there must be one."""
    return int(bits & -bits).bit_length() - 1


def highest_bit(bits: int) -> int:
    """Return the place of the highest bit that is set; there must be one."""
    return int(bits).bit_length() - 1


def n_bits(bits: int) -> int:
    """Return how many bits are set."""
    return (int(bits) & _ALL_BITS).bit_count()


@overload(equal_bits)
def _equal_bits_compiled(column: Any, row: int, place: int, value: int) -> Any:
    def equal(column: Any, row: int, place: int, value: int) -> int:
        return _equal(column, (row, place), value)  # type: ignore[call-arg]

    return equal


@overload(below_bits)
def _below_bits_compiled(column: Any, place: int, bound: float) -> Any:
    def below(column: Any, place: int, bound: float) -> int:
        return _below(column, place, bound)  # type: ignore[call-arg]

    return below


@overload(lowest_bit)
def _lowest_bit_compiled(bits: int) -> Any:
    def lowest(bits: int) -> int:
        return _zeros_below(bits)  # type: ignore[call-arg]

    return lowest


@overload(highest_bit)
def _highest_bit_compiled(bits: int) -> Any:
    def highest(bits: int) -> int:
        return 63 - _zeros_above(bits)  # type: ignore[call-arg]

    return highest


@overload(n_bits)
def _n_bits_compiled(bits: int) -> Any:
    def n_set(bits: int) -> int:
        return _ones(bits)  # type: ignore[call-arg]

    return n_set


@intrinsic
def _equal(_: Any, column: Any, place: Any, value: Any) -> Any:
    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        items = _items(context, builder, sig, args)
        value = context.cast(builder, args[2], sig.args[2], sig.args[0].dtype)
        return _bits(builder, builder.icmp_signed("==", items, repeated(builder, value, WIDTH)))

    return types.int64(column, place, value), generate


@intrinsic
def _below(_: Any, column: Any, place: Any, bound: Any) -> Any:
    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        items = _items(context, builder, sig, args)
        return _bits(builder, builder.fcmp_ordered("<", items, repeated(builder, args[2], WIDTH)))

    return types.int64(column, place, bound), generate


@intrinsic
def _zeros_below(_: Any, bits: Any) -> Any:
    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return builder.cttz(args[0], ir.Constant(ir.IntType(1), 1))

    return types.int64(types.int64), generate


@intrinsic
def _zeros_above(_: Any, bits: Any) -> Any:
    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return builder.ctlz(args[0], ir.Constant(ir.IntType(1), 1))

    return types.int64(types.int64), generate


@intrinsic
def _ones(_: Any, bits: Any) -> Any:
    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return builder.ctpop(args[0])

    return types.int64(types.int64), generate


def _items(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    """The items from a place on, as one vector."""
    first = item_of(context, builder, sig, args)
    kind = ir.VectorType(first.type.pointee, WIDTH)
    return builder.load(builder.bitcast(first, kind.as_pointer()), align=1)


def _bits(builder: Any, answers: Any) -> Any:
    """A vector of answers as one whole number."""
    return builder.zext(builder.bitcast(answers, ir.IntType(WIDTH)), _WORD)

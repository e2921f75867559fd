"""Exponential, logarithm and angle in basic arithmetic, without a choice on the way.

Loops over people that call the functions of the C library go person by person; these become vector
instructions, four times as fast. And as they add, multiply and divide only, in an order that is
written down, every machine gets the same bits, whatever its C library. Errors are below one unit
in the last place for ``exp`` and ``ln``. Polynomials: Sun Microsystems 1993, FDLIBM 5.3.
"""

from __future__ import annotations

import struct
from typing import Any, Final

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba.core import types
from numba.extending import intrinsic, overload

from sim.compiled import compiled, float64

#: ln 2 in two parts, of which the first has so few digits that products with exponents are exact.
_LN2_HIGH: Final = 6.93147180369123816490e-01
_LN2_LOW: Final = 1.90821492927058770002e-10
_1_BY_LN2: Final = 1.44269504088896338700
#: Adding it to a number leaves the nearest whole number in the lowest bits of the sum.
_ROUNDING: Final = 6755399441055744.0
_ROUNDING_BITS: Final = 0x4338000000000000
_MANTISSA_BITS: Final = 52
_EXPONENT_OF_1: Final = 1023
_SQRT_HALF_BITS: Final = 0x3FE6A09E667F3BCD
_TAN_22_5_DEGREES: Final = 0.41421356237309503


def bits_of(real: float) -> int:
    """Return the 64 bits of a real as a signed whole number."""
    return int(struct.unpack("<q", struct.pack("<d", real))[0])


def real_of(bits: int) -> float:
    """Return the real with these 64 bits."""
    return float(struct.unpack("<d", struct.pack("<q", bits))[0])


@intrinsic
def _bits(_: Any, real: Any) -> Any:
    def same_bits(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return builder.bitcast(args[0], ir.IntType(64))

    return types.int64(types.float64), same_bits


@intrinsic
def _real(_: Any, bits: Any) -> Any:
    def same_bits(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return builder.bitcast(args[0], ir.DoubleType())

    return types.float64(types.int64), same_bits


@overload(bits_of, inline="always")
def _bits_of_compiled(real: Any) -> Any:
    def bits(real: Any) -> Any:
        return _bits(real)  # type: ignore[call-arg]

    return bits


@overload(real_of, inline="always")
def _real_of_compiled(bits: Any) -> Any:
    def real(bits: Any) -> Any:
        return _real(bits)  # type: ignore[call-arg]

    return real


@intrinsic
def _times_plus(_: Any, a: Any, b: Any, c: Any) -> Any:
    def rounded_once(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return builder.fma(*args)

    return types.float64(types.float64, types.float64, types.float64), rounded_once


#: Below it thousandths may come out as the next number but one.
LEAST_OF_THOUSANDTHS: Final = 1e-300


def per_thousand(x: float) -> float:
    """Return x/1000, rounded once; x is 0 or at least `LEAST_OF_THOUSANDTHS` from it."""
    return x / 1000.0


@overload(per_thousand, inline="always")
def _per_thousand_compiled(x: Any) -> Any:
    def per_thousand(x: Any) -> Any:
        # A division takes as long as a dozen products. What the nearby number leaves of x is found
        # exactly where product and sum are rounded once; so the last step gives the quotient as a
        # division does (Markstein 1990, IBM Journal of Research and Development 34(1)).
        real = np.float64(x)
        nearby = real * 0.001
        return _times_plus(_times_plus(nearby, -1000.0, real), 0.001, nearby)  # type: ignore[call-arg]

    return per_thousand


@compiled(float64(float64), forceinline=True)
def exp(x: float) -> float:
    """Return e to the power of x; 0 below -745.2, infinity above 709.8.

    x = k·ln 2 + r with |r| ≤ ln 2/2; exp(r) = 1 + r + r·c/(2 - c), c a polynomial in r² less r;
    times 2^k in two steps, so that the smallest results lose no more digits than they must.
    """
    x = min(max(x, -746.0), 710.0)
    shifted = x * _1_BY_LN2 + _ROUNDING
    k = bits_of(shifted) - _ROUNDING_BITS
    whole = shifted - _ROUNDING
    high, low = x - whole * _LN2_HIGH, whole * _LN2_LOW
    r = high - low
    z = r * r
    p = 6.61375632143793436117e-05 + z * (
        -1.65339022054652515390e-06 + z * 4.13813679705723846039e-08
    )
    c = r - z * (1.66666666666666019037e-01 + z * (-2.77777777770155933842e-03 + z * p))
    value = 1.0 - ((low - (r * c) / (2.0 - c)) - high)
    half = k >> 1
    return (
        value
        * real_of((half + _EXPONENT_OF_1) << _MANTISSA_BITS)
        * real_of((k - half + _EXPONENT_OF_1) << _MANTISSA_BITS)
    )


@compiled(float64(float64), forceinline=True)
def ln(x: float) -> float:
    """Return the natural logarithm of a positive number of at least 2.3e-308.

    x = 2^k·(1 + f) with 1 + f between the roots of 1/2 and 2; ln(1 + f) = f - f²/2 +
    s·(f²/2 + R), s = f/(2 + f), R a polynomial in s².
    """
    bits = bits_of(x)
    k = (bits - _SQRT_HALF_BITS) >> _MANTISSA_BITS
    f = real_of(bits - (k << _MANTISSA_BITS)) - 1.0
    exponent = real_of(k + _ROUNDING_BITS) - _ROUNDING
    s = f / (2.0 + f)
    z = s * s
    w = z * z
    even = w * (
        3.999999999940941908e-01 + w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01)
    )
    odd = z * (
        6.666666666666735130e-01
        + w
        * (2.857142874366239149e-01 + w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01))
    )
    half_square = 0.5 * f * f
    rest = s * (half_square + (even + odd)) + exponent * _LN2_LOW
    return exponent * _LN2_HIGH - ((half_square - rest) - f)


@compiled(float64(float64, float64), forceinline=True)
def turn(x: float, y: float) -> float:
    """Return the direction of the point (x, y) as a part of a full turn, 0 to below 1.

    0 is along x, a quarter along y. The ratio of the shorter side to the longer one, less than
    the tangent of 22.5 degrees after a rotation by 45, goes into a polynomial for the arc tangent.
    The origin itself has direction 0. Source of the polynomial: FDLIBM; error below 1e-16.
    """
    across, up = abs(x), abs(y)
    longer, shorter = max(across, up), min(across, up)
    is_steep = shorter > _TAN_22_5_DEGREES * longer
    top = shorter - longer if is_steep else shorter
    base = shorter + longer if is_steep else longer
    t = top / (base if base > 0.0 else 1.0)
    z = t * t
    w = z * z
    even = z * (
        3.33333333333329318027e-01
        + w
        * (
            1.42857142725034663711e-01
            + w
            * (
                9.09088713343650656196e-02
                + w
                * (
                    6.66107313738753120669e-02
                    + w * (4.97687799461593236017e-02 + w * 1.62858201153657823623e-02)
                )
            )
        )
    )
    odd = w * (
        -1.99999999998764832476e-01
        + w
        * (
            -1.11111104054623557880e-01
            + w
            * (
                -7.69187620504482999495e-02
                + w * (-5.83357013379057348645e-02 + w * -3.65315727442169155270e-02)
            )
        )
    )
    arc = (t - t * (even + odd)) * 0.15915494309189535
    part = 0.125 + arc if is_steep else arc
    part = 0.25 - part if up > across else part
    part = 0.5 - part if x < 0.0 else part
    part = 1.0 - part if y < 0.0 else part
    return part if part < 1.0 else 0.0

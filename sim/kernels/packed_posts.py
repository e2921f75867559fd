"""What is known of one post as two whole numbers: fewer loads from far places.

The fields are those of ``POST_FACT``, the first one in the lowest bits.
"""

from __future__ import annotations

from sim.compiled import compiled


@compiled(inline="always")
def sharer_in(ends: int) -> int:
    """Return the sharer."""
    return ends & 0xFFFFFFFF


@compiled(inline="always")
def merchant_in(ends: int) -> int:
    """Return the merchant, -1 for invitations."""
    return ends >> 32


@compiled(inline="always")
def category_in(kind: int) -> int:
    """Return the category, -1 for invitations."""
    return ((kind & 0xFFFF) ^ 0x8000) - 0x8000


@compiled(inline="always")
def rewarded_in(kind: int) -> int:
    """Return 1 for rewarded posts, 0 for others."""
    return (kind >> 16) & 1


@compiled(inline="always")
def side_in(kind: int) -> int:
    """Return the side of the market on which the merchant sells."""
    return (kind >> 24) & 1

"""What is known of one tie as one whole number: loaded once, worked on, stored once.

The fields are those of ``TIE_STATE``, the first one in the lowest bits.
"""

from __future__ import annotations

from sim.compiled import compiled
from sim.world.columns import LAYER_BITS, MUTED

_USELESS, _TOUCHED, _READS, _MARKS = 16, 32, 48, 56
_MUTED = MUTED << _MARKS


@compiled(inline="always")
def useful_in(tie: int) -> int:
    """Return the useful evidence, in thousandths of a piece."""
    return tie & 0xFFFF


@compiled(inline="always")
def useless_in(tie: int) -> int:
    """Return the useless evidence, in thousandths of a piece."""
    return (tie >> _USELESS) & 0xFFFF


@compiled(inline="always")
def touched_in(tie: int) -> int:
    """Return the week of the last change of evidence."""
    return (tie >> _TOUCHED) & 0xFFFF


@compiled(inline="always")
def reads_in(tie: int) -> int:
    """Return how many posts were read over the tie."""
    return (tie >> _READS) & 0xFF


@compiled(inline="always")
def layer_in(tie: int) -> int:
    """Return the closeness layer."""
    return (tie >> _MARKS) & LAYER_BITS


@compiled(inline="always")
def is_muted_in(tie: int) -> int:
    """Return whether commercial posts are muted: 0, or anything else."""
    return tie & _MUTED


@compiled(inline="always")
def with_reads(tie: int, reads: int) -> int:
    """Return the tie with that many posts read over it."""
    return tie & ~(0xFF << _READS) | reads << _READS


@compiled(inline="always")
def with_evidence(tie: int, useful: int, useless: int, week: int) -> int:
    """Return the tie with evidence, in thousandths of a piece, as it stands in this week."""
    return tie & ~0xFFFFFFFFFFFF | useful | useless << _USELESS | week << _TOUCHED


@compiled(inline="always")
def with_muted(tie: int, muted: bool) -> int:
    """Return the tie with commercial posts muted, or not."""
    return tie & ~_MUTED | _MUTED * muted


@compiled(inline="always")
def forgiven_where(tie: int, forgiven: int) -> int:
    """Return the tie with commercial posts no longer muted where ``forgiven`` is 1, not 0."""
    return tie & ~(_MUTED * forgiven)

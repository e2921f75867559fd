"""How people come to a platform, and how members bring others."""

from __future__ import annotations

import math

from numba.extending import register_jitable


@register_jitable
def invites(u: float, invite_prob: float) -> bool:
    """Return whether a member invites this week: with probability ``invite_prob``.

    One who knows nobody outside has nobody to invite; that is asked apart, because it costs more.
    """
    return u < invite_prob


@register_jitable
def joins(u: float, join_prob: float, trust: float) -> bool:
    """Return whether an invited person joins: with probability ``join_prob``·trust in the inviter.

    A first purchase through a post brings somebody in as well, without any further decision.
    """
    return u < join_prob * trust


@register_jitable
def joins_alone(u: float, rate_per_week: float) -> bool:
    """Return whether a person joins unasked in a week: with probability 1 - exp(-rate)."""
    return u < 1.0 - math.exp(-rate_per_week)

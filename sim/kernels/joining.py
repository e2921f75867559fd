"""Joining the platform: through an invitation, or without anybody's word."""

from __future__ import annotations

from sim import draws
from sim.compiled import compiled
from sim.kernels.situation import Situation
from sim.rules import membership
from sim.world.columns import NOBODY


@compiled
def consider_joining(s: Situation, consumer: int, post: int, trusted_at: float) -> None:
    """Let a consumer who is invited by somebody trusted so far become a member, or not.

    Who joins looks where that friend looks.
    """
    if s.consumers.member[consumer]:
        return
    sharer = s.facts.sharer[post]
    u = draws.uniform(s.seed, consumer, sharer, s.week, draws.JOIN)
    if membership.joins(u, s.terms.sharing.join_prob, trusted_at):
        side, share = s.consumers.side[sharer], s.posts.first_share + post
        join(s, consumer, side, share, s.posts.root_share[post])


@compiled
def joins_alone(s: Situation, consumer: int) -> bool:
    """Return whether a consumer who is no member joins without anybody's word."""
    if s.join_rate_per_week <= 0.0:
        return False
    u = draws.uniform(s.seed, consumer, NOBODY, s.week, draws.JOIN_ALONE)
    return membership.joins_alone(u, s.join_rate_per_week)


@compiled
def join(s: Situation, consumer: int, side: int, share: int, root: int) -> None:
    """Let a consumer become a member who looks on ``side``.

    Through ``share`` (-1: alone), in the invitation chain of ``root``.
    """
    s.consumers.member[consumer] = True
    s.consumers.side[consumer] = side
    s.consumers.joined_week[consumer] = s.week
    s.consumers.joined_share[consumer] = share
    s.consumers.joined_root[consumer] = root

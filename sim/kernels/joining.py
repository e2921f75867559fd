"""Joining the platform: through an invitation, or without anybody's word."""

from __future__ import annotations

from sim import draws
from sim.compiled import compiled
from sim.kernels.situation import Situation
from sim.rules import membership
from sim.world.columns import NOBODY


@compiled
def consider_joining(s: Situation, consumer: int, post: int, trusted_at: float) -> None:
    """Let a consumer who is invited by somebody trusted so far become a member, or not."""
    if s.consumers.member[consumer]:
        return
    u = draws.uniform(s.seed, consumer, s.facts.sharer[post], s.week, draws.JOIN)
    if membership.joins(u, s.terms.sharing.join_prob, trusted_at):
        join(s, consumer, s.posts.first_share + post, s.posts.root_share[post])


@compiled
def joins_alone(s: Situation, consumer: int) -> bool:
    """Return whether a consumer who is no member joins without anybody's word."""
    if s.join_rate_per_week <= 0.0:
        return False
    u = draws.uniform(s.seed, consumer, NOBODY, s.week, draws.JOIN_ALONE)
    return membership.joins_alone(u, s.join_rate_per_week)


@compiled
def join(s: Situation, consumer: int, share: int, root: int) -> None:
    """Let a consumer become a member through ``share``, in the invitation chain of ``root``."""
    s.consumers.member[consumer] = True
    s.consumers.joined_week[consumer] = s.week
    s.consumers.joined_share[consumer] = share
    s.consumers.joined_root[consumer] = root

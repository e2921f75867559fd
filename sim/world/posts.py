"""The window of posts that can still be remembered, and how a week moves it on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.parameters import ID_LIMIT
from sim.parameters.problems import InputError
from sim.world.columns import I4, I8, INVITATION, NOBODY, PostColumns

if TYPE_CHECKING:
    from sim.week import NewPosts
    from sim.world.world import World

SPARE = 1.06
"""Room that is made for posts, over those at hand."""


def no_posts(first_share: int, upline_width: int) -> PostColumns:
    """Return an empty window of posts whose next share id is ``first_share``."""
    none8: I8 = np.zeros(0, dtype=np.int64)
    none4: I4 = np.zeros(0, dtype=np.int32)
    return PostColumns(
        first_share=first_share,
        fresh=0,
        week=none4,
        sharer=none4,
        category=np.zeros(0, dtype=np.int16),
        merchant=none4,
        kind=np.zeros(0, dtype=np.int8),
        rewarded=np.zeros(0, dtype=np.bool_),
        stated_quality=np.zeros(0),
        source_order=none8,
        parent_share=none8,
        root_share=none8,
        upline=np.zeros((0, upline_width), dtype=np.int32),
    )


class PostWindow:
    """Moves the window on in one place: the same memory holds the posts of every week."""

    def __init__(self, memory_weeks: int):
        self._memory_weeks = memory_weeks
        self._room: dict[str, Any] = {}

    def after(self, world: World, new: NewPosts, week: int) -> PostColumns:
        """Return the posts within memory when week ``week + 1`` begins: older ones, then the new.

        The older ones move to where the oldest were, so columns of the week before tell nothing any
        more. Raises InputError where there are more posts than have ids.
        """
        old = world.posts
        n_old, n_new = len(old.sharer), len(new.sharer)
        gone = int(np.searchsorted(old.week, week + 1 - self._memory_weeks))
        if old.first_share + n_old + n_new > ID_LIMIT:
            raise InputError(f"a run can have {ID_LIMIT:,} posts, this one needs more")
        roots, uplines = _lineage(world, new)
        columns = {**new._asdict(), "week": np.int32(week), "root_share": roots, "upline": uplines}
        fresh = n_old - gone
        n = fresh + n_new
        for name, column in columns.items():
            older = getattr(old, name)
            room = self._room.get(name, older[:0])
            if n > len(room):
                room = np.empty((int(n * SPARE), *older.shape[1:]), dtype=older.dtype)
            self._room[name] = room
            room[:fresh] = older[gone:]
            room[fresh:n] = column
        return PostColumns(
            first_share=old.first_share + gone,
            fresh=fresh,
            **{name: self._room[name][:n] for name in columns},
        )


def _lineage(world: World, new: NewPosts) -> tuple[I8, I4]:
    """Return the first share of each post's cascade (its own where it begins one) and its upline.

    A product post goes back to the post that brought its sharer the product; an invitation to the
    chain of invitations that brought its sharer in, which may be long past.
    """
    old = world.posts
    roots = old.first_share + len(old.sharer) + np.arange(len(new.sharer))
    uplines = np.full((len(roots), old.upline.shape[1]), NOBODY, dtype=np.int32)
    invited = (new.kind == INVITATION) & (new.parent_share != NOBODY)
    roots[invited] = world.consumers.joined_root[new.sharer[invited]]
    passed_on = np.flatnonzero((new.kind != INVITATION) & (new.parent_share != NOBODY))
    parent = new.parent_share[passed_on] - old.first_share
    roots[passed_on] = old.root_share[parent]
    if uplines.shape[1]:
        above = np.column_stack([old.sharer[parent], old.upline[parent]])
        uplines[passed_on] = above[:, : uplines.shape[1]]
    return roots, uplines

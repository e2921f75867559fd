"""The window of posts that can still be remembered, and how a week moves it on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.compiled import compiled
from sim.parameters import ID_LIMIT
from sim.parameters.problems import InputError
from sim.world.columns import I1, I4, I8, INVITATION, NOBODY, SPARE, PostColumns

if TYPE_CHECKING:
    from sim.week import NewPosts
    from sim.world.world import World

#: Does a task for every number.
Each = Callable[[Callable[[int], Any], range], Iterable[Any]]


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
        effort_fen=none8,
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
        #: Room for the first shares and the uplines of new posts, which older ones tell.
        self._lineage: tuple[I8, I4] | None = None

    def after(
        self, world: World, parts: Sequence[NewPosts], week: int, each: Each = map
    ) -> PostColumns:
        """Return the posts within memory when week ``week + 1`` begins: older ones, then the new.

        These come in parts, one behind the other. Columns are moved one by one, which ``each`` may
        do at once. The older posts move to where the oldest were, so columns of the week before
        tell nothing any more. Raises InputError where there are more posts than have ids.
        """
        old = world.posts
        n_old, n_new = len(old.sharer), sum(len(part.sharer) for part in parts)
        oldest = np.int32(week + 1 - self._memory_weeks)  # of the type of the column: no copy
        gone = int(np.searchsorted(old.week, oldest))
        if old.first_share + n_old + n_new > ID_LIMIT:
            raise InputError(f"a run can have {ID_LIMIT:,} posts, this one needs more")
        fresh = n_old - gone
        roots, uplines = self._room_for_lineage(n_new, old.upline.shape[1])

        def move(name: str, columns: Sequence[Any]) -> None:
            older = getattr(old, name)
            room = self._room.get(name, older[:0])
            if fresh + n_new > len(room):
                room = np.empty((int((fresh + n_new) * SPARE), *older.shape[1:]), older.dtype)
            self._room[name] = room
            # In one dimension, in which NumPy knows that nothing is overwritten before it is moved.
            width = older[0].size if n_old else 1
            room.reshape(-1)[: fresh * width] = older.reshape(-1)[gone * width :]
            at = fresh
            for column in columns:
                room[at : at + len(column)] = column
                at += len(column)

        def put_lineage() -> None:
            at = 0
            for part in parts:
                end = at + len(part.sharer)
                _put_lineage(
                    old.first_share,
                    old.first_share + n_old + at,
                    (old.sharer, old.root_share, old.upline),
                    (part.sharer, part.kind, part.parent_share),
                    world.consumers.joined_root,
                    roots[at:end],
                    uplines[at:end],
                )
                at = end

        moves = {
            name: partial(move, name, [getattr(part, name) for part in parts])
            for name in parts[0]._fields
        }
        moves["week"] = partial(move, "week", [np.broadcast_to(np.int32(week), n_new)])
        moves["root_share"] = partial(move, "root_share", [roots])
        moves["upline"] = partial(move, "upline", [uplines])
        # What tells the lineage stays where it is until that is known.
        last = [moves.pop(name) for name in ("sharer", "root_share", "upline")]
        for tasks in ([put_lineage, *moves.values()], last):
            list(each(partial(_do, tasks), range(len(tasks))))
        return PostColumns(
            first_share=old.first_share + gone,
            fresh=fresh,
            **{name: room[: fresh + n_new] for name, room in self._room.items()},
        )

    def _room_for_lineage(self, n: int, width: int) -> tuple[I8, I4]:
        if self._lineage is None or n > len(self._lineage[0]):
            size = int(n * SPARE)
            self._lineage = np.empty(size, np.int64), np.empty((size, width), np.int32)
        roots, uplines = self._lineage
        return roots[:n], uplines[:n]


def _do(tasks: Sequence[Any], number: int) -> None:
    tasks[number]()


@compiled(nogil=True)
def _put_lineage(
    first_share: int,
    first_new_share: int,
    old: tuple[I4, I8, I4],
    new: tuple[I4, I1, I8],
    joined_root: I4,
    roots: I8,
    uplines: I4,
) -> None:
    """Put the first share of each post's cascade (its own where it begins one) and its upline.

    A product post goes back to the post that brought its sharer the product; an invitation to the
    chain of invitations that brought its sharer in, which may be long past.
    """
    old_sharer, old_root, old_upline = old
    sharer, kind, parent_share = new
    for k in range(len(sharer)):
        roots[k] = first_new_share + k
        uplines[k, :] = NOBODY
        if parent_share[k] == NOBODY:
            continue
        if kind[k] == INVITATION:
            roots[k] = joined_root[sharer[k]]
            continue
        parent = parent_share[k] - first_share
        roots[k] = old_root[parent]
        for level in range(uplines.shape[1]):
            above = old_upline[parent, level - 1] if level > 0 else old_sharer[parent]
            uplines[k, level] = above

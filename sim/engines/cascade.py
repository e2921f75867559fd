"""The independent cascade by itself: what is left of the market's week in that limit.

In the scenario ``limits/independent_cascade`` a week of the market comes down to this: who has
bought tells friends once, and each of them buys in the week after with the trust in the tie as
probability. Here nothing else is walked, neither needs nor money; the draws are those of the
market, so the same people adopt in the same weeks as in both engines, which a test holds.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable
from threading import Lock
from typing import NamedTuple

import numpy as np

from sim import draws
from sim.kernels.cascade import Web, adopt, tell
from sim.kernels.references import for_kernels
from sim.kernels.threads import begun_at_once, threads_given
from sim.network import Network
from sim.world.columns import I4

#: Tellers whose ties a thread takes at a time.
TELLERS_AT_A_TIME = 1 << 12
NEVER = -1


class Adoption(NamedTuple):
    """What became of a cascade."""

    week: I4
    """Week in which each person adopted, `NEVER` who did not."""
    ties_tried: int
    """Times that somebody who had adopted told somebody else, whether or not in vain."""


def independent_cascade(
    network: Network, first: Iterable[int], seed: int = 1, threads: int | None = None
) -> Adoption:
    """Return who adopts, and when, where the people ``first`` adopt in week 0 by themselves.

    Whoever has adopted tells everybody who trusts them in the week after; each of these adopts with
    the weight of the tie as probability (Goldenberg, Libai, Muller 2001; Kempe, Kleinberg, Tardos
    2003). The same for any number of threads. Raises ValueError where weights are not such chances
    (``weights_are_trust``), somebody in ``first`` does not exist, or a seed or number of threads
    cannot be; TypeError where ids are no whole numbers.
    """
    if network.weight is None or not network.weights_are_trust:
        raise ValueError('ties do not say their chances: read them with network.weights = "trust"')
    begin = sorted({operator.index(person) for person in first})
    if begin and not 0 <= begin[0] <= begin[-1] < network.n_people:
        raise ValueError(f"those who adopt first must be people from 0 to {network.n_people - 1}")
    web = for_kernels(Web(network.follower_start, network.reader, network.weight))
    key, threads = draws.checked_seed(seed), threads_given(threads, network.n_people)
    adopted = np.zeros(network.n_people // 32 + 1, dtype=np.uint32)
    adopted_week = np.full(network.n_people, NEVER, dtype=np.int32)
    room = np.empty(network.n_people, dtype=np.int32)
    n = adopt(np.array(begin, dtype=np.int32), 0, adopted, adopted_week, room)
    week = ties_tried = 0
    adopting = Lock()
    while n:
        tellers, week, n = room[:n].copy(), week + 1, 0

        # Some may see already that somebody adopted this week, others not: these only make a draw
        # for nothing. So the order in which parts are told and adopt changes no result.
        def told(part: int, tellers: I4 = tellers, week: int = week) -> None:
            nonlocal n, ties_tried
            some = tellers[part * TELLERS_AT_A_TIME : (part + 1) * TELLERS_AT_A_TIME]
            convinced, n_ties = tell(web, some, adopted, key, week)
            with adopting:
                n += adopt(convinced, week, adopted, adopted_week, room[n:])
                ties_tried += n_ties

        list(begun_at_once(threads, told, range(-(-len(tellers) // TELLERS_AT_A_TIME))))
    return Adoption(adopted_week, ties_tried)

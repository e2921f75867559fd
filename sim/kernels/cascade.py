"""A week of a cascade and nothing else: who has adopted tells those who trust them, once.

What is told is heard over every tie of a teller, and convinces with the trust in the tie; the draw
is that of a post read in the market, so the same people are convinced as there.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim import draws
from sim.compiled import compiled
from sim.kernels.fetching import fetch_ahead
from sim.rules import attention
from sim.world.columns import F4, F8, I4, I8, U4

#: Ties taken together: they fill the vectors and stay in the cache.
_TOGETHER = 1024
#: So many tellers ahead memory is asked for the first two cache lines of their ties.
_AHEAD = 8
#: Ties whose readers, or weights, lie in one cache line.
_LINE = 16
#: Part of the draws: posts about the only category there is.
_PART = 1


class Web(NamedTuple):
    """Who tells whom: the columns of a network that a cascade needs."""

    follower_start: I8
    reader: I4
    weight: F4


@compiled(nogil=True)
def tell(
    web: Web,
    tellers: I4,
    adopted: U4,
    seed: int,
    week: int,
) -> tuple[I4, int]:
    """Return who is convinced by ``tellers``, once for every tie that does, and the ties tried.

    Of people whose bit is set in ``adopted``, who are told in vain, no draw is made.
    """
    follower_start, readers, weights = web.follower_start, web.reader, web.weight
    n_ties = 0
    for person in tellers:
        n_ties += follower_start[person + 1] - follower_start[person]
    if n_ties == 0:
        return np.empty(0, np.int32), 0
    last = len(readers) - 1
    # Written before they are known to be convinced: one place more than there are ties.
    convinced = np.empty(n_ties + 1, np.int32)
    hearer, teller = np.empty(_TOGETHER, np.int64), np.empty(_TOGETHER, np.int64)
    chance, luck = np.empty(_TOGETHER, np.float32), np.empty(_TOGETHER)
    n = n_convinced = 0
    for k in range(len(tellers)):
        fetch_ahead(follower_start, tellers[min(k + 2 * _AHEAD, len(tellers) - 1)])
        ahead = follower_start[tellers[min(k + _AHEAD, len(tellers) - 1)]]
        for line in range(2):
            place = min(ahead + line * _LINE, last)
            fetch_ahead(readers, place)
            fetch_ahead(weights, place)
        person = tellers[k]
        tie, end = follower_start[person], follower_start[person + 1]
        while tie < end:
            stop = min(end, tie + _TOGETHER - n)
            for one in range(tie, stop):
                reader = np.uint32(readers[one])
                # Written before it is known to be asked: no choice is made.
                hearer[np.uint64(n)], teller[np.uint64(n)] = readers[one], person
                chance[np.uint64(n)] = weights[one]
                has = (adopted[reader >> np.uint32(5)] >> (reader & np.uint32(31))) & np.uint32(1)
                n += 1 - int(has)
            tie = stop
            if n == _TOGETHER:
                n_convinced = _convince(
                    hearer, teller, chance, luck, n, seed, week, convinced, n_convinced
                )
                n = 0
    n_convinced = _convince(hearer, teller, chance, luck, n, seed, week, convinced, n_convinced)
    return convinced[:n_convinced].copy(), n_ties


@compiled
def _convince(
    hearer: I8,
    teller: I8,
    chance: F4,
    luck: F8,
    n: int,
    seed: int,
    week: int,
    convinced: I4,
    n_convinced: int,
) -> int:
    """Add those of ``n`` hearers who are convinced to ``convinced``; return how many it holds."""
    for k in range(n):
        luck[k] = draws.uniform(seed, hearer[k], teller[k], week, draws.REMEMBER, _PART)
    for k in range(n):
        convinced[n_convinced] = hearer[k]
        n_convinced += attention.remembers(luck[k], np.float64(chance[k]), 1.0, 1.0)
    return n_convinced


@compiled(nogil=True)
def adopt(convinced: I4, week: int, adopted: U4, adopted_week: I4, tellers: I4) -> int:
    """Let those convinced adopt who have not; put them into ``tellers``, return how many."""
    n = 0
    for k in range(len(convinced)):
        person = convinced[k]
        word, bit = person >> 5, np.uint32(1) << np.uint32(person & 31)
        if not adopted[word] & bit:
            adopted[word] |= bit
            adopted_week[person] = week
            tellers[n] = person
            n += 1
    return n

"""Keyed draws: every random number is a pure function of who, with whom, when and what for.

A draw is keyed by (seed, agent, partner, week, purpose, part). The market is not in the key: the
same person meets the same luck in every world, and one more person changes nobody else's. Numbers
come from Philox 4x32 with 10 rounds (Salmon, Moraes, Dror, Shaw 2011, "Parallel random numbers:
as easy as 1, 2, 3"); all other distributions are inverse CDFs of one uniform.
"""

from __future__ import annotations

import math
import operator
from contextlib import suppress
from typing import Final, NamedTuple

import numpy as np
from numba.core.types import Omitted, UniTuple
from numpy.typing import NDArray

from sim.arithmetic import exp, ln
from sim.compiled import boolean, compiled, float64, int64

# Purposes. A number is never used again for something else: it would give one decision the luck of
# another. The comment says what the agent and the partner are; "-" means NOBODY, -1.

# A week of a consumer.
NEED_COUNT: Final = 1  # consumer, -; number of needs
NEED_CATEGORY: Final = 2  # consumer, -, part = 2·number of the need + coordinate
CHOICE_SHOCK: Final = 3  # consumer, merchant (-1 = outside option), part = category
RANKED_LOOK: Final = 4  # consumer, merchant
SLOT_CLICK: Final = 5  # consumer, merchant
CATALOGUE_LOOK: Final = 6  # consumer, category, part = number of the look
LEADER_LOOKUP: Final = 7  # consumer, category
LEADER_PICK: Final = 8  # consumer, category
ARRIVAL_HOUR: Final = 9  # consumer, category; hour of the week at which slots are seen
FEED_PRIORITY: Final = 10  # reader, sharer, part = category of the post + 1
REMEMBER: Final = 11  # reader, sharer, part = category of the post + 1
LINK_CUT: Final = 12  # reader, sharer, part = category of the post + 1; outside links that are cut
EXPERIENCE: Final = 13  # consumer, merchant
REVIEW: Final = 14  # consumer, merchant; whether a review is written
FAKE_REVIEW: Final = 15  # consumer, merchant; how many fake ones go with it
REFUND: Final = 16  # consumer, merchant
POSTING: Final = 17  # consumer, merchant
OPPORTUNIST_CATEGORY: Final = 18  # consumer, -
INVITE: Final = 19  # consumer, -
JOIN: Final = 20  # invited person, inviter
JOIN_ALONE: Final = 21  # consumer, -
FOLLOW: Final = 22  # reader, leader
NEED_AGAIN: Final = 23  # consumer, category; whether what is owned already is needed again
LAST_READ: Final = 24  # reader, category; which of the posts of a week is the last one read
RECONSIDER: Final = 25  # consumer, -; whether it is thought over on which side to look
SIDE: Final = 26  # consumer, -; on which side one looks then

# A merchant and the platform.
AUDIT: Final = 40  # merchant, -
RECHECK: Final = 41  # merchant, -
ENTRY: Final = 42  # merchant, -; place in the random order of entry
QUALITY: Final = 43  # merchant, -
COST: Final = 44  # merchant, -
MERCHANT_TASTE: Final = 45  # merchant, -, part = coordinate
LONG_TERM: Final = 46  # merchant, -
START_CASH: Final = 47  # merchant, -
MOVE: Final = 48  # merchant, -; whether it asks where its goods sell better
MERCHANT_SIDE: Final = 49  # merchant, -; the side of the market to which it applies

# Traits a person is born with, week 0.
PURCHASE_RATE: Final = 60  # consumer, -
PRICE_SENSITIVITY: Final = 61  # consumer, -
INSIGHT: Final = 62  # consumer, -
SHARING_PROPENSITY: Final = 63  # consumer, -
MONEY_RESPONSE: Final = 64  # consumer, -
CREDIT_CONCERN: Final = 65  # consumer, -
MUTE_THRESHOLD: Final = 66  # consumer, -
OPPORTUNIST: Final = 67  # consumer, -
MEMBER: Final = 68  # consumer, -
GENERAL_TRUST: Final = 69  # consumer, -
FIRST_SIDE: Final = 70  # consumer, -; the side of the market on which one looks first

# The network, 100 to 119.
NETWORK_COMMUNITY: Final = 100  # community, -; its size
NETWORK_POPULARITY: Final = 101  # person, -
NETWORK_HUB: Final = 102  # person, -
NETWORK_FOLLOWER_COUNT: Final = 103  # person, -; rounding of a number of followers
NETWORK_TIE: Final = 104  # person, neighbour with a higher id
NETWORK_FOLLOWER: Final = 105  # person, stratum of the people from which a follower is picked
NETWORK_RETURNED: Final = 106  # person, stratum; whether trust is returned to that follower
NETWORK_CLOSENESS: Final = 107  # reader, trusted person
TASTE: Final = 108  # person, -, part = coordinate; own part of the taste
TASTE_SHARED: Final = 109  # community (or person, in a file), -, part = coordinate

# What is kept of the event log of a large world.
LOG_CONSUMER: Final = 120  # consumer, -
LOG_CASCADE: Final = 121  # root share, -

#: Number of every purpose by its name.
PURPOSES: dict[str, int] = {
    name: number
    for name, number in dict(globals()).items()
    if name.isupper() and isinstance(number, int)
}

_WORD = 0xFFFFFFFF
_ROUNDS = 10
_SIGNED_LIMIT = 1 << 63


def philox4x32_plain(
    c0: int, c1: int, c2: int, c3: int, k0: int, k1: int
) -> tuple[int, int, int, int]:
    """Return four random 32-bit words for a counter of four words and a key of two.

    Ten rounds of: the upper and lower halves of M0·c0 and M1·c2, crossed and mixed with the key.
    Products of two words overflow a signed 64-bit integer, but wrap around, so that their upper
    half after shift and mask is right in plain Python and compiled alike. Source: Salmon, Moraes,
    Dror, Shaw 2011, section 4.3.
    """
    for _ in range(_ROUNDS):
        product_0 = 0xD2511F53 * c0
        product_1 = 0xCD9E8D57 * c2
        c0 = ((product_1 >> 32) & _WORD) ^ c1 ^ k0
        c1 = product_1 & _WORD
        c2 = ((product_0 >> 32) & _WORD) ^ c3 ^ k1
        c3 = product_0 & _WORD
        k0 = (k0 + 0x9E3779B9) & _WORD
        k1 = (k1 + 0xBB67AE85) & _WORD
    return c0, c1, c2, c3


#: The same, compiled. Inlining lets loops over people use vector instructions, six times as fast.
philox4x32 = compiled(
    UniTuple(int64, 4)(int64, int64, int64, int64, int64, int64), forceinline=True
)(philox4x32_plain)


def checked_seed(seed: int) -> int:
    """Return a seed as it is given for a run. Raises ValueError for anything else."""
    with suppress(TypeError):
        whole = operator.index(seed)
        if 0 <= whole < _SIGNED_LIMIT and not isinstance(seed, bool):
            return whole
    raise ValueError(f"a seed is a whole number from 0 to 2^63 - 1, not {seed!r}")


@compiled(
    float64(int64, int64, int64, int64, int64, int64),
    float64(int64, int64, int64, int64, int64, Omitted(0)),
    forceinline=True,
)
def uniform(seed: int, agent: int, partner: int, week: int, purpose: int, part: int = 0) -> float:
    """Return a uniform draw in the open interval (0, 1).

    (52 bits + 1/2) / 2**52 of Philox at counter (agent, partner, week, purpose + 65536·part), each
    modulo 2**32, so that -1 is an id like any other, under the two halves of the seed as key. The
    half keeps logarithms finite at both ends.
    """
    word_0, word_1, _, _ = philox4x32(
        agent & _WORD,
        partner & _WORD,
        week & _WORD,
        (purpose | (part << 16)) & _WORD,
        seed & _WORD,
        (seed >> 32) & _WORD,
    )
    return ((word_0 << 20 | word_1 >> 12) + 0.5) / 4503599627370496.0


@compiled(float64(float64))
def gumbel_of(u: float) -> float:
    """Return the standard Gumbel value whose CDF is u.

    -ln(-ln u): one such shock an alternative makes the best alternative a logit choice
    (McFadden 1974).
    """
    return -math.log(-math.log(u))


#: How far from 1/2 a uniform may lie to give a normal value of the middle.
_MIDDLE = 0.425
#: Root of -ln of the chance from which on tails are far ones.
_FAR_TAIL = 5.0
#: Draws whose normal values are worked out together.
_AT_ONCE = 256


@compiled(float64(float64), forceinline=True)
def _normal_in_middle(u: float) -> float:
    """Return what `normal_of` does where u lies in the middle; anything else elsewhere."""
    q = u - 0.5
    r = 0.180625 - q * q
    top = r * 2509.0809287301226727 + 33430.575583588128105
    top = top * r + 67265.770927008700853
    top = top * r + 45921.953931549871457
    top = top * r + 13731.693765509461125
    top = top * r + 1971.5909503065514427
    top = top * r + 133.14166789178437745
    top = top * r + 3.387132872796366608
    base = r * 5226.495278852545925 + 28729.085735721942674
    base = base * r + 39307.89580009271061
    base = base * r + 21213.794301586595867
    base = base * r + 5394.1960214247511077
    base = base * r + 687.1870074920579083
    base = base * r + 42.313330701600911252
    base = base * r + 1.0
    return q * top / base


@compiled(float64(float64), forceinline=True)
def _normal_in_tail(r: float) -> float:
    """Return the distance from 0 of a normal value in the tails, up to r = 5; else anything.

    r is the root of -ln of the chance to lie farther out on that side.
    """
    r -= 1.6
    top = r * 7.7454501427834140764e-4 + 0.0227238449892691845833
    top = top * r + 0.24178072517745061177
    top = top * r + 1.27045825245236838258
    top = top * r + 3.64784832476320460504
    top = top * r + 5.7694972214606914055
    top = top * r + 4.6303378461565452959
    top = top * r + 1.42343711074968357734
    base = r * 1.05075007164441684324e-9 + 5.475938084995344946e-4
    base = base * r + 0.0151986665636164571966
    base = base * r + 0.14810397642748007459
    base = base * r + 0.68976733498510000455
    base = base * r + 1.6763848301838038494
    base = base * r + 2.05319162663775882187
    base = base * r + 1.0
    return top / base


@compiled(float64(float64))
def _normal_in_far_tail(r: float) -> float:
    """Return the same where r is above 5."""
    r -= 5.0
    top = r * 2.01033439929228813265e-7 + 2.71155556874348757815e-5
    top = top * r + 0.0012426609473880784386
    top = top * r + 0.026532189526576123093
    top = top * r + 0.29656057182850489123
    top = top * r + 1.7848265399172913358
    top = top * r + 5.4637849111641143699
    top = top * r + 6.6579046435011037772
    base = r * 2.04426310338993978564e-15 + 1.4215117583164458887e-7
    base = base * r + 1.8463183175100546818e-5
    base = base * r + 7.868691311456132591e-4
    base = base * r + 0.0148753612908506148525
    base = base * r + 0.13692988092273580531
    base = base * r + 0.59983220655588793769
    base = base * r + 1.0
    return top / base


@compiled(float64(float64))
def normal_of(u: float) -> float:
    """Return the standard normal value whose CDF is u, to about 15 digits.

    Ratios of polynomials of degree 7 in three regions: the middle, the tails, the far tails.
    Source: Wichura 1988, algorithm AS 241 (PPND16), Applied Statistics 37(3).
    """
    q = u - 0.5
    if abs(q) <= _MIDDLE:
        return _normal_in_middle(u)
    r = math.sqrt(-ln(u if q < 0.0 else 1.0 - u))
    distance = _normal_in_tail(r) if r <= _FAR_TAIL else _normal_in_far_tail(r)
    return -distance if q < 0.0 else distance


class Tails(NamedTuple):
    """Room for draws that lie in the tails."""

    place: NDArray[np.int64]
    r: NDArray[np.float64]
    distance: NDArray[np.float64]


@compiled
def room_for_tails() -> Tails:
    """Return room for as many draws as are worked out together."""
    return Tails(np.empty(_AT_ONCE, np.int64), np.empty(_AT_ONCE), np.empty(_AT_ONCE))


@compiled
def put_normals(luck: NDArray[np.float64], normals: NDArray[np.float64], tails: Tails) -> None:
    """Fill in `normal_of` each uniform: the middle in vector instructions, and so the tails."""
    place, r, distance = tails.place, tails.r, tails.distance
    for begin in range(0, luck.size, _AT_ONCE):
        u = luck[begin : begin + _AT_ONCE]
        z = normals[begin : begin + u.size]
        for k in range(u.size):
            z[k] = _normal_in_middle(u[k])
        n = 0
        for k in range(u.size):
            place[n] = k
            n += abs(u[k] - 0.5) > _MIDDLE
        for k in range(n):
            r[k] = u[place[k]]
        for k in range(n):
            r[k] = math.sqrt(-ln(r[k] if r[k] < 0.5 else 1.0 - r[k]))
        for k in range(n):
            distance[k] = _normal_in_tail(r[k])
        for k in range(n):
            if r[k] > _FAR_TAIL:
                distance[k] = _normal_in_far_tail(r[k])
            z[place[k]] = -distance[k] if u[place[k]] < 0.5 else distance[k]


@compiled(boolean(float64, float64, int64, float64, float64), forceinline=True)
def poisson_goes_on(u: float, mean: float, count: int, term: float, total: float) -> bool:
    """Return whether the Poisson count of u is above ``count``.

    ``term`` is P(count), and ``total`` the sum of the probabilities up to it. Never where the terms
    no longer count.
    """
    return (total < u) & (term > 0.0) & ((count < mean) | (term > 1e-17))


@compiled(float64(float64, int64, float64), forceinline=True)
def poisson_term(mean: float, count: int, before: float) -> float:
    """Return P(count) of the Poisson law, given P(count - 1)."""
    return before * (mean / count)


@compiled(int64(float64, float64, float64))
def poisson_from(u: float, mean: float, none_prob: float) -> int:
    """Return `poisson_of` u where P(0) = exp(-mean) is known already.

    Adds P(k) = P(k-1)·mean/k from P(0) on until the sum reaches u.
    """
    term = total = none_prob
    count = 0
    while poisson_goes_on(u, mean, count, term, total):
        count += 1
        term = poisson_term(mean, count, term)
        total += term
    return count


@compiled(int64(float64, float64))
def poisson_of(u: float, mean: float) -> int:
    """Return the Poisson count whose CDF first reaches u, for means up to about 30."""
    return poisson_from(u, mean, exp(-mean))


@compiled(float64[::1](int64, int64[::1], int64, int64, int64, int64))
def _uniform_column(
    seed: int, agents: NDArray[np.int64], partner: int, week: int, purpose: int, part: int
) -> NDArray[np.float64]:
    column = np.empty(agents.size)
    for row in range(agents.size):
        column[row] = uniform(seed, agents[row], partner, week, purpose, part)
    return column


def uniform_column(
    seed: int, agents: NDArray[np.int64], partner: int, week: int, purpose: int, part: int = 0
) -> NDArray[np.float64]:
    """Return ``uniform`` of each agent, as a column."""
    return _uniform_column(
        seed, np.ascontiguousarray(agents, np.int64), partner, week, purpose, part
    )


def normal_column(
    seed: int, agents: NDArray[np.int64], partner: int, week: int, purpose: int, part: int = 0
) -> NDArray[np.float64]:
    """Return a standard normal draw of each agent, as a column."""
    luck = uniform_column(seed, agents, partner, week, purpose, part)
    normals = np.empty(luck.size)
    put_normals(luck, normals, room_for_tails())
    return normals

"""A generated trust network: communities, hubs, returned trust, and a mean degree that is met.

Each person j is given an attraction (lognormal, hubs many times more) and with it an expected
number of followers. Some of them sit near j in j's community, where each pair of people has one
keyed draw; the others are picked anywhere by j's own keyed draws, one from each of as many equal
strata of the people, and trust is returned with a keyed draw of the pair. So every row of the
network can be written by itself, in any order and on any thread, and nothing is held twice.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.compiled import compiled
from sim.draws import (
    NETWORK_COMMUNITY,
    NETWORK_FOLLOWER,
    NETWORK_FOLLOWER_COUNT,
    NETWORK_HUB,
    NETWORK_POPULARITY,
    NETWORK_RETURNED,
    NETWORK_TIE,
    normal_column,
    poisson_of,
    uniform,
    uniform_column,
)
from sim.network.ties import B1, F8, I4, I8, count_values, in_parts, starts
from sim.parameters import Network as NetworkParameters

NOBODY = -1
NEIGHBOURS_PER_TIE = 2.2
"""People who sit near enough for a tie, per tie within the community: sets local clustering."""
MOST_NEIGHBOURS_SHARE = 0.9
"""Largest share of those neighbours who follow even the most attractive person."""
PEOPLE_IN_PART = 1 << 14
RETURN_STEPS = 40
TINY = 1e-9


class Plan(NamedTuple):
    """What is known of everybody before any tie is drawn; kernels read rows of it."""

    seed: int
    community_start: I8
    community: I4
    reach: int
    """Neighbours on each side, on the ring of a community, who may be tied."""
    near_prob: F8
    """Probability that a given neighbour follows this person."""
    far_count: I8
    """Followers picked anywhere else by this person's own draws."""
    far_mean: F8
    """Expected followers from anywhere else, with those who return this person's trust."""
    coupling: float
    """0: each direction of a tie is drawn for itself; 1: returned wherever possible."""


def generate_ties(
    n_people: int, network: NetworkParameters, seed: int, threads: int | None = None
) -> tuple[I8, I4, I4]:
    """Return ``follower_start``, ``reader`` (sorted within each row) and everybody's ``community``.

    Mean degree (directed ties per person) and reciprocity are met in expectation where so many
    people and so unequal an attraction allow them.
    """
    plan = _plan(n_people, network, seed)
    parts = [
        (first, min(first + PEOPLE_IN_PART, n_people))
        for first in range(0, n_people, PEOPLE_IN_PART)
    ]
    returned_start, returned = _returned(plan, parts, threads)
    counts = np.zeros(n_people, dtype=np.int64)
    in_parts(_count_followers, parts, threads, plan, returned_start, returned, counts)
    follower_start = starts(counts)
    reader = np.empty(follower_start[-1], dtype=np.int32)
    columns = (plan, returned_start, returned, follower_start, reader)
    in_parts(_place_followers, parts, threads, *columns)
    return follower_start, reader, plan.community


def _returned(plan: Plan, parts: list[tuple[int, int]], threads: int | None) -> tuple[I8, I4]:
    """Return, for each person, those people far away who trust them in turn, as starts and ids."""
    in_turn = in_parts(_trust_in_turn, parts, threads, plan)
    counts = np.zeros(len(plan.community), dtype=np.int64)
    for _, reader_of in in_turn:
        count_values(reader_of, counts)
    returned_start = starts(counts)
    returned = np.empty(returned_start[-1], dtype=np.int32)
    next_place = returned_start[:-1].copy()
    for person_of, reader_of in in_turn:
        _place_returned(person_of, reader_of, next_place, returned)
    return returned_start, returned


def _plan(n_people: int, network: NetworkParameters, seed: int) -> Plan:
    person = np.arange(n_people, dtype=np.int64)
    community_start = _community_starts(n_people, network.community_size, seed)
    sizes = np.diff(community_start)
    community = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
    degree = min(network.mean_degree, max(n_people - 1, 0))
    near_degree = network.within_community_share * degree
    reach = int(np.ceil(NEIGHBOURS_PER_TIE * near_degree / 2))
    neighbours = np.minimum(sizes - 1, 2 * reach)[community].astype(np.float64)

    attraction = np.exp(
        network.in_degree_log_sd * normal_column(seed, person, NOBODY, 0, NETWORK_POPULARITY)
    )
    hub = uniform_column(seed, person, NOBODY, 0, NETWORK_HUB) < network.hub_share
    attraction[hub] *= network.hub_factor
    followers = scaled_to_mean(attraction, np.full(n_people, n_people - 1.0), degree)
    near = scaled_to_mean(followers, MOST_NEIGHBOURS_SHARE * neighbours, near_degree)
    np.minimum(near, followers, out=near)
    others = n_people - 1 - neighbours
    near += np.maximum(followers - near - others, 0.0)
    far = followers - near
    near_prob = np.divide(near, neighbours, out=np.zeros(n_people), where=neighbours > 0)
    coupling, picked_share = _coupling(network.reciprocity, near_prob, near, far, others)
    u = uniform_column(seed, person, NOBODY, 0, NETWORK_FOLLOWER_COUNT)
    picked = picked_share * far
    count = _poisson_counts(u, picked) if network.chance_degrees else np.floor(picked + u)
    return Plan(
        seed=seed,
        community_start=community_start,
        community=community,
        reach=reach,
        near_prob=near_prob,
        far_count=np.minimum(count, others).astype(np.int64),
        far_mean=far,
        coupling=coupling,
    )


@compiled
def _poisson_counts(u: F8, mean: F8) -> F8:
    counts = np.empty(len(u))
    for row in range(len(u)):
        counts[row] = poisson_of(u[row], mean[row])
    return counts


def _community_starts(n_people: int, mean_size: int, seed: int) -> I8:
    """Return where each community starts.

    Sizes are uniform from half to one and a half of the mean; the last community is cut.
    """
    most = 2 * n_people // mean_size + 2
    u = uniform_column(seed, np.arange(most, dtype=np.int64), NOBODY, 0, NETWORK_COMMUNITY)
    ends = np.cumsum(np.maximum(np.floor((0.5 + u) * mean_size + 0.5).astype(np.int64), 1))
    return np.concatenate([[0], ends[ends < n_people], [n_people]])[: None if n_people else 1]


def scaled_to_mean(values: F8, caps: F8, mean: float) -> F8:
    """Return ``min(scale * values, caps)`` with the scale at which the mean is as given.

    Where the caps do not allow that mean, the caps themselves. Values are positive.
    """
    wanted = mean * len(values)
    if wanted < TINY:  # far less than one tie in the whole network
        return np.zeros(len(values))
    if wanted >= caps.sum():
        return caps.copy()
    scale = wanted / values.sum()
    while True:
        capped = scale * values >= caps
        free = values[~capped].sum()
        better = (wanted - caps[capped].sum()) / free
        if better <= scale * (1 + 1e-12):
            return np.minimum(scale * values, caps)
        scale = better


def _coupling(
    reciprocity: float, near_prob: F8, near: F8, far: F8, others: F8
) -> tuple[float, float]:
    """Return the coupling of a tie's two directions that gives the reciprocity, and a share.

    The share is that of the far followers whom a person picks; the others return a tie. With
    coupling c a tie is returned with probability c * min(1, p_i / p_j), or by chance.
    """
    total = near.sum() + far.sum()
    if total == 0:
        return 0.0, 1.0
    density = far.sum() / max(others.sum(), 1.0)
    mean_prob, least_prob = near_prob.mean(), _mean_of_smaller(near_prob)
    alike = _mean_of_smaller(far) / far.mean() if far.any() else 0.0

    def outcome(coupling: float) -> tuple[float, float]:
        # picked + picked * returning * (1 - density * picked) = 1, the chance that both pick
        # each other being density * picked.
        returning = coupling * alike
        root = np.sqrt((1 + returning) ** 2 - 4 * returning * density)
        picked = 2 / (1 + returning + root)
        near_returned = mean_prob + coupling * (
            least_prob / mean_prob - mean_prob if near.any() else 0
        )
        far_returned = picked * (2 * returning * (1 - picked * density) + picked * density)
        return (near.sum() * near_returned + far.sum() * far_returned) / total, picked

    low, high = 0.0, 1.0
    for _ in range(RETURN_STEPS):
        middle = (low + high) / 2
        if outcome(middle)[0] < reciprocity:
            low = middle
        else:
            high = middle
    return high, outcome(high)[1]


def _mean_of_smaller(values: F8) -> float:
    """Return the mean over pairs of people of the smaller of their two values."""
    n = len(values)
    if n < 2:
        return 0.0
    return float(np.sort(values) @ np.arange(n - 1, -1, -1.0)) * 2 / (n * (n - 1))


@compiled(nogil=True)
def _near_ranges(plan: Plan, person: int) -> tuple[int, int, int, int]:
    """Two ranges of ids, in order: those within reach on the ring of the community, and oneself."""
    community = plan.community[person]
    first, end = plan.community_start[community], plan.community_start[community + 1]
    size, place = end - first, person - first
    if size - 1 <= 2 * plan.reach:
        return first, end, end, end
    low, high = place - plan.reach, place + plan.reach + 1
    if low < 0:
        return first, first + high, end + low, end
    if high > size:
        return first, first + high - size, first + low, end
    return first + low, first + high, end, end


@compiled(nogil=True)
def _mark_near(plan: Plan, person: int, low: int, high: int, follows: B1) -> int:
    """Mark which people of a range of neighbours follow the person, and return how many do.

    The draw of a pair falls to both directions, one of them or neither: the person with the lower
    id is followed below the own probability, the other one in a range that overlaps by the chance
    of both. Two plain loops, so that draws are made with vector instructions.
    """
    prob, coupling = plan.near_prob[person], plan.coupling
    for reader in range(low, min(high, person)):
        other = plan.near_prob[reader]
        start = other - coupling * min(prob, other) - (1.0 - coupling) * prob * other
        u = uniform(plan.seed, reader, person, 0, NETWORK_TIE, 0)
        follows[reader - low] = (start <= u) & (u < start + prob)
    if low <= person < high:
        follows[person - low] = False
    for reader in range(max(low, person + 1), high):
        follows[reader - low] = uniform(plan.seed, person, reader, 0, NETWORK_TIE, 0) < prob
    count = 0
    for k in range(high - low):
        count += follows[k]
    return count


@compiled(nogil=True)
def _far_follower(plan: Plan, person: int, stratum: int, ranges: tuple[int, int, int, int]) -> int:
    """The follower picked from one of equal strata of the people who are not near."""
    a, b, c, d = ranges
    near = (b - a) + (d - c)
    width = (len(plan.community) - near) / plan.far_count[person]
    low, high = int(stratum * width), int((stratum + 1) * width)
    u = uniform(plan.seed, person, stratum, 0, NETWORK_FOLLOWER, 0)
    place = low + int(u * (high - low))
    if place < a:
        return place
    if place + (b - a) < c:
        return place + (b - a)
    return place + near


@compiled(nogil=True)
def _trust_in_turn(first: int, last: int, plan: Plan) -> tuple[I4, I4]:
    """The far followers whom people trust in turn, with those people, in the order of the latter.

    The likelier, the more attractive the follower.
    """
    most = plan.far_count[first:last].sum()
    person_of, reader_of = np.empty(most, dtype=np.int32), np.empty(most, dtype=np.int32)
    n = 0
    for person in range(first, last):
        ranges = _near_ranges(plan, person)
        mean = plan.far_mean[person]
        for stratum in range(plan.far_count[person]):
            u = uniform(plan.seed, person, stratum, 0, NETWORK_RETURNED, 0)
            if u < plan.coupling:
                reader = _far_follower(plan, person, stratum, ranges)
                if u * mean < plan.coupling * min(mean, plan.far_mean[reader]):
                    person_of[n] = person
                    reader_of[n] = reader
                    n += 1
    return person_of[:n].copy(), reader_of[:n].copy()


@compiled(nogil=True)
def _place_returned(person_of: I4, reader_of: I4, next_place: I8, returned: I4) -> None:
    for tie in range(len(person_of)):
        returned[next_place[reader_of[tie]]] = person_of[tie]
        next_place[reader_of[tie]] += 1


@compiled(nogil=True)
def _count_followers(
    first: int, last: int, plan: Plan, returned_start: I8, returned: I4, counts: I8
) -> None:
    """Count followers, and strike out of those who return trust the ones picked already."""
    follows = np.empty(2 * plan.reach + 1, dtype=np.bool_)
    for person in range(first, last):
        ranges = _near_ranges(plan, person)
        a, b, c, d = ranges
        count = plan.far_count[person]
        count += _mark_near(plan, person, a, b, follows)
        count += _mark_near(plan, person, c, d, follows)
        row, end = returned_start[person], returned_start[person + 1]
        count += end - row
        for stratum in range(plan.far_count[person]):
            if row == end:
                break
            picked = _far_follower(plan, person, stratum, ranges)
            while row < end and returned[row] < picked:
                row += 1
            if row < end and returned[row] == picked:
                returned[row] = NOBODY
                count -= 1
        counts[person] = count


@compiled(nogil=True)
def _place_followers(
    first: int,
    last: int,
    plan: Plan,
    returned_start: I8,
    returned: I4,
    follower_start: I8,
    readers: I4,
) -> None:
    follows = np.empty(2 * plan.reach + 1, dtype=np.bool_)
    for person in range(first, last):
        ranges = _near_ranges(plan, person)
        a, b, c, d = ranges
        place = follower_start[person]
        stratum, n_strata = 0, plan.far_count[person]
        for low, high in ((a, b), (c, d)):
            while stratum < n_strata:
                reader = _far_follower(plan, person, stratum, ranges)
                if reader > low:
                    break
                readers[place] = reader
                place += 1
                stratum += 1
            _mark_near(plan, person, low, high, follows)
            for reader in range(low, high):
                if follows[reader - low]:
                    readers[place] = reader
                    place += 1
        for late in range(stratum, n_strata):
            readers[place] = _far_follower(plan, person, late, ranges)
            place += 1
        _merge(
            readers,
            follower_start[person],
            place,
            follower_start[person + 1],
            returned,
            returned_start[person + 1],
        )


@compiled(nogil=True)
def _merge(readers: I4, first: int, last: int, end: int, returned: I4, returned_end: int) -> None:
    """Merge the last of those who return trust into a sorted row that has room for them behind."""
    old, new = last - 1, returned_end - 1
    for place in range(end - 1, first - 1, -1):
        if place == old:
            break
        while returned[new] == NOBODY:
            new -= 1
        if old >= first and readers[old] > returned[new]:
            readers[place] = readers[old]
            old -= 1
        else:
            readers[place] = returned[new]
            new -= 1

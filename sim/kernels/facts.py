"""What readers and buyers ask of posts, laid out post by post at the start of a week."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.compiled import compiled
from sim.kernels.ranges import PARTS_A_THREAD, equal_parts
from sim.kernels.situation import POST_FACT, PostFacts
from sim.kernels.threads import begun_at_once
from sim.rules import reputation
from sim.rules.reputation import ReputationTerms
from sim.rules.sides import SHARING_SIDE
from sim.world.aligned import aligned_empty
from sim.world.columns import F8, I1, I2, I4, NOBODY, SPARE, U1, ConsumerColumns, PostColumns


class FactSheet:
    """Lays out the facts of the posts within memory; the room is used again every week.

    ``side_of`` tells on which side of the market each merchant sells.
    """

    def __init__(self, people: ConsumerColumns, side_of: I1, terms: ReputationTerms):
        self._people, self._side_of, self._terms = people, side_of, terms
        self._expertise = _expertise_of(people.insight, terms)
        self._room: NDArray[np.void] = aligned_empty(0, POST_FACT)

    def begin(self, posts: PostColumns, threads: int) -> tuple[PostFacts, Iterator[Any]]:
        """Begin with the facts of all posts; return where they come to lie, and what to wait for.

        They stay there until those of another week are begun.
        """
        n = len(posts.sharer)
        if n > len(self._room):
            self._room = aligned_empty(int(n * SPARE), POST_FACT)
        rows = self._room[:n]
        parts = equal_parts(n, threads * PARTS_A_THREAD)

        def put(part: int) -> None:
            first, end = parts[part]
            _put_facts(
                rows[first:end],
                tuple(
                    column[first:end]
                    for column in (posts.sharer, posts.merchant, posts.category, posts.rewarded)
                ),
                posts.stated_quality[first:end],
                (self._expertise, self._people.tier),
                self._side_of,
                self._terms,
            )

        putting = begun_at_once(threads, put, range(len(parts)))
        return PostFacts(*(rows[name] for name in PostFacts._fields)), putting


@compiled
def _expertise_of(insight: F8, terms: ReputationTerms) -> F8:
    """Return what the insight of everybody adds to their credibility, once for all weeks."""
    expertise = np.empty(len(insight))
    for person in range(len(insight)):
        expertise[person] = reputation.expertise(insight[person], terms)
    return expertise


@compiled(nogil=True)
def _put_facts(
    rows: NDArray[np.void],
    posts: tuple[I4, I4, I2, U1],
    stated_quality: F8,
    people: tuple[F8, I1],
    side_of: I1,
    terms: ReputationTerms,
) -> None:
    sharers, merchants, categories, rewarded = posts
    expertise, tier = people
    for post in range(len(rows)):
        row, person = rows[post], sharers[post]
        row["credibility"] = reputation.credibility_with(expertise[person], tier[person], terms)
        row["stated_quality"], row["sharer"] = stated_quality[post], person
        row["merchant"], row["category"] = merchants[post], categories[post]
        row["rewarded"] = rewarded[post]
        row["side"] = side_of[merchants[post]] if merchants[post] != NOBODY else SHARING_SIDE

"""The trust network of a scenario, generated or from its file."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import numpy as np

from sim.allocation import return_large_blocks
from sim.network.copies import side_by_side
from sim.network.generator import generate_ties
from sim.network.joining import joined
from sim.network.kept import kept_network
from sim.network.layers import closeness_layers
from sim.network.loader import NetworkError, read_ties
from sim.network.tastes import community_tastes, friends_tastes
from sim.network.ties import NO_COMMUNITY, PEOPLE_LIMIT, Network, Ties, layers_packed
from sim.parameters.problems import Problem
from sim.scenario import Scenario


def build_network(scenario: Scenario, seed: int, threads: int | None = None) -> Network:
    """Return the trust network of a scenario: that of its file, or a generated one.

    The number of threads (all cores if not given) changes nothing but the time. Large networks are
    kept on disk and found there the next time.
    """
    return kept_network(scenario, seed, lambda: made_network(scenario, seed, threads))


def made_network(scenario: Scenario, seed: int, threads: int | None = None) -> Network:
    """Return the trust network of a scenario, made now whatever is kept on disk."""
    return_large_blocks()
    given = scenario.network
    if given.file:
        return load_network(
            given.file,
            seed,
            given.directed,
            given.taste_homophily,
            threads,
            copies=given.copies,
            weights_are_trust=given.weights == "trust",
        )
    n_people = scenario.population.n_consumers
    follower_start, reader, community = generate_ties(n_people, given, seed, threads)
    taste_x, taste_y = community_tastes(community, given.taste_homophily, seed)
    return Network(
        n_people=n_people,
        follower_start=follower_start,
        reader=reader,
        packed_layer=layers_packed(
            closeness_layers(follower_start, reader, community, None, seed, threads)
        ),
        taste_x=taste_x,
        taste_y=taste_y,
        community=community,
    )


def load_network(
    path: str | Path,
    seed: int,
    directed: str = "auto",
    taste_homophily: float = 0.5,
    threads: int | None = None,
    copies: int = 1,
    weights_are_trust: bool = False,
) -> Network:
    """Return the trust network of a file; layers and tastes, which it does not tell, are drawn.

    Several copies live side by side without ties between them. Weights say how close people are,
    or, where they are that, how much they trust before any evidence; then every tie needs one.
    One more person without ties changes nothing about the others, if their label comes last: a
    larger number where ids are numbers, else a name at the end of the file.
    """
    ties = joined(read_ties(path), directed)
    if weights_are_trust and ties.weight is None:
        hint = "add the trust in each tie as a third column, or leave network.weights out"
        problem = 'no weights, which network.weights = "trust" needs'
        raise NetworkError(Problem(str(path), problem=problem, hint=hint))
    if ties.n_people * copies > PEOPLE_LIMIT:
        problem = f"{copies:,} copies of {ties.n_people:,} people"
        hint = f"at most {PEOPLE_LIMIT:,} people fit"
        raise NetworkError(Problem(str(path), problem=problem, hint=hint))
    ties = side_by_side(ties, copies)
    community = np.full(ties.n_people, NO_COMMUNITY, dtype=np.int32)
    columns = (ties.follower_start, ties.reader)
    layer = closeness_layers(*columns, community, ties.weight, seed, threads)
    taste_x, taste_y = friends_tastes(*columns, layer, taste_homophily, seed, threads)
    return Network(
        **{column.name: getattr(ties, column.name) for column in fields(Ties)},
        packed_layer=layers_packed(layer),
        taste_x=taste_x,
        taste_y=taste_y,
        community=community,
        weights_are_trust=weights_are_trust,
    )

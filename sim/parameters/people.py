"""Who the consumers are and whom they trust."""

from dataclasses import dataclass

from sim.parameters.statement import ID_LIMIT, parameter

OF_THE_GENERATOR = (
    "population.n_consumers",
    "network.mean_degree",
    "network.within_community_share",
    "network.community_size",
    "network.reciprocity",
    "network.in_degree_log_sd",
    "network.chance_degrees",
    "network.hub_share",
    "network.hub_factor",
)
"""Keys that have no effect where a file gives the people and their ties."""


@dataclass(frozen=True)
class Population:
    """How many people there are and how many of them are members at the start."""

    n_consumers: int = parameter(
        10_000,
        unit="people",
        low=0,
        high=ID_LIMIT,
        plausible=(500, 1_000_000),
        kind="constant",
        source="assumed: large enough that cascades of 100 and more can be counted",
        help="number of consumers; the people of a network file replace it",
    )
    initial_member_share: float = parameter(
        0.8,
        unit="share of people",
        low=0.0,
        high=1.0,
        plausible=(0.01, 1.0),
        kind="uncertainty",
        source="assumed: an established platform; the growth scenario starts from 1 %",
        help="share of people who are members, able to post and earn, in week 0",
    )
    initial_members: tuple[str, ...] = parameter(
        (),
        unit="list of people",
        kind="constant",
        source="assumed: none named, so that the share above decides",
        help="people who are the members of week 0, by their names in the network file (without "
        "one, numbers from 0); empty: the share decides",
    )
    join_rate_per_week: float = parameter(
        0.0,
        unit="joins per non-member per week",
        low=0.0,
        high=1.0,
        plausible=(0.0, 0.02),
        kind="uncertainty",
        source="assumed: off, so that every new member comes through a post or an invitation",
        help="rate at which non-members join without being asked: one does so in a week with "
        "chance 1 - exp(-rate), which is 63 % at rate 1",
    )


@dataclass(frozen=True)
class Network:
    """Who trusts whom: a file of ties, or the settings of the generator."""

    file: str = parameter(
        "",
        unit="path",
        kind="constant",
        source="assumed: ties are generated unless a file is named",
        help="file of trust ties (column 1 trusts column 2, an optional third is a weight; names "
        "in a header, like target,source,weight, outweigh places); empty: generate; a relative "
        "path starts at the scenario file",
    )
    directed: str = parameter(
        "auto",
        unit="choice",
        choices=("auto", "yes", "no"),
        kind="constant",
        source="assumed: a file in which no pair occurs both ways is undirected",
        help="whether the ties of the file have a direction; auto decides by the file",
    )
    weights: str = parameter(
        "closeness",
        unit="choice",
        choices=("closeness", "trust"),
        kind="constant",
        source="assumed: most files rank friends rather than measure trust",
        help="what the weights of the file are: how close people are, heavier being closer, or the "
        "trust in the tie before any evidence, 0 to 1 (above: 1)",
    )
    copies: int = parameter(
        1,
        unit="copies",
        low=1,
        high=1_000_000,
        plausible=(1, 100_000),
        kind="constant",
        source="assumed: the file once",
        help="how many times the people of the file live side by side, with no tie between copies",
    )
    mean_degree: float = parameter(
        85.0,
        unit="directed ties per person",
        low=0.0,
        high=10_000.0,
        plausible=(20.0, 150.0),
        kind="uncertainty",
        source="assumed: prototype value within the 50 to 90 ties a person that fit survey figures",
        help="mean number of people a person trusts, in the generated network; in a file it is "
        "counted",
    )
    within_community_share: float = parameter(
        0.55,
        unit="share of ties",
        low=0.0,
        high=1.0,
        plausible=(0.3, 0.8),
        kind="uncertainty",
        source="assumed: prototype value, gives local clustering between 0.14 and 0.3",
        help="share of a person's ties that stay within the own community",
    )
    community_size: int = parameter(
        120,
        unit="people",
        low=1,
        high=ID_LIMIT,
        plausible=(30, 300),
        kind="uncertainty",
        source="assumed: order of magnitude of the outermost circle [dunbar-layers]",
        help="mean number of people in a community",
    )
    reciprocity: float = parameter(
        0.4,
        unit="share of ties",
        low=0.0,
        high=1.0,
        plausible=(0.35, 0.5),
        kind="uncertainty",
        source="assumed: a little below one network of trust, 0.476 [ciao-ties], far below "
        "another, 0.792 [bitcoin-otc]",
        help="share of ties that are returned",
    )
    in_degree_log_sd: float = parameter(
        1.1,
        unit="log units",
        low=0.0,
        high=4.0,
        plausible=(0.6, 1.6),
        kind="uncertainty",
        source="assumed: prototype value; lognormal, wider than fits a survey, 0.94 "
        "[wechat-degrees]",
        help="spread of the number of followers: standard deviation of its logarithm",
    )
    chance_degrees: bool = parameter(
        False,
        unit="yes or no",
        kind="constant",
        source="assumed: off; on, with equal attraction, no communities and nothing returned, the "
        "network is the random graph of theory",
        help="whether the number of followers varies by chance (Poisson) around what is expected "
        "of a person",
    )
    hub_share: float = parameter(
        0.005,
        unit="share of people",
        low=0.0,
        high=1.0,
        plausible=(0.0, 0.02),
        kind="uncertainty",
        source="assumed: prototype value",
        help="share of people who are hubs, with far more followers than others",
    )
    hub_factor: float = parameter(
        10.0,
        unit="times",
        low=1.0,
        high=1_000.0,
        plausible=(1.0, 30.0),
        kind="uncertainty",
        source="assumed: prototype value",
        help="how many times more followers a hub attracts",
    )
    max_followed: int = parameter(
        3,
        unit="leaders per person",
        low=0,
        high=1_000,
        plausible=(0, 10),
        kind="uncertainty",
        source="assumed: a cap, so that following leaders stays a small part of a person's ties",
        help="most new ties to opinion leaders that one reader can form",
    )
    taste_homophily: float = parameter(
        0.5,
        unit="share of variance",
        low=0.0,
        high=1.0,
        plausible=(0.0, 0.9),
        kind="uncertainty",
        source="assumed: size; on Ciao trusting pairs review 1.72 times as many items in common as "
        "a rewired network [ciao-ties], so some homophily is measured",
        help="share of the variance of tastes that lies between communities "
        "(in a network file: that is smoothed over ties)",
    )

"""What consumers need, what they value and how they come to believe something about quality."""

from dataclasses import dataclass

from sim.parameters.statement import parameter


@dataclass(frozen=True)
class Demand:
    """Needs, tastes, price sensitivity and the number of products looked at."""

    n_categories: int = parameter(
        16,
        unit="categories",
        low=1,
        high=64,
        plausible=(4, 32),
        kind="uncertainty",
        source="assumed: prototype value, everyday goods",
        help="number of product categories; a merchant sells one product in one of them",
    )
    category_spread: float = parameter(
        0.75,
        unit="standard deviations of taste",
        low=0.0,
        high=1_000_000.0,
        plausible=(0.25, 3.0),
        kind="uncertainty",
        source="assumed: friends of the default network then need the same category about 1.3 "
        "times as often as strangers; on Ciao categories explain a factor of 1.37",
        help="how far a person's needs lie from the own taste; very large: all need the same",
    )
    purchase_rate_per_week: float = parameter(
        0.8,
        unit="needs per person per week",
        low=0.0,
        high=30.0,
        plausible=(0.1, 3.0),
        kind="uncertainty",
        source="assumed: prototype value",
        help="mean number of needs a person has in a week, over all categories",
    )
    repeat_share: float = parameter(
        1.0,
        unit="share of needs",
        low=0.0,
        high=1.0,
        plausible=(0.0, 1.0),
        kind="constant",
        source="assumed: everyday goods, which are used up",
        help="share of the needs that arise again in a category once something is owned in it; 0: "
        "goods that last, bought once",
    )
    purchase_rate_shape: float = parameter(
        0.39,
        unit="1",
        low=0.05,
        high=1_000.0,
        plausible=(0.2, 2.0),
        kind="uncertainty",
        source="measured: CDNOW 0.387 (0.371 to 0.404), 23,570 customers, nobody leaving; "
        "python -m sim.evidence.measurements cdnow cdnow_first_39_weeks.csv.gz",
        help="shape of the Gamma distribution of purchase rates over people; small: very unequal",
    )
    base_value_yuan: float = parameter(
        42.0,
        unit="yuan",
        low=0.0,
        high=100_000.0,
        plausible=(30.0, 60.0),
        kind="uncertainty",
        source="assumed: prototype value, fitted jointly with price sensitivity and costs",
        help="value of having the category at all, before quality and taste",
    )
    quality_value: float = parameter(
        9.5,
        unit="utility per unit of quality",
        low=0.0,
        high=100.0,
        plausible=(5.0, 15.0),
        kind="uncertainty",
        source="assumed: prototype value",
        help="how much more useful the best product (quality 1) is than the worst (quality 0)",
    )
    match_value: float = parameter(
        1.5,
        unit="utility",
        low=0.0,
        high=100.0,
        plausible=(0.5, 4.0),
        kind="uncertainty",
        source="assumed: prototype value",
        help="utility of a product that meets the own taste exactly",
    )
    risk_aversion: float = parameter(
        18.0,
        unit="utility per unit of variance",
        low=0.0,
        high=1_000.0,
        plausible=(0.0, 40.0),
        kind="uncertainty",
        source="assumed: prototype value; what makes trusted information worth something",
        help="dislike of not knowing the quality: half of it times the variance is lost",
    )
    price_sensitivity: float = parameter(
        0.42,
        unit="utility per yuan",
        low=0.001,
        high=100.0,
        plausible=(0.1, 0.8),
        kind="uncertainty",
        source="assumed: prototype value, fitted jointly with the values of quality and category; "
        "the elasticity of a scanner panel [catsup] would need 0.11 at 55 yuan: docs/design.md",
        help="median over people of the utility lost per yuan paid",
    )
    price_sensitivity_log_sd: float = parameter(
        0.48,
        unit="log units",
        low=0.0,
        high=2.0,
        plausible=(0.0, 0.8),
        kind="uncertainty",
        source="measured: catsup panel 0.483 (0.347 to 0.672), 300 households; "
        "python -m sim.evidence.measurements catsup catsup.csv.gz",
        help="spread of price sensitivity over people: standard deviation of its logarithm",
    )
    looks: int = parameter(
        6,
        unit="products per decision",
        low=0,
        high=64,
        plausible=(3, 12),
        kind="uncertainty",
        source="assumed: prototype value",
        help="most products a consumer examines before choosing, the same in every market",
    )
    catalogue_looks: int = parameter(
        1,
        unit="products per decision",
        low=0,
        high=64,
        plausible=(0, 3),
        kind="uncertainty",
        source="assumed: new products can be found in every market",
        help="how many of the looks, the last ones, always go to the random catalogue",
    )
    ranked_examine_prob: float = parameter(
        0.35,
        unit="probability",
        low=0.0,
        high=1.0,
        plausible=(0.1, 0.8),
        kind="uncertainty",
        source="assumed: prototype value",
        help="chance of examining a place of the ranked list on the way down it",
    )


@dataclass(frozen=True)
class Belief:
    """Normal learning about quality: what is believed before, and how precise each signal is."""

    initial_market_belief: float = parameter(
        0.5,
        unit="quality",
        low=0.0,
        high=1.0,
        plausible=(0.3, 0.7),
        kind="uncertainty",
        source="assumed: the middle of the scale, the same in every market",
        help="average quality that consumers expect of a market before they know it",
    )
    prior_precision: float = parameter(
        8.0,
        unit="1 / quality variance",
        low=0.01,
        high=10_000.0,
        plausible=(4.0, 16.0),
        kind="uncertainty",
        source="assumed: prototype value; five even levels on 0..1 have precision 8",
        help="precision of the expectation about a product nobody has said anything about",
    )
    own_precision: float = parameter(
        25.0,
        unit="1 / quality variance",
        low=0.01,
        high=10_000.0,
        plausible=(10.0, 60.0),
        kind="uncertainty",
        source="assumed: prototype value",
        help="precision of one own experience for a person of median insight",
    )
    insight_log_sd: float = parameter(
        0.3,
        unit="log units",
        low=0.0,
        high=2.0,
        plausible=(0.0, 0.8),
        kind="uncertainty",
        source="assumed: no figure found",
        help="spread of insight over people: standard deviation of its logarithm",
    )
    friend_precision: float = parameter(
        20.0,
        unit="1 / quality variance",
        low=0.0,
        high=10_000.0,
        plausible=(8.0, 40.0),
        kind="uncertainty",
        source="assumed: prototype value; the scale on which V9 sets reviews and ads",
        help="precision of a post by a fully trusted friend; scaled by trust and sincerity",
    )
    review_precision: float = parameter(
        8.5,
        unit="1 / quality variance",
        low=0.0,
        high=10_000.0,
        plausible=(3.0, 20.0),
        kind="uncertainty",
        source="calibrated: V9 [nielsen], a hundred reviews weigh 0.79 of a friend of mean trust",
        help="precision of very many reviews by strangers",
    )
    review_saturation: float = parameter(
        10.0,
        unit="reviews",
        low=0.01,
        high=100_000.0,
        plausible=(3.0, 50.0),
        kind="uncertainty",
        source="assumed: prototype value",
        help="number of reviews that gives half of the precision of very many",
    )
    stranger_credibility: float = parameter(
        1.0,
        unit="times",
        low=0.0,
        high=1.0,
        plausible=(0.3, 1.0),
        kind="uncertainty",
        source="assumed: 1, so that nothing is taken from reviews beyond their precision",
        help="factor on the precision of reviews by strangers",
    )
    ad_precision: float = parameter(
        4.9,
        unit="1 / quality variance",
        low=0.0,
        high=10_000.0,
        plausible=(0.0, 10.0),
        kind="uncertainty",
        source="calibrated: V9 [nielsen], half the weight of a friend of mean trust (0.49 of 20)",
        help="precision of what a sponsored slot says about quality; its sign is learned",
    )
    market_belief_rate: float = parameter(
        0.05,
        unit="share of the gap per experience",
        low=0.0,
        high=1.0,
        plausible=(0.01, 0.2),
        kind="uncertainty",
        source="assumed: slow, no figure found",
        help="step by which the belief about the whole market follows an own experience",
    )
    ad_lift_rate: float = parameter(
        0.05,
        unit="share of the gap per experience",
        low=0.0,
        high=1.0,
        plausible=(0.01, 0.2),
        kind="uncertainty",
        source="assumed: slow, no figure found",
        help="step by which a consumer learns whether advertised products are better or worse",
    )

"""The data sets that can be measured: their files, what is done with them, what it may be used for.

The words of `about` take numbers in braces: the key of a measurement of the data set, or
`default[section.name]` for the default of a parameter.
"""

from collections.abc import Callable
from typing import NamedTuple

from sim.evidence.measurements.brands import MEAN_PRICE_YUAN, measure_brands
from sim.evidence.measurements.cascades import measure_cascades
from sim.evidence.measurements.ciao import MIN_REVIEWS, measure_adoption, measure_homophily
from sim.evidence.measurements.clicks import measure_ads
from sim.evidence.measurements.measurement import Findings
from sim.evidence.measurements.purchases import measure_purchases


class DataSet(NamedTuple):
    """One data set: its name on the command line, its files, and how it is measured and read."""

    name: str
    title: str
    files: tuple[str, ...]
    measure: Callable[..., Findings]
    about: str

    @property
    def command(self) -> str:
        """The command that prints the measurements."""
        return " ".join(["python -m sim.evidence.measurements", self.name, *self.files])


CIAO_FILES = ("ciao_trust.csv.gz", "ciao_ratings_before_2008.csv.gz")

DATA_SETS = {
    one.name: one
    for one in (
        DataSet(
            "cdnow",
            "Purchase frequency (CDNOW)",
            ("cdnow_first_39_weeks.csv.gz",),
            measure_purchases,
            """\
Repeat purchases of a cohort of first-time buyers of one shop, by maximum likelihood. The first
purchase is a customer's birth and is not counted, since everybody in a cohort has one; each
customer is watched from that day to the last day of the log; several purchases on a day are one.

The simple NBD assumes that rates never change and that **nobody leaves**, as in the model, where
people stay for the whole run. So its shape, {nbd_shape}, is the one that gives the model's people
*needs* as unequal as the purchases observed; choices are a little less unequal, since several needs
of a week in one category are one choice. Leaving changes it either way: with a chance of
leaving after each purchase (BG/NBD, where frequent buyers leave before they are counted often) the
shape is {bg_nbd_shape}. On the published tenth
of the same cohort the `lifetimes` package prints r 0.24, α 4.41, a 0.79, b 2.43 for BG/NBD (read),
and the NBD values are r 0.385, α 12.07 (recalled): both agree. A Pareto/NBD on that tenth has shape
0.55 (recalled), so that the way of leaving matters more than the interval; the plausible range of
the parameter covers all three. The *rate* is that of one shop for music in 1997 and sets nothing.
""",
        ),
        DataSet(
            "catsup",
            "Price sensitivity and loyalty (catsup)",
            ("catsup.csv.gz",),
            measure_brands,
            f"""\
Brand choice of a household panel among four brands, given that one is bought. Prices are in cents
per ounce. Logit: brand constants, price, display, feature, brand bought last; intervals by
households. Mixed logit: the price coefficient is lognormal and the brand constants are normal over
households, and the brand of the first purchase stands in for tastes formed before the panel began.

*Spread of price sensitivity*: the log standard deviation has no unit, so it carries over. A
household whose choices are merely noisier looks less sensitive to price, and counts as such.

*Level of price sensitivity*: a coefficient per cent and ounce cannot be carried over, an elasticity
can. A logit product with share P of its choices has own-price elasticity −α·p·(1 − P); at a
negligible share, −α·p. In the panel this is {{elasticity_small_share}} for the median household at
the mean price paid. At {MEAN_PRICE_YUAN:g} yuan (the default mean cost plus a tenth) the same
elasticity needs α = {{price_sensitivity}}; the default is {{default[demand.price_sensitivity]}}.
That default was chosen together with the values of the category, of quality, of match and of risk,
which share its unit of utility: put in alone, the measured value would have nearly every need end
in a purchase. It stays *assumed*, and its plausible range reaches down to the measured value, so
that sweeps include it. Caveats: temporary price cuts with stocking up overstate the elasticity; the
choice not to buy at all is not in the data, which understates it; four brands of one sauce in a
shop are not everyday goods found online.

*Loyalty*: the model has no loyalty parameter; a habit there comes from what one has learned about a
product. The coefficient falls from {{last_brand}} to {{last_brand_net}} once households may differ
in taste: most repeat buying is taste, the rest is worth a price cut of
{{last_brand_price_share}} of the price.
""",
        ),
        DataSet(
            "ciao",
            "Homophily (Ciao)",
            CIAO_FILES,
            measure_homophily,
            """\
Trusting pairs against the same network rewired at random, everybody keeping the number of people
they trust and by whom they are trusted (mean of five rewirings). Intervals draw the trusting people
anew, with all their ties. Trusting pairs review {common_items} times as many items in common among
people who reviewed at all, {common_items_everybody} times if people without a review in the file
are let in: trusting and reviewing go together. Of the first figure, a factor of
{common_items_by_category} comes from the categories that both write about.

They hardly judge alike: without the means of persons and items their ratings of the same item
correlate by {residual_correlation_gain} more than those of rewired pairs. (The level itself is
biased downwards, because item means contain the very ratings they are taken from; the rewired
network shows by how much.)

This sets no parameter. `network.taste_homophily` is a share of the variance of tastes between
communities; a factor of common items follows from it only through a whole run, and in the data
part of the factor is exposure to what friends wrote. It is a check for runs on these ties.
""",
        ),
        DataSet(
            "adoption",
            "Adoption against trusted people who adopted before (Ciao)",
            CIAO_FILES,
            measure_adoption,
            f"""\
`adoption_curve` in `sim/evidence/measurements/adoption.py`, which takes the events of a run as
well. People: all with a review. Items: those with {MIN_REVIEWS} reviews or more. A pair of a person
and an item is *exposed at k* once exactly k of the people that the person trusts have reviewed the
item on an earlier day; k = 0 is every pair. It *adopts at k* if the person reviews the item in that
state. The first review of an item introduces it and is no adoption. Intervals are Wilson's, with
the number of pairs divided by the design effect of people.

The curve rises as k to the power {{rise_exponent}}: concave. Rare items are left out because a
mixture of rare and popular items bends any curve upwards at its start (whoever stands at a high k
does so with a popular item): over all items the exponent is {{rise_exponent_all_items}}. The limit
of {MIN_REVIEWS} was chosen after seeing both. For the same reason the rewired network, in which
nobody follows anybody, has a rising curve too; the trusting pairs lie above it by a factor of
{{first_trusted_net}} at k = 1. Caveats: adoption here is writing a review; the ties are one late
picture, some of them younger than the reviews; alike tastes and influence look the same.
""",
        ),
        DataSet(
            "ads",
            "Clicks and conversion of ads (Facebook)",
            ("facebook_ads_campaign_1178.csv.gz",),
            measure_ads,
            """\
Sums over ads; intervals take ads as the independent units. The spread is that of the true rate
behind the counts (Gamma-Poisson), chance taken out.

A **confounded cross-section**: who saw which ad was decided by the platform and by bids, so none of
these is the effect of an ad. Enquiries and purchases are also counted without a click (some ads
have enquiries and no click), so "per click" is a ratio, not a probability. Display ads pushed at
people who want nothing are no measure of `ads.top_click_prob`, the chance that somebody with a need
examines the first slot; nothing is set.
""",
        ),
        DataSet(
            "twitter15",
            "Shape of large cascades (Twitter15)",
            ("twitter15_trees.csv.gz",),
            measure_cascades,
            """\
For display beside simulated cascades only. The set holds **large cascades alone**: it says nothing
of how many shares get no answer. A retweet is credited to the origin, so depth rests on how the
packers of the data inferred parents. Cascades count as independent.
""",
        ),
    )
}
"""The data sets by name."""

"""Patterns of the field that runs are held against. A new one is one entry of `PATTERNS`.

What V1, V9 and V12 say was fitted (`sharesim calibrate`), and nothing to the others; but see
`NOT_OUT_OF_SAMPLE`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sim.parameters import Value
from sim.scenario import Scenario

FITTED, REPORTED, SHOWN = "calibrate", "report", "show"
#: Chance up to which it is said that counts are not Poisson.
POISSON_LEVEL = 0.01
#: What a share of sales has to rise by: half a tenth of a percent at least, as the field tells it
#: in tenths, and at most what lies between its lowest and highest level (2.5 and 4.8 %). By which
#: factor merchants multiplied there is not known.
LEAST_RISE, LARGEST_RISE = 0.0005, 0.023

NOT_OUT_OF_SAMPLE = (
    "The rows that were not fitted here are not out of sample: the defaults are those of a "
    "prototype fitted jointly to V1, V2, V3, V10 and V13, V13 was used to choose the price "
    "sensitivity, and V12b follows in part from the rule by which worse sellers add more fake "
    "reviews. V10b alone had no part in any of it."
)
"""What has to be said wherever it is told how many of the rows to report hit."""


@dataclass(frozen=True)
class Pattern:
    """One row of the validation table."""

    row: str
    name: str
    unit: str
    low: float
    high: float
    use: str
    source: str
    market: str
    number: str
    """Which number of a run it is: a name in `sim.evidence.run_numbers.NUMBERS`."""
    too_low: str
    """What a value below the band means."""
    too_high: str
    """What a value above it means."""
    within: str = ""
    """What a value in it means, where that says more than a hit."""
    least_people: int = 0
    """Worlds of so many people or fewer cannot show it: there it neither hits nor misses."""
    changed: Callable[[Scenario], Mapping[str, Value]] | None = None
    """What differs in a second world, where the row is how much more the number is there than in
    the world as it is, on the same seeds."""


def twice_the_merchants(scenario: Scenario) -> Mapping[str, Value]:
    """Twice as many applicants, and twice as many merchants in each category at the start.

    Fixed costs are a share of what each of the merchants at the start may expect to sell, so that
    twice as many can live.
    """
    merchants = scenario.merchants
    return {
        "merchants.n_applicants": 2 * merchants.n_applicants,
        "merchants.initial_per_category": 2 * merchants.initial_per_category,
    }


PATTERNS = (
    Pattern(
        "V1",
        "purchases per recommendation read",
        "orders per read",
        0.005,
        0.015,
        FITTED,
        "Leskovec, Adamic, Huberman 2007: books 1.45 %, DVD 0.92 %, music 0.73 %, video 0.49 % "
        "(counts second-hand)",
        "referral",
        "purchases_per_read",
        "Posts sell less than field recommendations do, so sharing is undersold here.",
        "Posts sell more than field recommendations do, so sharing is oversold here.",
    ),
    Pattern(
        "V2",
        "product cascades with no second adopter",
        "share of cascades",
        0.90,
        0.97,
        REPORTED,
        "Goel, Watts, Goldstein 2012 (second-hand)",
        "referral",
        "cascades_alone",
        "Posts set off second purchases more often than in the field.",
        "Posts set off second purchases more rarely than in the field.",
    ),
    Pattern(
        "V3",
        "product cascades of 100 and more",
        "share of cascades",
        1e-4,
        1e-3,
        REPORTED,
        "Goel, Anderson, Hofman, Watts 2016: 2.5e-4 (second-hand)",
        "referral",
        "cascades_large",
        "Large cascades are missing: posts travel from friend to friend, and nothing pushes one to "
        "very many people at once.",
        "Large cascades come too often.",
        least_people=5_000,
    ),
    Pattern(
        "V9a",
        "trust in reviews by strangers, against a friend",
        "times the weight of a friend",
        0.75,
        0.85,
        FITTED,
        "Nielsen 2007, 2009, 2015",
        "ads",
        "reviews_to_friend",
        "Reviews weigh less than people say they trust them.",
        "Reviews weigh more than people say they trust them.",
    ),
    Pattern(
        "V9b",
        "trust in an ad, against a friend",
        "times the weight of a friend",
        0.4,
        0.6,
        FITTED,
        "Nielsen 2007, 2009; 2015 for search ads (recalled)",
        "ads",
        "ad_to_friend",
        "Ads weigh less than people say they trust them.",
        "Ads weigh more than people say they trust them.",
    ),
    Pattern(
        "V10",
        "ad revenue and commission of the ad platform, of sales",
        "share of sales",
        0.025,
        0.048,
        REPORTED,
        "Alibaba China retail FY16-19: 2.5 to 3.6 %; others 3.9 to 4.5 % (part of sales recalled)",
        "ads",
        "platform_take",
        "Merchants pay the ad platform less than they do in the field.",
        "Merchants pay the ad platform more than they do in the field.",
    ),
    Pattern(
        "V10b",
        "rise of ad revenue and commission, of sales, with twice the merchants",
        "share of sales",
        LEAST_RISE,
        LARGEST_RISE,
        REPORTED,
        "Alibaba China retail: 2.5 % in FY16, 3.6 % in FY19, while merchants multiplied",
        "ads",
        "platform_take",
        "What the ad platform takes of sales does not rise as merchants multiply; in the field it "
        "rose.",
        "What the ad platform takes of sales rises by more than lies between any two levels of the "
        "field.",
        changed=twice_the_merchants,
    ),
    Pattern(
        "V12",
        "fake share of reviews",
        "share of reviews",
        0.10,
        0.25,
        FITTED,
        "Luca, Zervas 2016: about 16 %",
        "ads",
        "fake_reviews",
        "Reviews are cleaner than in the field.",
        "Reviews are dirtier than in the field.",
    ),
    Pattern(
        "V12b",
        "fake reviews that are of the lower half of sellers by rating",
        "share of fake reviews",
        0.5,
        1.0,
        REPORTED,
        "Luca, Zervas 2016: mostly of sellers of low reputation; Xu et al. 2015",
        "ads",
        "fakes_of_low_rated",
        "Most fake reviews are of sellers of high rating; in the field, of those of low "
        "reputation.",
        "No share is above 1.",
        "Worse sellers add more by rule; that they rank lower and sell all the same is found.",
    ),
    Pattern(
        "V13",
        "retail margin under price-first ranking",
        "share of sales",
        0.08,
        0.12,
        REPORTED,
        "Dinerstein, Einav, Levin, Sundaresan 2018: about 10 % (eBay)",
        "ads",
        "gross_margin",
        "Buyers are more sensitive to price here than where it was measured.",
        "Buyers are less sensitive to price here than where it was measured, or fewer sellers "
        "compete.",
    ),
    Pattern(
        "V14a",
        "orders that an order brings (no further hit: it follows from V2 and V3)",
        "orders per order",
        0.2,
        0.5,
        SHOWN,
        "derived from V2 and V3",
        "referral",
        "reproduction",
        "Sharing multiplies less than field cascades suggest.",
        "Sharing multiplies more than field cascades suggest.",
    ),
    Pattern(
        "V14b",
        "their spread, k of a negative binomial (likewise)",
        "k",
        0.01,
        0.05,
        SHOWN,
        "derived from V2 and V3",
        "referral",
        "dispersion",
        "Even fewer orders bring nearly all the others than in the field.",
        "The power to bring orders is less concentrated than in the field.",
    ),
    Pattern(
        "V14c",
        "chance that Poisson counts were so uneven (likewise)",
        "probability",
        0.0,
        POISSON_LEVEL,
        SHOWN,
        "derived from V2 and V3; index of dispersion of Fisher, Thornton, Mackenzie 1922",
        "referral",
        "poisson_p",
        "No chance is below 0.",
        "Poisson is not rejected: orders need not differ in their power to bring others.",
        "Poisson is rejected: orders differ in their power to bring others, beyond luck.",
    ),
)
"""Every row, in order."""

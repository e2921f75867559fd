"""What several claims share: units, sizes of effects, assumptions to neutralise.

An effect of 15 yuan per person and year is about 1 % of what a person spends here; 0.5 yuan is
about 1 % of a price; 0.02 of quality is a twelfth of the step between two quality levels.
"""

from sim.evidence.claims.statement import Neutral, fixed

A_YEAR = "yuan per person and year"
OF_SPENDING = "about 1 % of what a person spends"
OF_PRICE = "about 1 % of a price"
OF_STEP = "a twelfth of the step between two quality levels"

DEAR_QUALITY = Neutral(
    "better products cost only a little more (correlation .6; here .9)",
    fixed(merchants__quality_cost_correlation=0.9),
)
LINKS_FREE = Neutral(
    "the ad platform cuts half of the links from outside (here none)",
    fixed(ads__external_link_friction=0.0),
)
NO_OPPORTUNISTS = Neutral(
    "2 % of people post whatever pays (here nobody)", fixed(sharing__opportunist_share=0.0)
)

"""Run by other tests in a process of its own, on whatever `sim` is found first on the path.

Lives small worlds with both engines, in every market and without ties. Prints a digest of all
tables of each; ends with code 3 where the engines differ.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.engines.same import assert_same, digest, lived, lively

WEEKS = 8
WORLD = {
    "population.n_consumers": 60,
    "referral.levels": 2,
    "referral.reward_rate": 0.2,
    "sharing.memory_weeks": 2,
    "sharing.annoyance": 0.2,
    "sharing.attention": 5,
    "screening.markets": ["referral", "ads"],
    "screening.refund_prob_worst": 1.0,
}
#: Nobody has a tie, and leaders are looked up all the same.
NO_TIES = {
    "network.mean_degree": 0.0,
    "network.max_followed": 0,
    "trust.leader_min_points": 0,
    "trust.leader_share": 1.0,
    "sharing.leader_lookup_prob": 1.0,
}
DIFFERENT = 3


def digests():
    """A digest of the tables of each world, from both engines."""
    found = {}
    for name, market, values in (
        ("control", "control", WORLD),
        ("referral", "referral", WORLD),
        ("ads", "ads", WORLD),
        ("untied", "referral", WORLD | NO_TIES),
    ):
        scenario = lively(values)
        readable = lived(scenario, market, WEEKS, engine="mesa")
        compiled = lived(scenario, market, WEEKS, engine="array", threads=1)
        try:
            assert_same(readable, compiled)
        except AssertionError as difference:
            print(f"the engines differ in {name}: {difference}", file=sys.stderr)
            sys.exit(DIFFERENT)
        found[name] = digest(readable.tables())
    return found


if __name__ == "__main__":
    for name, found in digests().items():
        print(name, found)

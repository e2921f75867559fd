"""Run by other tests in a process of its own, on whatever `sim` is found first on the path.

Lives a small world in every market with both engines. Prints a digest of all tables; ends with
code 3 where the engines differ.
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
DIFFERENT = 3


def digests():
    """A digest of the tables of each market, from both engines."""
    found = {}
    for market in ("control", "referral", "ads"):
        readable = lived(lively(WORLD), market, WEEKS, engine="mesa")
        compiled = lived(lively(WORLD), market, WEEKS, engine="array", threads=1)
        try:
            assert_same(readable, compiled)
        except AssertionError as difference:
            print(f"the engines differ in {market}: {difference}", file=sys.stderr)
            sys.exit(DIFFERENT)
        found[market] = digest(readable.tables())
    return found


if __name__ == "__main__":
    for market, found in digests().items():
        print(market, found)

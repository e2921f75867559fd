"""What the rewards caused, in words."""

from sim.measures.incrementality import UNITS
from sim.report.gains_text import gains_text


def told(**estimates):
    """The text where all measures are 0.5, or else as said, without intervals."""
    measures = [
        {"measure": name, "unit": UNITS[name], "low": None, "high": None, "n": 2}
        | {"estimate": estimates.get(name, 0.5)}
        for name in UNITS
    ]
    document = {"markets": ["referral", "ads"], "differences": []}
    return gains_text(document | {"incrementality": {"measures": measures}})


def test_why_a_value_is_missing_is_told():
    text = told(cost_per_new_member_fen=None, reward_per_incremental_order_fen=None)
    assert "cost per new member: not defined, as rewards brought no more members" in text
    assert "reward per incremental order: not defined, as rewards brought no more orders" in text
    text = told(reward_in_price=None)
    assert "reward in price: not defined, as no reward was paid, or nothing was ordered" in text
    assert "not defined" not in told()


def test_a_cannibalisation_that_is_no_share_is_explained():
    assert "cannibalisation: above 1, as rewards lost" in told(cannibalisation=1.25)
    assert "cannibalisation: below 0, as rewards brought" in told(cannibalisation=-0.5)
    assert "cannibalisation:" not in told(cannibalisation=0.5)

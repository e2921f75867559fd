"""What nobody will ask for is not remembered, and that changes nothing else."""

import numpy as np
import pytest

import sim.agents.needs
import sim.world.remembered
from tests.engines.same import assert_same_tables, lived, lively

REMEMBERED_FOR = 3
#: Many categories and few needs: most of what is read is never asked for.
SELDOM_ASKED = {
    "sharing.memory_weeks": REMEMBERED_FOR,
    "demand.n_categories": 8,
    "demand.purchase_rate_per_week": 0.7,
    "merchants.n_applicants": 120,
}


@pytest.mark.parametrize("engine", ["mesa", "array"])
def test_what_nobody_asks_for_changes_nothing(engine, monkeypatch):
    scenario = lively(SELDOM_ASKED)
    ours = lived(scenario, "referral", engine=engine)
    for module in (sim.agents.needs, sim.world.remembered):
        monkeypatch.setattr(module, "MOST_FORESEEN", REMEMBERED_FOR - 1)
    everything = lived(scenario, "referral", engine=engine)
    assert_same_tables(ours.tables(), everything.tables())
    kept, all_kept = n_remembered(ours), n_remembered(everything)
    assert 0 < kept < all_kept / 2


def test_what_is_kept_is_of_a_category_needed_in_time():
    model = lived(lively(SELDOM_ASKED), "referral", engine="mesa")
    remembered, row = model.world.remembered, model.week % REMEMBERED_FOR
    for consumer in model.engine.consumers:
        first, end = remembered.start[row, consumer.row : consumer.row + 2]
        kept = set(remembered.category[row, first:end].tolist())
        needed = (consumer._categories_needed(model.week + k) for k in range(REMEMBERED_FOR))
        assert kept <= set().union(*needed)


def n_remembered(model):
    start = model.world.remembered.start
    return int(np.sum(start[:, -1] - start[:, 0]))

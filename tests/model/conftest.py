"""A story of three people, told by either engine."""

import pytest

import sim.agents.needs
import sim.world.remembered
from tests.model.three_people import GOOD, Story


@pytest.fixture(params=["mesa", "array"])
def story(request, tmp_path, monkeypatch):
    # A story tells week by week who needs something: nobody can foresee it.
    for module in (sim.agents.needs, sim.world.remembered):
        monkeypatch.setattr(module, "MOST_FORESEEN", 0)

    def begin(market="referral", quality=GOOD, **values):
        return Story(tmp_path, request.param, market, quality, **values)

    return begin

"""What numbers of a fixed width cannot hold is refused in one line, not folded over."""

import pytest

from sim.kernels import delivery
from sim.parameters import ID_LIMIT
from sim.parameters.problems import InputError
from sim.world.posts import no_posts
from tests.engines.same import lived, lively


def test_more_posts_in_a_week_than_letters_can_name(monkeypatch):
    monkeypatch.setattr(delivery, "POST_BITS", 2)
    with pytest.raises(InputError, match="a week can have 4 posts"):
        lived(lively(), "referral")


def test_more_ties_of_one_person_than_letters_can_name(monkeypatch):
    monkeypatch.setattr(delivery, "NTH_BITS", 2)
    with pytest.raises(InputError, match="more than 4 people"):
        lived(lively(), "referral")


@pytest.mark.parametrize("engine", ["array", "mesa"])
def test_more_posts_in_a_run_than_have_ids(engine):
    model = lived(lively(), "referral", 0, engine=engine)
    model.world.posts = no_posts(ID_LIMIT - 40, model.world.posts.upline.shape[1])
    with pytest.raises(InputError, match="a run can have 2,147,483,647 posts"):
        model.run_for(12)

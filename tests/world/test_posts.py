"""The window of posts moves on in one place."""

import numpy as np

from tests.engines.same import lived, lively


def test_posts_of_past_weeks_stay_as_they_were_while_the_window_moves():
    model = lived(lively(), "referral", 1)
    model.run_for(2)
    posts = model.world.posts
    before = {name: np.copy(column) for name, column in posts._asdict().items()}
    model.step()
    now = model.world.posts
    gone = now.first_share - before["first_share"]
    assert 0 < gone < len(before["sharer"])
    kept = len(before["sharer"]) - gone
    assert now.fresh == kept
    for name, column in now._asdict().items():
        if isinstance(column, np.ndarray):
            assert np.array_equal(column[:kept], before[name][gone:]), name
    assert np.all(now.week[kept:] == model.week)


def test_the_window_stays_in_one_place_once_there_is_room():
    model = lived(lively(), "referral", 10)
    places = set()
    for _ in range(8):
        model.step()
        places.add(model.world.posts.sharer.ctypes.data)
    assert len(places) < 4

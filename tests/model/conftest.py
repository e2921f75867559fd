"""A story of three people, told by either engine."""

import pytest

from tests.model.three_people import GOOD, Story


@pytest.fixture(params=["mesa", "array"])
def story(request, tmp_path):
    def begin(market="referral", quality=GOOD, **values):
        return Story(tmp_path, request.param, market, quality, **values)

    return begin

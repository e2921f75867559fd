"""Links to settings: what was told comes back exactly; what is hostile is clipped and noticed."""

import math

import pytest

from app_parts.pages import PAGES
from app_parts.permalink import LONGEST, query_of, settings_of
from sim.scenario import Scenario, load_scenario
from tests.app.conftest import open_page

RANGES = {"referral.reward_rate": (0.0, 0.3), "population.n_consumers": (200.0, 20_000.0)}


@pytest.mark.parametrize("name", ["baseline", "unscreened", "mask-sellers", "ad-article"])
def test_settings_come_back_as_they_were_told(name):
    values = load_scenario(name).values()
    read = settings_of(query_of(values))
    assert read.faultless
    assert read.values == {key: value for key, value in values.items() if key != "network.file"}


def test_a_query_names_its_version_and_every_value_in_full():
    query = query_of({"referral.reward_rate": 0.06, "run.weeks": 52})
    assert query == {"v": "1", "referral.reward_rate": "0.06", "run.weeks": "52"}


@pytest.mark.parametrize(
    ("text", "value"),
    [("1e999", 0.3), ("-5", 0.0), ("-inf", 0.0), ("0.5", 0.3), ("nan", None), ("<script>", None)],
)
def test_hostile_numbers_are_clipped_or_dropped_and_noticed(text, value):
    read = settings_of({"v": "1", "referral.reward_rate": text}, RANGES)
    assert read.mended == ("referral.reward_rate",)
    assert read.values == ({} if value is None else {"referral.reward_rate": value})


@pytest.mark.parametrize("text", ["1e999", "99999999999999999999", "12.7", "-3"])
def test_counts_stay_whole_and_within_the_range(text):
    read = settings_of({"v": "1", "population.n_consumers": text}, RANGES)
    people = read.values["population.n_consumers"]
    assert isinstance(people, int) and 200 <= people <= 20_000 and not read.faultless


def test_choices_and_lists_hold_known_names_only():
    query = {"v": "1", "ads.mechanism": "free", "screening.markets": "referral,moon", "run.x": "1"}
    read = settings_of(query)
    assert read.values == {"screening.markets": ("referral",)}
    assert set(read.mended) == {"ads.mechanism", "screening.markets"} and read.unknown == 1


def test_no_link_names_a_file_of_the_server():
    assert "network.file" not in query_of(Scenario().values())
    read = settings_of({"v": "1", "network.file": "/etc/passwd"})
    assert not read.values and read.unknown == 1


@pytest.mark.parametrize("version", ["", "0", "2", "<script>"])
def test_another_version_is_refused_as_a_whole(version):
    read = settings_of({"v": version, "run.weeks": "20"})
    assert read.refused and not read.values


def test_ten_kilobytes_are_refused_as_a_whole():
    assert settings_of({"v": "1", "run.weeks": "1" * LONGEST}).refused


def test_without_settings_there_is_nothing_to_notice():
    assert settings_of({"lang": "en", "result": "quick"}).faultless


def test_every_value_is_finite():
    read = settings_of({"v": "1", "demand.quality_value": "inf"})
    assert all(math.isfinite(value) for value in read.values.values())


def shared(app):
    """The query of a link to the page as it stands."""
    return dict(app.session_state["link_told"][1])


def test_what_was_chosen_on_a_page_is_in_its_link_and_comes_back():
    chosen = {
        "sweeps": {"view": "maps", "map_outcome": "mean_price_fen"},
        "compare": {"runs": "unscreened,quick", "compare_outcome": "mean_price_fen"},
        "model": {"search": "reward", "kinds": "lever,constant"},
    }
    for page, query in chosen.items():
        first = open_page(page, **query)
        link = shared(first)
        assert query.items() <= link.items() and not first.info
        again = open_page(page, **link)
        assert shared(again) == link and not again.info


def test_the_map_comes_back_with_its_cell():
    app = open_page("sweeps", "zh", view="maps")  # AppTest names options in Chinese
    box = app.selectbox(key="map_cell_zh")
    before = box.value
    box.select_index(3).run()
    assert app.selectbox(key="map_cell_zh").value != before
    link = shared(app)
    again = open_page("sweeps", **link)
    assert shared(again) == link and not again.info


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("query", [{"nobody": "1"}, {"lang": "fr"}, {"v": "2"}, {"run.weeks": "x"}])
def test_what_a_page_does_not_offer_is_noticed_once_on_every_page(page, query):
    app = open_page(page, **query)
    assert [text.value for text in app.info] == [app.info[0].value]
    assert "link" in app.info[0].value or "链接" in app.info[0].value


@pytest.mark.parametrize(
    ("page", "query"),
    [
        ("start", {"result": "moon"}),
        ("start", {"reward": "0.07"}),
        ("story", {"step": "<b>"}),
        ("lab", {"preset": "moon"}),
        ("lab", {"result": "../../etc"}),
        ("reward", {"study": "moon"}),
        ("sweeps", {"view": "moon"}),
        ("sweeps", {"view": "maps", "map_outcome": "moon"}),
        ("compare", {"runs": "quick,moon"}),
        ("model", {"kinds": "moon"}),
        ("model", {"search": "x" * 81}),
    ],
)
def test_a_wrong_value_is_noticed(page, query):
    assert "nearest it does offer" in open_page(page, **query).info[0].value


@pytest.mark.parametrize("page", PAGES)
def test_a_plain_address_and_a_link_just_shared_say_nothing(page):
    app = open_page(page)
    assert not app.info and not open_page(page, **shared(app)).info


@pytest.mark.parametrize("appended", ["utm_source", "fbclid", "from", "isappinstalled"])
def test_what_messengers_append_to_a_link_says_nothing(appended):
    assert not open_page("model", **{appended: "timeline"}).info


def test_a_story_told_is_shared_without_its_answer_and_without_a_notice():
    app = open_page("story", step="fission")
    app.button(key="guess_fission_reveal").click().run()
    link = shared(app)
    assert "played" in link and not open_page("story", **link).info


def test_the_notice_is_gone_when_the_visitor_goes_on():
    app = open_page("model", nobody="1")
    assert app.info
    app.args = ("compare",)
    assert not app.run().info and not app.exception

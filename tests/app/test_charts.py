"""Every chart of every page, over what is shipped: a text, named axes, bars from zero."""

import json
import re

import pytest
from streamlit.testing.v1 import AppTest

from tests.app.conftest import draw
from tests.app.test_pages import text_of

VIEWS = {
    "story trust": ("story", {"step": "trust", "guess_trust": "less"}),
    "story leaders": (
        "story",
        {"step": "leaders", "guess_leaders_open": True, "guess_leaders": 10},
    ),
    "story loss": ("story", {"step": "loss", "guess_loss_open": True, "guess_loss": 1}),
    "lab": ("lab", {}),
    "reward": ("reward", {}),
    "sweeps maps": ("sweeps", {"view": "maps"}),
    "sweeps drivers": ("sweeps", {"view": "drivers"}),
    "compare": ("compare", {}),
}


@pytest.fixture(scope="module", params=VIEWS)
def view(request):
    page, state = VIEWS[request.param]
    app = AppTest.from_function(draw, args=(page,), default_timeout=120)
    app.query_params["lang"] = "zh"  # AppTest names options in Chinese
    for name, value in state.items():
        app.session_state[name] = value
    app.run()
    assert not app.exception
    return app


def charts_of(view):
    found = [(chart.proto, json.loads(chart.proto.spec)) for chart in view.get("plotly_chart")]
    assert found
    return found


def axes_of(spec):
    return {name: axis for name, axis in spec["layout"].items() if name[1:5] == "axis"}


def test_every_chart_has_a_text_for_those_who_do_not_see_it(view):
    assert all(len(proto.alt) > 12 for proto, _ in charts_of(view))


def test_every_axis_is_named_or_lists_names(view):
    for _, spec in charts_of(view):
        for name, axis in axes_of(spec).items():
            named = axis.get("title", {}).get("text")
            listed = axis.get("type") == "category" or "ticktext" in axis
            shared = "matches" in axis or axis.get("showticklabels") is False
            assert named or listed or shared, (name, axis)


def test_bars_begin_at_zero(view):
    for _, spec in charts_of(view):
        bars = [trace for trace in spec["data"] if trace["type"] == "bar"]
        if not bars:
            continue
        along = "xaxis" if bars[0].get("orientation") == "h" else "yaxis"
        assert spec["layout"][along].get("rangemode") == "tozero"


def test_nobody_can_drag_a_chart_out_of_sight(view):
    assert all(axis["fixedrange"] for _, spec in charts_of(view) for axis in axes_of(spec).values())


def test_captions_say_how_many_runs_there_are(view):
    assert re.search(r"次运行|对配对|一对|\d 对|对数|种子", text_of(view))

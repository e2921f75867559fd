"""Figures of a sweep, drawn from made-up tables."""

import pandas as pd
import pytest

from sim.experiments.analyses import keep_analysis
from sim.experiments.errors import StoreError
from sim.experiments.store import RunStore, plain_values
from sim.figures.analyses import analysis_figures
from sim.figures.page import LeftOut, drawing
from sim.figures.sweep_maps import MAPS, difference_map, sweep_curves, sweep_figures
from sim.measures.summary import OUTCOMES
from sim.scenario import Scenario

RATE, AUDIT = "referral.reward_rate", "screening.audit_correlation"


def made_up_sweep(root, grid):
    """A sweep in which the referral market leads where the rate is low and audits are good."""
    keys = list(grid)
    points = pd.MultiIndex.from_product(grid.values(), names=keys).to_frame(index=False)
    points.insert(0, "point", range(len(points)))
    rows = []
    for point in points.to_dict("records"):
        lead = 100 * (point.get(AUDIT, 0.6) - 2 * point[RATE])
        for outcome, unit in OUTCOMES.items():
            for first, second, mean in (
                ("referral", "", 500 + lead),
                ("ads", "", 500.0),
                ("referral", "ads", lead),
            ):
                rows.append(
                    [point["point"], first, second, outcome, unit, mean, mean - 20, mean + 20, 4]
                )
    names = ["point", "first", "second", "outcome", "unit", "estimate", "low", "high", "n"]
    runs = [{"market": m, "seed": s, "run_key": "-"} for m in ("referral", "ads") for s in (1, 2)]
    document = {
        "scenario": "made-up",
        "values": plain_values(Scenario()),
        "keys": keys,
        "markets": ["referral", "ads"],
        "replicates": 4,
        "runs": runs,
    }
    tables = {"points": points, "means": pd.DataFrame(rows, columns=pd.Index(names))}
    return keep_analysis(RunStore(root), "made-up", "sweep", document, tables)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_sweep_over_two_numbers_gets_maps_with_their_tables(tmp_path, lang):
    found = made_up_sweep(tmp_path, {RATE: [0.0, 0.1, 0.3], AUDIT: [0.1, 0.5, 0.9]})
    drawn = analysis_figures(found.folder, lang)
    assert not drawn.left_out and len(drawn.files) == len(MAPS)
    table = pd.read_csv(found.folder / "figures" / "map-consumer-surplus.csv")
    assert len(table) == 9 and {RATE, AUDIT, "low", "high"} <= set(table)


def test_a_map_says_where_each_market_leads_for_sure(tmp_path):
    found = made_up_sweep(tmp_path, {RATE: [0.0, 0.1, 0.3], AUDIT: [0.1, 0.5, 0.9]})
    about = next(iter(_wanted(found))).draw.args[0]
    cells = next(iter(_wanted(found))).table
    with drawing("en"):
        page = difference_map(about, [RATE, AUDIT], ("referral", "ads"), cells)
    assert "the referral market leads at 5 of 9 points for sure, the ad market at 1" in page.title


def test_a_sweep_over_one_number_gets_curves(tmp_path):
    found = made_up_sweep(tmp_path, {RATE: [0.0, 0.1, 0.3]})
    drawn = analysis_figures(found.folder)
    assert [file.name for file in drawn.files] == ["response-curves.png"]
    assert not drawn.left_out


def test_one_value_is_no_curve(tmp_path):
    found = made_up_sweep(tmp_path, {RATE: [0.1]})
    (wanted,) = _wanted(found)
    with pytest.raises(LeftOut):
        wanted.draw()
    assert sweep_curves is wanted.draw.func


def test_a_folder_without_an_analysis_is_refused(tmp_path):
    with pytest.raises(StoreError, match="holds no result"):
        analysis_figures(tmp_path)


def _wanted(found):
    from sim.figures.analyses import _about
    from sim.figures.words import Words

    return list(sweep_figures(_about(found, Words("en")), found))

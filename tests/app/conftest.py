"""A small stored comparison for pages to read, and a browser to look at them."""

from pathlib import Path

import pandas as pd
import pytest
from browsing import CHROMIUM, chromium, served_app, settle
from streamlit.testing.v1 import AppTest

from sim.experiments.files import plain_rows, write_json, write_table
from sim.experiments.store import plain_values
from sim.measures.differences import paired_differences
from sim.measures.over_runs import means_over_runs
from sim.measures.sides import SIDE_UNITS, side_differences
from sim.report.overview import OF_WEEKS
from sim.scenario import load_scenario

N_PAIRS = 4
WEEKS = 12
LEVELS = {
    "consumer_surplus_fen": 4_000.0,
    "household_gain_fen": 4_100.0,
    "household_gain_net_fen": 4_090.0,
    "mean_quality_sold": 0.6,
    "mean_quality_offered": 0.5,
    "mean_price_fen": 5_500.0,
    "merchant_profit_fen": -300.0,
    "platform_profit_fen": 200.0,
    "mean_tie_trust": 0.6,
}
PARTS = (
    ("cost_of_goods", "suppliers", 88.0),
    ("merchant_profit", "merchants", -1.5),
    ("advertising", "platform", 3.25),
    ("rewards", "sharers", 4.75),
    ("rebates", "buyers", 1.5),
)


def make_comparison(
    folder, effect=0.05, name="quick", replicates=N_PAIRS, n_weeks=WEEKS, with_sides=False
):
    """Write a comparison in which every outcome is that share higher with referral.

    With both sides: of the hybrid, the sharing side has more of everything.
    """
    folder.mkdir(parents=True)
    changes = {"run.weeks": n_weeks} if n_weeks else {}
    scenario = load_scenario(name).with_values({**changes, "run.replicates": replicates})
    runs = pd.DataFrame(
        {
            "market": market,
            "seed": seed,
            "run_key": f"{seed:015x}{market[0]}",
            **{
                outcome: level * (1 + (effect if market == "referral" else 0.0)) + 0.001 * level * k
                for outcome, level in LEVELS.items()
            },
        }
        for seed in range(1, replicates + 1)
        for market in ("referral", "ads")
        for k in [(7 * seed + (market == "ads") * 3) % 5]
    )
    differences = paired_differences(runs, [("referral", "ads")])
    weekly = pd.DataFrame(
        {"market": market, "week": week, "seed": seed, "value": 0.5 + 0.01 * week + 0.002 * seed}
        for market in ("referral", "ads")
        for week in range(WEEKS)
        for seed in range(replicates)
    )
    means = means_over_runs(weekly, ["market", "week"], "value")
    weeks = pd.concat([means.assign(outcome=outcome) for outcome in OF_WEEKS], ignore_index=True)
    money = pd.DataFrame(
        {"market": market, "part": part, "holder": holder, "mean": yuan, "low": yuan - 0.1}
        | {"high": yuan + 0.1, "n": replicates}
        for market in ("referral", "ads")
        for part, holder, yuan in PARTS
    )
    write_table(runs, folder / "runs.parquet")
    write_table(differences, folder / "compare.parquet")
    write_table(weeks, folder / "weeks.parquet")
    write_table(money, folder / "money.parquet")
    document = {
        "format_version": 1,
        "command": "compare",
        "scenario": name,
        "values": plain_values(scenario),
        "markets": ["referral", "ads"],
        "replicates": replicates,
        "counted_weeks": {"first": 2, "end": n_weeks or 52},
        "differences": plain_rows(differences),
        "runs": plain_rows(runs[["market", "seed", "run_key"]]),
    }
    if with_sides:
        document["sides"] = make_sides(folder, replicates)
    write_json(document, folder / "compare.json")
    return folder


def make_sides(folder, n_runs):
    """Write the weeks of both sides of the hybrid; return their ends, for the document."""
    weeks = pd.DataFrame(
        {"side": side, "outcome": name, "week": week, "seed": seed, "value": value}
        for name in SIDE_UNITS
        for week in range(WEEKS)
        for seed in range(n_runs)
        for share in [0.5 + 0.01 * week + 0.002 * seed]
        for side, value in (("referral", share), ("ads", 1.0 - share))
    )
    means = means_over_runs(weeks, ["side", "outcome", "week"], "value")
    write_table(means, folder / "side_weeks.parquet")
    last = weeks[weeks["week"] == WEEKS - 1].pivot_table("value", ["seed", "side"], "outcome")
    ends = [
        [{"side": side, **last.loc[seed, side]} for side in ("referral", "ads")]
        for seed in range(n_runs)
    ]
    rows = plain_rows(side_differences(ends))
    return {"names": ["referral", "ads"], "differences": rows}


def draw(page):
    """Draw one page; whole in itself, as it is run from its source."""
    from app_parts import pages
    from app_parts.language import settle_language

    settle_language()
    pages.draw(page)


def open_page(page, lang="en", **query):
    """The page as a visit shows it that its address opened."""
    app = AppTest.from_function(draw, args=(page,), default_timeout=120)
    app.query_params.update({"lang": lang} | query)
    app.run()
    assert not app.exception
    return app


@pytest.fixture
def results(tmp_path, monkeypatch):
    """An empty results root that the app reads."""
    monkeypatch.setenv("SHARESIM_RESULTS", str(tmp_path))
    return tmp_path


@pytest.fixture(scope="session")
def browser():
    """Chromium; tests that need it say that they skipped where it is missing."""
    if CHROMIUM is None:
        pytest.skip("there is no chromium on this machine")
    pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def served(browser, tmp_path_factory):
    """The app, served from two small stored comparisons by a process of its own."""
    folder = tmp_path_factory.mktemp("served")
    make_comparison(folder / "published" / "quick", effect=0.05, with_sides=True)
    make_comparison(folder / "published" / "mask-sellers", effect=-0.05, name="mask-sellers")
    with served_app(folder, folder / "log") as served:
        yield served
    assert "Traceback" not in (folder / "log").read_text(errors="replace")


class Visitor:
    """Opens pages and keeps what went wrong on them."""

    def __init__(self, browser, address):
        self.browser, self.address = browser, address
        self.contexts, self.failures = [], []

    def __call__(self, path="", width=1280, height=900, locale="en-US", scheme="light"):
        context = self.browser.new_context(
            viewport={"width": width, "height": height}, locale=locale, color_scheme=scheme
        )
        self.contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.on("pageerror", lambda error: self.failures.append(str(error)))
        page.on("console", lambda told: self.failures.extend([told.text] * is_error(told)))
        own = (self.address, "data:", "blob:", "ws:")
        page.on(
            "request",
            lambda asked: self.failures.extend([asked.url] * (not asked.url.startswith(own))),
        )
        page.goto(f"{self.address}/{path}")
        settle(page)
        assert not page.locator('[data-testid="stException"]').count()
        return page


def is_error(told):
    """Whether the console tells of an error; on a deep link the front end looks for its server."""
    return told.type == "error" and "/_stcore/" not in told.location.get("url", "")


@pytest.fixture
def visit(browser, served):
    """Opens a page and, at the end, sees that nothing failed and nobody else was asked."""
    visitor = Visitor(browser, served.address)
    yield visitor
    for context in visitor.contexts:
        context.close()
    assert not visitor.failures


def shipped_results(folder):
    """A results root that holds what is shipped, and room for what a test makes."""
    (folder / "published").symlink_to(Path(__file__).parents[2] / "results" / "published")
    return folder

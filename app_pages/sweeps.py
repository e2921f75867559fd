"""Sweeps: where each market wins, and the verdicts on the claims."""

from typing import TYPE_CHECKING, Any

import streamlit as st

from app_parts import blocks, charts, sweep_maps, tables
from app_parts.analyses import Stored, analyses, first_analysis
from app_parts.choices import choose_from_list, choose_one
from app_parts.claims import claims_board
from app_parts.drivers import drivers, outcome_name, outcome_unit
from app_parts.knobs import name_of, settings_text
from app_parts.language import t
from app_parts.numbers import interval, number, signed
from app_parts.pages import page_of
from app_parts.presets import preset_title
from app_parts.settings import use_values
from app_parts.stored import MARKETS
from sim.parameters import PARAMETERS

if TYPE_CHECKING:
    import pandas as pd

VIEWS = ("claims", "maps", "drivers")
OUTCOMES = (
    "consumer_surplus_fen",
    "household_gain_fen",
    "household_gain_net_fen",
    "mean_quality_sold",
    "mean_price_fen",
    "merchant_profit_fen",
    "platform_profit_fen",
    "sharer_income_fen",
    "mean_tie_trust",
    "muted_share",
    "useless_read_share",
    "conversion_per_read",
    "gini_sharer_income",
)
"""Outcomes one can look at; the tables on disk have all."""
#: Those drawn beside each other for both markets.
_MULTIPLES = ("consumer_surplus_fen", "mean_quality_sold", "merchant_profit_fen", "mean_tie_trust")


def show() -> None:
    """Draw the page."""
    blocks.heading(t("sweeps.title"), 1, t("sweeps.text"))
    views = {name: t(f"sweeps.{name}") for name in VIEWS}
    view = choose_one("view", t("sweeps.view"), views, default=VIEWS[0])
    {"claims": _claims, "maps": _maps, "drivers": _drivers}[view]()


def _claims() -> None:
    stored = first_analysis("claims")
    if stored is None:
        _missing("sweeps.no_claims", "sharesim claims quick")
        return
    blocks.heading(t("claims.title"), 2, t("claims.text"))
    claims_board(stored)


def _drivers() -> None:
    stored = _chosen("sensitivity")
    if stored is None:
        _missing("sweeps.no_drivers", "sharesim sensitivity quick")
        return
    blocks.heading(t("drivers.title"), 2, t("drivers.text"))
    drivers(stored)


def _maps() -> None:
    stored = _chosen("sweep")
    if stored is None:
        _missing("sweeps.no_maps", "sharesim sweep scenarios/my-sweep.toml")
        return
    document = stored.document
    keys = [str(key) for key in document["keys"]]
    means = sweep_maps.with_settings(stored.table("means"), document["points"])
    known = {name: outcome_name(name) for name in OUTCOMES if name in set(means["outcome"])}
    outcome = choose_from_list("map_outcome", t("sweeps.outcome"), known, next(iter(known)))
    scale = sweep_maps.scale_of(outcome)
    of_outcome = means[means["outcome"] == outcome]
    pairs = of_outcome[of_outcome["second"] != ""]
    if len(keys) >= 2 and len(pairs):
        _map(stored, pairs, keys, outcome, scale)
    _table(stored, pairs if len(pairs) else of_outcome, keys, outcome)
    if keys:
        _multiples(stored, means, keys)


def _map(
    stored: Stored, pairs: "pd.DataFrame", keys: list[str], outcome: str, scale: float
) -> None:
    names = {key: name_of(key) for key in keys}
    across, down = keys[0], keys[1]
    if len(keys) > 2:
        left, right = st.columns(2)
        with left:
            across = choose_from_list("map_across", t("sweeps.across"), names, keys[0])
        with right:
            rest = {key: name for key, name in names.items() if key != across}
            down = choose_from_list("map_down", t("sweeps.down"), rest, next(iter(rest)))
    for key in keys:
        if key in (across, down) or pairs[key].isna().all():
            continue
        values = {str(value): settings_text({key: value}) for value in sorted(pairs[key].unique())}
        usual = sweep_maps.nearest(
            sorted(pairs[key].unique().tolist()), stored.document["values"][key]
        )
        fixed = choose_from_list(f"map_{key}", names[key], values, str(usual))
        pairs = pairs[pairs[key].astype(str) == fixed]
    low, high = pairs["low"], pairs["high"]
    more, less = int((low > 0).sum()), int((high < 0).sum())
    title = t("sweeps.map_title", outcome=outcome_name(outcome), more=more, less=less, n=len(pairs))
    blocks.heading(title, 2)
    chosen = st.plotly_chart(
        sweep_maps.heat_map(pairs, across, down, names, scale, stored.document["values"]),
        config=charts.CONFIG,
        alt=t("sweeps.map_alt", outcome=outcome_name(outcome), across=names[across]),
        key="map",
        on_select="rerun",
        selection_mode="points",
    )
    blocks.note(t("sweeps.map_note", n=int(pairs["n"].max()), unit=outcome_unit(outcome)))
    shown = {key: stored.document["values"][key] for key in (across, down)}
    blocks.note(t("sweeps.usual", settings=settings_text(shown)))
    _open_cell(stored, pairs, [across, down], _clicked(chosen), outcome, scale)


def _clicked(event: Any) -> int | None:
    """The point of the cell that was clicked."""
    points = event.get("selection", {}).get("points", []) if event else []
    for point in points:
        data = point.get("customdata")
        if data:
            value = data[0] if isinstance(data, list) else data
            return int(value)
    return None


def _open_cell(
    stored: Stored,
    pairs: "pd.DataFrame",
    shown: list[str],
    clicked: int | None,
    outcome: str,
    scale: float,
) -> None:
    """One cell in words, and the way to the Lab with its settings."""
    options = {
        str(row["point"]): settings_text({key: row[key] for key in shown})
        for row in pairs.to_dict("records")
    }
    if st.session_state.get("was") != clicked:
        st.session_state["was"] = clicked
        if str(clicked) in options:
            st.session_state["map_cell"] = str(clicked)
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    with left:
        cell = choose_from_list("map_cell", t("sweeps.cell"), options, next(iter(options)))
    row = pairs[pairs["point"] == int(cell)].to_dict("records")[0]
    digits = sweep_maps.digits_of(pairs, scale)
    told = t(
        "sweeps.cell_told",
        verdict=sweep_maps.told_cell(row, scale),
        estimate=signed(row["estimate"] * scale, digits),
        unit=outcome_unit(outcome),
        interval=interval(row["low"] * scale, row["high"] * scale, digits, sign=True),
        n=int(row["n"]),
    )
    with right:
        if st.button(t("sweeps.open"), key="open_in_lab", width="stretch"):
            _to_lab(stored, int(cell))
    blocks.note(told)


def _to_lab(stored: Stored, point: int) -> None:
    """Open the Lab with the settings of a point."""
    settings = next(p for p in stored.document["points"] if p["point"] == point)
    values = {**stored.document["values"], **settings}
    values.pop("point")
    known = {
        key: tuple(value) if isinstance(value, list) else value
        for key, value in values.items()
        if key in PARAMETERS
    }
    use_values(known)
    st.switch_page(page_of("lab"))


def _multiples(stored: Stored, means: "pd.DataFrame", keys: list[str]) -> None:
    """Both markets over the first key, one small chart an outcome; other keys as they usually are.

    Where the usual value of a key was not tried, it is at the one next to that.
    """
    across = keys[0]
    levels = means[means["second"] == ""]
    fixed = {}
    for key in keys[1:]:
        values = sorted(levels[key].dropna().unique().tolist())
        if values:
            fixed[key] = sweep_maps.nearest(values, stored.document["values"][key])
            levels = levels[levels[key] == fixed[key]]
    if levels[across].nunique() < 2 or levels[across].dtype == object:
        return
    names = {across: name_of(across)}
    blocks.heading(t("sweeps.multiples", setting=names[across]), 2)
    blocks.legend([market for market in MARKETS if market in set(levels["first"])])
    drawn = [name for name in _MULTIPLES if name in set(levels["outcome"])]
    for place in range(0, len(drawn), 2):
        columns = st.columns(2, gap="medium")
        for column, outcome in zip(columns, drawn[place : place + 2], strict=False):
            with column:
                scale = sweep_maps.scale_of(outcome)
                blocks.chart_name(outcome_name(outcome))
                st.plotly_chart(
                    sweep_maps.small_multiples(
                        levels[levels["outcome"] == outcome],
                        across,
                        names,
                        scale,
                        outcome_unit(outcome),
                    ),
                    config=charts.CONFIG,
                    alt=t(
                        "sweeps.multiple_alt", outcome=outcome_name(outcome), setting=names[across]
                    ),
                    key=f"multiple_{outcome}",
                )
    blocks.note(t("sweeps.multiples_note", n=int(levels["n"].max())))
    if fixed:
        blocks.note(t("sweeps.multiples_at", at=settings_text(fixed)))
    tables.numbers("multiples", *sweep_maps.levels_of(levels, across, drawn))


def _table(stored: Stored, rows: "pd.DataFrame", keys: list[str], outcome: str) -> None:
    tables.numbers("map", *sweep_maps.table_of(rows, keys, outcome))
    document = stored.document
    blocks.note(
        t(
            "sweeps.source",
            name=preset_title(document["scenario"]),
            points=len(document["points"]),
            n=document["replicates"],
            people=number(float(document["values"]["population.n_consumers"]), 0),
            weeks=document["values"]["run.weeks"],
        )
    )


def _chosen(command: str) -> Stored | None:
    found = analyses(command)
    if len(found) < 2:
        return next(iter(found), None)
    names = {
        each.name: t(
            "sweeps.stored" if each.published else "sweeps.own",
            name=preset_title(each.document["scenario"]),
            keys=", ".join(name_of(str(key)) for key in each.document.get("keys", ())[:3]),
        )
        for each in found
    }
    chosen = choose_from_list(f"{command}_chosen", t("sweeps.which"), names, next(iter(names)))
    return next(each for each in found if each.name == chosen)


def _missing(text: str, command: str) -> None:
    blocks.note(t(text))
    st.code(command, language="bash")

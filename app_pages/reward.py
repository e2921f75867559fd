"""The reward rate: what each side gains from it, which one is recommended, how sure that is."""

import contextlib
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import streamlit as st

from app_parts import blocks, charts, sweep_maps, tables, tuned_charts
from app_parts.analyses import analyses
from app_parts.choices import choose_from_list, choose_one
from app_parts.drivers import outcome_name
from app_parts.jobs import office
from app_parts.knobs import name_of, settings_text
from app_parts.language import t
from app_parts.limits import Cost, cost_of
from app_parts.live import Live
from app_parts.numbers import interval, number, percent, signed
from app_parts.outcomes import SURPLUS
from app_parts.settings import scenario
from app_parts.stored import MARKETS, results_root
from app_parts.tuned import (
    CONSTRAINTS,
    LEVER,
    OBJECTIVES,
    Tuned,
    constraint_name,
    objective_name,
    tunings,
)
from sim.commands.job import tuning_line
from sim.experiments.errors import StoreError
from sim.experiments.store import RunStore
from sim.parameters.problems import InputError

_RUNS = 120
_MOVES = 0
_CHOSEN = "study"
LIVE = Live("reward")


def show() -> None:
    """Draw the page."""
    blocks.heading(t("reward.title"), 1, t("reward.text"))
    found = {tuned.key: tuned for tuned in tunings()}
    if not found:
        blocks.note(t("reward.none"))
        st.code("sharesim tune quick --lever referral.reward_rate --objective platform_profit")
    else:
        _study(found)
    _break_even_map()
    _own_run()


def _study(found: Mapping[str, Tuned]) -> None:
    state = st.session_state
    made = _just_made(found)
    if made:
        state[_CHOSEN] = made
    names = {key: tuned.label for key, tuned in found.items()}
    tuned = found[choose_from_list(_CHOSEN, t("reward.choose"), names, next(iter(found)))]
    try:
        _recommendation(tuned)
        _response(tuned)
        _moves(tuned)
        _pareto(tuned)
    except (StoreError, KeyError, StopIteration, TypeError):
        st.warning(t("compare.unreadable"))


def _just_made(found: Mapping[str, Tuned]) -> str:
    """The tuning whose run on this page just ended."""
    folder = LIVE.new_result()
    return next((key for key, one in found.items() if str(one.stored.folder) == folder), "")


def _recommendation(tuned: Tuned) -> None:
    long = tuned.at(tuned.horizons[-1])
    name = tuned.name
    ends = [end for end in long["interval"][LEVER] if end is not None]
    told = {
        "optimum": "reward.best",
        "at the edge": "reward.edge",
    }.get(str(long["verdict"]), "reward.unclear")
    if long["recommended"] and not long["recommended"][LEVER]:
        told = "reward.none_best" if ends and ends[-1] else "reward.none_only"
    if long["recommended"] is None or len(ends) < 2:
        told = "reward.unclear" if long["recommended"] is not None else "reward.impossible"
    flat = [end for end in long["flat_region"][LEVER] if end is not None] or ends
    sentence = t(
        told,
        name=escape(name, quote=False),
        rate=blocks.strong(percent(long["recommended"][LEVER], 1)) if long["recommended"] else "",
        low=percent(ends[0], 1) if ends else "",
        high=percent(ends[-1], 1) if ends else "",
        flat_low=percent(flat[0], 1) if flat else "",
        flat_high=percent(flat[-1], 1) if flat else "",
        weeks=tuned.horizons[-1],
    )
    st.html(f'<p class="answer">{sentence}</p>')
    lines = []
    short = tuned.at(tuned.horizons[0])
    if len(tuned.horizons) > 1 and short["recommended"] is not None:
        low, high = short["interval"][LEVER]
        rate = percent(short["recommended"][LEVER], 1)
        bounds = {"low": percent(low, 1), "high": percent(high, 1)}
        told = "reward.short_only" if low == high else "reward.short"
        lines.append(t(told, weeks=tuned.horizons[0], rate=rate, **bounds))
    gain = long["gain_over_present"]
    present = tuned.document["levers"][0]["present"]
    if gain is not None and tuned.in_money:
        scale = tuned.scale(tuned.horizons[-1])
        lines.append(
            t(
                "reward.gain" if gain["low"] > 0 else "reward.gain_unclear",
                present=percent(present, 1),
                estimate=signed(gain["estimate"] * scale, 3),
                interval=interval(gain["low"] * scale, gain["high"] * scale, 3, sign=True),
            )
        )
    lines.append(
        t(
            "reward.made",
            runs=number(tuned.document["n_runs"], 0),
            people=number(tuned.document["values"]["population.n_consumers"], 0),
            weeks=tuned.document["values"]["run.weeks"],
        )
    )
    for line in lines:
        blocks.note(line)


def _axis(tuned: Tuned) -> str:
    unit = t("units.yuan_week") if tuned.in_money else ""
    return f"{tuned.name} ({unit})" if unit else tuned.name


def _response(tuned: Tuned) -> None:
    band = tuned_charts.best_and_band(tuned)
    drawn = "none" if band is None else "line" if band[1] == band[2] else "text"
    blocks.heading(t("reward.response"), 2, t(f"reward.response_{drawn}"))
    figure = tuned_charts.response(tuned, _axis(tuned))
    alt = t("reward.response_alt", name=tuned.name)
    st.plotly_chart(figure, config=charts.CONFIG, alt=alt, key="response")
    blocks.note(t("reward.caption", n=number(tuned.document["n_runs"], 0)))
    responses = {horizon: tuned.response(horizon) for horizon in tuned.horizons}
    head = [t("reward.axis"), *(t("reward.after", weeks=horizon) for horizon in responses)]
    first = next(iter(responses.values()))
    every = max(1, len(first) // 40)
    rows: list[tables.Row] = [
        (
            number(100 * float(first[LEVER][row]), 1),
            [
                (
                    number(float(table["estimate"][row]), 3),
                    interval(float(table["low"][row]), float(table["high"][row]), 3),
                )
                for table in responses.values()
                if row < len(table)
            ],
        )
        for row in range(0, len(first), every)
    ]
    tables.numbers("response", head, rows)
    even = tuned.document.get("break_even")
    if even and tuned.objective == tuned.document["objective"]:
        held = ("none", "market") if tuned.document["against"] == MARKETS[1] else ("none",)
        lines = [_even(even[which], which) for which in held if even.get(which)]
        for line in filter(None, lines):
            blocks.note(line)


def _even(found: Mapping[str, Any], which: str) -> str:
    if found.get("at") is None:
        return t(f"reward.even_{which}_{'always' if found['state'] == 'always' else 'never'}")
    low, high = found.get("low"), found.get("high")
    bounds = "" if low is None or high is None else f" ({percent(low, 1)} – {percent(high, 1)})"
    return t(f"reward.even_{which}", rate=percent(found["at"], 1) + bounds)


def _moves(tuned: Tuned) -> None:
    moves = tuned.document["moves"]
    if not moves or tuned.objective != tuned.document["objective"]:
        return
    blocks.heading(t("reward.moves"), 2, t("reward.moves_text"))
    rows = [(name_of(move["parameter"]), move) for move in moves]
    long = tuned.at(tuned.horizons[-1])
    best = long["recommended"][LEVER] if long["recommended"] else None
    if best is not None:
        st.html(f'<p class="told">{escape(_moved(rows, best))}</p>')
    figure = tuned_charts.moves(rows, best)
    st.plotly_chart(figure, config=charts.CONFIG, alt=t("reward.moves_alt"), key="moves")
    blocks.note(t("reward.moves_caption"))
    body: list[tables.Row] = []
    for name, move in rows:
        cells: list[tables.Cell] = []
        for end in ("low", "high"):
            at = move[f"at_{end}"]
            low, high = at.get("interval", {}).get(LEVER, (None, None))
            rate: tables.Cell = t("reward.no_optimum")
            if at["recommended"] and low is not None and high is not None:
                found = number(100 * at["recommended"][0], 1)
                rate = (found, interval(100 * low, 100 * high, 1))
            cells += [f"{at['set_to']:.4g}", rate]
        body.append((name, cells))
    head = [t("compare.setting")]
    for end in (t("reward.at_low"), t("reward.at_high")):
        head += [end, f"{t('reward.axis')}, {end}"]
    tables.numbers("moves", head, body)


def _moved(rows: Sequence[tuple[str, Mapping[str, Any]]], best: float) -> str:
    """Which facts would change the recommended rate, as it is written."""
    names = [
        name
        for name, move in rows
        for found in (move["at_low"]["recommended"], move["at_high"]["recommended"])
        if not found or percent(found[0], 1) != percent(best, 1)
    ]
    if names:
        return t("reward.moves_some", names=", ".join(dict.fromkeys(names)))
    return t("reward.moves_none", n=len(rows), rate=percent(best, 1))


def _pareto(tuned: Tuned) -> None:
    front = tuned.document["pareto"]
    objectives = [one["text"] for one in tuned.document["objectives"]]
    if len(front) < 2 or len(objectives) < 2:
        return
    pair = [Tuned(tuned.stored, objective) for objective in objectives[:2]]
    blocks.heading(t("reward.pareto"), 2, t("reward.pareto_text"))
    scales = [one.scale(one.horizons[-1]) for one in pair]
    axes = [_axis(one) for one in pair]
    figure = tuned_charts.pareto(front, scales, axes)
    st.plotly_chart(figure, config=charts.CONFIG, alt=t("reward.pareto_alt"), key="pareto")
    blocks.note(t("reward.caption", n=number(tuned.document["n_runs"], 0)))
    rows: list[tables.Row] = [
        (
            percent(point[LEVER], 1),
            [
                (
                    number(point[f"{which}_estimate"] * scale, 3),
                    interval(point[f"{which}_low"] * scale, point[f"{which}_high"] * scale, 3),
                )
                for which, scale in zip(("first", "second"), scales, strict=True)
            ],
        )
        for point in front
    ]
    tables.numbers("pareto", [t("reward.axis"), *axes], rows)


def _break_even_map() -> None:
    """Where each market is better for shoppers, over the reward rate and an uncertain parameter."""
    for stored in analyses("sweep"):
        keys = list(stored.document.get("keys", []))
        if LEVER in keys and len(keys) == 2 and len(stored.document.get("markets", [])) == 2:
            break
    else:
        return
    other = next(key for key in keys if key != LEVER)
    means = stored.table("means")
    chosen = means[(means["outcome"] == SURPLUS.outcome) & (means["first"] == MARKETS[0])]
    chosen = chosen[chosen["second"] == MARKETS[1]]
    table = sweep_maps.with_settings(chosen, stored.document["points"])
    if table.empty:
        return
    weeks = stored.document["values"]["run.weeks"]
    blocks.heading(t("reward.map"), 2, t("reward.map_text", name=name_of(other)))
    names = {LEVER: name_of(LEVER), other: name_of(other)}
    usual = {key: stored.document["values"][key] for key in names}
    figure = sweep_maps.heat_map(table, LEVER, other, names, 0.01, usual)
    alt = t("reward.map_alt", name=name_of(other))
    st.plotly_chart(figure, config=charts.CONFIG, alt=alt, key="break_even")
    blocks.note(
        t(
            "reward.map_caption",
            n=stored.document["replicates"],
            outcome=outcome_name(SURPLUS.outcome),
            weeks=weeks,
        )
    )
    blocks.note(t("sweeps.usual", settings=settings_text(usual)))
    tables.numbers("break-even", *sweep_maps.table_of(table, keys, SURPLUS.outcome))


def _own_run() -> None:
    """A tuning of one's own, on the settings of the lab."""
    blocks.heading(t("reward.run_title"), 2, t("reward.run_text"))
    places = {market: t(f"reward.in_{market}") for market in OBJECTIVES}
    market = choose_one("tuned_market", t("reward.market"), places, next(iter(places)))
    left, right = st.columns(2)
    with left:
        names = {name: objective_name(name) for name in OBJECTIVES[market]}
        objective = choose_from_list("objective", t("reward.objective"), names, next(iter(names)))
    with right:
        names = {
            text: constraint_name(text) if text else t("reward.no_constraint")
            for text in CONSTRAINTS
        }
        constraint = choose_from_list("constraint", t("reward.constraint"), names, CONSTRAINTS[0])

    def start() -> None:
        request = {
            "levers": [LEVER],
            "objectives": [objective],
            "constraints": [constraint] if constraint else [],
            "market": market,
            # the ad market alone has no sharing platform to compare with
            "against": "referral" if objective == "sharing_profit" else "ads",
            "runs": _RUNS,
            "moves": _MOVES,
        }
        try:
            chosen = scenario()
        except InputError as error:
            LIVE.refuse(" ".join(error.lines))
            return
        cost = cost_of(chosen, _RUNS)
        if cost.too_much:
            LIVE.refuse(_too_much(cost))
            return
        line = tuning_line(chosen, request, RunStore(results_root()))
        LIVE.start(office().start(line, "reward"))

    LIVE.controls(t("reward.run"), start)
    with contextlib.suppress(InputError):
        cost = cost_of(scenario(), _RUNS)
        blocks.note(_too_much(cost) if cost.too_much else cost.words())


def _too_much(cost: Cost) -> str:
    return t("reward.too_much", minutes=number(cost.seconds / 60, 0))

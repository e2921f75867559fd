"""The inspector: one person, one merchant or one sale of a traced run, through the weeks."""

from typing import TYPE_CHECKING

import streamlit as st

from app_parts import blocks, charts, tables, trace_charts
from app_parts.choices import choose_from_list, choose_one
from app_parts.language import t
from app_parts.numbers import number, percent, rows_of, total
from sim.figures.style import style_of
from sim.report import lives
from sim.report.followed import Traced, league_of_run
from sim.report.trees import tree_of

if TYPE_CHECKING:
    import pandas as pd

_FOLLOWED = ("person", "merchant", "sale")
#: Rows of posts read that are listed of one week.
_LISTED = 12


def inspector(run: Traced, key: str = "lives") -> None:
    """Choose whom or what to follow through the weeks of that traced run."""
    what = choose_one(
        f"{key}_what",
        t("lives.choose"),
        {name: t(f"lives.{name}") for name in _FOLLOWED},
        default="person",
    )
    {"person": _person, "merchant": _merchant, "sale": _sale}[what](run, key)


def _person(run: Traced, key: str) -> None:
    league = league_of_run(run).set_index("consumer")
    options = {}
    for person in lives.followed_people(run)[:200]:
        posts, brought = (int(league[name].get(person, 0)) for name in ("posts", "orders"))
        options[str(person)] = t(
            "lives.person_option", person=person, posts=number(posts, 0), orders=number(brought, 0)
        )
    if not options:
        st.info(t("lives.nobody"))
        return
    best = max(options, key=lambda p: int(league["orders"].get(int(p), 0)))
    person = int(choose_from_list(f"{key}_person", t("lives.who"), options, best))
    weeks = lives.person_by_week(run, person)
    blocks.heading(
        t(
            "lives.person_title",
            person=person,
            orders=number(total(weeks["orders"]), 0),
            spent=number(total(weeks["spent_fen"]) / 100, 0),
            earned=number(total(weeks["earned_fen"]) / 100, 2),
        ),
        3,
    )
    market = style_of(str(run.manifest["market"]))
    columns = st.columns(2, gap="medium")
    with columns[0]:
        blocks.chart_name(t("lives.earned_name"))
        so_far = weeks["earned_so_far_fen"] / 100
        st.plotly_chart(
            trace_charts.lines_by_week(
                {t("lives.earned_name"): (weeks["week"], so_far, market.colour, "solid", 2.6)},
                t("units.yuan"),
                height=260,
            ),
            config=charts.CONFIG,
            alt=t("lives.earned_alt"),
            key=f"{key}_earned",
        )
    with columns[1]:
        if "general_trust" in weeks:
            blocks.chart_name(t("lives.trust_name"))
            lines = {
                t("lives.general_trust"): (
                    weeks["week"],
                    weeks["general_trust"],
                    "#009E73",
                    "solid",
                    2.6,
                ),
                t("lives.market_belief"): (
                    weeks["week"],
                    weeks["market_belief"],
                    "#8A6FB0",
                    "dash",
                    2.2,
                ),
            }
            st.plotly_chart(
                trace_charts.lines_by_week(
                    lines, t("lives.trust_axis"), height=260, from_zero=False
                ),
                config=charts.CONFIG,
                alt=t("lives.trust_alt"),
                key=f"{key}_trust",
            )
    active = weeks.loc[(weeks["orders"] > 0) | (weeks["earned_fen"] > 0), "week"].tolist()
    if not active:
        blocks.note(t("lives.idle"))
        return
    week = st.select_slider(
        t("lives.week"),
        options=active,
        value=active[len(active) // 2],
        key=f"{key}_week_{person}",
    )
    _week_of(run, person, int(week), key)


def _week_of(run: Traced, person: int, week: int, key: str) -> None:
    found = lives.person_in_week(run, person, week)
    _say_saw(found.saw, key)
    if len(found.weighed):
        _say_weighed(found.weighed, key)
    for row in rows_of(found.bought):
        told = t(
            "lives.bought_refunded" if row.refunded else "lives.bought",
            merchant=row.merchant,
            price=number(row.price_fen / 100, 2),
            channel=t(f"channel.{row.channel}"),
            expected=number(row.expected_quality, 2),
            lived=number(row.experienced_quality, 2),
            surplus=number(row.surplus_fen / 100, 2),
        )
        blocks.step(t("lives.step_bought"), told)
    if not len(found.bought):
        blocks.step(t("lives.step_bought"), t("lives.bought_nothing"))
    posts = found.wrote[found.wrote["kind"] == "product"]
    if len(posts):
        blocks.step(
            t("lives.step_wrote"),
            t(
                "lives.wrote",
                n=len(posts),
                reads=number(total(posts["reads"]), 0),
                orders=number(total(posts["orders"]), 0),
            ),
        )
    sums = found.earned.groupby("purpose", observed=True)["amount_fen"].sum() / 100
    blocks.step(
        t("lives.step_earned"),
        t(
            "lives.earned",
            reward=number(float(sums.get("reward", 0.0)), 2),
            rebate=number(float(sums.get("rebate", 0.0)), 2),
        ),
    )


def _say_saw(saw: "pd.DataFrame", key: str) -> None:
    if not len(saw):
        blocks.step(t("lives.step_saw"), t("lives.saw_nothing"))
        return
    of_products = saw[saw["merchant"] >= 0]
    blocks.step(
        t("lives.step_saw"),
        t("lives.saw", n=len(saw), people=int(saw["sharer"].nunique())),
    )
    rows = [
        (
            t("cascade.person", person=row.sharer),
            [
                t("lives.product", merchant=row.merchant),
                t(f"layer.{row.tie_layer}" if row.tie_layer >= 0 else "layer.none"),
                number(row.earlier_reads_on_tie, 0),
                t("lives.yes") if row.bought else "",
            ],
        )
        for row in rows_of(of_products.head(_LISTED))
    ]
    head = [t(f"lives.{name}") for name in ("from", "about", "closeness", "earlier", "sold")]
    blocks.folded(t("lives.posts_list"), blocks.table(head, rows))
    tables.take_along(f"{key}_posts", head, rows)


def _say_weighed(weighed: "pd.DataFrame", key: str) -> None:
    needs = weighed["category"].nunique()
    blocks.step(t("lives.step_weighed"), t("lives.weighed", n=len(weighed), needs=needs))
    rows: list[tables.Row] = [
        (
            t("lives.product", merchant=row.merchant) + (" ✓" if row.chosen else ""),
            [
                t(f"channel.{row.channel}"),
                number(row.price_fen / 100, 2),
                (number(row.expected_quality, 2), f"± {number(row.uncertainty, 2)}"),
                percent(row.chance, 1),
            ],
        )
        for row in rows_of(weighed.sort_values(["category", "chance"], ascending=[True, False]))
    ]
    head = [t(f"lives.{name}") for name in ("about", "how", "price", "believed", "chance")]
    st.html(blocks.scrolling(t("lives.step_weighed"), blocks.table(head, rows)))
    tables.take_along(f"{key}_weighed", head, rows)
    blocks.note(t("lives.believed_note"))


def _merchant(run: Traced, key: str) -> None:
    table = run.table("merchants")
    last = table.sort_values("week").groupby("merchant").tail(1).set_index("merchant")
    sold = table.groupby("merchant")["orders"].sum()
    ordered = sorted(last.index.tolist(), key=lambda m: (-int(sold[m]), m))[:200]
    options = {
        str(merchant): t(
            "lives.merchant_option",
            merchant=merchant,
            quality=number(float(last.loc[merchant, "quality"]), 2),
            orders=number(int(sold[merchant]), 0),
        )
        for merchant in ordered
    }
    merchant = int(
        choose_from_list(f"{key}_merchant", t("lives.which"), options, next(iter(options)))
    )
    weeks = lives.merchant_by_week(run, merchant)
    n_weeks = int(run.manifest["values"]["run.weeks"])
    active = weeks[weeks["active"]]
    profit = number(total(weeks["profit_fen"]) / 100, 0)
    first, end = int(active["week"].min()), int(active["week"].max())
    name = "merchant_title" if end == n_weeks - 1 else "merchant_left"
    blocks.heading(
        t(
            f"lives.{name}",
            merchant=merchant,
            first=first,
            last=end,
            orders=number(int(sold[merchant]), 0),
            profit=profit,
        ),
        3,
    )
    columns = st.columns(2, gap="medium")
    with columns[0]:
        blocks.chart_name(t("lives.price_name"))
        lines = {
            t("lives.price"): (
                active["week"],
                active["price_fen"] / 100,
                "#1F5C58",
                "solid",
                2.6,
            ),
            t("lives.cost"): (
                active["week"],
                active["unit_cost_fen"] / 100,
                "#8E9497",
                "dash",
                2.0,
            ),
        }
        st.plotly_chart(
            trace_charts.lines_by_week(lines, t("units.yuan"), from_zero=False),
            config=charts.CONFIG,
            alt=t("lives.price_alt"),
            key=f"{key}_price",
        )
    with columns[1]:
        blocks.chart_name(t("lives.channels_name"))
        st.plotly_chart(
            trace_charts.channels_by_week(lives.merchant_sales(run, merchant), n_weeks),
            config=charts.CONFIG,
            alt=t("lives.channels_alt"),
            key=f"{key}_channels",
        )
    head = [
        t("chart.week"),
        *(t(f"lives.{c}") for c in ("price", "orders", "profit", "cash", "reviews")),
    ]
    rows: list[tables.Row] = [
        (
            str(row.week),
            [
                number(row.price_fen / 100, 2),
                number(row.orders, 0),
                number(row.profit_fen / 100, 2),
                number(row.cash_fen / 100, 2),
                (number(row.mean_review, 2), f"({number(row.n_reviews, 0)})"),
            ],
        )
        for row in rows_of(weeks)
    ]
    tables.numbers(f"{key}_merchant_weeks", head, rows)


def _sale(run: Traced, key: str) -> None:
    options = sale_options(run)
    if not options:
        st.info(t("cascade.none"))
        return
    first = next(iter(options))
    order = choose_from_list(f"{key}_sale", t("lives.which_sale"), options, first)
    sale_of(run, int(order), key)


def sale_options(run: Traced) -> dict[str, str]:
    """Sales far from the first post, by order id, each with where it stands."""
    cascades = run.table("cascades")
    deep = cascades[cascades["kind"] == "product"].sort_values(
        ["depth", "size", "root_share"], ascending=[False, False, True]
    )
    options = {}
    for root in deep["root_share"].head(12).tolist():
        tree = tree_of(run, int(root))
        for order in lives.sales_to_follow(run, tree)[:2]:
            node = tree[tree["order"] == order].iloc[0]
            options[str(order)] = t(
                "lives.sale_option",
                order=order,
                week=int(node["week"]),
                person=int(node["consumer"]),
                steps=int(node["generation"]),
            )
    return options


def sale_of(run: Traced, order: int, key: str) -> None:
    """One sale: the way that led to it, and every movement of its money."""
    row, transfers, chain = lives.money_of_sale(run, order)
    names = [int(sharer) for sharer in reversed(chain["sharer"].tolist())]
    way = " → ".join(
        t("cascade.person", person=person) for person in [*names, int(row["consumer"])]
    )
    blocks.heading(
        t(
            "lives.sale_title",
            person=int(row["consumer"]),
            merchant=int(row["merchant"]),
            price=number(row["price_fen"] / 100, 2),
        ),
        3,
    )
    blocks.step(t("lives.way"), way)
    rows = [
        (
            t(f"purpose.{move.purpose}"),
            [
                _party(move.payer_kind, move.payer),
                _party(move.payee_kind, move.payee),
                number(move.amount_fen / 100, 2),
            ],
        )
        for move in rows_of(transfers)
        if move.amount_fen
    ]
    head = [t(f"lives.{name}") for name in ("for", "from", "to", "yuan")]
    st.html(blocks.scrolling(t("lives.money"), blocks.table(head, rows)))
    tables.take_along(f"{key}_money", head, rows)
    blocks.note(t("lives.sale_note"))


def _party(kind: str, number_: int) -> str:
    return t(f"party.{kind}", n=number_)

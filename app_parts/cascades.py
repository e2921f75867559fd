"""The cascade explorer: the tree of a cascade and the money to each sharer; the leaders' league."""

from collections.abc import Mapping

import streamlit as st

from app_parts import blocks, charts, tables, trace_charts
from app_parts.choices import choose_from_list
from app_parts.language import t
from app_parts.numbers import number, percent, rows_of, total
from sim.measures.leaders import brought_by_week
from sim.report.followed import Extract, Traced, league_of_run
from sim.report.trees import tree_of

#: Most cascades one can choose from, sharers whose money is drawn, leaders in the league.
_LISTED, _PAID, _LEADERS, _CURVES = 40, 10, 10, 5


def cascade_explorer(run: Traced, key: str = "cascade") -> None:
    """Choose a product cascade of that traced run; see its tree and who earned what by it."""
    cascades = run.table("cascades")
    listed = (
        cascades[(cascades["kind"] == "product") & (cascades["size"] > 1)]
        .sort_values(["size", "root_share"], ascending=[False, True])
        .head(_LISTED)
    )
    if listed.empty:
        st.info(t("cascade.none"))
        return
    options = {
        str(row.root_share): t(
            "cascade.option",
            size=number(row.size, 0),
            depth=row.depth,
            first=row.first_week,
            last=row.last_week,
        )
        for row in rows_of(listed)
    }
    root = choose_from_list(f"{key}_root", t("cascade.choose"), options, next(iter(options)))
    tree = tree_of(run, int(root))
    market = str(run.manifest["market"])
    paid = (
        tree[tree["reward_fen"] > 0]
        .groupby("consumer", as_index=False)
        .agg(
            reward_fen=("reward_fen", "sum"),
            posts=("posts", "sum"),
            reads=("reads", "sum"),
            orders=("orders", "sum"),
            generation=("generation", "min"),
        )
    )
    paid = paid.sort_values(["reward_fen", "consumer"], ascending=[False, True])
    in_all = total(paid["reward_fen"])
    first = total(tree.loc[tree["node"] == 0, "reward_fen"])
    blocks.heading(
        t(
            "cascade.title",
            size=number(len(tree), 0),
            steps=int(tree["generation"].max()),
            weeks=int(tree["week"].max() - tree["week"].min() + 1),
        ),
        3,
    )
    written = {"size": number(len(tree), 0), "steps": int(tree["generation"].max())}
    st.plotly_chart(
        trace_charts.tree_chart(tree, market),
        config=charts.CONFIG,
        alt=t("cascade.alt", **written),
        key=f"{key}_tree",
    )
    blocks.note(t("cascade.caption", seed=run.manifest["seed"]))
    if in_all:
        blocks.heading(
            t(
                "cascade.money",
                yuan=number(in_all / 100, 2),
                n=number(len(paid), 0),
                share=percent(first / in_all, 0),
            ),
            3,
        )
        top = paid.head(_PAID)
        st.plotly_chart(
            trace_charts.bars(
                [t("cascade.person", person=person) for person in top["consumer"]],
                (top["reward_fen"] / 100).tolist(),
                t("cascade.yuan"),
                charts.PARTS["rewards"],
            ),
            config=charts.CONFIG,
            alt=t("cascade.money_alt", n=len(top)),
            key=f"{key}_money",
        )
    else:
        blocks.note(t("cascade.no_money"))
    rows = [
        (
            t("cascade.person", person=row.consumer),
            [
                str(row.generation),
                str(row.posts),
                number(row.reads, 0),
                number(row.orders, 0),
                number(row.reward_fen / 100, 2),
            ],
        )
        for row in rows_of(paid)
    ]
    head = [t(f"cascade.{name}") for name in ("who", "step", "posts", "reads", "orders", "yuan")]
    tables.numbers(f"{key}_people", head, rows)


def leaders_league(run: Traced, key: str = "league") -> None:
    """Who brought most sales by recommending, and how they got there week by week."""
    league = league_of_run(run).head(_LEADERS)
    if league.empty or not total(league["orders"]):
        st.info(t("league.none"))
        return
    weeks = int(run.manifest["values"]["run.weeks"])
    people = [int(person) for person in league["consumer"].head(_CURVES)]
    curves = brought_by_week(run.table("orders"), people, weeks)
    lines: dict[str, tuple[list[float], list[float], str, str, float]] = {}
    for person, (colour, dash) in zip(people, charts.looks(), strict=False):
        own = curves[curves["consumer"] == person]
        name = t("cascade.person", person=person)
        lines[name] = (own["week"].tolist(), own["orders"].tolist(), colour, dash, 2.4)
    best, second = league["orders"].iloc[0], league["orders"].iloc[min(1, len(league) - 1)]
    blocks.heading(t("league.title", best=number(best, 0), second=number(second, 0)), 3)
    st.plotly_chart(
        trace_charts.lines_by_week(lines, t("league.axis")),
        config=charts.CONFIG,
        alt=t("league.alt", n=len(people)),
        key=f"{key}_curves",
    )
    blocks.note(t("league.caption", seed=run.manifest["seed"]))
    standing = _last_standing(run)
    rows = []
    for row in rows_of(league):
        tier = standing.get(int(row.consumer))
        rows.append(
            (
                t(
                    "league.leader" if tier == _LEADER_TIER else "cascade.person",
                    person=row.consumer,
                ),
                [
                    number(row.posts, 0),
                    number(row.reads, 0),
                    number(row.orders, 0),
                    number(row.looked_up, 0),
                    percent(row.useful_share, 0),
                    number(row.reward_fen / 100, 2),
                ],
            )
        )
    names = ("posts", "reads", "orders", "looked_up", "useful", "yuan")
    head = [t("cascade.who"), *(t(f"league.{name}") for name in names)]
    st.html(blocks.scrolling(t("league.table"), blocks.table(head, rows)))
    tables.take_along(key, head, rows)


#: Tier of an opinion leader, as the table `standing` has it.
_LEADER_TIER = 3


def _last_standing(run: Traced) -> Mapping[int, int]:
    if not isinstance(run, Extract):
        return {}
    standing = run.table("standing")
    last = standing[standing["week"] == standing["week"].max()]
    return {int(p): int(tier) for p, tier in zip(last["consumer"], last["tier"], strict=True)}

"""The network player: a stored cascade travelling over its people's ties, drawn on a canvas."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import streamlit as st

from app_parts import blocks, tables
from app_parts.charts import PARTS
from app_parts.language import language, t
from app_parts.numbers import number
from sim.figures.style import style_of

_HERE = Path(__file__).parent / "components"
_NAME = "network_player"
_COUNTS = ("posts", "reads", "orders")
_TEXTS = (
    *("play", "pause", "back", "forward", "scrub", "week"),
    *("posts", "reads", "orders", "reward_fen"),
    *("mark_root", "mark_buyer", "mark_reader", "mark_reward"),
)


def network_player(document: Mapping[str, Any], market: str, key: str) -> None:
    """Play that document of `sim.report.player`, with its counts as a table below."""
    totals = document["totals"]
    texts = {name: t(f"player.{name}") for name in _TEXTS}
    texts["alt"] = t("player.alt", **_written(document))
    _component()(
        key=key,
        data={
            "id": f"{key}-{document['root_share']}-{language()}",
            "columns": dict(document["columns"]),
            "weeks": list(document["weeks"]),
            "root": document["root"],
            "texts": texts,
            "look": {"market": style_of(market).colour, "reward": PARTS["rewards"]},
        },
        height="content",
    )
    blocks.note(t("player.caption", **_written(document)))
    if totals["reads_shown"] < totals["reads"]:
        blocks.note(t("player.some", shown=number(totals["reads_shown"], 0), **_written(document)))
    tables.numbers(key, *_table(document))


def _written(document: Mapping[str, Any]) -> dict[str, str]:
    totals = document["totals"]
    counts = ("posts", "reads", "readers", "orders", "other_posts", "other_posts_alone")
    return {
        **{name: number(totals[name], 0) for name in counts},
        "reward": number(totals["reward_fen"] / 100, 2),
        "people": number(document["n_people"], 0),
        "first": str(document["first_week"]),
        "last": str(document["last_week"]),
    }


def _table(document: Mapping[str, Any]) -> tuple[list[str], list[tables.Row]]:
    head = [t("chart.week"), *(t(f"player.{name}") for name in (*_COUNTS, "reward_fen"))]
    rows: list[tables.Row] = [
        (
            str(week["week"]),
            [
                *(number(week[name], 0) for name in _COUNTS),
                number(week["reward_fen"] / 100, 2),
            ],
        )
        for week in document["weeks"]
    ]
    return head, rows


@lru_cache(maxsize=3)
def _source(end: str) -> str:
    return (_HERE / f"{_NAME}.{end}").read_text(encoding="utf-8")


def _component() -> Any:
    return st.components.v2.component(
        _NAME, html=_source("html"), css=_source("css"), js=_source("js")
    )

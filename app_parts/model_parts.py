"""Parts of the page on the model: its week, the article's sentences, and the tests it stood."""

from collections.abc import Mapping
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any

import streamlit as st

from app_parts import blocks, tables
from app_parts.analyses import first_analysis
from app_parts.language import has_text, t
from app_parts.numbers import NO_NUMBER, interval, number, percent
from app_parts.stored import PUBLISHED, results_root
from sim.experiments.errors import StoreError
from sim.experiments.files import read_json
from sim.parameters import PARAMETERS
from sim.week import STAGES

_DOCS = Path(__file__).parents[1] / "docs"

SENTENCES: Mapping[str, tuple[str, ...]] = {
    "closed": ("ads.commission_rate", "ads.external_link_friction", "ads.n_slots"),
    "paid": ("ads.quality_exponent", "ads.mechanism", "belief.ad_precision"),
    "strangers": ("belief.stranger_credibility", "belief.review_precision", "reviews.fake_share"),
    "friends": ("belief.friend_precision", "trust.prior_strength", "sharing.attention"),
    "screened": ("screening.admit_share", "screening.audit_correlation", "screening.markets"),
    "reward": ("referral.reward_rate", "referral.receiver_share", "sharing.money_response"),
    "rebate": ("referral.rebate_rate",),
    "credit": ("trust.credit_half_life_weeks", "trust.leader_share", "sharing.leader_lookup_prob"),
    "fission": ("network.mean_degree", "sharing.memory_weeks", "sharing.invite_prob"),
    "masks": ("sharing.opportunist_share", "sharing.annoyance", "sharing.mute_threshold_mean"),
}
"""Sentences of the article, and the parameters in which the model takes them up."""
_VERDICTS = {True: "model.hit", False: "model.miss", None: "model.not_shown"}


def in_words() -> None:
    """A week of the model in plain words; the full description is that of the documentation."""
    st.html(f'<p class="lead">{escape(t("model.words_text"))}</p>')
    stages = "".join(
        f"<li><b>{escape(t(f'model.stage.{stage.name}.name'))}</b>"
        f"<span>{escape(t(f'model.stage.{stage.name}.text'))}</span></li>"
        for stage in STAGES
    )
    st.html(f'<ol class="stages">{stages}</ol>')
    with st.expander(t("model.full")):
        st.markdown(_submodels())


@lru_cache(maxsize=1)
def _submodels() -> str:
    """The section on submodels of docs/model.md, as it stands there."""
    page = (_DOCS / "model.md").read_text(encoding="utf-8")
    return page.split("## 7. Submodels", 1)[1].split("\n## ", 1)[0].strip()


def sentences() -> None:
    """The article's sentences, each beside what the model makes of it."""
    items = []
    for name, keys in SENTENCES.items():
        links = " ".join(
            f'<a href="#{escape(key)}"><code>{escape(key)}</code></a>'
            for key in keys
            if key in PARAMETERS
        )
        items.append(
            f"<li><blockquote>{escape(t(f'model.says.{name}'))}</blockquote>"
            f"<div><p>{escape(t(f'model.takes.{name}'))}</p>{links}</div></li>"
        )
    st.html(
        f'<p class="lead">{escape(t("model.sentences_text"))}</p>'
        f'<ul class="sentences">{"".join(items)}</ul>'
    )


def validation() -> None:
    """Measured patterns beside the model's numbers: hits and misses."""
    stored = first_analysis("validate")
    if stored is None:
        blocks.note(t("model.no_validation"))
        st.code("sharesim validate", language="bash")
        return
    document = stored.document
    rows = document["rows"]
    counted = [row["hit"] for row in rows if row.get("use") != "show" and row["hit"] is not None]
    st.html(f'<p class="lead">{escape(t("model.hits", hits=sum(counted), n=len(counted)))}</p>')
    body: list[tables.Row] = []
    for row in rows:
        share = row.get("share_of_region_hitting")
        body.append(
            (
                _row_name(row),
                [
                    f"{_short(row['low'])} – {_short(row['high'])}",
                    (
                        _short(row["estimate"]),
                        interval(row["interval_low"], row["interval_high"], _digits(row["high"])),
                    ),
                    t(_VERDICTS[row["hit"]]),
                    t(f"model.use.{row['use']}"),
                    NO_NUMBER if share is None else percent(float(share), 0),
                ],
            )
        )
    head = [
        t(f"model.{name}") for name in ("pattern", "measured", "here", "verdict", "used", "region")
    ]
    st.html(blocks.scrolling(t("model.validation"), blocks.table(head, body)))
    tables.take_along("validation", head, body)
    blocks.note(
        t(
            "model.validation_note",
            name=document["scenario"],
            n=max((int(row["n"]) for row in rows), default=0),
        )
    )
    sources = "".join(
        f"<li><b>{escape(str(row['row']))}</b> {escape(str(row['source']))}. "
        f"{escape(str(row.get('sentence') or ''))}</li>"
        for row in rows
    )
    st.html(
        f'<details class="numbers"><summary>{escape(t("model.sources"))}</summary>'
        f'<ul class="plain" lang="en">{sources}</ul></details>'
    )


def _row_name(row: Mapping[str, Any]) -> str:
    key = f"model.row.{row['row']}"
    return f"{row['row']} {t(key) if has_text(key) else row['name']}"


def known_answers() -> None:
    """Cases with a known answer, by family: how many the product's own code answers rightly."""
    document = _verified()
    if document is None:
        blocks.note(t("model.no_known"))
        return
    st.html(
        '<p class="lead">'
        + escape(
            t(
                "model.known_text",
                passed=document["passed"],
                failed=document["failed"],
                unsupported=document["unsupported"],
            )
        )
        + "</p>"
    )
    families: dict[str, list[Mapping[str, Any]]] = {}
    for case in document["cases"]:
        families.setdefault(str(case["family"]), []).append(case)
    body: list[tables.Row] = []
    for family, cases in families.items():
        passed = sum(case["status"] == "passed" for case in cases)
        asked = sum(case["status"] != "unsupported" for case in cases)
        key = f"model.family.{family}"
        body.append(
            (
                t(key) if has_text(key) else family,
                [t("model.of", passed=passed, n=asked) if asked else t("model.unsupported")],
            )
        )
    head = [t("model.family_of"), t("model.answered")]
    st.html(blocks.table(head, body))
    tables.take_along("known", head, body)
    sources = "".join(
        f"<li>{escape(source)}</li>"
        for source in dict.fromkeys(str(case.get("source", "")) for case in document["cases"])
        if source
    )
    st.html(
        f'<details class="numbers"><summary>{escape(t("model.sources"))}</summary>'
        f'<ul class="plain" lang="en">{sources}</ul></details>'
    )


def _verified() -> Mapping[str, Any] | None:
    found = sorted((results_root() / PUBLISHED).glob("**/verify.json"))
    if not found:
        return None
    try:
        return _read(str(found[0]), found[0].stat().st_mtime_ns)
    except StoreError:
        return None


@st.cache_resource(max_entries=2, show_spinner=False)
def _read(path: str, age: int) -> Mapping[str, Any]:
    return read_json(Path(path), "verification", 1)


def _short(value: Any) -> str:
    return NO_NUMBER if value is None else number(float(value), _digits(value))


def _digits(value: Any) -> int:
    """Decimals that show about three significant digits."""
    from math import floor, log10

    if value is None or not value:
        return 2
    return max(0, min(5, 2 - floor(log10(abs(float(value))))))

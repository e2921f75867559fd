"""Three answers for whoever has three minutes: which reward rate, how sure, what would change it.

Each is put together from what is published: the tunings, the comparisons, the study of what
decides, the table of field patterns. Where one of these is missing its sentence is left out.
"""

from collections.abc import Mapping
from html import escape

import streamlit as st

from app_parts import blocks
from app_parts.analyses import first_analysis
from app_parts.drivers import rule_words
from app_parts.language import t
from app_parts.numbers import number, percent
from app_parts.outcomes import SURPLUS
from app_parts.pages import link_to
from app_parts.presets import preset_title
from app_parts.sources import origins
from app_parts.stored import Compared, Place, read_compared
from app_parts.tuned import LEVER, Tuned, tunings
from sim.experiments.errors import StoreError

#: World in which no market tests merchants, the strongest doubt about the first page's sentence,
#: and the world that differs from it in nothing else.
_DOUBT, _BESIDE = "unscreened", "quick"


def three_answers(published: Mapping[str, Place]) -> None:
    """Draw the three answers, each with the page that says more; nothing where none is stored."""
    tuned = [one for one in tunings() if one.stored.published and not one.document["constraints"]]
    if not tuned:
        return
    blocks.heading(t("three.title"), 2, t("three.text"))
    answers = (
        ("which", [_best(one) for one in tuned], "reward"),
        ("sure", _sure(tuned), "model"),
        ("change", _change(published), "sweeps"),
    )
    for column, (name, lines, page) in zip(st.columns(3, gap="medium"), answers, strict=True):
        with column:
            blocks.heading(t(f"three.{name}"), 3)
            st.html("".join(f'<p class="told">{escape(line)}</p>' for line in lines))
            link_to(page, t(f"three.{name}_more"))


def _best(tuned: Tuned) -> str:
    """The best rate for one objective, and the range that the data leave."""
    found = tuned.at(tuned.horizons[-1])
    name = tuned.name
    ends = found["interval"].get(LEVER, ())
    if not found["recommended"] or len(ends) != 2 or None in ends:
        return t("three.unclear", name=name)
    best = found["recommended"][LEVER]
    rate, low, high = (percent(value, 1) for value in (best, *ends))
    if best == 0:
        return t("three.none" if ends[1] else "three.none_only", name=name, high=high)
    return t("three.best", name=name, rate=rate, low=low, high=high)


def _sure(tuned: list[Tuned]) -> list[str]:
    """What the ranges mean, and what the model was held against."""
    lines = [t("three.simulated", runs=sum(int(one.document["n_runs"]) for one in tuned))]
    found = origins()
    lines.append(t("three.assumed", assumed=found.assumed, n=found.n))
    validation = first_analysis("validate")
    rows = validation.document.get("rows", []) if validation is not None else []
    hits = [row.get("hit") for row in rows if row.get("use") == "report"]
    judged = [hit for hit in hits if hit is not None]
    if judged:
        lines.append(t("three.patterns", hits=sum(judged), n=len(judged)))
    return lines


def _change(published: Mapping[str, Place]) -> list[str]:
    """The world in which the first page's sentence fails, and what decides who wins."""
    lines = []
    try:
        compared = read_compared(published[_DOUBT])
        lines.append(
            t(
                f"three.unscreened_{compared.differences[SURPLUS.outcome].verdict}",
                difference=_difference(compared),
                preset=preset_title(_DOUBT),
                people=number(compared.people, 0),
            )
        )
        beside = read_compared(published[_BESIDE])
        if _size(beside) == _size(compared):
            told = _difference(beside)
            lines.append(t("three.screened", difference=told, preset=preset_title(_BESIDE)))
    except (KeyError, StoreError):
        pass
    study = first_analysis("sensitivity")
    rule = study.document.get("rule") if study is not None else None
    if study is not None and isinstance(rule, dict) and rule.get("bounds"):
        lines.append(rule_words(rule, str(study.document["outcome"])))
    return lines


def _difference(compared: Compared) -> str:
    """What shoppers gain, referral less ads, with its interval."""
    seen = compared.differences[SURPLUS.outcome]
    return f"{SURPLUS.estimate(seen, compared)} {SURPLUS.bounds(seen, compared)}"


def _size(compared: Compared) -> tuple[int, int]:
    return compared.people, int(compared.values["run.weeks"])

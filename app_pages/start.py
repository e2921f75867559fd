"""The first page: what a stored comparison says, in one sentence, in pictures and in numbers."""

import contextlib
from html import escape

import streamlit as st

from app_parts import blocks, permalink, sections
from app_parts.analyses import first_analysis
from app_parts.choices import choose_one
from app_parts.language import language, t
from app_parts.money import money
from app_parts.numbers import number, percent
from app_parts.pages import link_to
from app_parts.presets import preset_cards, preset_title
from app_parts.sources import origins
from app_parts.stored import (
    FIRST,
    Place,
    Stored,
    first_place,
    published_places,
    rate_places,
    read_compared,
    read_stored,
)
from app_parts.three_answers import three_answers
from sim.experiments.errors import StoreError

COMMAND = "sharesim compare quick --replicates 4"
USUAL_RATE = 0.06
#: Session state: reward rate of the slider.
_RATE = "start_rate"


def show() -> None:
    """Draw the page."""
    blocks.heading(t("start.question"), 1, t("start.intro"))
    name, place = _chosen()
    if place is None:
        _say_missing(t("missing.title"), t("missing.text"))
        return
    _result(name, place)
    _honesty()
    preset_cards(published_places())


def _chosen() -> tuple[str, Place | None]:
    """Name of the world chosen, and where its comparison lies."""
    published = published_places()
    first = first_place()
    if len(published) < 2 or first is None:
        return (first.name if first else ""), first
    names = sorted(published, key=lambda name: (name not in FIRST, name))
    titles = {name: _title(name, published[name]) for name in names}
    chosen = choose_one("result", t("start.result"), titles, default=first.name)
    return chosen, published.get(chosen, first)


def _title(name: str, place: Place) -> str:
    """Title of a world with its number of people: small worlds differ from large ones."""
    try:
        people = read_compared(place).people
    except (StoreError, OSError, KeyError):
        return preset_title(name)
    return t("start.world", title=preset_title(name), people=number(people, 0))


@st.fragment
def _result(name: str, place: Place) -> None:
    """The slider and what it shows; only this part is drawn anew when the slider moves."""
    rates = rate_places() if name == FIRST[0] else {}
    if rates:
        rate = _slider(list(rates))
        place = rates[rate]
        permalink.tell(reward=f"{rate:g}")
    stored = _read(place)
    if stored is None:
        _say_missing(t("missing.title"), t("missing.broken"))
        return
    sections.answer(stored)
    sections.about(stored, preset_title(name), place.published)
    if name == FIRST[0]:
        three_answers(published_places())
    money(stored)
    sections.tiles(stored)


def _slider(rates: list[float]) -> float:
    state = st.session_state
    if _RATE not in state:
        state[_RATE] = _asked(rates)
    widget = f"{_RATE}_{language()}"

    def keep() -> None:
        state[_RATE] = state[widget]

    st.select_slider(
        t("start.reward"),
        rates,
        value=state[_RATE],
        format_func=percent,
        key=widget,
        on_change=keep,
    )
    return float(state[_RATE])


def _asked(rates: list[float]) -> float:
    """The stored rate nearest to that of the link, else to the usual one."""
    text = permalink.asked("reward")
    wanted = USUAL_RATE
    with contextlib.suppress(ValueError):
        given = float(text or "")
        wanted = given if given == given else USUAL_RATE
    nearest = min(rates, key=lambda rate: abs(rate - min(max(wanted, -1.0), 2.0)))
    if text is not None and text != f"{nearest:g}":
        permalink.mend()
    return nearest


def _read(place: Place) -> Stored | None:
    try:
        return read_stored(place)
    except (StoreError, OSError):
        return None


def _say_missing(title: str, text: str) -> None:
    blocks.heading(title, 2, text)
    st.code(COMMAND, language="bash")


def _honesty() -> None:
    found = origins()
    blocks.heading(t("honesty.title"), 2, t("honesty.text", n=found.n))
    counts = [
        (str(found.calibrated), t("honesty.calibrated")),
        (str(found.measured), t("honesty.measured")),
        (str(found.assumed), t("honesty.assumed")),
    ]
    if found.waiting:
        counts.append((str(found.waiting), t("honesty.waiting")))
    validation = first_analysis("validate")
    rows = validation.document.get("rows", []) if validation is not None else []
    judged = [row for row in rows if row.get("use") == "report" and row.get("hit") is not None]
    if judged:
        hits = sum(bool(row["hit"]) for row in judged)
        counts.append((f"{hits} / {len(judged)}", t("honesty.hits")))
    items = "".join(f"<li><b>{escape(n)}</b>{escape(text)}</li>" for n, text in counts)
    st.html(f'<ul class="honesty">{items}</ul>')
    missed = [str(row["row"]) for row in judged if not row["hit"]]
    if missed:
        blocks.note(t("honesty.missed", names=", ".join(missed)))
    link_to("model", t("honesty.link"))

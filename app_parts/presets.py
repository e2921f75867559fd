"""Cards of the shipped scenarios: what each is for, what it sets, the command that runs it."""

from collections.abc import Mapping
from functools import lru_cache
from html import escape

import streamlit as st

from app_parts import blocks
from app_parts.language import has_text, t
from app_parts.numbers import number
from app_parts.outcomes import NEUTRAL, SURPLUS, VERDICTS
from app_parts.pages import page_of
from app_parts.settings import use_preset
from app_parts.stored import Place, read_compared
from sim.experiments.errors import StoreError
from sim.scenario import Scenario, load_scenario
from sim.scenario.writing import toml_value

PRESETS = (
    "baseline",
    "quick",
    "high-reward",
    "mask-sellers",
    "unscreened",
    "ad-article",
    "ad-fair",
    "growth",
)
"""Shipped scenarios in the order shown."""
_COLUMNS = 3


def preset_cards(published: Mapping[str, Place]) -> None:
    """A card for each shipped scenario; what is published of it says what it came to."""
    blocks.heading(t("presets.title"), 2, t("presets.text"))
    for first in range(0, len(PRESETS), _COLUMNS):
        columns = st.columns(_COLUMNS, gap="large")
        for column, name in zip(columns, PRESETS[first : first + _COLUMNS], strict=False):
            with column, st.container(key=f"preset_{name}"):
                _card(name, published.get(name))


def preset_title(name: str) -> str:
    """Title of a scenario; one that is not shipped goes by its name."""
    key = f"preset.{name}.title"
    return t(key) if has_text(key) else name


@lru_cache(maxsize=len(PRESETS))
def settings_of(name: str) -> tuple[str, ...]:
    """What the scenario sets otherwise than the baseline, as it stands in its file."""
    usual = Scenario().values()
    values = load_scenario(name).values()
    return tuple(
        f"{key} = {toml_value(value)}" for key, value in values.items() if value != usual[key]
    )


def _found(place: Place | None) -> str:
    """What shoppers gain in the published comparison, and what its interval says."""
    if place is None:
        return ""
    try:
        stored = read_compared(place)
        seen = stored.differences[SURPLUS.outcome]
    except (StoreError, KeyError):
        return ""
    text = t(
        "presets.found",
        difference=SURPLUS.estimate(seen, stored),
        interval=SURPLUS.bounds(seen, stored),
        n=seen.n,
        people=number(stored.people, 0),
    )
    colour = VERDICTS.get(seen.verdict, NEUTRAL)
    return (
        f'<p class="verdict"><span class="dot" style="background:{colour}"></span>'
        f"{escape(t(f'tiles.{seen.verdict}'))}</p>"
        f'<p class="note">{escape(text)}</p>'
    )


def _card(name: str, place: Place | None) -> None:
    settings = "".join(f"<code>{escape(line)}</code>" for line in settings_of(name))
    if settings:
        fold = f"<details><summary>{escape(t('presets.differs'))}</summary>{settings}</details>"
    else:
        fold = f'<p class="note">{escape(t("presets.same"))}</p>'
    st.html(
        f'<div class="preset"><h3>{escape(preset_title(name))}</h3>'
        f"<p>{escape(t(f'preset.{name}.text'))}</p>{_found(place)}</div>"
    )
    # No link: one would load the site anew and lose what the visit has set and runs.
    if st.button(t("presets.open"), key=f"open_{name}", type="tertiary"):
        use_preset(name)
        st.switch_page(page_of("lab"))
    st.html(f'<div class="preset"><code class="command">sharesim compare {name}</code>{fold}</div>')

"""Price, and what of it is left to merchants, week by week."""

from __future__ import annotations

import pandas as pd

from sim.figures.marks import WeekPanel, panels_over_weeks
from sim.figures.page import About, LeftOut, Page, caption_notes, open_page
from sim.figures.words import number
from sim.measures.over_runs import Contrast

_PANELS = (
    WeekPanel("price_yuan", "price", from_zero=False),
    WeekPanel("gross_margin_share", "margin.gross", percent=True),
    WeekPanel("profit_share", "margin.profit", percent=True),
)


def price_and_margin(
    about: About, weekly: pd.DataFrame, outcomes: pd.DataFrame, contrast: Contrast | None
) -> Page:
    """Mean price, gross margin and profit margin over the weeks.

    `weekly` has a row a run and week with price_yuan, gross_margin_share and profit_share,
    `outcomes` a row a run with price_yuan, which `contrast` is about.
    """
    if weekly["price_yuan"].isna().all():
        raise LeftOut("nothing was sold")
    notes = caption_notes(about, "shown.bands", "warm-up.shaded")
    notes.append(about.weeks_in_title)
    page = open_page(about, _title(about, outcomes, contrast), about.words("price.sub"), notes)
    panels_over_weeks(page, about, weekly, _PANELS)
    return page


def _title(about: About, outcomes: pd.DataFrame, contrast: Contrast | None) -> str:
    if contrast is not None:
        return about.words.verdict("price", contrast, 2)
    price = number(outcomes["price_yuan"].mean(), 2)
    return about.words("price.alone", **about.words.named(about.markets[0]), a=price)

"""Quality sold against quality offered, week by week."""

from __future__ import annotations

import pandas as pd

from sim.figures.marks import end_label, line_with_band, put_end_labels, weeks_axis
from sim.figures.page import About, LeftOut, Page, caption_notes, open_page
from sim.figures.words import number
from sim.measures.over_runs import Contrast, means_over_runs


def quality_over_weeks(
    about: About, weekly: pd.DataFrame, outcomes: pd.DataFrame, contrast: Contrast | None
) -> Page:
    """Quality sold (bold) and on offer (thin) of every market, with bands.

    `weekly` has a row a run and week, `outcomes` a row a run; `contrast` is about quality sold.
    """
    if weekly["mean_quality_sold"].isna().all():
        raise LeftOut("nothing was sold")
    words = about.words
    notes = caption_notes(about, "shown.bands", "warm-up.shaded")
    notes.append(about.weeks_in_title)
    page = open_page(about, _title(about, outcomes, contrast), words("quality.sub"), notes)
    ax = page.axes(right=0.78)[0]
    labels = []
    for column, key in (("mean_quality_offered", "offered"), ("mean_quality_sold", "sold")):
        sold = key == "sold"
        means = means_over_runs(weekly, ["market", "week"], column)
        for market in about.markets:
            of_market = means[means["market"] == market]
            line_with_band(ax, of_market, "week", market, thin=not sold)
            text = words(key, market=words.label(market))
            labels.append(end_label(of_market, text, market, bold=sold))
    weeks_axis(ax, about)
    ax.set_ylabel(words("quality"))
    low, high = ax.get_ylim()
    ax.set_ylim(max(0.0, low), min(1.0, high))
    put_end_labels(ax, labels)
    return page


def _title(about: About, outcomes: pd.DataFrame, contrast: Contrast | None) -> str:
    if contrast is not None:
        return about.words.verdict("quality", contrast, 3)
    return about.words(
        "quality.alone",
        **about.words.named(about.markets[0]),
        a=number(outcomes["mean_quality_sold"].mean(), 2),
        b=number(outcomes["mean_quality_offered"].mean(), 2),
    )

"""Which quality is bought, beside which quality is on offer."""

from __future__ import annotations

import pandas as pd
from matplotlib.lines import Line2D

from sim.figures.marks import grouped_bars, market_key, percent_axis
from sim.figures.page import INK, About, LeftOut, Page, caption_notes, open_page
from sim.figures.words import number
from sim.measures.over_runs import Contrast, means_over_runs
from sim.measures.quality import GOOD_QUALITY


def sales_by_quality(
    about: About, sales: pd.DataFrame, good: pd.DataFrame, contrast: Contrast | None
) -> Page:
    """Bars: share of orders by quality; ticks: share of what is on offer.

    `sales` has a row a run and quality with order_share and offer_share, `good` a row a run with
    the good_percent of its sales, which `contrast` is about.
    """
    if good["good_percent"].isna().all():
        raise LeftOut("nothing was sold")
    words = about.words
    notes = caption_notes(about, "shown.bars")
    notes.append(words("sales.good", from_=GOOD_QUALITY))
    page = open_page(about, _title(about, good, contrast), words("sales.sub"), notes)
    ax = page.axes(above=0.095)[0]
    grouped_bars(
        ax,
        about,
        means_over_runs(sales, ["market", "quality"], "order_share"),
        means_over_runs(sales, ["market", "quality"], "offer_share"),
        "quality",
    )
    percent_axis(ax)
    ax.set_xlabel(words("quality.level"))
    ax.set_ylabel(words("share.orders"))
    offered = Line2D([], [], color=INK, linewidth=2.2, label=words("on.offer"))
    market_key(page, about, bars=True, more=[offered])
    return page


def _title(about: About, good: pd.DataFrame, contrast: Contrast | None) -> str:
    if contrast is not None:
        return about.words.verdict("sales", contrast, 1)
    share = number(good["good_percent"].mean(), 1)
    return about.words("sales.alone", **about.words.named(about.markets[0]), a=share)

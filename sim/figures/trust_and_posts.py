"""What rewards do to trust: tie trust, muted ties and posts, week by week."""

from __future__ import annotations

import pandas as pd

from sim.figures.marks import WeekPanel, panels_over_weeks
from sim.figures.page import About, LeftOut, Page, caption_notes, open_page
from sim.figures.words import number
from sim.measures.over_runs import Contrast

_PANELS = (
    WeekPanel("mean_tie_trust", "trust", from_zero=False),
    WeekPanel("muted_share", "muted", percent=True),
    WeekPanel("posts_per_100_members", "posts"),
)


def trust_and_posts(
    about: About, weekly: pd.DataFrame, outcomes: pd.DataFrame, contrast: Contrast | None
) -> Page:
    """Mean tie trust, muted share and posts per 100 members over the weeks.

    `weekly` has a row a run and week with mean_tie_trust, muted_share and posts_per_100_members,
    `outcomes` a row a run with mean_tie_trust, which `contrast` is about.
    """
    if weekly.empty:
        raise LeftOut("there are no weeks")
    notes = caption_notes(about, "shown.bands", "warm-up.shaded")
    notes.append(about.weeks_in_title)
    page = open_page(about, _title(about, outcomes, contrast), about.words("trust.sub"), notes)
    panels_over_weeks(page, about, weekly, _PANELS)
    return page


def _title(about: About, outcomes: pd.DataFrame, contrast: Contrast | None) -> str:
    if contrast is not None:
        return about.words.verdict("trust", contrast, 3)
    trust = number(outcomes["mean_tie_trust"].mean(), 3)
    return about.words("trust.alone", **about.words.named(about.markets[0]), a=trust)

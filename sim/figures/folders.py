"""Which figures a result folder gets, and how they come into it.

Figures never fail a run: one that has nothing to show, or cannot be drawn, is left out with the
reason. `figures.json` (for Chinese `figures.zh.json`) lists each with title, caption and file.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.figures.style import LANGUAGES

if TYPE_CHECKING:
    import pandas as pd

    from sim.figures.material import Material
    from sim.figures.page import Page
    from sim.measures.over_runs import Contrast


class Wanted(NamedTuple):
    """A figure to be drawn."""

    name: str
    draw: "Callable[[], Page]"
    table: "pd.DataFrame | None" = None
    """What it shows, where that is kept beside it."""


class Drawn(NamedTuple):
    """The figures that a folder has got, and why others are missing."""

    files: tuple[Path, ...]
    left_out: tuple[str, ...]
    """One line a figure."""


def compare_figures(folder: str | Path, lang: str = LANGUAGES[0]) -> Drawn:
    """Draw the figures of a comparison into `<folder>/figures/`, from tables on disk alone."""
    from sim.figures.material import material_of_comparison
    from sim.figures.words import Words

    words, folder = Words(lang), Path(folder)
    return draw_all(folder, lang, lambda: _figures(material_of_comparison(folder, words)))


def run_figures(folder: str | Path, lang: str = LANGUAGES[0]) -> Drawn:
    """Draw the figures of one run into `<folder>/figures/`, from tables on disk alone."""
    from sim.figures.material import material_of_run
    from sim.figures.words import Words

    words, folder = Words(lang), Path(folder)
    return draw_all(folder, lang, lambda: _figures(material_of_run(folder, words)))


def draw_all(folder: Path, lang: str, figures: Callable[[], Iterator[tuple[Any, ...]]]) -> Drawn:
    """Draw figures into `<folder>/figures/`, each with its table as CSV where it has one."""
    from sim.figures.page import LeftOut, png_of, write_bytes

    files: list[Path] = []
    left_out: list[str] = []
    index = []
    ending = "" if lang == LANGUAGES[0] else f".{lang}"
    place = folder / "figures"
    try:
        wanted = list(figures())
        place.mkdir(exist_ok=True)
        for name, draw, table in (Wanted(*each) for each in wanted):
            file = place / f"{name}{ending}.png"
            try:
                page, content = png_of(draw, lang)
            except LeftOut as reason:
                file.unlink(missing_ok=True)
                left_out.append(f"{name}: left out: {reason}")
            except Exception as error:
                file.unlink(missing_ok=True)
                left_out.append(f"{name}: could not be drawn: {type(error).__name__}: {error}")
            else:
                write_bytes(content, file)
                if table is not None:
                    write_bytes(table.to_csv(index=False).encode(), place / f"{name}.csv")
                files.append(file)
                index.append(
                    {
                        "name": name,
                        "file": file.name,
                        "title": page.title,
                        "subtitle": page.subtitle,
                        "caption": page.caption,
                    }
                )
        document = {"figures": index, "left_out": left_out}
        text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
        write_bytes(text.encode(), place / f"figures{ending}.json")
    except Exception as error:
        left_out.append(f"figures: could not be drawn: {type(error).__name__}: {error}")
    return Drawn(tuple(files), tuple(left_out))


def _figures(material: "Material") -> Iterator[tuple[str, Callable[[], "Page"]]]:
    """Name of each figure, and what draws it."""
    from functools import partial
    from itertools import combinations

    from sim.figures.cascade_sizes import cascade_sizes
    from sim.figures.money_flow import money_flow
    from sim.figures.paired_differences import paired_differences
    from sim.figures.price_and_margin import price_and_margin
    from sim.figures.quality_over_weeks import quality_over_weeks
    from sim.figures.sales_by_quality import sales_by_quality
    from sim.figures.trust_and_posts import trust_and_posts
    from sim.measures.over_runs import contrast

    about = material.about

    def seen(table: "pd.DataFrame", column: str) -> "Contrast | None":
        if not about.paired:
            return None
        return contrast(table, column, about.markets[0], about.markets[1])

    m, outcomes = material, material.outcomes
    yield (
        "quality-over-weeks",
        lambda: quality_over_weeks(about, m.weekly, outcomes, seen(outcomes, "mean_quality_sold")),
    )
    yield "where-100-yuan-go", lambda: money_flow(about, m.money)
    yield (
        "sales-by-quality",
        lambda: sales_by_quality(about, m.sales, m.good, seen(m.good, "good_percent")),
    )
    yield (
        "price-and-margin",
        lambda: price_and_margin(about, m.weekly, outcomes, seen(outcomes, "price_yuan")),
    )
    yield (
        "trust-and-posts",
        lambda: trust_and_posts(about, m.weekly, outcomes, seen(outcomes, "mean_tie_trust")),
    )
    yield "cascade-sizes", lambda: cascade_sizes(about, m.cascades)
    for number, pair in enumerate(combinations(about.markets, 2)):
        name = "paired-differences" + (f"-{pair[0]}-{pair[1]}" if number else "")
        yield name, partial(paired_differences, about, m.differences, pair)

"""Which figures a tuning, a sensitivity study or a sweep gets, each with the table it shows."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sim.experiments.analyses import Analysis, open_analysis
from sim.experiments.errors import StoreError
from sim.figures.folders import Drawn, Wanted, draw_all
from sim.figures.style import LANGUAGES

if TYPE_CHECKING:
    from sim.figures.page import About
    from sim.figures.words import Words

COMMANDS = ("tune", "sensitivity", "sweep")
"""Commands whose results are drawn here."""


def analysis_figures(folder: str | Path, lang: str = LANGUAGES[0]) -> Drawn:
    """Draw the figures of an analysis into `<folder>/figures/`, from files on disk alone.

    Each comes with the table it shows as CSV. Raises StoreError where no analysis lies there.
    """
    from sim.figures.words import Words

    words, folder = Words(lang), Path(folder)
    command = next((name for name in COMMANDS if (folder / f"{name}.json").exists()), None)
    if command is None:
        raise StoreError(f"{folder}: holds no result of {', '.join(COMMANDS)}")
    analysis = open_analysis(folder, command)
    figures = {"tune": _of_tuning, "sensitivity": _of_sensitivity, "sweep": _of_sweep}[command]
    return draw_all(folder, lang, lambda: figures(analysis, words))


def _about(analysis: Analysis, words: Words) -> About:
    from sim.figures.page import About
    from sim.measures.summary import counted_weeks

    document = analysis.document
    values, runs = document["values"], document["runs"]
    weeks = int(values["run.weeks"])
    first, _ = counted_weeks(weeks, values["run.warm_up_weeks"])
    return About(
        str(document["scenario"]),
        tuple(dict.fromkeys(run["market"] for run in runs)),
        tuple(sorted({int(run["seed"]) for run in runs})),
        int(values["population.n_consumers"]),
        weeks,
        first,
        words,
    )


def _of_tuning(analysis: Analysis, words: Words) -> Iterator[Wanted]:
    from sim.figures.pareto_front import pareto_front, pareto_table
    from sim.figures.recommendation_moves import moves_table, recommendation_moves
    from sim.figures.response_curve import response_curve

    about, document = _about(analysis, words), analysis.document
    response, trials = analysis.table("response"), analysis.table("trials")
    for number, objective in enumerate(document["objectives"]):
        text = objective["text"]
        shown = response[response["objective"] == text]
        tried = trials[trials["objective"] == text]
        name = "response-curve" + (f"-{number + 1}" if number else "")
        yield Wanted(name, partial(response_curve, about, document, text, shown, tried), shown)
    moves = moves_table(document)
    yield Wanted("recommendation-moves", partial(recommendation_moves, about, document), moves)
    if len(document["objectives"]) > 1:
        table = pareto_table(document)
        yield Wanted("pareto-front", partial(pareto_front, about, document), table)


def _of_sensitivity(analysis: Analysis, words: Words) -> Iterator[Wanted]:
    from sim.figures.sobol_bars import sobol_bars
    from sim.figures.tornado import tornado

    about, document = _about(analysis, words), analysis.document
    indices, effects = analysis.table("indices"), analysis.table("effects")
    yield Wanted("sobol-indices", partial(sobol_bars, about, document, indices), indices)
    yield Wanted("tornado", partial(tornado, about, document, effects), effects)


def _of_sweep(analysis: Analysis, words: Words) -> Iterator[Wanted]:
    from sim.figures.sweep_maps import sweep_figures

    yield from sweep_figures(_about(analysis, words), analysis)

"""Commands that look for what is best, and for what decides it."""

from typing import Annotated

import typer

from sim.commands.mistakes import told_together
from sim.commands.numbers import given, number, whole_number
from sim.commands.options import (
    RUNS,
    AsJson,
    Consumers,
    Engine,
    Jobs,
    NetworkFile,
    Out,
    Quiet,
    ScenarioArgument,
    Seed,
    Settings,
    Threads,
    Weeks,
    chosen_scenario,
    print_analysis,
    shown_progress,
)
from sim.experiments.errors import RunError

commands = typer.Typer()


@commands.command(
    rich_help_panel=RUNS,
    epilog="Example: sharesim tune quick --lever referral.fee_rate=0:0.3 "
    '--objective platform_profit --constraint "mean_tie_trust>=0.5" --runs 100',
)
def tune(
    scenario: ScenarioArgument = "baseline",
    lever: Annotated[
        list[str] | None,
        typer.Option(metavar="KEY[=LOW:HIGH]", help="What is tuned, over its plausible range."),
    ] = None,
    objective: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="An outcome or a sum, like 2*gmv+platform_profit."),
    ] = None,
    constraint: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME>=X", help="A bound on a mean, like reward_budget<=0.03."),
    ] = None,
    horizon: Annotated[
        str | None, typer.Option(metavar="W,W", help="Weeks after which to judge; all from a run.")
    ] = None,
    market: Annotated[
        str | None, typer.Option(metavar="NAME", help="The market; by default the lever's own.")
    ] = None,
    against: Annotated[
        str | None, typer.Option(metavar="NAME", help="The market for the break-even; else ads.")
    ] = None,
    runs: Annotated[int, whole_number("--runs", "N", "Runs of the search.")] = 200,
    moves: Annotated[
        int, whole_number("--moves", "N", "Decisive uncertainties to tune again at; 0: none.")
    ] = 3,
    uncertainty: Annotated[
        list[str] | None,
        typer.Option(metavar="KEY", help="Tune again at the ends of this one; can be repeated."),
    ] = None,
    smallest_effect: Annotated[
        float | None, number("--smallest-effect", "X", "Smallest effect that matters; else 1 %.")
    ] = None,
    jobs: Jobs = None,
    settings: Settings = None,
    consumers: Consumers = None,
    weeks: Weeks = None,
    seed: Seed = None,
    network: NetworkFile = None,
    engine: Engine = None,
    threads: Threads = None,
    out: Out = "results",
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Find the best values of levers, with their uncertainty, in the short and the long run."""
    from sim.experiments.store import RunStore
    from sim.experiments.tuning.tune import Request, question_of, tune_levers
    from sim.figures import analysis_figures
    from sim.report.tuned import tuning_text

    horizons: list[int] = []
    with told_together():
        horizons = _weeks_of(horizon)
    request = Request(
        lever or [],
        objective or [],
        constraint or [],
        horizons,
        market,
        against,
        uncertainties=uncertainty or [],
        smallest=smallest_effect,
        **given(runs=runs, moves=moves),
    )
    chosen = chosen_scenario(
        scenario,
        settings,
        consumers,
        weeks,
        seed,
        network,
        engine=engine,
        threads=threads,
        jobs=jobs,
        also=lambda world: question_of(world, request),
    )
    with shown_progress(f"tune {chosen.name}", quiet) as progress:
        found = tune_levers(chosen, request, RunStore(out), engine, threads, jobs, progress)
        analysis_figures(found.folder)
    print_analysis(found, lambda told: tuning_text(told, found.folder), as_json)


def _weeks_of(text: str | None) -> list[int]:
    try:
        return [] if text is None else [int(part) for part in text.split(",")]
    except ValueError:
        raise RunError(f"horizon: {text!r} is no list of weeks, like 12,104") from None


@commands.command(
    rich_help_panel=RUNS,
    epilog="Example: sharesim sensitivity quick --weeks 26 --parameter referral.reward_rate "
    "--parameter screening.audit_correlation --samples 16",
)
def sensitivity(
    scenario: ScenarioArgument = "baseline",
    parameter: Annotated[
        list[str] | None,
        typer.Option(metavar="KEY", help="What is varied; else all that may be, screened first."),
    ] = None,
    outcome: Annotated[
        str, typer.Option(metavar="NAME", help="Outcome whose difference is studied, or a sum.")
    ] = "consumer_surplus",
    markets: Annotated[
        str, typer.Option(metavar="NAME,NAME", help="The two markets, first less second.")
    ] = "referral,ads",
    samples: Annotated[
        int, whole_number("--samples", "N", "Base samples, a power of two; pairs: N·(inputs+3).")
    ] = 32,
    keep: Annotated[int, whole_number("--keep", "N", "Inputs that the screening leaves.")] = 6,
    trajectories: Annotated[
        int, whole_number("--trajectories", "N", "Trajectories of the screening.")
    ] = 3,
    smallest_effect: Annotated[
        float, number("--smallest-effect", "X", "By how much the first market must lead to win.")
    ] = 0.0,
    jobs: Jobs = None,
    settings: Settings = None,
    consumers: Consumers = None,
    weeks: Weeks = None,
    seed: Seed = None,
    network: NetworkFile = None,
    engine: Engine = None,
    threads: Threads = None,
    out: Out = "results",
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Tell what decides the difference of two markets, how much is luck, and where one wins."""
    from sim.experiments.sensitivity.study import Request, checked_request, study_sensitivity
    from sim.experiments.store import RunStore
    from sim.figures import analysis_figures
    from sim.report.decided import sensitivity_text

    names = [market.strip() for market in markets.split(",")]
    request = Request(
        parameter or [],
        outcome,
        names,
        **given(samples=samples, keep=keep, trajectories=trajectories, smallest=smallest_effect),
    )
    chosen = chosen_scenario(
        scenario,
        settings,
        consumers,
        weeks,
        seed,
        network,
        engine=engine,
        threads=threads,
        jobs=jobs,
        markets=names,
        varied=parameter or [],
        also=lambda world: checked_request(world, request),
    )
    with shown_progress(f"sensitivity {chosen.name}", quiet) as progress:
        found = study_sensitivity(chosen, request, RunStore(out), engine, threads, jobs, progress)
        analysis_figures(found.folder)
    print_analysis(found, lambda told: sensitivity_text(told, found.folder), as_json)

"""Commands that make runs: one, or pairs of them."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from sim.commands.numbers import number, whole_number
from sim.commands.options import (
    RUNS,
    AsJson,
    Consumers,
    Engine,
    Force,
    Jobs,
    NetworkFile,
    Out,
    Quiet,
    ScenarioArgument,
    Seed,
    Settings,
    Threads,
    Trace,
    Weeks,
    chosen_scenario,
    print_analysis,
    print_result,
    shown_progress,
)
from sim.scenario import Scenario

commands = typer.Typer()


@commands.command(rich_help_panel=RUNS, epilog="Example: sharesim run quick --market ads --trace")
def run(
    scenario: ScenarioArgument = "baseline",
    market: Annotated[
        str, typer.Option(metavar="NAME", help="referral, ads, control or hybrid.")
    ] = "referral",
    trace: Trace = False,
    explain: Annotated[
        bool, typer.Option("--explain", metavar="", help="Print the stages of a week; run nothing.")
    ] = False,
    settings: Settings = None,
    consumers: Consumers = None,
    weeks: Weeks = None,
    seed: Seed = None,
    network: NetworkFile = None,
    engine: Engine = None,
    threads: Threads = None,
    out: Out = "results",
    force: Force = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Run one market with one seed and keep its tables."""
    chosen = chosen_scenario(
        scenario,
        settings,
        consumers,
        weeks,
        seed,
        network,
        engine=engine,
        threads=threads,
        markets=[market],
    )
    if explain:
        from sim import week

        stages = {"stages": [stage._asdict() for stage in week.STAGES]}
        print_result(stages, lambda _: week.explain(), as_json)
        return
    from sim import api
    from sim.report.text import run_text

    with shown_progress(f"run {chosen.name}", quiet) as progress:
        result = api.run(
            chosen,
            market,
            trace=trace,
            engine=engine,
            threads=threads,
            out=out,
            progress=progress,
            figures=True,
            force=force,
        )
    print_result(result.document(), run_text, as_json)


@commands.command(rich_help_panel=RUNS, epilog="Example: sharesim compare quick --replicates 4")
def compare(
    scenario: ScenarioArgument = "baseline",
    markets: Annotated[
        str,
        typer.Option(metavar="NAME,NAME", help="Markets to compare, the first less the others."),
    ] = "referral,ads",
    replicates: Annotated[
        int | None,
        whole_number("--replicates", "R", "Pairs of runs; replicate r has seed + r."),
    ] = None,
    until_width: Annotated[
        float | None,
        number("--until-width", "W", "Add pairs until the interval of the outcome is so narrow."),
    ] = None,
    outcome: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Outcome whose interval that is; W is in its unit; else household_gain_fen.",
        ),
    ] = None,
    jobs: Jobs = None,
    trace: Trace = False,
    settings: Settings = None,
    consumers: Consumers = None,
    weeks: Weeks = None,
    seed: Seed = None,
    network: NetworkFile = None,
    engine: Engine = None,
    threads: Threads = None,
    out: Out = "results",
    force: Force = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Compare markets on the same worlds, pair by pair; runs already kept are used again."""
    names = [market.strip() for market in markets.split(",")]

    def check(world: Scenario | None) -> None:
        from sim.experiments.compare import wanted_of

        told = world is None and until_width is None  # it may be one of the mistakes
        wanted_of(names, 1.0 if told else until_width, outcome)

    chosen = chosen_scenario(
        scenario,
        settings,
        consumers,
        weeks,
        seed,
        network,
        replicates,
        engine=engine,
        threads=threads,
        jobs=jobs,
        markets=names,
        also=check,
    )
    from sim import api
    from sim.report.gains_text import gains_text
    from sim.report.text import comparison_text

    with shown_progress(f"compare {chosen.name}", quiet) as progress:
        comparison = api.compare(
            chosen,
            names,
            jobs=jobs,
            trace=trace,
            engine=engine,
            threads=threads,
            out=out,
            progress=progress,
            until_width=until_width,
            outcome=outcome,
            with_incrementality=True,
            force=force,
        )

    def text(told: Mapping[str, Any]) -> str:
        return f"{gains_text(told)}\n\n{comparison_text(told, comparison.folder)}"

    print_analysis(comparison.analysis, text, as_json)

"""The command that runs a design of many points."""

import sys
from typing import Annotated

import typer

from sim.commands.mistakes import told_together
from sim.commands.options import (
    RUNS,
    AsJson,
    Consumers,
    Engine,
    Force,
    Jobs,
    Out,
    Quiet,
    Seed,
    Settings,
    Threads,
    Weeks,
    chosen_scenario,
    print_analysis,
    shown_progress,
)
from sim.scenario import Scenario, load_sweep

commands = typer.Typer()


@commands.command(
    rich_help_panel=RUNS, epilog="Example: sharesim sweep sweeps/reward-rate --jobs 2"
)
def sweep(
    file: Annotated[
        str,
        typer.Argument(metavar="FILE", help="A scenario with a \\[sweep] section, or its name."),
    ],
    jobs: Jobs = None,
    dask: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="Scheduler of a Dask cluster that makes the runs."),
    ] = None,
    settings: Settings = None,
    consumers: Consumers = None,
    weeks: Weeks = None,
    seed: Seed = None,
    engine: Engine = None,
    threads: Threads = None,
    out: Out = "results",
    force: Force = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Run every point of a design in each market; started again, only what is missing is made."""
    scenario, design = _chosen(file, settings, consumers, weeks, seed, engine, threads, jobs)
    from sim import api
    from sim.report.sweep_text import sweep_text

    with shown_progress(f"sweep {scenario.name}", quiet) as progress:
        made = api.sweep(
            scenario,
            design,
            jobs=jobs,
            dask=dask,
            engine=engine,
            threads=threads,
            out=out,
            progress=progress,
            force=force,
        )
    print_analysis(made.analysis, lambda told: sweep_text(told, made.folder), as_json)
    for line in made.failures:
        print(line, file=sys.stderr)
    if made.failures:
        raise typer.Exit(1)


def _chosen(
    file: str,
    settings: list[str] | None,
    consumers: int | None,
    weeks: int | None,
    seed: int | None,
    engine: str | None,
    threads: int | None,
    jobs: int | None,
) -> tuple[Scenario, dict[str, object]]:
    """The scenario and the [sweep] section of a file; all mistakes at once, each once."""
    design: dict[str, object] = {}
    with told_together():
        design = load_sweep(file)
    scenario = chosen_scenario(
        file,
        settings,
        consumers,
        weeks,
        seed,
        design=design,
        engine=engine,
        threads=threads,
        jobs=jobs,
    )
    return scenario, design

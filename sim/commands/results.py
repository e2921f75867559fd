"""Commands about results that are there: follow a sale, make a run again."""

import sys
from typing import Annotated

import typer

from sim.commands.options import (
    RESULTS,
    AsJson,
    Engine,
    Quiet,
    RunFolder,
    Threads,
    print_result,
    shown_progress,
)
from sim.scenario import InputError

commands = typer.Typer()


@commands.command(rich_help_panel=RESULTS, epilog="Example: sharesim trace RUN_DIR --order 1207")
def trace(
    folder: RunFolder,
    order: Annotated[int | None, typer.Option(metavar="ID", help="An order.")] = None,
    share: Annotated[int | None, typer.Option(metavar="ID", help="A share.")] = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Follow the money of a sale and the way to it, or all that came of a share."""
    from sim import api
    from sim.report.text import order_text, tree_text

    if (order is None) == (share is None):
        raise InputError("trace: give one of --order ID and --share ID")
    result = api.open_run(folder)
    if order is not None:
        print_result(api.money_of_order(result, order), order_text, as_json)
    if share is not None:
        print_result(api.tree_of_share(result, share), tree_text, as_json)


@commands.command(rich_help_panel=RESULTS, epilog="Example: sharesim reproduce RUN_DIR")
def reproduce(
    folder: RunFolder,
    engine: Engine = None,
    threads: Threads = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Make a run again from its description and compare every table bit by bit."""
    from sim import api
    from sim.report.text import reproduction_text

    with shown_progress("reproduce", quiet) as progress:
        outcome = api.reproduce(folder, engine, threads, progress)
    print_result(outcome.document(), reproduction_text, as_json)
    if not outcome.identical:
        raise typer.Exit(1)


@commands.command(rich_help_panel=RESULTS, epilog="Example: sharesim bench --quick")
def bench(
    large: Annotated[
        bool, typer.Option("--large", metavar="", help="Go on to ten million people.")
    ] = False,
    quick: Annotated[
        bool, typer.Option("--quick", metavar="", help="One small size only, for a first look.")
    ] = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Time whole weeks against the bare work, on one and two threads, and the readable engine."""
    from sim.experiments.bench.suite import bench as measured
    from sim.report.bench_text import bench_text

    def say(text: str) -> None:
        if not quiet:
            print(f"bench: {text}", file=sys.stderr, flush=True)

    print_result(measured(quick, large, say), bench_text, as_json)

"""Commands about results that are there: follow a sale, make a run again, show them."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from sim.commands.mistakes import mistakes_wait, refuse_mistakes, told_together, wait_to_be_told
from sim.commands.numbers import whole_number
from sim.commands.options import (
    RESULTS,
    AsJson,
    Engine,
    Out,
    Quiet,
    RunFolder,
    Threads,
    named,
    print_result,
    shown_progress,
)
from sim.scenario import InputError, Problem

commands = typer.Typer()
#: Nobody else on the network reaches the app.
APP_ADDRESS = "127.0.0.1"


@commands.command(rich_help_panel=RESULTS, epilog="Example: sharesim trace RUN_DIR --order 1207")
def trace(
    folder: RunFolder,
    order: Annotated[int | None, whole_number("--order", "ID", "An order.")] = None,
    share: Annotated[int | None, whole_number("--share", "ID", "A share.")] = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Follow the money of a sale and the way to it, or all that came of a share."""
    from sim import api
    from sim.experiments.files import reading
    from sim.report.text import order_text, tree_text

    if (order is None) == (share is None) and not mistakes_wait():
        wait_to_be_told(Problem("trace", problem="give one of --order ID and --share ID"))
    with told_together():
        result = api.open_run(folder)
    refuse_mistakes()
    with reading(result.folder, "traced run"):
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
    from sim.experiments.checks import checked_options
    from sim.experiments.packs import find_run
    from sim.report.text import reproduction_text

    with told_together():
        find_run(folder)
    with told_together():
        checked_options(engine, threads, False, [])
    refuse_mistakes()
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


@commands.command(rich_help_panel=RESULTS, epilog="Example: sharesim report --lang zh")
def report(
    folder: Annotated[
        str | None,
        typer.Argument(
            metavar="[RUN_DIR]",
            help="Folder of a run or comparison; else the newest.",
            callback=named,
        ),
    ] = None,
    lang: Annotated[str, typer.Option(metavar="en|zh", help="Language of the report.")] = "en",
    to: Annotated[
        str | None, typer.Option(metavar="FILE", help="File that is written.", callback=named)
    ] = None,
    out: Out = "results",
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Write one HTML file about a run or comparison that needs nothing else and prints well."""
    from sim.experiments.files import write_text
    from sim.report.html import newest_result, report_html
    from sim.report.html_words import LANGUAGES

    if lang not in LANGUAGES:
        hint = f"give {' or '.join(LANGUAGES)}"
        wait_to_be_told(Problem("--lang", problem=f"{lang!r} is not there", hint=hint))
    refuse_mistakes()
    place = Path(folder) if folder is not None else newest_result(Path(out))
    target = Path(to) if to is not None else place / f"report-{lang}.html"
    write_text(report_html(place, lang), target)
    told = {"command": "report", "folder": str(place), "file": str(target), "lang": lang}
    print_result(told, lambda document: str(document["file"]), as_json)


@commands.command(name="app", rich_help_panel=RESULTS, epilog="Example: sharesim app --port 8600")
def open_app(
    port: Annotated[int, whole_number("--port", "N", "Port of this machine.")] = 8501,
    out: Out = "results",
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Serve the web app on this machine until Ctrl-C."""
    import os
    import socket
    import subprocess

    from sim.experiments.folders import check_writable

    entry = Path(__file__).parents[2] / "app.py"
    if port is not None and not 1 <= port <= 65_535:
        wait_to_be_told(Problem("--port", problem=f"{port} is no port", hint="give 1 to 65535"))
    refuse_mistakes()
    if not entry.exists():
        raise InputError(f"app: {entry} is not there: the web app comes with the repository")
    check_writable(Path(out))
    try:
        socket.create_server((APP_ADDRESS, port)).close()
    except OSError as error:
        reason = os.strerror(error.errno or 0).lower()
        raise InputError(f"--port: {port} cannot be used: {reason}: give another") from error
    if as_json:
        print_result({"command": "app", "address": f"http://{APP_ADDRESS}:{port}"}, str, True)
    command = [sys.executable, "-m", "streamlit", "run", str(entry), f"--server.port={port}"]
    command += ["--server.headless=true", f"--server.address={APP_ADDRESS}"]
    environment = {**os.environ, "SHARESIM_RESULTS": str(Path(out).absolute())}
    told = subprocess.DEVNULL if quiet or as_json else None
    served = subprocess.run(command, cwd=entry.parent, env=environment, check=False, stdout=told)
    if served.returncode:
        raise typer.Exit(1)

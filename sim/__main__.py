"""The command line: a thin layer over the rest, one function a command.

Heavy imports stand inside the functions, so that help and mistakes are answered at once. Results
go to standard output, everything else to standard error. Exit codes: 0 good, 1 a check came out
false, 2 wrong input, 130 interrupted.
"""

import errno
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import asdict, replace
from typing import Annotated, Any

import typer
from typer.main import get_command

from sim import __version__
from sim.experiments.errors import RunFailed
from sim.scenario import (
    InputError,
    Problem,
    Scenario,
    ScenarioError,
    check_file,
    load_scenario,
    parse_setting,
)

_ENVIRONMENT = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES)
"""What the machine may refuse to anybody: it is told in one line, like wrong input."""

INPUTS, RUNS, EVIDENCE, RESULTS = "Inputs", "Runs", "Evidence", "Results"
"""Groups of commands, as help shows them."""

app = typer.Typer(
    name="sharesim",
    help="Referral rewards against ad bidding: two markets on one world, compared in pairs.",
    epilog="Example: sharesim compare quick --replicates 4",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["--help", "-h"]},
)

ScenarioArgument = Annotated[
    str,
    typer.Argument(metavar="[SCENARIO]", help="A TOML file or the name of a shipped scenario."),
]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Set any parameter; can be repeated."),
]
Consumers = Annotated[int | None, typer.Option(metavar="N", help="Number of consumers.")]
Weeks = Annotated[int | None, typer.Option(metavar="N", help="Number of weeks.")]
Seed = Annotated[int | None, typer.Option(metavar="N", help="Seed of the first replicate.")]
NetworkFile = Annotated[
    str | None, typer.Option(metavar="FILE", help="File of trust ties to run on.")
]
Engine = Annotated[
    str | None, typer.Option(metavar="array|mesa", help="How people are computed; same results.")
]
Threads = Annotated[int | None, typer.Option(metavar="N", help="Threads of each run.")]
Out = Annotated[str, typer.Option(metavar="DIR", help="Folder in which results are kept.")]
Trace = Annotated[
    bool, typer.Option("--trace", metavar="", help="Keep every order, share, read and transfer.")
]
AsJson = Annotated[bool, typer.Option("--json", metavar="", help="Print one JSON document.")]
Quiet = Annotated[bool, typer.Option("--quiet", metavar="", help="Print no progress.")]


def chosen_scenario(
    scenario: str,
    settings: Sequence[str] | None = None,
    consumers: int | None = None,
    weeks: int | None = None,
    seed: int | None = None,
    network: str | None = None,
    replicates: int | None = None,
) -> Scenario:
    """The scenario with what the options change; an option outweighs the same key of --set.

    Raises ScenarioError with the mistakes in the file and in the options, all at once.
    """
    problems: list[Problem] = []
    values: dict[str, Any] = {}
    try:
        chosen = load_scenario(scenario)
    except ScenarioError as error:
        problems += error.problems
        chosen = Scenario()
    for setting in settings or []:
        try:
            key, value = parse_setting(setting)
            values[key] = value
        except ScenarioError as error:
            problems += error.problems
    if consumers is not None and network is not None:
        problems.append(
            Problem(
                file="--consumers",
                problem="cannot be given together with --network",
                hint="the people of the file are the consumers",
            )
        )
    flags: dict[str, tuple[str, Any]] = {
        "population.n_consumers": ("--consumers", consumers),
        "run.weeks": ("--weeks", weeks),
        "run.seed": ("--seed", seed),
        "run.replicates": ("--replicates", replicates),
        "network.file": ("--network", network),
    }
    given = {key: (flag, value) for key, (flag, value) in flags.items() if value is not None}
    values |= {key: value for key, (_, value) in given.items()}
    try:
        chosen = chosen.with_values(values)
    except ScenarioError as error:
        problems += [
            replace(problem, file=given.get(problem.key, ("--set",))[0])
            for problem in error.problems
        ]
    if problems:
        raise ScenarioError(problems)
    return chosen


def print_json(document: Any) -> None:
    """Print one JSON document on standard output."""
    print(json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False))


@app.callback(invoke_without_command=True)
def _start(
    version: Annotated[
        bool, typer.Option("--version", metavar="", help="Print the version.")
    ] = False,
) -> None:
    if version:
        print(f"sharesim {__version__}")
        raise typer.Exit


@app.command(rich_help_panel=INPUTS, epilog="Example: sharesim check baseline my-sweep.toml")
def check(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE", help="Scenarios and sweeps, or their names.")
    ],
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Check scenarios and sweeps and tell all mistakes at once, each with its line."""
    checks = [check_file(file) for file in files]
    problems = [problem for each in checks for problem in each.problems]
    if as_json:
        print_json({"files": [asdict(each) for each in checks], "n_problems": len(problems)})
    elif not quiet:
        for each in checks:
            if not each.problems:
                print(f"{each.file}: good {each.kind}")
    if problems:
        raise ScenarioError(problems)


@app.command(rich_help_panel=INPUTS, epilog="Example: sharesim network ties.csv.gz")
def network(
    file: Annotated[str, typer.Argument(metavar="FILE", help="CSV or text, plain or gzip.")],
    settings: Settings = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Tell the statistics of a network of trust ties beside those of known ones."""
    chosen = chosen_scenario("baseline", settings, network=file)
    from sim.network.reports import describe, network_report

    _print(network_report(file, chosen.network.directed), describe, as_json)


@app.command(rich_help_panel=RUNS, epilog="Example: sharesim run quick --market ads --trace")
def run(
    scenario: ScenarioArgument = "baseline",
    market: Annotated[
        str, typer.Option(metavar="NAME", help="referral, ads or control.")
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
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Run one market with one seed and keep its tables."""
    chosen = chosen_scenario(scenario, settings, consumers, weeks, seed, network)
    if explain:
        from sim import week

        stages = {"stages": [stage._asdict() for stage in week.STAGES]}
        _print(stages, lambda _: week.explain(), as_json)
        return
    from sim import api
    from sim.report.text import run_text

    with _progress(f"run {chosen.name}", quiet) as progress:
        result = api.run(
            chosen,
            market,
            trace=trace,
            engine=engine,
            threads=threads,
            out=out,
            progress=progress,
            figures=True,
        )
    _print(result.document(), run_text, as_json)


@app.command(rich_help_panel=RUNS, epilog="Example: sharesim compare quick --replicates 4")
def compare(
    scenario: ScenarioArgument = "baseline",
    markets: Annotated[
        str,
        typer.Option(metavar="NAME,NAME", help="Markets to compare, the first less the others."),
    ] = "referral,ads",
    replicates: Annotated[
        int | None, typer.Option(metavar="R", help="Pairs of runs; replicate r has seed + r.")
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option(metavar="J", help="Runs made at once; one a processor if left out."),
    ] = None,
    trace: Trace = False,
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
    """Compare markets on the same worlds, pair by pair; runs already kept are used again."""
    chosen = chosen_scenario(scenario, settings, consumers, weeks, seed, network)
    from sim import api
    from sim.report.text import comparison_text

    with _progress(f"compare {chosen.name}", quiet) as progress:
        comparison = api.compare(
            chosen,
            [market.strip() for market in markets.split(",")],
            replicates,
            jobs,
            trace,
            engine,
            threads,
            out,
            progress,
        )
    _print(comparison.document, lambda told: comparison_text(told, comparison.folder), as_json)


RunFolder = Annotated[str, typer.Argument(metavar="RUN_DIR", help="Folder of a run.")]


@app.command(rich_help_panel=RESULTS, epilog="Example: sharesim trace RUN_DIR --order 1207")
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
        _print(api.money_of_order(result, order), order_text, as_json)
    if share is not None:
        _print(api.tree_of_share(result, share), tree_text, as_json)


@app.command(rich_help_panel=RESULTS, epilog="Example: sharesim reproduce RUN_DIR")
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

    with _progress("reproduce", quiet) as progress:
        outcome = api.reproduce(folder, engine, threads, progress)
    _print(outcome.document(), reproduction_text, as_json)
    if not outcome.identical:
        raise typer.Exit(1)


def _print(document: Mapping[str, Any], text: Callable[[Any], str], as_json: bool) -> None:
    """A result on standard output, as JSON or as text; its notes on standard error."""
    for note in document.get("notes", []):
        print(note, file=sys.stderr)
    if as_json:
        print_json(document)
    else:
        print(text(document))


def _progress(title: str, quiet: bool) -> Any:
    """Progress on standard error, or none."""
    from sim.experiments.progress import ProgressShown, Silence

    return nullcontext(Silence()) if quiet else ProgressShown(title)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and leave with its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    code = 0
    try:
        outcome = get_command(app).main(
            given or ["--help"], prog_name="sharesim", standalone_mode=False
        )
        code = outcome if isinstance(outcome, int) else 0
    except InputError as error:
        for line in error.lines:
            print(line, file=sys.stderr)
        code = 2
    except typer.TyperException as error:
        message = " ".join(error.format_message().split())
        context = getattr(error, "ctx", None)
        place = context.command_path if context else "sharesim"
        print(f"{place}: {message} (see {place} --help)", file=sys.stderr)
        code = 2
    except RunFailed as error:
        for line in error.failures:
            print(line, file=sys.stderr)
        code = 1
    except OSError as error:
        if error.errno not in _ENVIRONMENT:
            raise
        place = error.filename or "the disk"
        print(f"{place}: cannot be written: {(error.strerror or '').lower()}", file=sys.stderr)
        code = 2
    except KeyboardInterrupt:
        code = 130
    if code == 130:
        print("sharesim: interrupted; runs already finished are kept", file=sys.stderr)
    sys.exit(code)


if __name__ == "__main__":
    main()

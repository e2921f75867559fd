"""The command line: a thin layer over the rest, one function a command.

Heavy imports stand inside the functions, so that help and mistakes are answered at once. Results
go to standard output, everything else to standard error. Exit codes: 0 good, 1 a check came out
false, 2 wrong input, 130 interrupted.
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Annotated, Any

import typer
from typer.main import get_command

from sim import __version__
from sim.scenario import (
    InputError,
    Problem,
    Scenario,
    ScenarioError,
    check_file,
    load_scenario,
    parse_setting,
)

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
    except KeyboardInterrupt:
        code = 130
    if code == 130:
        print("sharesim: interrupted", file=sys.stderr)
    sys.exit(code)


if __name__ == "__main__":
    main()

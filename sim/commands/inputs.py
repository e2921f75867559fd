"""Commands about inputs: what is wrong with a file, what a network looks like."""

from dataclasses import asdict, replace
from typing import Annotated

import typer

from sim.commands.options import (
    INPUTS,
    AsJson,
    Consumers,
    Engine,
    NetworkFile,
    Quiet,
    ScenarioArgument,
    Settings,
    Threads,
    Trace,
    Weeks,
    chosen_scenario,
    print_json,
    print_result,
)
from sim.scenario import (
    Check,
    InputError,
    Problem,
    ScenarioError,
    check_file,
    load_scenario,
    load_sweep,
    parse_setting,
)

commands = typer.Typer()


@commands.command(rich_help_panel=INPUTS, epilog="Example: sharesim check baseline my-sweep.toml")
def check(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE", help="Scenarios and sweeps, or their names.")
    ],
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Check scenarios and sweeps and tell all mistakes at once, each with its line."""
    checks = [_checked(file) for file in files]
    problems = [problem for each in checks for problem in each.problems]
    if as_json:
        print_json({"files": [asdict(each) for each in checks], "n_problems": len(problems)})
    elif not quiet:
        for each in checks:
            if not each.problems:
                print(f"{each.file}: good {each.kind}")
    if problems:
        raise ScenarioError(problems)


def _checked(file: str) -> Check:
    """What is wrong with a file; a sweep that seems good is planned as if it were to be run."""
    told = check_file(file)
    if told.kind == "scenario" or told.problems:
        return told
    from sim.experiments.sweep import planned

    try:
        planned(load_scenario(file, sweep=True), load_sweep(file))
    except ScenarioError as error:
        return replace(told, problems=[replace(each, file=told.file) for each in error.problems])
    except InputError as error:
        return replace(told, problems=[Problem(told.file, problem=line) for line in error.lines])
    return told


@commands.command(rich_help_panel=INPUTS, epilog="Example: sharesim network ties.csv.gz")
def network(
    file: Annotated[str, typer.Argument(metavar="FILE", help="CSV or text, plain or gzip.")],
    settings: Settings = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Tell the statistics of a network of trust ties beside those of known ones."""
    chosen = chosen_scenario("baseline", settings, network=file)
    keys = [parse_setting(setting)[0] for setting in settings or []]
    idle = [key for key in keys if key != "network.directed"]
    if idle:
        problem, hint = "has no effect on the statistics of a file", "leave it out"
        raise ScenarioError([Problem("--set", 0, key, problem, hint) for key in idle])
    from sim.network.reports import describe, network_report

    print_result(network_report(file, chosen.network.directed), describe, as_json)


@commands.command(
    rich_help_panel=INPUTS, epilog="Example: sharesim estimate baseline --consumers 1000000"
)
def estimate(
    scenario: ScenarioArgument = "baseline",
    market: Annotated[
        str, typer.Option(metavar="NAME", help="referral, ads, control or hybrid.")
    ] = "referral",
    trace: Trace = False,
    settings: Settings = None,
    consumers: Consumers = None,
    weeks: Weeks = None,
    network: NetworkFile = None,
    engine: Engine = None,
    threads: Threads = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Tell the memory and time of one run before it starts."""
    chosen = chosen_scenario(
        scenario,
        settings,
        consumers,
        weeks,
        network=network,
        engine=engine,
        threads=threads,
        markets=[market],
    )
    from sim.experiments.checks import checked_options
    from sim.experiments.estimate import estimate_document
    from sim.report.bench_text import estimate_text

    options = checked_options(engine, threads, trace, [market])
    print_result(estimate_document(chosen, market, options), estimate_text, as_json)

"""What commands share: their options, the scenario they choose, how results are printed."""

import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.commands.mistakes import (
    mistakes_wait,
    refuse_mistakes,
    told_together,
    wait_to_be_told,
)
from sim.commands.numbers import whole_number
from sim.scenario import (
    Problem,
    Scenario,
    ScenarioError,
    keys_set_by,
    load_scenario,
    parse_setting,
)

if TYPE_CHECKING:
    from sim.experiments.analyses import Analysis

INPUTS, RUNS, EVIDENCE, RESULTS = "Inputs", "Runs", "Evidence", "Results"
"""Groups of commands, as help shows them."""


def named(parameter: typer.CallbackParam, name: str | None) -> str | None:
    """The name, ~ as the home that no shell sees behind `--out=`; an empty one is a mistake."""
    if name is None:
        return None
    if not name.strip():
        kind = "folder" if "DIR" in str(parameter.metavar) else "file"
        place = max(parameter.opts, key=len) if parameter.opts[0][0] == "-" else parameter.metavar
        place = str(place).strip("[]")
        wait_to_be_told(Problem(place, problem="the name is empty", hint=f"name a {kind}"))
    return os.path.expanduser(name)


ScenarioArgument = Annotated[
    str,
    typer.Argument(metavar="[SCENARIO]", help="A TOML file or the name of a shipped scenario."),
]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Set any parameter; can be repeated."),
]
Consumers = Annotated[int | None, whole_number("--consumers", "N", "Number of consumers.")]
Weeks = Annotated[int | None, whole_number("--weeks", "N", "Number of weeks.")]
Seed = Annotated[int | None, whole_number("--seed", "N", "Seed of the first replicate.")]
NetworkFile = Annotated[
    str | None,
    typer.Option(metavar="FILE", help="File of trust ties to run on.", callback=named),
]


Engine = Annotated[
    str | None, typer.Option(metavar="array|mesa", help="How people are computed; same results.")
]
Threads = Annotated[
    int | None,
    whole_number("--threads", "N", "Threads of each run; by default as many as make it faster."),
]
Out = Annotated[
    str,
    typer.Option(metavar="DIR", help="Folder in which results are kept.", callback=named),
]
Jobs = Annotated[
    int | None,
    whole_number("--jobs", "J", "Runs made at once; one a processor if left out."),
]
Trace = Annotated[
    bool, typer.Option("--trace", metavar="", help="Keep every order, share, read and transfer.")
]
Force = Annotated[
    bool, typer.Option("--force", metavar="", help="Try what seems not to fit in memory.")
]
AsJson = Annotated[bool, typer.Option("--json", metavar="", help="Print one JSON document.")]
Quiet = Annotated[bool, typer.Option("--quiet", metavar="", help="Print no progress.")]
RunFolder = Annotated[str, typer.Argument(metavar="RUN_DIR", help="Folder of a run.")]


def chosen_scenario(
    scenario: str,
    settings: Sequence[str] | None = None,
    consumers: int | None = None,
    weeks: int | None = None,
    seed: int | None = None,
    network: str | None = None,
    replicates: int | None = None,
    design: Mapping[str, Any] | None = None,
    engine: str | None = None,
    threads: int | None = None,
    jobs: int | None = None,
    markets: Sequence[str] = (),
    varied: Sequence[str] = (),
    also: Callable[[Scenario | None], object] | None = None,
) -> Scenario:
    """The scenario with what the options change, each key by one of them.

    With the `design` of a sweep the file may have a [sweep] section, whose keys no option may set,
    nor may one set a key that is `varied` in all runs.
    What says how runs are made is only checked. `also` checks what else is asked; it gets the
    scenario, or None where mistakes leave open which one is meant. Raises ScenarioError with the
    mistakes in the file and in the options, all at once, those that wait to be told included.
    """
    from sim.experiments.checks import checked_options

    chosen = Scenario()
    with told_together():
        chosen = load_scenario(scenario, sweep=design is not None)
    given: list[tuple[str, str, Any]] = []
    for setting in settings or []:
        with told_together():
            given.append(("--set", *parse_setting(setting)))
    flags = [
        ("--consumers", "population.n_consumers", consumers),
        ("--weeks", "run.weeks", weeks),
        ("--seed", "run.seed", seed),
        ("--replicates", "run.replicates", replicates),
        ("--network", "network.file", network),
    ]
    given += [each for each in flags if each[2] is not None]
    set_by_design = keys_set_by(design or {})
    first: dict[str, str] = {}
    for flag, key, _ in given:
        here = Problem(file=flag, key=key)
        if key in set_by_design:
            hint = "change it there, or leave this out"
            wait_to_be_told(replace(here, problem="the [sweep] section sets it", hint=hint))
        elif key in varied:
            hint = "leave one of the two out"
            wait_to_be_told(replace(here, problem="--parameter varies it in all runs", hint=hint))
        elif key in first:
            problem = f"already given by {first[key]}"
            wait_to_be_told(replace(here, problem=problem, hint="give it once"))
        first.setdefault(key, flag)
    values = {key: value for _, key, value in given}
    try:
        chosen = chosen.with_values(values)
    except ScenarioError as error:
        wait_to_be_told(
            *(replace(each, file=first.get(each.key, "--set")) for each in error.problems)
        )
    with told_together():
        checked_options(engine, threads, False, markets, jobs=jobs)
    if also is not None:
        with told_together():
            also(None if mistakes_wait() else chosen)
    refuse_mistakes()
    return chosen


def print_json(document: Any) -> None:
    """Print one JSON document on standard output; where it has few letters, others escaped."""
    few = not (sys.stdout.encoding or "").lower().startswith("utf")
    print(json.dumps(document, ensure_ascii=few, indent=2, allow_nan=False))


def print_result(document: Mapping[str, Any], text: Callable[[Any], str], as_json: bool) -> None:
    """A result on standard output, as JSON or as text; its notes on standard error."""
    for note in document.get("notes", []):
        print(note, file=sys.stderr)
    if as_json:
        print_json(document)
    else:
        print(text(document))


def print_analysis(kept: "Analysis", text: Callable[[Any], str], as_json: bool) -> None:
    """What was kept of many runs, with the `folder` in which it lies."""
    print_result({**kept.document, "folder": str(kept.folder)}, text, as_json)


def shown_progress(title: str, quiet: bool) -> Any:
    """Progress on standard error, or none."""
    from sim.experiments.progress import ProgressShown, Silence

    return nullcontext(Silence()) if quiet else ProgressShown(title)

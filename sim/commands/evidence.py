"""Commands that judge the model: fit it, hold it against field and theory, judge claims."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.commands.mistakes import refuse_mistakes, told_together, wait_to_be_told
from sim.commands.numbers import whole_number
from sim.commands.options import (
    EVIDENCE,
    AsJson,
    Consumers,
    Jobs,
    Out,
    Quiet,
    ScenarioArgument,
    Seed,
    Settings,
    Weeks,
    chosen_scenario,
    print_analysis,
    print_json,
    shown_progress,
)
from sim.parameters.problems import one_line
from sim.scenario import InputError, Problem

if TYPE_CHECKING:
    from sim.experiments.analyses import Analysis

commands = typer.Typer()
#: Larger numbers are slips: nobody waits for what they ask for.
_MOST_SEEDS, _MOST_POINTS, _MOST_PEOPLE = 1_000, 100_000, 100_000_000


Stored = Annotated[
    str | None,
    typer.Option("--from", metavar="DIR", help="Show what is already kept there; run nothing."),
]


def _check_known(option: str, name: str | None, names: Sequence[str]) -> None:
    if name is not None and name not in names:
        hint = f"give one of {', '.join(names)}"
        wait_to_be_told(Problem(option, key=name, problem="there is no such one", hint=hint))


def _check_alone(context: typer.Context, *shown: str) -> None:
    """Nothing but `shown` and how it is printed says anything where --from runs nothing."""
    silent = [
        param.opts[0] if param.param_type_name == "option" else str(param.name).upper()
        for param in context.command.params
        if param.name not in (*shown, "stored", "as_json", "quiet")
        and getattr(context.get_parameter_source(str(param.name)), "name", "") == "COMMANDLINE"
    ]
    if silent:
        problem = f"runs nothing, so {', '.join(silent)} would say nothing"
        wait_to_be_told(Problem("--from", problem=problem, hint="leave out the one or the other"))


def _print_kept(kept: "Analysis", text: Callable[[Any], str], as_json: bool) -> None:
    """The result of an analysis and where it lies."""
    from sim.experiments.files import reading

    with reading(kept.folder, f"result of {kept.document['command']}"):
        print_analysis(kept, lambda told: f"{text(told)}\n\nkept in {told['folder']}", as_json)


def _check_limits(lowest: int, highest: int, **counts: int | None) -> None:
    for name, count in counts.items():
        if count is None or lowest <= count <= highest:
            continue
        problem = f"{count} is above the highest value {highest:,}"
        if count < lowest:
            problem = f"{count} is below the lowest value {lowest}"
        wait_to_be_told(Problem(f"--{name}", problem=problem))


@commands.command(
    rich_help_panel=EVIDENCE, epilog="Example: sharesim calibrate --targets my-platform.toml"
)
def calibrate(
    scenario: ScenarioArgument = "baseline",
    targets: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="TOML file of an own platform instead of V1, V9, V12."),
    ] = None,
    replicates: Annotated[int, whole_number("--replicates", "R", "Seeds of every point.")] = 2,
    rounds: Annotated[int, whole_number("--rounds", "N", "Rounds of the search.")] = 2,
    consumers: Annotated[
        int, whole_number("--consumers", "N", "People of the worlds that are tried.")
    ] = 3_000,
    settings: Settings = None,
    seed: Seed = None,
    jobs: Jobs = None,
    out: Out = "results",
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Fit what is free to three rows of the evidence, or to the facts of an own platform."""
    _check_limits(1, _MOST_SEEDS, replicates=replicates, rounds=rounds, jobs=jobs)
    _check_limits(1, _MOST_PEOPLE, consumers=consumers)
    if targets is not None and (scenario != "baseline" or settings or seed is not None):
        problem = "the file names scenario and settings"
        wait_to_be_told(Problem("--targets", problem=problem, hint="give them there"))
    from sim.evidence.calibration import calibrate as fit
    from sim.evidence.measured_runs import MeasuredRuns
    from sim.evidence.targets import default_wish, read_wish
    from sim.experiments.analyses import keep_analysis
    from sim.experiments.checks import check_lived
    from sim.experiments.store import RunStore
    from sim.report.evidence_text import calibration_text

    if targets is None:
        wish = default_wish(chosen_scenario(scenario, settings, seed=seed, also=check_lived))
    else:
        with told_together():
            wish = read_wish(targets)
            check_lived(wish.scenario)
        refuse_mistakes()
    store = RunStore(out)
    store.prepare(wish.scenario.name)
    with shown_progress("calibrate", quiet) as progress:
        runs = MeasuredRuns(store, wish.scenario.name)
        document = fit(wish, runs, replicates, consumers, rounds, jobs, progress)
    kept = keep_analysis(store, wish.scenario.name, "calibrate", document, {})
    _print_kept(kept, calibration_text, as_json)


@commands.command(rich_help_panel=EVIDENCE, epilog="Example: sharesim validate")
def validate(
    context: typer.Context,
    scenario: ScenarioArgument = "baseline",
    row: Annotated[
        str | None,
        typer.Option(metavar="V1…V14c", help="Show one row and the runs behind it."),
    ] = None,
    stored: Stored = None,
    replicates: Annotated[int, whole_number("--replicates", "R", "Seeds of the scenario.")] = 4,
    points: Annotated[
        int, whole_number("--points", "N", "Points of the plausible region; 0 for none.")
    ] = 32,
    settings: Settings = None,
    consumers: Consumers = None,
    weeks: Weeks = None,
    seed: Seed = None,
    jobs: Jobs = None,
    out: Out = "results",
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Hold runs against patterns of the field: measured, band, hit or miss."""
    _check_limits(1, _MOST_SEEDS, replicates=replicates, jobs=jobs)
    _check_limits(0, _MOST_POINTS, points=points)
    from sim.evidence.patterns import PATTERNS
    from sim.experiments.analyses import keep_analysis, open_analysis
    from sim.experiments.checks import check_lived
    from sim.report.evidence_text import validation_text

    _check_known("--row", row, [pattern.row for pattern in PATTERNS])
    if stored is not None:
        _check_alone(context, "row")
        refuse_mistakes()
        kept = open_analysis(stored, "validate")
    else:
        chosen = chosen_scenario(scenario, settings, consumers, weeks, seed, also=check_lived)
        from sim.evidence.measured_runs import MeasuredRuns
        from sim.evidence.validation import Reach, Validation
        from sim.experiments.store import RunStore

        store = RunStore(out)
        store.prepare(chosen.name)
        with shown_progress(f"validate {chosen.name}", quiet) as progress:
            asked = Validation(chosen, Reach(replicates=replicates, points=points))
            made, tables = asked.judge(MeasuredRuns(store, chosen.name), jobs, progress)
        kept = keep_analysis(store, chosen.name, "validate", made, tables)
    _print_kept(kept, lambda told: validation_text(told, row), as_json)


@commands.command(rich_help_panel=EVIDENCE, epilog="Example: sharesim claims --claim C3")
def claims(
    context: typer.Context,
    scenario: ScenarioArgument = "baseline",
    claim: Annotated[
        str | None,
        typer.Option(metavar="C1…C10", help="Show one claim and the runs behind it."),
    ] = None,
    stored: Stored = None,
    replicates: Annotated[int, whole_number("--replicates", "R", "Seeds of every world.")] = 10,
    repeats: Annotated[
        int, whole_number("--repeats", "R", "Seeds with an assumption neutralised.")
    ] = 6,
    screening: Annotated[
        int,
        whole_number("--screening", "R", "Seeds with one parameter at an end; 0 leaves this out."),
    ] = 2,
    maps: Annotated[
        int,
        whole_number(
            "--maps",
            "R",
            "Seeds in every cell of the maps, over half of the large runs; 0 leaves them out.",
        ),
    ] = 4,
    settings: Settings = None,
    consumers: Consumers = None,
    weeks: Weeks = None,
    seed: Seed = None,
    jobs: Jobs = None,
    out: Out = "results",
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Judge the ten claims: verdict, effect, interval, n, and when it flips."""
    _check_limits(1, _MOST_SEEDS, replicates=replicates, repeats=repeats, jobs=jobs)
    _check_limits(0, _MOST_SEEDS, screening=screening, maps=maps)
    if screening == 1:
        hint = "give 0, or 2 or more to tell moves from luck"
        wait_to_be_told(Problem("--screening", problem="1 seed tells no move", hint=hint))
    if maps in (1, 2):
        hint = "give 0, or 3 or more"
        wait_to_be_told(Problem("--maps", problem="so few seeds decide nothing", hint=hint))
    from sim.evidence.claims.board import CLAIMS
    from sim.experiments.analyses import keep_analysis, open_analysis
    from sim.experiments.checks import check_lived
    from sim.report.evidence_text import claims_text

    _check_known("--claim", claim, [one.name for one in CLAIMS])
    if stored is not None:
        _check_alone(context, "claim")
        refuse_mistakes()
        kept = open_analysis(stored, "claims")
    else:
        chosen = chosen_scenario(scenario, settings, consumers, weeks, seed, also=check_lived)
        from sim.evidence.claims.judging import judge_claims
        from sim.evidence.claims.plan import Sizes
        from sim.evidence.measured_runs import MeasuredRuns
        from sim.experiments.store import RunStore

        store = RunStore(out)
        store.prepare(chosen.name)
        sizes = Sizes(replicates, repeats, maps, screening_replicates=screening)
        with shown_progress(f"claims {chosen.name}", quiet) as progress:
            runs = MeasuredRuns(store, chosen.name)
            made, tables = judge_claims(chosen, runs, sizes, jobs=jobs, progress=progress)
        kept = keep_analysis(store, chosen.name, "claims", made, tables)
    _print_kept(kept, lambda told: claims_text(told, claim), as_json)


@commands.command(
    rich_help_panel=EVIDENCE, epilog="Example: sharesim verify  or  sharesim verify cases.json"
)
def verify(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[CASES.json…]", help="Files of cases; without, the shipped ones."),
    ] = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Answer cases with known answers by the product's own code, cascades by the engine."""
    from sim.evidence.known_answers import judge_all, read_all, shipped_cases
    from sim.report.verdicts import count_line, verdict_line

    cases = read_all(files) if files else shipped_cases()
    if not cases:
        raise InputError("verify: there are no cases in these files")
    place = sys.stderr if as_json else sys.stdout

    def tell(verdict: dict[str, object]) -> None:
        if not (as_json and quiet):
            print(one_line(verdict_line(verdict)), file=place, flush=True)

    document = judge_all(cases, tell)
    if as_json:
        print_json(document)
    else:
        print(count_line(document))
    if document["passed"] < len(cases):
        raise typer.Exit(1)

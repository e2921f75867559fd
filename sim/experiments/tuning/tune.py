"""Tuning: the best lever values of a market with their uncertainty, kept as an analysis."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.experiments.analyses import Analysis, keep_analysis
from sim.experiments.checks import Mistakes, check_lived, checked_options, settings_not_heard
from sim.experiments.crew import Crew
from sim.experiments.errors import RunError
from sim.experiments.files import hash_of
from sim.experiments.long_waits import refuse_too_many, warn_of_a_long_wait
from sim.experiments.progress import Progress, Silence
from sim.experiments.store import RunSpec, RunStore, plain_values
from sim.experiments.tuning.evaluate import Counted, Runs
from sim.experiments.tuning.levers import Lever, levers_of
from sim.experiments.tuning.moves import check_uncertainties, moves_of, n_runs_of_moves
from sim.experiments.tuning.quantities import (
    check_together,
    constraint_of,
    objective_of,
)
from sim.experiments.tuning.results import Found, document_of, tables_of
from sim.experiments.tuning.search import Question, search
from sim.markets import market_named
from sim.scenario import Scenario, without_effect

SHORT_RUN = 12
"""Weeks of the short run, where a run has more."""
FEWEST_RUNS = 20
"""Runs below which nothing can be said."""


@dataclass(frozen=True)
class Request:
    """What is asked of a tuning, as it is written on the command line."""

    levers: Sequence[str]
    objectives: Sequence[str]
    constraints: Sequence[str] = ()
    horizons: Sequence[int] = ()
    """In weeks; by default 12 and the whole run."""
    market: str | None = None
    """By default the one that the first lever belongs to, else referral."""
    against: str | None = None
    """Market compared with; by default ads, or referral where ads are tuned."""
    runs: int = 200
    moves: int = 3
    """How many decisive uncertainties the recommendation is made again for, each at two ends."""
    uncertainties: Sequence[str] = ()
    """Which ones; without any the most decisive are looked for."""
    smallest: float | None = None
    """Smallest effect that matters, in units of the objective; by default 1 % of it."""


def tune_levers(
    scenario: Scenario,
    request: Request,
    store: RunStore,
    engine: str | None = None,
    threads: int | None = None,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Analysis:
    """The tuning of a scenario; runs already stored are reused, and its search goes on."""
    question, market, against = question_of(scenario, request)
    options = checked_options(engine, threads, False, [market, against], jobs=jobs)
    store.prepare(scenario.name)
    n_moves = _n_moves(request, question.levers)
    examples = [RunSpec(scenario, name, question.seed) for name in (market, against)]
    warn_of_a_long_wait(examples, question.budget + n_moves, options, jobs)
    names = {name for each in question.objectives for _, name in each.terms}
    names |= {each.quantity for each in question.constraints}
    with Crew() as crew:
        runs = Runs(
            scenario,
            market,
            against,
            question.levers,
            question.horizons,
            frozenset(names),
            store,
            options,
            jobs,
            Counted(progress or Silence(), question.budget + n_moves),
            crew,
        )
        sample = search(
            question, runs.measure, _storage(store, scenario, question, market, against)
        )
        found = Found(question, sample, request.smallest)
        optimum = found.main.optimum
        moves = []
        if n_moves and optimum.best is not None:
            moves = moves_of(
                question,
                runs,
                found.main.point,
                request.uncertainties,
                request.moves,
                optimum.smallest,
            )
    document = {
        "scenario": scenario.name,
        "values": plain_values(scenario),
        "market": market,
        "against": against,
        **document_of(found, moves),
        "notes": [f"left out: {line}" for line in runs.failures],
        "runs": list(runs.made.values()),
    }
    return keep_analysis(store, scenario.name, "tune", document, tables_of(found, moves))


def _n_moves(request: Request, levers: Sequence[Lever]) -> int:
    return n_runs_of_moves(request.moves, len(request.uncertainties), len(levers))


def question_of(scenario: Scenario | None, request: Request) -> tuple[Question, str, str]:
    """What is looked for, the market that is tuned, and the one it is compared with.

    RunError tells all mistakes at once. Where mistakes leave open which scenario is meant, there is
    none: then only what needs none is checked.
    """
    mistakes = Mistakes()
    tried = mistakes.tried
    levers: tuple[Lever, ...] = tried(levers_of, request.levers) or ()
    objectives = tuple(tried(objective_of, text) for text in request.objectives)
    constraints = tuple(tried(constraint_of, text) for text in request.constraints)
    tried(check_together, [each for each in constraints if each is not None])
    if not 1 <= len(objectives) <= 2:
        mistakes.append("tune: name one objective, or two for a Pareto front")
    named = [each.terms for each in objectives if each is not None]
    if len(set(named)) < len(named):
        mistakes.append(f"objective {request.objectives[0]!r}: is given twice")
    tried(check_uncertainties, request.uncertainties, levers)
    varied = dict.fromkeys([*(lever.key for lever in levers), *request.uncertainties])
    if scenario is not None:
        for problem in without_effect(scenario, varied):
            mistakes.append(f"tune: {problem}")
    tried(check_lived, scenario)
    weeks = max(request.horizons, default=1) if scenario is None else scenario.run.weeks
    horizons = tuple(sorted(set(request.horizons or (min(SHORT_RUN, weeks), weeks))))
    for horizon in request.horizons:
        if not 1 <= horizon <= weeks:
            reach = f"no week from 1 to {weeks}, the length of a run"
            reach = "below the lowest value 1" if scenario is None else reach
            mistakes.append(f"horizon: {horizon} is {reach}")
    if request.runs < FEWEST_RUNS:
        mistakes.append(f"runs: {request.runs} is below the lowest value {FEWEST_RUNS}")
    if request.moves < 0:
        mistakes.append(f"moves: {request.moves} is below the lowest value 0")
    tried(refuse_too_many, "tune", request.runs + _n_moves(request, levers))
    if request.smallest is not None and not 0 < request.smallest < float("inf"):
        mistakes.append(f"smallest effect: {request.smallest:g} is not above 0")
    section = levers[0].key.split(".")[0] if levers else ""
    market = section if section in ("referral", "ads", "hybrid") else "referral"
    market = market if request.market is None else request.market
    against = "referral" if market == "ads" else "ads"
    against = against if request.against is None else request.against
    for name in (market, against):
        try:
            market_named(name)
        except ValueError as error:
            mistakes.append(f"market: {error}")
    unheard = settings_not_heard((market,), varied, "tune {}")  # the other runs as it is
    mistakes += [f"tune: {problem}" for problem in unheard]
    if market == against:
        mistakes.append(f"against: {against} is the market that is tuned: name another")
    if mistakes:
        raise RunError(*mistakes)
    scenario = scenario or Scenario()
    values = scenario.values()
    present = tuple(float(values[lever.key]) for lever in levers)  # type: ignore[arg-type]
    question = Question(
        levers,
        objectives,
        constraints,
        horizons,
        present,
        request.runs,
        True,
        scenario.run.seed,
    )
    return question, market, against


def _storage(
    store: RunStore, scenario: Scenario, question: Question, market: str, against: str
) -> Path:
    """Where the study of a question stands; a larger budget goes on with the same one."""
    asked = {
        "run": RunSpec(scenario, market, question.seed).key,
        "against": against,
        "levers": [[lever.key, lever.low, lever.high] for lever in question.levers],
        "objectives": [each.text for each in question.objectives],
        "constraints": [each.text for each in question.constraints],
        "horizons": list(question.horizons),
    }
    return store.folder_of(scenario.name) / "studies" / f"tune-{hash_of(asked)}.sqlite3"

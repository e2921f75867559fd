"""Finding and reading the file behind a scenario's name or path."""

from pathlib import Path

from sim.parameters.problems import Problem, ScenarioError
from sim.scenario.names import closest
from sim.scenario.values import is_utf8

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"
"""Folder of the scenarios that can be given by name."""

_SWEEPS = "sweeps/"
_LARGEST_FILE = 1_000_000


def scenario_names() -> list[str]:
    """Names of the shipped scenarios, as they can be given instead of a path."""
    return [name for name in _names() if not name.startswith(_SWEEPS)]


def sweep_names() -> list[str]:
    """Names of the shipped sweeps, as they can be given instead of a path."""
    return [name for name in _names() if name.startswith(_SWEEPS)]


def _names() -> list[str]:
    return sorted(
        path.relative_to(SCENARIOS).with_suffix("").as_posix() for path in SCENARIOS.rglob("*.toml")
    )


def find_scenario(given: str | Path, folder: Path | None = None) -> Path:
    """Path of the scenario file that is meant by a name or a path.

    A relative path starts at `folder`, else at the working directory. Raises ScenarioError.
    """
    text = str(given)
    named = SCENARIOS / f"{text}.toml"
    if isinstance(given, str) and _is_name(text) and _is_file(named):
        return named
    path = Path(given) if folder is None else folder / given
    if _is_file(path):
        if not is_utf8(path.stem):
            problem = "the name is not UTF-8"
            raise ScenarioError([Problem(text, problem=problem, hint="rename the file")])
        return path
    raise ScenarioError([_missing(text, path)])


def shown_path(path: Path) -> str:
    """The path as shown to people: relative to the working directory where it lies below it."""
    if path.is_absolute() and path.is_relative_to(Path.cwd()):
        return str(path.relative_to(Path.cwd()))
    return str(path)


def read_text(path: Path) -> str:
    """Text of a scenario file. Raises ScenarioError where there is none to be had."""
    problem, hint, line = "", "", 0
    try:
        content = path.read_bytes() if path.stat().st_size <= _LARGEST_FILE else None
        if content is None:
            problem, hint = "larger than 1 MB", "this is no scenario file"
        else:
            return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        problem, hint = "not UTF-8 text", "save the file as UTF-8"
    except OSError as error:
        problem = f"cannot be read ({error.strerror})"
    raise ScenarioError([Problem(shown_path(path), line, "", problem, hint)])


def _is_name(text: str) -> bool:
    return bool(text) and not text.endswith(".toml") and not text.startswith((".", "/", "~"))


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _is_dir(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _missing(given: str, path: Path) -> Problem:
    if not given:
        return Problem(problem="the name of the scenario is empty", hint="name one, like baseline")
    if _is_dir(path):
        return Problem(given, problem="a folder, not a file", hint="give a scenario file")
    if _exists(path):
        return Problem(given, problem="a device or a pipe, not a file", hint="save it as a file")
    if not _is_name(given) and (SCENARIOS / Path(given).name).is_file():
        name = Path(given).stem
        return Problem(given, problem="no such file", hint=f"the shipped scenario is named {name}")
    guess = closest(Path(given).stem, [*scenario_names(), *sweep_names()])
    shipped = ", ".join(scenario_names())
    hint = f"did you mean {guess}?" if guess else f"shipped scenarios are {shipped}"
    kind = "no such scenario" if _is_name(given) else "no such file"
    return Problem(given, problem=kind, hint=hint)

"""What to say about a name that does not exist."""

from collections.abc import Iterable
from difflib import get_close_matches

from sim.parameters import PARAMETERS, SECTIONS
from sim.parameters.problems import Problem

TABLE_OF_PARAMETERS = "docs/parameters.md lists all keys"


def closest(word: str, names: Iterable[str]) -> str | None:
    """The one of `names` that `word` most likely stands for, or None."""
    matches = get_close_matches(word.lower(), list(names), n=1, cutoff=0.6)
    return matches[0] if matches else None


def unknown_section(section: str) -> Problem:
    """What is wrong with a section that does not exist."""
    guess = closest(section, [*SECTIONS, "sweep"])
    hint = f"did you mean [{guess}]?" if guess else f"sections are {', '.join(SECTIONS)}"
    return Problem(key=section, problem="unknown section", hint=hint)


def unknown_key(key: str) -> Problem:
    """What is wrong with a key that does not exist, and which one was probably meant."""
    section, _, name = key.rpartition(".")
    return Problem(key=key, problem="unknown key", hint=_hint(section, name))


def misplaced_key(name: str) -> Problem:
    """What is wrong with a key that stands above the first section."""
    if closest(name, ["extends"]):
        return Problem(key=name, problem="unknown key", hint="did you mean extends?")
    homes = _homes(name)
    hint = f"it belongs to [{homes[0]}]" if homes else "every key but extends stands in a section"
    return Problem(key=name, problem="outside a section", hint=hint)


def _homes(name: str) -> list[str]:
    return [parameter.section for parameter in PARAMETERS.values() if parameter.name == name]


def _hint(section: str, name: str) -> str:
    if name == "extends":
        return "extends stands above the first section"
    if section in SECTIONS:
        own = [entry.name for entry in PARAMETERS.values() if entry.section == section]
        guess = closest(name, own)
        if guess and name not in {entry.name for entry in PARAMETERS.values()}:
            return f"did you mean {section}.{guess}?"
    homes = _homes(name)
    if homes:
        return f"did you mean {homes[0]}.{name}?"
    guess = closest(f"{section}.{name}", PARAMETERS)
    return f"did you mean {guess}?" if guess else TABLE_OF_PARAMETERS

"""The order of the tests: lower rooms first, so that the first failure is nearest to its cause."""

import re
import signal
import tomllib
from pathlib import Path

import pytest
from hypothesis import settings

# The first example of a property may have to compile; the same examples every time, so that a
# failure is never met by chance.
settings.register_profile("project", deadline=None, derandomize=True)
settings.load_profile("project")

TESTS = Path(__file__).parent

# A shell that starts the tests in the background makes them ignore Ctrl-C, and all they start too.
signal.signal(signal.SIGINT, signal.default_int_handler)


def rooms_from_low_to_high() -> list[str]:
    """The rooms of `sim`, as the import contract orders them, then the whole product's tests."""
    with open(TESTS.parent / "pyproject.toml", "rb") as file:
        contracts = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    return [*re.findall(r"\w+", " ".join(reversed(layers))), "docs", "app", "truth", "e2e"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sorts the tests by the room they are about; those of no room (style, set-up) come first."""
    rooms = rooms_from_low_to_high()

    def step(item: pytest.Item) -> int:
        top = item.path.relative_to(TESTS).parts[0]
        name = top.removeprefix("test_").removesuffix(".py")
        return rooms.index(name) if name in rooms else -1

    items.sort(key=step)

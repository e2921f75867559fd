"""What a parameter says about itself: default, unit, limits, plausible range, kind, source, help.

Each parameter of the model is stated once, as a field of a frozen dataclass made by `parameter`.
The loader's checks, error messages, the table in the docs, the sliders of the app and the bounds
of sweeps are all read from that one statement.
"""

from dataclasses import dataclass, field, fields
from typing import Any, Literal, cast

Value = bool | int | float | str | tuple[str, ...]
Kind = Literal["lever", "uncertainty", "constant"]
Type = Literal["boolean", "integer", "real", "text", "list"]

ID_LIMIT = 2**31 - 1
"""Largest count of anything that has an id or a price in fen: they are stored in 32 bits."""
WEEK_LIMIT = 2**16 - 1
"""Most weeks of a run: ties note the week of their last evidence in 16 bits."""

_TYPES: dict[Any, Type] = {
    bool: "boolean",
    int: "integer",
    float: "real",
    str: "text",
    tuple[str, ...]: "list",
}


@dataclass(frozen=True)
class Parameter:
    """One parameter with everything that is known about it; `key` is `section.name`."""

    key: str
    type: Type
    default: Value
    unit: str
    low: float | None
    high: float | None
    plausible: tuple[float, float] | None
    choices: tuple[str, ...]
    kind: Kind
    source: str
    help: str

    @property
    def section(self) -> str:
        """Name of the section the parameter stands in."""
        return self.key.split(".")[0]

    @property
    def name(self) -> str:
        """Name of the parameter within its section."""
        return self.key.split(".")[1]

    @property
    def numeric(self) -> bool:
        """Whether the value is a number, so that it can be given a range."""
        return self.type in ("integer", "real")


def parameter(
    default: Value,
    *,
    unit: str,
    kind: Kind,
    source: str,
    help: str,
    low: float | None = None,
    high: float | None = None,
    plausible: tuple[float, float] | None = None,
    choices: tuple[str, ...] = (),
) -> Any:
    """Dataclass field that states one parameter.

    `low` and `high` are hard limits: a value outside them is refused. `plausible` only feeds
    sliders and sweeps. `source` begins with `measured:`, `calibrated:`, `cited:` or `assumed:`.
    """
    metadata = {
        "unit": unit,
        "low": low,
        "high": high,
        "plausible": plausible,
        "choices": choices,
        "kind": kind,
        "source": source,
        "help": help,
    }
    return field(default=default, metadata=metadata)


def parameters_of(section: str, group: type) -> list[Parameter]:
    """The parameters that the dataclass `group` states for `section`, in order of statement."""
    return [
        Parameter(
            key=f"{section}.{entry.name}",
            type=_TYPES[entry.type],
            default=cast(Value, entry.default),
            **entry.metadata,
        )
        for entry in fields(group)
    ]

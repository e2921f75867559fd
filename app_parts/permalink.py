"""Links that open a page as it was left: one codec between settings and the query of an address.

A link names its version, the language, the page by its path, and every setting in full by the key
of its parameter, so that it means the same in every language and after a change of defaults. What
comes from an address is never trusted: numbers are clipped to what the app offers, unknown names
are dropped, and one notice says politely how much of it could not be used.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

import streamlit as st

from app_parts.language import language
from sim.parameters import PARAMETERS, Parameter, Value

VERSION = "1"
FIRST_PAGE = "start"
"""The page that opens without a path."""
LONGEST = 6_000
"""Most characters of a query that are looked at."""
_OWN = ("v", "lang")
#: Nobody may name a file of the server in a link.
_NEVER = ("network.file",)
#: Session state: what the link of the visit said, by page, and what a link to here must say.
_ASKED, _TOLD, _NOTICE = "link_asked", "link_told", "link_notice"


@dataclass(frozen=True)
class Settings:
    """Settings read from a link: values that can be used as they stand, and what was mended."""

    values: Mapping[str, Value] = field(default_factory=dict)
    mended: tuple[str, ...] = ()
    """Keys of parameters whose value was clipped or could not be read."""
    unknown: int = 0
    """Entries that name no parameter."""
    refused: bool = False
    """Whether the link as a whole cannot be read: too long, or of another version."""

    @property
    def faultless(self) -> bool:
        """Whether everything could be used as it stood."""
        return not (self.mended or self.unknown or self.refused)


def query_of(values: Mapping[str, Value]) -> dict[str, str]:
    """Settings as entries of a query, in the order of the parameters."""
    entries = {key: _text(values[key]) for key in PARAMETERS if key in values and key not in _NEVER}
    return {"v": VERSION, **entries} if entries else {}


def settings_of(
    query: Mapping[str, str], ranges: Mapping[str, tuple[float, float]] | None = None
) -> Settings:
    """Settings that stand in a query; `ranges` are narrower than the limits of the parameters."""
    given = {key: text for key, text in query.items() if "." in key}
    if not given:
        return Settings()
    if query.get("v") != VERSION or sum(len(k) + len(v) for k, v in query.items()) > LONGEST:
        return Settings(refused=True)
    values: dict[str, Value] = {}
    mended, unknown = [], 0
    for key, text in given.items():
        parameter = PARAMETERS.get(key)
        if parameter is None or key in _NEVER:
            unknown += 1
            continue
        value, as_it_stood = _value(parameter, text, (ranges or {}).get(key))
        if value is not None:
            values[key] = value
        if not as_it_stood:
            mended.append(key)
    return Settings(values, tuple(mended), unknown)


def arrive(page: str) -> None:
    """Keep what the address says when a page is opened through a link; pages read it by `asked`."""
    state = st.session_state
    if _ASKED not in state:
        query = {name: str(value) for name, value in st.query_params.items()}
        state[_ASKED] = {page: query}
    state[_TOLD] = (page, {})


def asked(page: str) -> Mapping[str, str]:
    """Query with which this visit opened that page; empty where it came another way."""
    return dict(st.session_state.get(_ASKED, {}).get(page, {}))


def tell(page: str, **entries: str) -> None:
    """Say what a link to the page as it stands must carry; called by the page as it is drawn."""
    st.session_state[_TOLD] = (page, entries)


def link() -> str:
    """Address of the page as it stands."""
    page, entries = st.session_state.get(_TOLD, ("", {}))
    base = str(st.context.url or "").split("?")[0].rstrip("/")
    query = urlencode({"lang": language(), **entries}, safe=",:/")
    root = base.removesuffix(f"/{page}") if page else base
    path = "" if page == FIRST_PAGE else page  # the first page has no path of its own
    return f"{root}/{path}?{query}"


def _text(value: Value) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.12g}"
    return ",".join(value) if isinstance(value, tuple) else str(value)


def _value(
    parameter: Parameter, text: str, within: tuple[float, float] | None
) -> tuple[Value | None, bool]:
    """The value that a text stands for, and whether it could be used as it stood."""
    if parameter.type == "boolean":
        return (text == "yes", True) if text in ("yes", "no") else (None, False)
    if parameter.type == "list":
        names = tuple(dict.fromkeys(filter(None, text.split(","))))
        good = tuple(name for name in names if name in parameter.choices)
        return good, good == names
    if parameter.type == "text":
        return (text, True) if text in parameter.choices else (None, False)
    try:
        number = float(text)
    except ValueError:
        return None, False
    if math.isnan(number):
        return None, False
    low, high = within or (parameter.low, parameter.high)
    low, high = -math.inf if low is None else low, math.inf if high is None else high
    clipped = min(max(number, low), high)
    if parameter.type == "integer":
        whole = round(clipped)
        return whole, whole == number
    return float(clipped), clipped == number

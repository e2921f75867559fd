"""Links that open a page as it was left: one codec between settings and the query of an address.

A link names its version, the language, the page by its path, and every setting in full by the key
of its parameter, so that it means the same in every language and after a change of defaults. What
comes from an address is never trusted: numbers are clipped to what the app offers, unknown names
are dropped, and one notice says politely that not all of it could be used. A page that draws asks
for what it knows by name; what nobody asked for is what the page does not offer.
"""

import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

import streamlit as st

from app_parts.language import LANGUAGES, language
from sim.parameters import PARAMETERS, Parameter, Value

VERSION = "1"
FIRST_PAGE = "start"
"""The page that opens without a path."""
LONGEST = 6_000
"""Most characters of a query that are looked at."""
#: Nobody may name a file of the server in a link.
_NEVER = ("network.file",)
#: What messengers and campaigns append to any link; nobody has asked for it.
_APPENDED = re.compile(r"utm_\w+|\w*clid|from|isappinstalled|scene|clicktime|enterid|nsukey|spm")
#: Session state: the address that opened the visit, and what a link to here must say.
_OPENED, _TOLD = "link_opened", "link_told"


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


@dataclass
class _Opened:
    """The address that opened a visit, and what came of it."""

    page: str
    query: Mapping[str, str]
    known: set[str] = field(default_factory=set)
    """Names that the page asked for."""
    mended: bool = False
    refused: bool = False
    notice: str | None = None
    """Key of the text that says what could not be used; None until the page was drawn once."""


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
    """Begin to draw a page; what the address says when the visit begins is kept for it."""
    state = st.session_state
    if _OPENED not in state:
        given = st.query_params.items()
        query = {name: str(text) for name, text in given if not _APPENDED.fullmatch(name)}
        state[_OPENED] = _Opened(page, query)
    state[_TOLD] = (page, {})
    if page != state[_OPENED].page:
        state[_OPENED].notice = ""  # the visitor has gone on
    asked_one("lang", LANGUAGES)
    asked_one("v", (VERSION,))


def asked(name: str) -> str | None:
    """What the link that opened this page gives by that name; None where it gives nothing."""
    opened = _opened()
    opened.known.add(name)
    return opened.query.get(name)


def asked_one(name: str, options: Collection[str]) -> str | None:
    """The option the link asks for by that name; None, and a notice, where it is none of these."""
    text = asked(name)
    if text is not None and text not in options:
        mend()
        return None
    return text


def asked_some(name: str, options: Collection[str], most: int | None = None) -> Sequence[str]:
    """Those of the options that the link lists by that name, at most so many."""
    listed = list(dict.fromkeys(filter(None, (asked(name) or "").split(","))))
    good = [option for option in listed if option in options][:most]
    if good != listed:
        mend()
    return good


def asked_settings(ranges: Mapping[str, tuple[float, float]]) -> Mapping[str, Value]:
    """The settings of the model in the link, each within its range."""
    opened = _opened()
    opened.known |= {name for name in opened.query if "." in name}
    read = settings_of(opened.query, ranges)
    opened.mended |= not read.faultless
    opened.refused |= read.refused
    return read.values


def mend() -> None:
    """Let the notice say that something of the link could not be used as it stands."""
    _opened().mended = True


def expect(*names: str) -> None:
    """Names that a link to this page may hold, though the page as it stands does not ask them."""
    _opened().known.update(names)


def notice() -> str:
    """Key of the text on what the link asked for in vain, or nothing; once the page is drawn."""
    opened = _opened()
    if opened.notice is None:
        wrong = opened.mended or set(opened.query) - opened.known
        opened.notice = "link.refused" if opened.refused else "link.mended" if wrong else ""
    return opened.notice


def tell(**entries: str) -> None:
    """Say what a link to the page as it stands must carry, besides what was told before."""
    state = st.session_state
    page, told = state.get(_TOLD, ("", {}))
    state[_TOLD] = (page, {**told, **entries})


def _opened() -> _Opened:
    """The address that opened the visit if it was that of this page, else one that asks nothing."""
    page, _ = st.session_state.get(_TOLD, ("", {}))
    opened = st.session_state.get(_OPENED)
    return opened if opened is not None and opened.page == page else _Opened(page, {}, notice="")


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

"""The language of a visit, and every text of the app from one catalogue a language."""

import re
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import streamlit as st

LANGUAGES: Mapping[str, str] = {"zh": "中文", "en": "English"}
"""Languages by code, each named in itself; the first is spoken to visitors we know nothing of."""

FOLDER = Path(__file__).parent / "text"
#: Session state: the language of the visit, and whether it was chosen rather than guessed.
LANGUAGE, CHOSEN = "language", "language_chosen"

_SINGULAR = {"people": "person"} | {
    f"{thing}s": thing
    for thing in (
        *("week", "step", "pair", "run", "buyer", "post", "purchase", "reading", "time", "tie"),
        *("setting", "world", "parameter", "input", "pattern", "minute"),
    )
}
#: A lone 1 and what is counted.
_ONE = re.compile(rf"((?<![\d.,])1 (?:paired |simulated )?)({'|'.join(_SINGULAR)})\b")

_PERCENT = re.compile(r"(?<=[\d>]) %")


def t(key: str, /, **values: object) -> str:
    """The text of that key in the language of the visit, its places filled."""
    text = catalogue(language())[key]
    return _tidy(text.format(**values) if values else text)


def _tidy(text: str) -> str:
    """The text with one of a thing in the singular, and with no line that begins with a % sign.

    Only the English catalogue has such words and a space there.
    """
    text = _ONE.sub(lambda found: found[1] + _SINGULAR[found[2]], text)
    return _PERCENT.sub("\N{NO-BREAK SPACE}%", text)


def has_text(key: str) -> bool:
    """Whether there is a text of that key."""
    return key in catalogue(language())


def language() -> str:
    """Code of the language of the visit."""
    return str(st.session_state.get(LANGUAGE, next(iter(LANGUAGES))))


def settle_language() -> None:
    """Find the language of a new visit: asked for by the link, else the browser's, else Chinese."""
    asked = st.query_params.get("lang", "")
    state = st.session_state
    if LANGUAGE not in state:
        state[LANGUAGE] = asked if asked in LANGUAGES else of_browser(_accepted())
        state[CHOSEN] = asked in LANGUAGES
    if state[CHOSEN] and asked != state[LANGUAGE]:
        st.query_params["lang"] = state[LANGUAGE]


def choose_language(code: str) -> None:
    """Go on in that language; the address says so from now on."""
    st.session_state[LANGUAGE] = code
    st.session_state[CHOSEN] = True


def of_browser(accepted: str) -> str:
    """First language of an Accept-Language header that the app speaks, else Chinese."""
    wanted = []
    for place, entry in enumerate(accepted.split(",")):
        name, _, weight = entry.partition(";")
        number = re.fullmatch(r"\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*", weight)
        wanted.append((-float(number[1]) if number else -1.0, place, name.strip()[:2].lower()))
    codes = [code for _, _, code in sorted(wanted) if code in LANGUAGES]
    return codes[0] if codes else next(iter(LANGUAGES))


@lru_cache(maxsize=len(LANGUAGES))
def catalogue(code: str) -> Mapping[str, str]:
    """Every text in one language by its key, `section.name`; one file for each page."""
    texts: dict[str, str] = {}
    for path in sorted((FOLDER / code).glob("*.toml")):
        with path.open("rb") as file:
            texts.update(flat(tomllib.load(file)))
    return texts


def flat(table: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """Texts of nested tables by their keys joined by dots."""
    texts: dict[str, str] = {}
    for name, entry in table.items():
        if isinstance(entry, dict):
            texts.update(flat(entry, f"{prefix}{name}."))
        else:
            texts[prefix + name] = str(entry).strip()
    return texts


def _accepted() -> str:
    return st.context.headers.get("Accept-Language") or st.context.locale or ""

"""Both catalogues say the same things, each in its own language."""

import ast
import re
import string
import tomllib
from pathlib import Path

import pytest

from app_parts import charts, language, presets, sections, settings
from app_parts.claim_words import words_key
from app_parts.parameters import unit_key
from sim.evidence.claims.board import CLAIMS
from sim.figures.style import MARKETS
from sim.parameters import PARAMETERS
from sim.report.overview import OF_WEEKS

ROOT = Path(__file__).parents[2]
CATALOGUES = {code: language.catalogue(code) for code in language.LANGUAGES}
CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
#: What stays Latin in Chinese: names of scenarios and parameters, places, and what Plotly fills.
LATIN = re.compile(r"%\{[^}]*\}|\{\w+\}|<extra></extra>|reward、trust、quality|\b(?:CSV|JSON|MB)\b")


def places(text):
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name)


def test_the_same_keys_stand_in_both_in_the_same_order():
    assert list(CATALOGUES["zh"]) == list(CATALOGUES["en"])


@pytest.mark.parametrize("key", [key for key in CATALOGUES["en"] if not key.endswith("hover")])
def test_the_same_places_stand_in_both(key):
    assert places(CATALOGUES["zh"][key]) == places(CATALOGUES["en"][key])


def test_no_text_stands_in_two_files_of_a_language():
    for code in language.LANGUAGES:
        keys = []
        for path in sorted((language.FOLDER / code).glob("*.toml")):
            keys += language.flat(tomllib.loads(path.read_text(encoding="utf-8")))
        assert len(keys) == len(set(keys))


def test_no_text_is_empty():
    assert not [key for texts in CATALOGUES.values() for key, text in texts.items() if not text]


def test_no_chinese_in_the_english_catalogue():
    assert not {key for key, text in CATALOGUES["en"].items() if CHINESE.search(text)}


def test_no_english_in_the_chinese_catalogue():
    words = {
        key: re.findall(r"[A-Za-z]{2,}", LATIN.sub("", text))
        for key, text in CATALOGUES["zh"].items()
    }
    assert not {key: found for key, found in words.items() if found}


def keys_in_code():
    """Every key that the code names in full, and the patterns of those it puts together."""
    for path in [ROOT / "app.py", *ROOT.glob("app_pages/*.py"), *ROOT.glob("app_parts/*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield re.escape(node.value)
            elif isinstance(node, ast.JoinedStr):
                parts = (p.value if isinstance(p, ast.Constant) else None for p in node.values)
                yield "".join(r"[\w.-]+" if part is None else re.escape(part) for part in parts)


def test_every_text_is_used():
    patterns = [re.compile(pattern) for pattern in set(keys_in_code()) if "." in pattern]
    unused = [key for key in CATALOGUES["en"] if not any(p.fullmatch(key) for p in patterns)]
    assert not unused


@pytest.mark.parametrize("code", language.LANGUAGES)
def test_everything_that_is_named_has_a_name(code):
    texts = CATALOGUES[code]
    assert all(f"part.{part}" in texts for part in charts.PARTS)
    assert all(f"preset.{name}.title" in texts for name in presets.PRESETS)
    assert all(code in style.labels for style in MARKETS.values())
    assert all(topic.outcome in OF_WEEKS for topic in sections.TOPICS.values())
    assert all(f"knob.{key}.{part}" in texts for key in settings.KNOBS for part in ("name", "help"))


@pytest.mark.parametrize("code", language.LANGUAGES)
def test_every_unit_of_a_parameter_has_a_text(code):
    assert not {unit_key(entry) for entry in PARAMETERS.values()} - set(CATALOGUES[code])


def test_every_shipped_scenario_has_a_card():
    shipped = {path.stem for path in (ROOT / "scenarios").glob("*.toml")}
    assert shipped == set(presets.PRESETS)


@pytest.mark.parametrize(
    ("accepted", "code"),
    [
        ("en-GB,en;q=0.9", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("fr-FR,fr;q=0.9,en;q=0.5", "en"),
        ("en;q=0.3,zh-TW;q=0.7", "zh"),
        ("fr", "zh"),
        ("", "zh"),
        ("zh;q=high,;;,en", "zh"),
    ],
)
def test_the_browser_is_asked_before_chinese_is_taken(accepted, code):
    assert language.of_browser(accepted) == code


@pytest.mark.parametrize(
    ("n", "told"),
    [
        ("1", "One post, 1 buyer, 1 step, 1 week"),
        ("21", "One post, 21 buyers, 21 steps, 21 weeks"),
        ("1,001", "One post, 1,001 buyers, 1,001 steps, 1,001 weeks"),
    ],
)
def test_one_of_a_thing_is_told_in_the_singular(monkeypatch, n, told):
    monkeypatch.setattr(language, "language", lambda: "en")
    assert language.t("cascade.title", size=n, steps=n, weeks=n) == told
    people = language.t("worlds.size", people=n)
    assert people == ("1 person" if n == "1" else f"{n} people")


def test_no_line_begins_with_a_percent_sign(monkeypatch):
    monkeypatch.setattr(language, "language", lambda: "en")
    assert "95\N{NO-BREAK SPACE}% intervals" in language.t("chart.caption", n=4)


def test_every_text_that_code_asks_for_is_there():
    asked = re.compile(r'\bt\(\s*"([\w.-]+)"')
    paths = [*ROOT.glob("app_pages/*.py"), *ROOT.glob("app_parts/*.py"), ROOT / "app.py"]
    named = {key for path in paths for key in asked.findall(path.read_text(encoding="utf-8"))}
    assert named and not named - set(CATALOGUES["en"])


def test_every_statement_of_a_claim_stands_in_both_as_it_is_made():
    said = set()
    for claim in CLAIMS:
        said |= {claim.against, *filter(None, [claim.needs])}
        said |= {neutral.assumption for neutral in claim.favoured_by}
        said |= {text for part in claim.parts for text in (part.outcome, part.unit)}
        for asked in claim.maps:
            said |= {asked.over, asked.part.outcome, *(axis.name for axis in asked.axes)}
            steps = {step.words for axis in asked.axes for step in axis.steps}
            said |= {words for words in steps if any(map(str.isalpha, words))}
    known = {text for key, text in CATALOGUES["en"].items() if key.startswith("claim_words.")}
    assert known == said
    assert all(CATALOGUES["en"][words_key(text)] == text for text in said)


@pytest.mark.parametrize("code", language.LANGUAGES)
def test_every_parameter_has_a_name_of_its_own(code):
    texts = CATALOGUES[code]
    names = [
        texts[name if (name := f"knob.{key}.name") in texts else f"parameter.{key}"]
        for key in PARAMETERS
    ]
    assert len(set(names)) == len(names)
    assert max(map(len, names)) < 40

"""The list of checks of the web app, `docs/app_checks.md`: its figures, kept and written into it.

A figure of a check is what was measured last; beside it stands how the tests it names ended.
"""

import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent.parent
LIST = ROOT / "docs" / "app_checks.md"
FIGURES = ROOT / "docs" / "app_checks.json"
TESTS = ("tests/app", "tests/figures")


@dataclass
class Figures:
    """Figures by check, and the bars that were missed."""

    found: dict[str, str] = field(default_factory=dict)
    missed: list[str] = field(default_factory=list)

    def keep(self, check: int, what: str, value: float, bar: float, unit: str) -> None:
        """Keep a figure that must not exceed its bar."""
        good = value <= bar
        line = f"{what} {value:,.4g} {unit} (bar {bar:,g})"
        self._add(check, line, good)

    def keep_fact(self, check: int, what: str, holds: bool) -> None:
        """Keep a fact that must hold."""
        self._add(check, what if holds else f"NOT: {what}", holds)

    def _add(self, check: int, line: str, good: bool) -> None:
        known = self.found.get(str(check))
        self.found[str(check)] = f"{known}; {line}" if known else line
        if not good:
            self.missed.append(f"{check}: {line}")
        print(f"{'ok  ' if good else 'MISS'} {check:2} {line}", flush=True)


def tests_by_file() -> dict[str, str]:
    """How the tests of the app ended, by the name of their file: “12 passed”."""
    with tempfile.TemporaryDirectory() as place:
        report = Path(place) / "tests.xml"
        command = [sys.executable, "-m", "pytest", "-q", *TESTS, f"--junitxml={report}"]
        subprocess.run(command, cwd=ROOT, check=False, stdout=subprocess.DEVNULL)
        cases = ElementTree.parse(report).getroot().iter("testcase")
    counts: dict[str, Counter[str]] = {}
    for case in cases:
        file = str(case.get("classname")).split(".")[-1] + ".py"
        ended = [child.tag for child in case if child.tag in ("failure", "error", "skipped")]
        counts.setdefault(file, Counter())[ended[0] if ended else "passed"] += 1
    return {
        file: ", ".join(f"{number} {what}" for what, number in sorted(count.items()))
        for file, count in counts.items()
    }


def write_list(found: Mapping[str, str], tests: Mapping[str, str]) -> None:
    """Keep the figures and the ends of tests, and put them into the list of checks."""
    known = json.loads(FIGURES.read_text(encoding="utf-8")) if FIGURES.exists() else {}
    known["figures"] = {**known.get("figures", {}), **found}
    known["tests"] = {**known.get("tests", {}), **tests}
    known["measured"] = datetime.now(UTC).date().isoformat()
    text = json.dumps(known, indent=1, ensure_ascii=False, sort_keys=True)
    FIGURES.write_text(text + "\n", encoding="utf-8")
    LIST.write_text(filled(LIST.read_text(encoding="utf-8"), known), encoding="utf-8")


def filled(page: str, known: Mapping[str, Any]) -> str:
    """The list of checks with the last figure of each in its last column."""
    lines = []
    for line in page.splitlines():
        number = re.match(r"\| (\d+) \|", line)
        if number:
            cells = line.rstrip(" |").split(" | ")[:3]
            files = dict.fromkeys(re.findall(r"test_\w+\.py", cells[2]))
            ended = [f"{file} {known['tests'][file]}" for file in files if file in known["tests"]]
            told = [known["figures"].get(number[1], ""), *ended]
            line = " | ".join([*cells, "; ".join(filter(None, told)) or "–"]) + " |"
        elif line.startswith("Figures of "):
            line = f"Figures of {known['measured']}, two cores."
        lines.append(line)
    return "\n".join(lines) + "\n"

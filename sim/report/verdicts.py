"""Verdicts on known answers, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def verdict_line(verdict: Mapping[str, Any]) -> str:
    """Return what became of one case, in a line."""
    samples = verdict["samples"]
    told = [f"{verdict['status']:<11} {verdict['family']} {verdict['case']}"]
    if samples is not None:
        told.append(f"({samples:,} samples)")
    if verdict["message"]:
        told.append(f"- {verdict['message']}")
    return " ".join(told)


def count_line(document: Mapping[str, Any]) -> str:
    """Return how many cases passed, failed and are unsupported."""
    n = len(document["cases"])
    told = [f"{document['passed']} of {n} known answers given rightly"]
    told += [f"{document[name]} {name}" for name in ("failed", "unsupported") if document[name]]
    return ", ".join(told)

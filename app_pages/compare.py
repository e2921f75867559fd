"""Saved runs: what differs between them, and how they came out."""

from app_parts import blocks
from app_parts.language import t


def show() -> None:
    """Draw the page."""
    blocks.heading(t("compare.title"), 1, t("compare.text"))

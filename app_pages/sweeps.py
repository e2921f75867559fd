"""Sweeps: where each market wins, and the verdicts on the claims."""

from app_parts import blocks
from app_parts.language import t


def show() -> None:
    """Draw the page."""
    blocks.heading(t("sweeps.title"), 1, t("sweeps.text"))

"""The lab: settings, live runs, and both markets side by side."""

from app_parts import blocks
from app_parts.language import t


def show() -> None:
    """Draw the page."""
    blocks.heading(t("lab.title"), 1, t("lab.text"))

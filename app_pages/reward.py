"""The reward rate: what each side gains from it, and which one is recommended."""

from app_parts import blocks
from app_parts.language import t


def show() -> None:
    """Draw the page."""
    blocks.heading(t("reward.title"), 1, t("reward.text"))

"""The story: the article in six steps, each guessed before it is revealed."""

from app_parts import blocks
from app_parts.language import t


def show() -> None:
    """Draw the page."""
    blocks.heading(t("story.title"), 1, t("story.text"))

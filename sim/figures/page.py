"""The sheet every figure is drawn on: title, subtitle, caption, axes, and how it becomes a file.

Figures never touch `pyplot`: no window, no global figure, nothing to close.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
from matplotlib import font_manager, style
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from sim.figures.words import NBSP, Words
from sim.measures.summary import LAST_WEEKS

WIDTH, HEIGHT, DPI = 10.0, 6.25, 160
"""Size in inches and dots an inch: 1600 × 1000 dots."""

INK, SOFT, FAINT = "#1A1A1A", "#595959", "#D9D9D9"
"""Colours of text, of text that matters less, and of lines that help the eye."""
LEFT, RIGHT = 0.065, 0.972
"""Where text begins and ends, as shares of the width."""
_CHINESE_FONTS = (
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",
    "Noto Sans SC",
    "PingFang SC",
    "Microsoft YaHei",
    "WenQuanYi Zen Hei",
)
_RULES: dict[str, Any] = {
    "axes.axisbelow": True,
    "axes.edgecolor": "#8C8C8C",
    "axes.grid": True,
    "axes.labelcolor": SOFT,
    "axes.labelsize": 12,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlesize": 12.5,
    "axes.titlelocation": "left",
    "figure.dpi": DPI,
    "font.size": 12,
    "grid.color": "#E8E8E8",
    "grid.linewidth": 0.8,
    "hatch.linewidth": 1.0,
    "legend.frameon": False,
    "savefig.dpi": DPI,
    "text.color": INK,
    "text.parse_math": False,  # names of scenarios are no formulas
    "xtick.color": "#8C8C8C",
    "xtick.labelcolor": SOFT,
    "xtick.labelsize": 11.5,
    "ytick.color": "#8C8C8C",
    "ytick.labelcolor": SOFT,
    "ytick.labelsize": 11.5,
}


@dataclass(frozen=True)
class About:
    """What a figure tells about the runs behind it."""

    scenario: str
    markets: tuple[str, ...]
    """In the order in which they are shown; the first two are contrasted."""
    seeds: tuple[int, ...]
    n_consumers: int
    weeks: int
    first_counted: int
    """First week that counts; the weeks before are warm-up."""
    words: Words

    @property
    def weeks_in_title(self) -> str:
        """Which weeks the numbers in a title are averaged over, for the caption."""
        first = max(self.first_counted, self.weeks - LAST_WEEKS)
        return self.words("title.of", first=first, last=self.weeks - 1)

    @property
    def paired(self) -> bool:
        """Whether there are two markets to contrast."""
        return len(self.markets) > 1


@dataclass(frozen=True)
class Page:
    """A figure with the words around its axes."""

    figure: Figure
    title: str
    subtitle: str
    caption: str
    top: float
    """Height, as a share of the page, below which axes may begin."""
    bottom: float
    """Height above which the caption lies."""

    def axes(
        self,
        n: int = 1,
        *,
        left: float = 0.09,
        right: float = RIGHT,
        above: float = 0.035,
        below: float = 0.1,
        gap: float = 0.3,
    ) -> list[Axes]:
        """Axes side by side between title and caption; room above and below as page shares."""
        grid = self.figure.add_gridspec(
            1,
            n,
            left=left,
            right=right,
            top=self.top - above,
            bottom=self.bottom + below,
            wspace=gap,
        )
        return [self.figure.add_subplot(grid[0, column]) for column in range(n)]


def open_page(about: About, title: str, subtitle: str, notes: Sequence[str]) -> Page:
    """A page with title and subtitle at the top and the notes as a caption at the bottom."""
    figure = Figure(figsize=(WIDTH, HEIGHT), facecolor="white")
    FigureCanvasAgg(figure)
    join = " " if about.words.lang == "en" else ""
    head = figure.text(LEFT, 0.965, "", fontsize=16.5, weight="bold", va="top", linespacing=1.2)
    wrap(head, title, about.words.lang, even=True)
    second = figure.text(LEFT, _bottom_of(head) - 0.016, "", fontsize=12.5, color=SOFT, va="top")
    wrap(second, subtitle, about.words.lang)
    caption = join.join(note for note in notes if note)
    foot = figure.text(LEFT, 0.02, "", fontsize=9.5, color=SOFT, va="bottom", linespacing=1.35)
    wrap(foot, caption, about.words.lang)
    return Page(figure, title, subtitle, caption, _bottom_of(second), _top_of(foot))


def wrap(text: Text, words: str, lang: str, *, even: bool = False) -> None:
    """Set a text in lines no wider than the page, breaking where the script may.

    With `even` the lines, no more of them, are about as wide as each other.
    """
    words = words.replace(" %", f"{NBSP}%")
    pieces = words.split(" ") if lang == "en" else _chinese_pieces(words)
    if lang == "zh" and even:
        clauses = re.split("(?<=[，；：、])", words)
        if all(_width(text, clause) <= RIGHT - LEFT for clause in clauses):
            pieces = clauses
    space = " " if lang == "en" else ""
    widths = [_width(text, piece) for piece in pieces]
    gap = _width(text, f"a{space}a") - _width(text, "aa")
    lines = _broken(pieces, widths, gap, RIGHT - LEFT)
    if even:
        for width in np.arange(0.5, 1.0, 0.02) * (RIGHT - LEFT):
            closer = _broken(pieces, widths, gap, width)
            if len(closer) == len(lines):
                lines = closer
                break
    text.set_text("\n".join(space.join(line).strip() for line in lines))


def _broken(
    pieces: Sequence[str], widths: Sequence[float], gap: float, most: float
) -> list[list[str]]:
    """The pieces in lines, each as full as it may be."""
    lines: list[list[str]] = []
    taken = 0.0
    for piece, width in zip(pieces, widths, strict=True):
        if lines and taken + gap + width <= most:
            lines[-1].append(piece)
            taken += gap + width
        else:
            lines.append([piece])
            taken = width
    return lines


def _width(text: Text, words: str) -> float:
    text.set_text(words)
    return float(_extent(text).width)


def _chinese_pieces(words: str) -> list[str]:
    """Single characters, except that Latin words, numbers and closing punctuation stay whole."""
    pieces: list[str] = []
    for sign in words:
        closing = sign in "，。；：、）%]"
        whole = pieces and ord(sign) < 0x2E80 and sign != " " and ord(pieces[-1][-1]) < 0x2E80
        if pieces and (closing or (whole and pieces[-1][-1] not in " ]%")):
            pieces[-1] += sign
        else:
            pieces.append(sign)
    return pieces


class LeftOut(Exception):
    """A figure that has nothing to show, with the reason in words."""


def caption_notes(about: About, shown: str, warm_up: str = "warm-up.left") -> list[str]:
    """Replicates, seeds, intervals, scenario and warm-up, for the caption."""
    words, n = about.words, len(about.seeds)
    if n == 1:
        runs = words("runs.pair" if about.paired else "runs.one", seeds=about.seeds[0])
    else:
        runs = words("runs.many", n=n, seeds=_spoken(about.seeds), shown=words(shown))
    return [runs, *scenario_notes(about, warm_up)]


def scenario_notes(about: About, warm_up: str = "warm-up.left") -> list[str]:
    """Scenario and warm-up, for the caption."""
    words = about.words
    notes = [
        words(
            "scenario",
            scenario=about.scenario,
            consumers=f"{about.n_consumers:,}",
            weeks=about.weeks,
        ),
    ]
    if about.first_counted:
        notes.append(words(warm_up, last=about.first_counted - 1))
    return notes


def _spoken(seeds: Sequence[int]) -> str:
    ordered = sorted(seeds)
    if len(ordered) > 2 and ordered == list(range(ordered[0], ordered[-1] + 1)):
        return f"{ordered[0]}–{ordered[-1]}"
    return ", ".join(map(str, ordered))


@cache
def _chinese_fonts() -> list[str]:
    """Those of the Chinese fonts that there are, the best first.

    Matplotlib keeps its list of fonts: one that was installed since is looked for.
    """
    manager = font_manager.fontManager
    if not set(_CHINESE_FONTS) & set(manager.get_font_names()):
        known = {font.fname for font in manager.ttflist}
        for path in set(font_manager.findSystemFonts()) - known:
            with suppress(OSError, RuntimeError):  # no font, or a broken one
                manager.addfont(path)
    there = set(manager.get_font_names())
    return [name for name in _CHINESE_FONTS if name in there]


@contextmanager
def drawing(lang: str) -> Iterator[None]:
    """The look of all figures, whatever settings a user has; within it they are made and saved."""
    families = ["DejaVu Sans"]  # comes with matplotlib: the same bytes on every machine
    if lang == "zh":
        families = [*_chinese_fonts()[:1], *families]
    with style.context(["default", {**_RULES, "font.family": families}]):
        yield


def png_of(draw: Callable[[], Page], lang: str) -> tuple[Page, bytes]:
    """A page and its PNG file; the same data give the same bytes: no date, no version."""
    with drawing(lang):
        page = draw()
        content = io.BytesIO()
        page.figure.savefig(content, format="png", metadata={"Software": None})
    return page, content.getvalue()


def write_bytes(content: bytes, path: Path) -> None:
    """Put a file in its place whole."""
    part = path.with_name(f".{uuid4().hex}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _extent(text: Text) -> Any:
    figure = text.get_figure()
    assert isinstance(figure, Figure)
    return text.get_window_extent(figure.canvas.get_renderer()).transformed(  # type: ignore[attr-defined]
        figure.transFigure.inverted()
    )


def _bottom_of(text: Text) -> float:
    return float(_extent(text).y0)


def _top_of(text: Text) -> float:
    return float(_extent(text).y1)

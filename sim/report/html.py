"""A comparison or a run as one HTML file that needs nothing else: read, printed, or sent on.

Every number is read from the stored result; decimals and units are those of the app's pages, so
page, CSV and report cannot differ.
"""

from html import escape
from pathlib import Path

from sim.experiments.errors import StoreError
from sim.experiments.files import reading
from sim.experiments.store import MANIFEST
from sim.report.html_material import of_comparison, of_run
from sim.report.html_sections import SECTIONS
from sim.report.html_words import LANGUAGES, words

_STYLE = (Path(__file__).parent / "report.css").read_text(encoding="utf-8")


def report_html(folder: Path, lang: str = LANGUAGES[0]) -> str:
    """The report of the comparison or run in that folder, as HTML text in that language.

    StoreError where none lies there, or one that is not whole.
    """
    with reading(folder, "run or comparison"):
        found = of_run(folder) if (folder / MANIFEST).exists() else of_comparison(folder)
        sections = [section(found, lang) for section in SECTIONS]
    title = escape(words(lang, "title"))
    return (
        f'<!doctype html><html lang="{"en" if lang == "en" else "zh-CN"}"><head>'
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{title}</title><style>{_STYLE}</style></head>"
        f"<body><main>{''.join(sections)}</main></body></html>\n"
    )


def newest_result(root: Path) -> Path:
    """Folder of the newest comparison under `root`; StoreError where there is none."""
    found = [*root.glob("*/compare-*/compare.json"), *root.glob("published/*/compare.json")]
    if not found:
        raise StoreError(f"{root}: no comparison lies here: make one with `sharesim compare`")
    return max(found, key=lambda path: path.stat().st_mtime_ns).parent

"""A contact sheet: every page in both languages, on a desktop and a phone, light and dark.

    python scripts/contact_sheet.py [FOLDER]

Writes one PNG a page and an `index.html` that shows them all into FOLDER (default: a folder beside
the clone's `.git`, which git does not see).
"""

import re
import sys
import tempfile
from html import escape
from pathlib import Path

from browsing import CHROMIUM, PAGES, ROOT, TOO_WIDE, chromium, served_app, settle

LANGUAGES = ("zh", "en")
SIZES = {"desktop": (1280, 900), "phone": (390, 844)}
SCHEMES = ("light", "dark")
DEFAULT = ROOT / ".git" / "contact-sheet"
STORY = ("rents", "referral", "leaders", "fission", "trust", "loss", "both")
#: Tallest shot, in pixels; a longer page is cut.
TALLEST = 6_000
#: The button that shows what a step of the story asks.
REVEAL = re.compile("^(Show me|看答案|It falls|下降)$")
HEIGHT = """() => document.querySelector('[data-testid="stMain"]').scrollHeight"""


def main() -> int:
    """Take the shots and write the sheet; 1 where a page scrolls sideways or has an error."""
    if CHROMIUM is None:
        print("there is no chromium on this machine: no contact sheet", file=sys.stderr)
        return 1
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT
    folder.mkdir(parents=True, exist_ok=True)
    paths = [
        *((page, "") for page in PAGES),
        *(("story", f"&step={step}") for step in STORY[1:]),
        *(("sweeps", f"&view={view}") for view in ("maps", "drivers")),
    ]
    wrong = []
    shots = []
    with (
        tempfile.TemporaryDirectory() as place,
        served_app(ROOT / "results", Path(place) / "log") as served,
        chromium() as browser,
    ):
        for scheme in SCHEMES:
            for size, (width, height) in SIZES.items():
                context = browser.new_context(
                    viewport={"width": width, "height": height}, color_scheme=scheme
                )
                page = context.new_page()
                page.set_default_timeout(120_000)
                for name, query in paths:
                    for lang in LANGUAGES:
                        path = "" if name == PAGES[0] else name
                        page.goto(f"{served.address}/{path}?lang={lang}{query}")
                        settle(page, 1_200)
                        for reveal in page.get_by_role("button", name=REVEAL).all():
                            reveal.click()  # a step of the story that was not guessed yet
                            page.wait_for_timeout(500)
                            settle(page, 600)
                        wanted = min(page.evaluate(HEIGHT), TALLEST)
                        page.set_viewport_size({"width": width, "height": max(wanted, height)})
                        settle(page, 600)
                        part = query.partition("=")[2]
                        file = f"{'-'.join(filter(None, (name, part)))}-{lang}-{size}-{scheme}.png"
                        page.screenshot(path=str(folder / file))
                        page.set_viewport_size({"width": width, "height": height})
                        shots.append(file)
                        if page.evaluate(TOO_WIDE):
                            wrong.append(f"{file}: scrolls sideways")
                        if page.locator('[data-testid="stException"]').count():
                            wrong.append(f"{file}: shows an exception")
                context.close()
    figures = "".join(
        f'<figure><img loading="lazy" src="{escape(shot)}" alt=""><figcaption>{escape(shot)}'
        "</figcaption></figure>"
        for shot in sorted(shots)
    )
    style = "body{display:flex;flex-wrap:wrap;gap:1rem;font:14px sans-serif}img{height:32rem}"
    (folder / "index.html").write_text(
        f"<!doctype html><meta charset=utf-8><title>Contact sheet</title><style>{style}</style>"
        f"{figures}",
        encoding="utf-8",
    )
    print(f"{len(shots)} shots: {folder / 'index.html'}")
    print(*wrong, sep="\n", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

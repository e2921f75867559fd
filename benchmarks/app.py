"""The web app against its bars, in a real browser; figures go into `docs/app_checks.md`.

    python benchmarks/app.py [--quick]

Serves the app over what is shipped, drives it with Chromium, and measures the checks that are
figures: time to an answer, to a drawn chart, to the answer of Run, to the end of a cancelled
worker; memory after twenty runs; ten visits at once. Then it runs the tests of the app, with the
long ones, and writes how they ended beside the figures (see `app_checks.py`). `--quick` makes three
runs instead of twenty and no tests. Exit 1 where a bar is missed.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

from app_checks import Figures, tests_by_file, write_list  # noqa: E402
from browsing import (  # noqa: E402
    CHROMIUM,
    TOO_WIDE,
    Served,
    axe_source,
    chromium,
    family,
    grave_findings,
    served_app,
    settle,
)

TINY = "v=1&population.n_consumers=100&run.weeks=8&run.replicates=1&run.warm_up_weeks=2"
LONG = "v=1&population.n_consumers=2000&run.weeks=104&run.replicates=8"
PATHS = ("", "story", "lab", "reward", "sweeps", "compare", "model")


def main() -> int:
    """Measure, write the list; 1 where a bar is missed or there is no browser."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="three runs instead of twenty")
    quick = parser.parse_args().quick
    if CHROMIUM is None:
        print("there is no chromium on this machine: nothing was measured", file=sys.stderr)
        return 1
    figures = Figures()
    with tempfile.TemporaryDirectory() as place, chromium() as browser:
        results = Path(place) / "results"
        results.mkdir()
        (results / "published").symlink_to(ROOT / "results" / "published")
        started = time.perf_counter()
        with served_app(results, Path(place) / "log") as served:
            first_pages(figures, browser, served, started)
            stored_slider(figures, browser, served)
            looks(figures, browser, served)
            old_results(figures, browser, served)
            switching_language(figures, browser, served)
            live_run(figures, browser, served)
            cancelled_run(figures, browser, served)
            closed_tab(figures, browser, served, quick)
            ten_visits(figures, browser, served)
            many_runs(figures, browser, served, 3 if quick else 20)
            log = served.log.read_text(errors="replace")
            figures.keep_fact(22, "no traceback in the server's log", "Traceback" not in log)
    write_list(figures.found, tests={} if quick else tests_by_file())
    return 1 if figures.missed else 0


def opened(browser: Any, served: Served, path: str, **options: Any) -> Any:
    """A page in a clean session, loaded but perhaps not settled."""
    page = browser.new_context(**options).new_page()
    page.set_default_timeout(120_000)
    page.goto(f"{served.address}/{path}")
    return page


def close(*pages: Any) -> None:
    """Close the sessions of these pages."""
    for page in pages:
        page.context.close()


def seconds_until(holds: Callable[[], bool], limit: float = 60.0, step: float = 0.02) -> float:
    """Seconds until something holds, or the limit."""
    start = time.perf_counter()
    while not holds() and time.perf_counter() - start < limit:
        time.sleep(step)
    return time.perf_counter() - start


def first_pages(figures: Figures, browser: Any, served: Served, started: float) -> None:
    """Check 1: the first answer after a cold start of the server, and warm."""
    page = opened(browser, served, "?lang=en")
    page.wait_for_selector(".answer")
    figures.keep(1, "cold start to a readable answer", time.perf_counter() - started, 5, "s")
    settle(page)
    close(page)
    times = []
    for _ in range(5):
        start = time.perf_counter()
        page = opened(browser, served, "?lang=en")
        page.wait_for_selector(".answer")
        times.append(time.perf_counter() - start)
        settle(page)
        close(page)
    figures.keep(1, "warm, median of 5", statistics.median(times), 2.5, "s")


def stored_slider(figures: Figures, browser: Any, served: Served) -> None:
    """Check 2: the stored slider of the first page, until its bars are drawn anew."""
    page = opened(browser, served, "?lang=en")
    settle(page, 1_000)
    times = []
    handle = page.get_by_role("slider").first
    for turn in range(9):
        handle.focus()
        page.evaluate(_WATCH_CHARTS)
        page.keyboard.press("ArrowRight" if turn % 2 == 0 else "ArrowLeft")
        page.wait_for_function("() => window.__drawn > window.__asked")
        page.wait_for_timeout(600)  # until nothing more is drawn
        times.append(float(page.evaluate("window.__drawn - window.__asked")))
    figures.keep(
        2, "stored slider to drawn chart, median of 9", statistics.median(times), 400, "ms"
    )
    close(page)


_WATCH_CHARTS = """() => {
    window.__drawn = window.__asked = performance.now();
    const heard = () => { window.__asked = window.__drawn = performance.now(); };
    for (const kind of ['keydown', 'pointerdown'])
        addEventListener(kind, heard, {capture: true, once: true});
    window.__watching?.disconnect();
    const seen = '.js-plotly-plot, .answer, [data-testid="stHtml"]';
    const within = (node) => (node.nodeType === 1 ? node : node.parentElement)?.closest(seen);
    const drawn = (change) => within(change.target)
        || [...change.addedNodes].some((node) => within(node) || node.querySelector?.(seen));
    window.__watching = new MutationObserver((changes) => {
        if (changes.some(drawn)) window.__drawn = performance.now();
    });
    const main = document.querySelector('[data-testid="stMain"]');
    window.__watching.observe(main, {subtree: true, childList: true, characterData: true});
}"""


def looks(figures: Figures, browser: Any, served: Served) -> None:
    """Checks 18, 19, 22: every page on a phone; axe in light and dark; requests and the console."""
    asked: list[str] = []
    told: list[str] = []
    axe = axe_source()
    grave: list[str] = []
    wide = []
    for path in PATHS:
        page = opened(browser, served, f"{path}?lang=zh", viewport={"width": 390, "height": 844})
        settle(page, 600)
        if page.evaluate(TOO_WIDE):
            wide.append(path or "start")
        close(page)
        for scheme in ("light", "dark"):
            context = browser.new_context(color_scheme=scheme)
            page = context.new_page()
            page.set_default_timeout(120_000)
            page.on("request", lambda request: asked.append(request.url))
            page.on(
                "console",
                lambda line: (
                    told.append(line.text)
                    if line.type == "error" and "/_stcore/" not in line.location.get("url", "")
                    else None
                ),
            )
            page.goto(f"{served.address}/{path}?lang=en")
            settle(page, 600)
            if axe:
                grave += grave_findings(page, axe)
            context.close()
    away = [url for url in asked if not url.startswith((served.address, "data:", "blob:"))]
    figures.keep(18, "pages that scroll sideways at 390 px", len(wide), 0, "of 7")
    if axe:
        figures.keep(19, "serious or critical findings of axe, light and dark", len(grave), 0, "")
    figures.keep(22, "requests that leave the machine", len(away), 0, f"of {len(asked)}")
    figures.keep(22, "errors on the console", len(told), 0, "")


def old_results(figures: Figures, browser: Any, served: Served) -> None:
    """Check 14: a knob moves, results are marked old."""
    page = opened(browser, served, "lab?lang=en")
    settle(page, 800)
    if not page.locator(".answer").count():
        close(page)
        return
    handle = page.get_by_role("slider").first
    handle.focus()
    start = time.perf_counter()
    page.keyboard.press("ArrowRight")
    passed = seconds_until(lambda: page.locator('[data-testid="stAlert"]').count() > 0, 10)
    figures.keep(14, "knob to “old”", 1000 * min(passed, time.perf_counter() - start), 500, "ms")
    close(page)


def switching_language(figures: Figures, browser: Any, served: Served) -> None:
    """Check 16: the switch, until the page speaks the other language."""
    page = opened(browser, served, "?lang=en")
    settle(page)
    start = time.perf_counter()
    page.get_by_text("中文", exact=True).click()
    page.wait_for_function("() => document.documentElement.lang === 'zh-CN'")
    page.wait_for_function(
        "() => /[\u4e00-\u9fff]/.test(document.querySelector('.answer').innerText)"
    )
    figures.keep(16, "switch to a page in the other language", time.perf_counter() - start, 1, "s")
    close(page)


def live_run(figures: Figures, browser: Any, served: Served) -> None:
    """Checks 3, 5, 7, 8: Run answers, other widgets and visits live on, a link opens the same."""
    page = opened(browser, served, f"lab?lang=en&{LONG}")
    settle(page, 600)
    start = time.perf_counter()
    page.get_by_role("button", name="Run both markets", exact=True).click()
    page.wait_for_function(
        """() => document.querySelector('[data-testid="stProgress"]')
            || [...document.querySelectorAll('button')].some((b) => b.innerText === 'Cancel')""",
        polling=20,
    )
    answered = time.perf_counter() - start
    figures.keep(3, "Run answers", 1000 * answered, 300, "ms")
    page.get_by_role("button", name="Cancel", exact=True).wait_for()
    figures.keep(3, "Cancel is shown", time.perf_counter() - start, 1, "s")
    figures.keep(3, "longest gap between two progress texts", _longest_gap(page), 2, "s")
    start = time.perf_counter()
    other = opened(browser, served, "?lang=en")
    other.wait_for_selector(".answer")
    figures.keep(5, "first page of another visit during a run", time.perf_counter() - start, 5, "s")
    close(other)
    start = time.perf_counter()
    page.get_by_role("tab").nth(1).click()
    page.get_by_role("tabpanel").nth(0).wait_for(state="attached")
    figures.keep(5, "another widget during a run", time.perf_counter() - start, 1, "s")
    page.get_by_role("button", name="Cancel", exact=True).click()
    page.get_by_text("Stopped.", exact=False).first.wait_for()
    close(page)


def _longest_gap(page: Any, seconds: float = 9.0) -> float:
    seen, last, longest = "", time.perf_counter(), 0.0
    end = last + seconds
    while time.perf_counter() < end:
        bar = page.locator('[data-testid="stProgress"]')
        text = bar.first.inner_text() if bar.count() else ""
        if text != seen:
            longest = max(longest, time.perf_counter() - last) if seen else longest
            seen, last = text, time.perf_counter()
        time.sleep(0.1)
    return max(longest, time.perf_counter() - last)


def cancelled_run(figures: Figures, browser: Any, served: Served) -> None:
    """Check 4: Cancel leaves no worker; a second run works."""
    before = set(family(served.process.pid))
    page = opened(browser, served, f"lab?lang=en&{LONG}")
    settle(page)
    page.get_by_role("button", name="Run both markets", exact=True).click()
    seconds_until(lambda: bool(set(family(served.process.pid)) - before), 30)
    time.sleep(2)
    page.get_by_role("button", name="Cancel", exact=True).click()
    figures.keep(4, "Cancel to the end of the worker", _gone(served, before, 20), 2, "s")
    page.get_by_text("Stopped.", exact=False).first.wait_for()
    close(page)
    figures.keep_fact(4, "a second run works", run_once(browser, served, 1))


def closed_tab(figures: Figures, browser: Any, served: Served, quick: bool) -> None:
    """Check 6: a closed tab leaves no worker after the lease."""
    if quick:
        return
    before = set(family(served.process.pid))
    page = opened(browser, served, f"lab?lang=en&{LONG}")
    settle(page)
    page.get_by_role("button", name="Run both markets", exact=True).click()
    seconds_until(lambda: bool(set(family(served.process.pid)) - before), 30)
    close(page)
    figures.keep(6, "closed tab to the end of the worker", _gone(served, before, 200), 150, "s")


def _gone(served: Served, before: set[int], limit: float) -> float:
    return seconds_until(lambda: not (set(family(served.process.pid)) - before), limit, 0.1)


def run_once(browser: Any, served: Served, seed: int) -> bool:
    """A tiny run in the lab, and whether its answer appeared."""
    page = opened(browser, served, f"lab?lang=en&{TINY}&run.seed={seed}")
    settle(page)
    page.get_by_role("button", name="Run both markets", exact=True).click()
    page.get_by_role("button", name="Cancel", exact=True).wait_for()
    page.get_by_role("button", name="Run both markets", exact=True).wait_for(timeout=240_000)
    settle(page)
    answered = bool(page.locator(".answer").count())
    close(page)
    return answered


def ten_visits(figures: Figures, browser: Any, served: Served) -> None:
    """Ten sessions open: how long the server's script runs for the first page of each."""
    contexts = []
    times = []
    for _ in range(10):
        context = browser.new_context()
        context.add_init_script(_WATCH_SCRIPT)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(120_000)
        page.goto(f"{served.address}/?lang=en")
        settle(page)
        times.append(float(page.evaluate("window.__ran")) / 1000)
    what = "script of the first page, slowest of ten visits"
    figures.keep(5, what, max(times), 1, "s")
    for context in contexts:
        context.close()


_WATCH_SCRIPT = """(() => {
    window.__ran = 0;
    let since = null;
    new MutationObserver(() => {
        const app = document.querySelector('[data-testid="stApp"]');
        const running = app && app.dataset.testScriptState === 'running';
        if (running && since === null) since = performance.now();
        if (!running && since !== null) {
            window.__ran = Math.max(window.__ran, performance.now() - since);
            since = null;
        }
    }).observe(document, {subtree: true, childList: true, attributes: true});
})();"""


def many_runs(figures: Figures, browser: Any, served: Served, n_runs: int) -> None:
    """Server memory after many runs against that after two."""
    after_two = 0.0
    for run in range(1, n_runs + 1):
        run_once(browser, served, 100 + run)
        if run == 2:
            after_two = served.memory_mb()
    growth = served.memory_mb() - after_two
    figures.keep(5, f"memory after {n_runs} runs above that after 2", growth, 150, "MB")


if __name__ == "__main__":
    sys.exit(main())

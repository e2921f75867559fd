"""The app served by a process of its own, and Chromium to look at it: for tests, benchmarks, shots.

Debian's Chromium is driven through Playwright; nothing is downloaded. Only processes started here
are ended.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
"""Path of the browser, or None where there is none."""
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
)
READY = '[data-testid="stApp"][data-test-connection-state="CONNECTED"]'
SETTLED = READY + '[data-test-script-state="notRunning"]'
"""Selector of an app that is connected and has nothing left to draw."""
TOO_WIDE = """() => [...document.querySelectorAll('[data-testid="stMain"], html')]
    .some(place => place.scrollWidth > place.clientWidth + 1)"""
"""Whether a page scrolls sideways."""
PAGES = ("start", "story", "lab", "reward", "sweeps", "compare", "model")


@dataclass(frozen=True)
class Served:
    """A served app."""

    address: str
    process: subprocess.Popen[bytes]
    log: Path

    def memory_mb(self) -> float:
        """Resident memory of the server and all it started, in MB."""
        return sum(map(_resident_kb, family(self.process.pid))) / 1024


@contextmanager
def served_app(results: Path, log: Path) -> Iterator[Served]:
    """The app over that results root on a free port of this machine."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py")]
    command += ["--server.headless=true", "--server.address=127.0.0.1", f"--server.port={port}"]
    environment = {**os.environ, "SHARESIM_RESULTS": str(results), "PYTHONPATH": str(ROOT)}
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=out, stderr=out, start_new_session=True
        )
    try:
        _wait_for(f"http://127.0.0.1:{port}/_stcore/health")
        yield Served(f"http://127.0.0.1:{port}", process, log)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)


@contextmanager
def chromium() -> Iterator[Any]:
    """A running browser."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


def settle(page: Any, quiet_ms: int = 250) -> None:
    """Wait until the app on that page has had nothing to draw for a while."""
    page.wait_for_function(
        """(quiet) => {
            const app = document.querySelector('[data-testid="stApp"]');
            const done = app && app.dataset.testScriptState === 'notRunning'
                && app.dataset.testConnectionState === 'CONNECTED'
                && document.querySelector('h1, h2')
                && !document.querySelector('[data-stale="true"], [data-testid="stSkeleton"]');
            const now = performance.now();
            if (!done) { window.__quiet = null; return false; }
            window.__quiet ??= now;
            return now - window.__quiet >= quiet;
        }""",
        arg=quiet_ms,
        polling=50,
    )


def axe_source() -> str | None:
    """The script of axe from its package; None where it is not installed."""
    found = find_spec("axe_playwright_python")
    if found is None or not found.submodule_search_locations:
        return None
    return (Path(found.submodule_search_locations[0]) / "axe.min.js").read_text(encoding="utf-8")


def grave_findings(page: Any, axe: str) -> list[str]:
    """What axe finds on that page that is serious or critical, one line each."""
    page.evaluate(axe)
    found = page.evaluate(
        "async () => (await axe.run(document, {resultTypes: ['violations']})).violations"
    )
    return [
        f"{entry['id']}: {node['html'][:160]}"
        for entry in found
        if entry["impact"] in ("serious", "critical")
        for node in entry["nodes"]
    ]


def family(pid: int) -> list[int]:
    """That process and all that came of it."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rsplit(")", 1)[1].split()[1])
        except (OSError, IndexError, ValueError):
            continue
        children.setdefault(parent, []).append(int(stat.parent.name))
    found, waiting = [], [pid]
    while waiting:
        found.append(waiting.pop())
        waiting += children.get(found[-1], [])
    return found


def _resident_kb(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS:")), 0)


def _wait_for(address: str, seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while True:
        try:
            opener.open(address, timeout=2).close()
            return
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)

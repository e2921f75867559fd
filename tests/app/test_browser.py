"""The pages in a real browser: they appear, fit a phone, change language, ask nobody else."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from tests.app.conftest import make_comparison

ROOT = Path(__file__).parents[2]
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
]
READY = '[data-testid="stApp"][data-test-connection-state="CONNECTED"]'
SETTLED = READY + '[data-test-script-state="notRunning"]'
TOO_WIDE = """() => [...document.querySelectorAll('[data-testid="stMain"], html')]
    .some(place => place.scrollWidth > place.clientWidth + 1)"""

if CHROMIUM is None:
    pytest.skip("there is no chromium on this machine", allow_module_level=True)
sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """Address of the app, served from a small stored comparison by a process of its own."""
    folder = tmp_path_factory.mktemp("served")
    make_comparison(folder / "published" / "quick", effect=0.05)
    make_comparison(folder / "published" / "mask-sellers", effect=-0.05, name="mask-sellers")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py")]
    command += ["--server.headless=true", "--server.address=127.0.0.1", f"--server.port={port}"]
    environment = {**os.environ, "SHARESIM_RESULTS": str(folder), "PYTHONPATH": str(ROOT)}
    with open(folder / "log", "wb") as log:
        server = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True
        )
    try:
        wait_for(f"http://127.0.0.1:{port}/_stcore/health")
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(10)
    assert "Traceback" not in (folder / "log").read_text(errors="replace")


def wait_for(url, seconds=40):
    end = time.monotonic() + seconds
    while True:
        try:
            return urllib.request.urlopen(url, timeout=2).close()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


@pytest.fixture(scope="module")
def browser():
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(browser, address):
    """Opens a page and, at the end, sees that nothing failed and nobody else was asked."""
    contexts, failures = [], []

    def open_page(path="", width=1280, height=900, locale="en-US"):
        context = browser.new_context(viewport={"width": width, "height": height}, locale=locale)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("pageerror", lambda error: failures.append(str(error)))
        page.on("console", lambda told: failures.extend([told.text] * is_error(told)))
        page.on(
            "request",
            lambda asked: failures.extend(
                [asked.url] * (not asked.url.startswith((address, "data:", "blob:", "ws:")))
            ),
        )
        page.goto(f"{address}/{path}")
        settle(page)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not failures


def is_error(told):
    """Whether the console tells of an error; on a deep link the front end looks for its server."""
    return told.type == "error" and "/_stcore/" not in told.location.get("url", "")


def settle(page):
    page.wait_for_selector(SETTLED)
    page.wait_for_function("() => document.querySelector('h1')")
    assert not page.locator('[data-testid="stException"]').count()


def test_the_first_page_says_its_sentence_and_draws_its_charts(visit):
    page = visit("?lang=en")
    page.wait_for_selector(".answer")
    assert "shoppers gain more in the referral market" in page.inner_text(".answer")
    page.wait_for_function("() => document.querySelectorAll('.js-plotly-plot').length === 1")
    assert page.evaluate("document.documentElement.lang") == "en"


def test_the_language_follows_the_browser_and_the_switch(visit):
    page = visit(locale="zh-CN")
    page.wait_for_function("() => document.documentElement.lang === 'zh-CN'")
    assert "消费者" in page.inner_text(".answer")
    page.get_by_role("radio", name="Mask").or_(page.get_by_text("面膜党").first).click()
    page.wait_for_function("() => document.querySelector('.answer').innerText.includes('低于')")
    page.get_by_text("English", exact=True).click()
    page.wait_for_function("() => document.documentElement.lang === 'en'")
    page.wait_for_function("() => document.querySelector('.answer').innerText.includes('less')")
    assert "lang=en" in page.url and "result=mask-sellers" in page.url


@pytest.mark.parametrize("path", ["?lang=en", "?lang=zh", "model?lang=en"])
def test_a_phone_shows_the_page_without_sideways_scroll(visit, path):
    page = visit(path, width=390, height=844)
    assert not page.evaluate(TOO_WIDE)
    if "model" not in path:
        top = page.locator(".answer strong").first.bounding_box()
        assert top["y"] < 844


def test_the_link_of_a_result_works_in_a_clean_session(visit):
    page = visit("?lang=en&result=mask-sellers")
    page.wait_for_selector(".answer")
    assert "At a reward of 25" in page.inner_text(".answer")

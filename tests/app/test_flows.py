"""What people do with the app, in a real browser, on what is shipped and on runs of their own."""

import json
import os
import re
import time

import pytest
from browsing import PAGES, TOO_WIDE, axe_source, family, grave_findings, served_app, settle

from tests.app.conftest import Visitor, shipped_results

pytestmark = pytest.mark.slow
TINY = "v=1&population.n_consumers=100&run.weeks=8&run.replicates=2&run.warm_up_weeks=2"
LONG = "v=1&population.n_consumers=2000&run.weeks=104&run.replicates=8"
STEPS = ("rents", "referral", "leaders", "fission", "trust", "loss", "both")


@pytest.fixture(scope="module")
def served(browser, tmp_path_factory):
    """The app over what is shipped, with room for runs of its own."""
    folder = shipped_results(tmp_path_factory.mktemp("flows"))
    with served_app(folder, folder / "log") as served:
        yield served
    assert "Traceback" not in (folder / "log").read_text(errors="replace")


def path_of(name):
    return "" if name == "start" else name


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def run_tiny(visit):
    """A lab with the result of a tiny run of its own."""
    page = visit(f"lab?lang=en&{TINY}")
    button(page, "Run both markets").click()
    button(page, "Cancel").wait_for()
    button(page, "Run both markets").wait_for(timeout=240_000)
    settle(page)
    page.wait_for_selector(".answer")
    return page


def shared_link(page):
    button(page, "Share").click()
    link = page.get_by_role("dialog").locator("code").inner_text().strip()
    page.keyboard.press("Escape")
    return link


def test_a_run_is_made_saved_compared_shared_and_downloaded(visit, served):
    page = run_tiny(visit)
    answer = page.inner_text(".answer")
    page.get_by_role("textbox", name="Name").fill("<img src=x onerror=alert(1)>")
    button(page, "Save").click()
    page.get_by_text("onerror", exact=False).first.wait_for()
    with page.expect_download() as download:
        button(page, "JSON").click()
    exported = json.loads(download.value.path().read_text(encoding="utf-8"))
    assert exported
    link = shared_link(page)
    again = visit(link.removeprefix(f"{served.address}/"))
    again.wait_for_selector(".answer")
    assert again.inner_text(".answer") == answer
    chinese = visit(link.removeprefix(f"{served.address}/").replace("lang=en", "lang=zh"))
    chinese.wait_for_selector(".answer")
    assert numbers_in(chinese.inner_text(".answer")) == numbers_in(answer)
    compare = visit("compare?lang=en")
    compare.get_by_text("<img src=x onerror=alert(1)>").first.wait_for()
    assert not compare.locator("img[onerror]").count()


def until(holds, seconds=30):
    """Wait for something that happens inside a component, where page functions do not see."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.1)


def numbers_in(text):
    return sorted(re.findall(r"[+\N{MINUS SIGN}]?\d+\.\d+", text))


def test_cancel_leaves_nothing_running_and_another_run_works(visit, served):
    before = set(family(served.process.pid))
    page = visit(f"lab?lang=en&{LONG}")
    button(page, "Run both markets").click()
    button(page, "Cancel").wait_for(timeout=10_000)
    end = time.monotonic() + 60
    while not set(family(served.process.pid)) - before and time.monotonic() < end:
        time.sleep(0.1)
    assert set(family(served.process.pid)) - before
    button(page, "Cancel").click()
    page.get_by_text("Stopped.", exact=False).first.wait_for()
    time.sleep(2)
    left = [
        pid for pid in set(family(served.process.pid)) - before if os.path.exists(f"/proc/{pid}")
    ]
    assert not left
    run_tiny(visit)


@pytest.mark.parametrize("page", PAGES)
def test_a_hostile_link_is_answered_politely(visit, page):
    hostile = (
        "v=1&referral.reward_rate=nan&run.weeks=1e999&run.seed=-5&nobody.knows=1&sharing.annoyance="
        "%3Cscript%3Ealert(1)%3C/script%3E&network.file=/etc/passwd&step=%3Cb%3E&result=../../etc"
        f"&view=zz&runs={'x' * 9_000}"
    )
    opened = visit(f"{path_of(page)}?lang=en&{hostile}")
    assert not opened.locator("script:has-text('alert(1)')").count()
    assert opened.get_by_text("root:x:").count() == 0
    assert opened.locator('[data-testid="stAlert"]').count() == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("evil.json", b'{"format_version": 1, "values": {"run.weeks": "<script>"}'),
        ("evil.json", b"\x80\x04\x95pickle"),
        ("evil.csv", b"=1+1,2\n<script>,4\n"),
        ("empty.csv", b""),
    ],
)
def test_a_hostile_upload_is_refused_in_words(visit, name, content):
    page = visit("lab?lang=en")
    page.get_by_text("Bring your own settings or network").click()
    field = page.locator('input[type="file"]').last
    field.set_input_files({"name": name, "mimeType": "text/plain", "buffer": content})
    page.locator('[data-testid="stAlert"]').first.wait_for()
    assert not page.locator('[data-testid="stException"]').count()


def test_an_upload_that_is_too_large_is_refused(visit):
    page = visit("lab?lang=en")
    page.get_by_text("Bring your own settings or network").click()
    field = page.locator('input[type="file"]').last
    big = {"name": "big.csv", "mimeType": "text/csv", "buffer": b"1,2\n" * 1_600_000}
    field.set_input_files(big)
    page.get_by_text("5.0MB", exact=False).first.wait_for()


@pytest.mark.parametrize("step", ["rents", "referral", "leaders", "fission", "loss", "both"])
def test_the_story_is_guessed_before_it_is_told(visit, step):
    page = visit(f"story?lang=en&step={step}")
    assert not page.locator(".story-answer").count()
    button(page, "Show me").click()
    page.wait_for_selector(".story-answer")
    button(page, "Guess again").click()
    button(page, "Show me").wait_for()


def test_the_story_stays_at_the_step_it_went_on_to(visit):
    page = visit("story?lang=en")
    button(page, "Next: A referral").click()
    second = page.get_by_role("radio", name="2 A referral", checked=True)
    second.wait_for()
    button(page, "Show me").click()
    button(page, "Show me").wait_for(state="detached")
    settle(page)
    assert second.count() and page.get_by_text("What does one post bring?").count()
    page.get_by_text("中文", exact=True).click()
    page.get_by_role("radio", name="2 推荐", checked=True).wait_for()


def test_a_click_on_the_map_chooses_its_cell(visit):
    page = visit("sweeps?lang=en&view=maps")
    cell = page.locator('[data-testid="stSelectbox"] input').nth(2)
    before = cell.input_value()
    area = page.locator(".js-plotly-plot .nsewdrag").first
    place = {"x": area.bounding_box()["width"] - 60, "y": 40}
    area.hover(position=place)
    page.wait_for_timeout(300)  # Plotly clicks on what it has seen hovered
    area.click(position=place)
    until(lambda: cell.input_value() != before)


def test_the_player_plays_steps_and_scrubs_by_keyboard_alone(visit):
    page = visit("story?lang=en&step=fission")
    button(page, "Show me").click()
    player = page.locator(".player")
    player.wait_for()
    settle(page)
    player.locator(".play").focus()
    page.keyboard.press("Enter")
    scrub = player.locator(".scrub")
    until(lambda: float(scrub.input_value()) > 2)
    page.keyboard.press("Enter")
    stopped = scrub.input_value()
    player.locator(".forward").focus()
    page.keyboard.press("Enter")
    assert float(scrub.input_value()) > float(stopped)
    scrub.focus()
    page.keyboard.press("ArrowLeft")
    week = scrub.get_attribute("aria-valuetext")
    page.keyboard.press("ArrowRight")
    assert scrub.get_attribute("aria-valuetext") != week
    page.keyboard.press("End")
    total = player.locator('[data-name="reads"]').inner_text()
    page.get_by_text("The numbers as a table").first.click()
    reads = page.locator("table").first.locator("tbody tr td:nth-child(3)").all_inner_texts()
    whole = sum(int(cell.replace(",", "")) for cell in reads)
    assert whole == int(total.replace(",", ""))


def test_still_pictures_where_motion_is_unwelcome(browser, served):
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"{served.address}/story?lang=en&step=fission")
    settle(page)
    button(page, "Show me").click()
    page.locator(".player .play").click()
    scrub = page.locator(".player .scrub")
    until(lambda: float(scrub.input_value()) > 0)
    assert float(scrub.input_value()) % 20 == 0
    context.close()


def test_an_explanation_opens_at_its_parameter(visit):
    page = visit("model?lang=en#sharing.annoyance")
    page.wait_for_function(
        """() => { const box = document.getElementById('sharing.annoyance')
            ?.getBoundingClientRect(); return box && box.top >= 0 && box.top < innerHeight; }"""
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_nothing_grave_keeps_anybody_out(visit, name, scheme):
    axe = axe_source()
    if axe is None:
        pytest.skip("axe-playwright-python is not installed")
    page = visit(f"{path_of(name)}?lang=en", scheme=scheme, height=2_000)
    assert not grave_findings(page, axe)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_phone_shows_every_step_without_sideways_scroll(visit, step, lang):
    page = visit(f"story?lang={lang}&step={step}", width=390, height=844)
    assert not page.evaluate(TOO_WIDE)


@pytest.mark.parametrize("name", [name for name in PAGES if name != "start"])
def test_a_phone_shows_every_page_without_sideways_scroll(visit, name):
    page = visit(f"{name}?lang=zh", width=390, height=844)
    assert not page.evaluate(TOO_WIDE)


def test_visits_do_not_share_what_is_chosen(browser, served):
    first, second = Visitor(browser, served.address), Visitor(browser, served.address)
    one = first("story?lang=en&step=trust")
    other = second("story?lang=zh")
    assert "When friends turn into sellers" in one.inner_text("h2")
    assert "广告费" in other.inner_text("h2")
    for visitor in (first, second):
        for context in visitor.contexts:
            context.close()

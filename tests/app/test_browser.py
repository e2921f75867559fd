"""The pages in a real browser: they appear, fit a phone, change language, ask nobody else."""

import pytest
from browsing import TOO_WIDE


def test_the_first_page_says_its_sentence_and_draws_its_bars(visit):
    page = visit("?lang=en")
    page.wait_for_selector(".answer")
    assert "shoppers gain more in the referral market" in page.inner_text(".answer")
    bars = page.get_by_role("img", name="Two bars from 0 to 100 yuan")
    bars.wait_for()
    widths = [piece.bounding_box()["width"] for piece in bars.locator(".piece").all()]
    assert len(widths) == 10 and min(widths) > 5
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


@pytest.mark.parametrize("path", ["?lang=en", "?lang=zh", "model?lang=en", "story?lang=zh"])
def test_a_phone_shows_the_page_without_sideways_scroll(visit, path):
    page = visit(path, width=390, height=844)
    assert not page.evaluate(TOO_WIDE)
    if path.startswith("?"):
        top = page.locator(".answer strong").first.bounding_box()
        assert top["y"] < 844


def test_the_link_of_a_result_works_in_a_clean_session(visit):
    page = visit("?lang=en&result=mask-sellers")
    page.wait_for_selector(".answer")
    assert "At a reward of 25" in page.inner_text(".answer")


@pytest.mark.parametrize("lang", ["zh", pytest.param("en", marks=pytest.mark.slow)])
def test_the_report_speaks_the_language_of_the_visit(visit, lang):
    page = visit(f"compare?lang={lang}")
    name = {"en": "Report", "zh": "报告"}[lang]
    with page.expect_download() as download:
        page.get_by_role("button", name=name, exact=True).click()
    assert f'<html lang="{lang}' in download.value.path().read_text(encoding="utf-8")


def test_the_drawer_of_a_phone_can_be_closed_and_closes_behind_a_page(visit):
    page = visit("?lang=en", width=390, height=844)
    expand = page.get_by_role("button", name="Expand sidebar")
    expand.click()
    page.get_by_role("button", name="Collapse sidebar").click()
    expand.click()
    page.get_by_test_id("stSidebar").get_by_role("link", name="Model").click()
    page.wait_for_url("**/model*")
    expand.click()  # a drawer that is open covers it
    assert page.evaluate("document.documentElement.lang") == "en"


def test_a_card_opens_the_lab_in_the_same_visit(visit):
    page = visit("?lang=en")
    page.evaluate("window.sameVisit = true")
    page.locator(".st-key-open_mask-sellers button").press("Enter")
    page.wait_for_url("**/lab*")
    page.get_by_text("Run both markets yourself").wait_for()
    assert page.evaluate("window.sameVisit")


def test_a_path_that_is_no_page_leads_to_the_first_with_a_notice(visit):
    page = visit("nonsense?lang=en")
    page.get_by_text("asks for something this page does not offer").wait_for()
    assert "Pay people who recommend" in page.inner_text("h1")
    assert not page.get_by_role("dialog").count()

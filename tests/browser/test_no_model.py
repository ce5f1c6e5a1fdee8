"""Without a key and with nothing installed the app opens, says how to get a model, and edits."""

from playwright.sync_api import Browser, expect

from tests.browser.conftest import App
from tests.browser.hands import all_cards, canvas
from tests.shapes import shape


def test_a_missing_key_is_told_whole_over_run(browser: Browser, bare: App) -> None:
    kept = bare.keep(shape("in > a", a={"model": "openai/gpt-4.1"}))
    for width in (1440, 1024):
        page = browser.new_page(viewport={"width": width, "height": 768})
        page.goto(f"{bare.url}/?flow={kept.id}")
        words = page.get_by_test_id("run-state").locator("[dir=auto]")
        expect(words).to_have_text(
            '"openai" has no key: set OPENAI_API_KEY and start again, or choose another model.'
        )
        assert words.evaluate("it => it.scrollHeight <= it.clientHeight")
        page.close()


def test_all_but_running_works_without_a_model(browser: Browser, bare: App) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(f"{bare.url}/?template=three_views")
    expect(canvas(page)).to_be_visible()
    expect(page.get_by_test_id("run")).to_be_disabled()
    expect(page.get_by_text("The embedded model is not installed").first).to_be_visible()
    before = all_cards(page).count()
    page.get_by_test_id("palette-agent").click()
    expect(all_cards(page)).to_have_count(before + 1)
    page.get_by_test_id("undo").click()
    expect(all_cards(page)).to_have_count(before)
    page.get_by_role("link", name="Connections").click()
    expect(page.get_by_text("OPENAI_API_KEY").first).to_be_visible()
    page.close()

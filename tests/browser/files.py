"""Files: how a person gives the page a file and takes one from it."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Download, FilePayload, Locator, Page, expect

_AT_REST = ("data-test-script-state", "notRunning")


def at_rest(page: Page) -> Page:
    """The page once it is drawn: what stands on it is not replaced under the hand."""
    expect(page.locator("[data-test-script-state]")).to_have_attribute(*_AT_REST)
    return page


def opener(page: Page) -> Locator:
    """What asks for a flow. Streamlit draws a button with a tooltip twice, one of them unseen."""
    return page.locator(".st-key-open-json button").locator("visible=true")


def give_file(page: Page, file: Path | FilePayload) -> None:
    """Choose a file at the place for files."""
    place = page.get_by_test_id("stFileUploaderDropzoneInput")
    at_rest(page)
    expect(place).to_have_count(1)  # the one before is taken away a moment after the next came
    place.set_input_files(file)


def keep_given(page: Page) -> None:
    """Press what keeps the flow that is looked at."""
    page.get_by_role("button", name="Make it mine").click()


def take_file(page: Page, press: Locator) -> Download:
    """Press what downloads a file, and wait for it."""
    expect(press).to_be_visible()
    at_rest(page)
    with page.expect_download() as caught:
        press.click()
    return caught.value


def drop_file(page: Page, target: Locator, file: Path) -> None:
    """Drop a file on something of the page, as a hand from the desktop does."""
    carried = page.evaluate_handle(
        """([name, text]) => {
            const carried = new DataTransfer();
            carried.items.add(new File([text], name));
            return carried;
        }""",
        [file.name, file.read_text("utf-8")],
    )
    for kind in ("dragover", "drop"):
        target.dispatch_event(kind, {"dataTransfer": carried})

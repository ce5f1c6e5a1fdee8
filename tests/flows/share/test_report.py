"""Report: a recorded run in Markdown."""

from flows.share.report import write_report
from tests.flows.share.stories import failed_story, renamed, story, without_end
from tests.shapes import shape


def test_a_run_is_told_with_what_ran_its_result_its_nodes_and_its_sums():
    report = write_report(story())
    assert report.startswith(
        "# shape\n\n"
        "Run 7b7b0d89 · 2025-12-06 05:46:40 UTC · model test/plain · python 3.11.7\n\n"
        "**finished** in 3.0 s · sum of calls 4.8 s · overlap 1.6× · "
        "critical path 3.0 s (a → out)\n\n"
        "## What ran\n\n```mermaid\nflowchart LR\n"
    )
    assert report.endswith(
        "## Input\n\n```text\na school garden\n```\n\n"
        "## Result\n\n```text\nIn short: A fine answer.\n```\n\n"
        "## Nodes\n\n"
        "| Node | Status | Start (s) | Time (s) | Queued (s) | Attempts | Tokens | Model |\n"
        "|---|---|--:|--:|--:|--:|--:|---|\n"
        "| a | done | 0.00 | 2.00 | 0.00 | 2 | 24 | test/plain |\n"
        "| b | done | 0.00 | 1.75 | 0.00 | 1 | 24 | test/plain |\n"
        "| out | done | 2.00 | 1.00 | 0.00 | 1 | 24 | test/plain |\n\n"
        "## Tried again\n\n"
        "- a, attempt 1, at 0.50 s: Too many requests: A fine answer. "
        "Tried again after 0.25 s.\n"
    )


def test_the_sums_of_a_run_on_the_embedded_model_say_that_its_calls_shared_a_processor():
    said = "critical path 3.0 s (a → out) · one shared processor\n"
    assert said in write_report(story(model="local/smol"))


def test_a_failed_run_says_what_failed():
    assert "\n## Errors\n\n- b: The answer was cut off.\n\n" in write_report(failed_story())


def test_a_run_that_broke_off_says_so():
    assert "**broke off** in 3.0 s" in write_report(without_end(story()))


def test_foreign_text_is_text():
    name = "| [x](javascript:y) <img src=x> *a* `b` https://x.test\n# no head"
    report = write_report(story(renamed(shape("in > a b > out"), name)))
    clean = r"\| \[x\](javascript:y) &lt;img src=x&gt; \*a\* \`b\` https\://x.test # no head"
    assert report.startswith(f"# {clean}\n\n{clean}\n\nRun ")
    assert f"\n| {clean} | done | 0.00 |" in report


def test_an_output_cannot_leave_its_fence():
    text = "before\n```\n<script>alert(1)</script>\n````\nafter"
    assert f"`````text\nIn short: {text}\n`````" in write_report(story(text=text))


def test_without_contents_nothing_said_is_in_it():
    report = write_report(story(text="sesame"), without_contents=True)
    assert [word for word in ("sesame", "garden", "test/plain", "7b7b0d89") if word in report] == []
    assert "| Agent 1 | done | 0.00 | 2.00 |" in report

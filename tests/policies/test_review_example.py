"""The example in docs/review.md: proven, its cases kept, and nothing in it that no case and no invariant would miss."""

from pathlib import Path

from tidegate import app

FOLDER = Path(__file__).parents[2] / "docs" / "examples" / "review"


def test_it_keeps_its_invariants_and_each_forbid_is_needed():
    report = app.prove_policy(app.compiled_policy(FOLDER))
    assert (report.ok, report.coverage) == (True, 1.0)


def test_its_cases_come_out_as_they_say_and_exercise_every_rule():
    report, _ = app.run_cases(app.compiled_policy(FOLDER), FOLDER)
    assert report.ok
    assert len(report.outcomes) == 7
    assert {rule for one in report.outcomes for rule in one.case.rules or ()} >= {"sensitive-data-after-a-review"}


def test_the_page_shows_the_rule_as_it_stands_there():
    page = (FOLDER.parents[1] / "review.md").read_text("utf-8")
    rules = (FOLDER / "rules.cedar").read_text("utf-8")
    shown = page.partition("```cedar\n")[2].partition("```")[0].strip()
    assert shown
    assert all(rule.strip() in rules for rule in shown.split("\n\n"))

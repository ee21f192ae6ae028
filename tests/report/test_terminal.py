from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from evaluator import Result
from evaluator.evaluation import Evaluation
from evaluator.report.answer import answer
from evaluator.report.terminal import render, render_answer
from evaluator.results import Interval, Row, RowKey, RowRole, RowStatus, Share, Verdict

ESCAPE = "\x1b"


def flat(text: str) -> str:
    return " ".join(text.split())


def test_the_answer_stands_before_the_tables_under_the_banner(evaluation: Evaluation) -> None:
    text = flat(render(evaluation))
    places = [
        text.index(part)
        for part in (
            "SYNTHETIC RECONSTRUCTION",
            "A small experiment",
            *answer(evaluation),
            "Promoted courses against other courses",
            "refused: NEW (99 counted): no history",
            "identifies: being promoted",
            "a calendar: warn (OLD) → declare it",
        )
    ]
    assert places == sorted(places)


def test_a_line_shows_what_decides(evaluation: Evaluation) -> None:
    """The interval of a course is the simultaneous one, as is its p; `a` is its finding."""
    lines = [flat(line) for line in render(evaluation).splitlines()]
    assert "all ×2.01 [1.61; 2.52] 1,234 [1,000; 1,457] <.001 raised" in lines
    assert "OLD ×2.01 [1.55; 2.62] 1,234 [1,000; 1,457] .004 raised a" in lines
    assert "NEW – – – refused" in lines
    assert "sensitivity, lift under other choices: OLD ×1.65 (1)" in lines


def test_outcomes_of_one_question_stand_in_one_table(
    evaluation: Evaluation, make_row: Callable[..., Row]
) -> None:
    """A heading each, sensitivities apart, a share in the place of the extra."""
    plain = RowKey("secondary: new learners", "OLD", method="size_adjusted_ratio")
    again = replace(plain, question="secondary: enrolled again")
    tagged = RowKey("secondary by channel: enrolled again", "all", "ads", method="share_ratio")
    share = Share(0.0445, Interval(0.0364, 0.0543, 0.95), 2044.0)
    rows = (
        make_row(key=plain),
        make_row(key=again),
        make_row(log_lift=0.5, key=replace(again, variant="other"), role=RowRole.SENSITIVITY),
        make_row(key=tagged, share=share, extra=None, status=RowStatus.DESCRIPTIVE),
    )
    told = render(replace(evaluation, rows=rows), all_rows=True)
    lines = [flat(line) for line in told.splitlines()]
    assert lines.count("Secondary outcomes: promoted courses against other courses") == 1
    table = lines[lines.index("new learners") :]
    assert table[1].startswith("OLD ×2.01 [1.61; 2.52] 1,234")
    assert table[2] == "enrolled again"
    assert table[3].startswith("OLD ×2.01 [1.61; 2.52] 1,234")
    assert "ads ×2.01 [1.61; 2.52] 4.5% [3.6; 5.4] 2,044 raised" in table


def test_other_rows_are_counted_or_shown(evaluation: Evaluation) -> None:
    few, every = render(evaluation), render(evaluation, all_rows=True)
    behind = "rows behind these: robustness 1"
    assert behind in flat(few)
    assert behind not in flat(every)
    for name in ("ranked ratio ×1.82", "reference: last 4 ×1.65"):
        assert name not in flat(few)
        assert name in flat(every)


@pytest.mark.parametrize("all_rows", [False, True])
def test_eighty_columns_hold_every_headline_row(flagship: Result, all_rows: bool) -> None:
    """Of the first question always, of the others where all is asked for."""
    rows = flagship.evaluation.rows
    text = render(flagship.evaluation, all_rows=all_rows)
    assert max(map(len, text.splitlines())) <= 80
    for row in rows:
        if row.role is RowRole.HEADLINE and (all_rows or row.key.question == rows[0].key.question):
            assert row.key.course in text
            assert flat(row.reason) in flat(text) or row.effect is not None


def test_the_other_questions_have_a_line_each(
    evaluation: Evaluation, make_row: Callable[..., Row], refused: Row
) -> None:
    """The courses together; a question about single courses says what became of these."""
    pooled = make_row(key=RowKey("a_vs_b", "all", arm="A"))
    single = make_row(key=RowKey("a_vs_b", "OLD", arm="A"))
    wave = make_row(key=RowKey("within_campaign", "NEW", "ads"), verdict=Verdict.DESCRIPTIVE)
    page = replace(refused, key=RowKey("channels", "all", "page"), reason="no wave")
    told = render(replace(evaluation, rows=(*evaluation.rows, pooled, single, wave, page)))
    lines = [flat(line) for line in told.splitlines()]
    own = lines[lines.index("The other questions, the courses together") + 2 :]
    assert own[:6] == [
        "Arm A against arm B",
        "all ×2.01 [1.61; 2.52] 1,234 [1,000; 1,457] raised",
        "Within the campaign: courses without history",
        "1 descriptive see --all",
        "Per channel",
        "page – – refused",
    ]
    assert own[6] == "refused: all page: no wave"


def test_channels_are_headings_where_each_has_several_lines(
    evaluation: Evaluation, make_row: Callable[..., Row]
) -> None:
    key = RowKey("channels", "all", "ads", method="channel_mean")
    keys = [key, replace(key, channel="mail"), replace(key, course="P")]
    keys.append(replace(key, course="P", arm="A"))
    rows = tuple(make_row(key=own) for own in keys)
    lines = render(replace(evaluation, rows=rows)).splitlines()  # the first question
    table = lines[lines.index("Per channel") + 2 :][:6]
    names = [line.partition("×")[0].rstrip() for line in table]
    assert names == ["ads", "  all", "  P", "  P, A over B", "mail", "  all"]
    only = render(replace(evaluation, rows=rows[:2])).splitlines()
    table = only[only.index("Per channel") + 2 :][:3]
    assert [line.partition("×")[0].rstrip() for line in table] == ["all", "  ads", "  mail"]


@pytest.mark.parametrize("adjusted", [True, False])
def test_p_is_called_adjusted_only_where_it_is(evaluation: Evaluation, adjusted: bool) -> None:
    rows = evaluation.rows if adjusted else evaluation.rows[:1]
    lines = [flat(line) for line in render(replace(evaluation, rows=rows)).splitlines()]
    assert f"lift extra {'p adj.' if adjusted else 'p'} verdict" in lines


def test_long_numbers_are_never_cut(evaluation: Evaluation, make_row: Callable[..., Row]) -> None:
    wide = make_row("A" * 30, 8.0, 2.0, verdict=Verdict.RAISED_UNCERTAIN)
    text = render(replace(evaluation, rows=(wide,)))
    assert "×2,981 [34.60; 256,858] 1,234 [1,000; 1,457]" in text
    assert max(map(len, text.splitlines())) <= 80


def test_escape_codes_are_for_those_who_want_them(evaluation: Evaluation) -> None:
    assert ESCAPE not in render(evaluation)
    assert ESCAPE in render(evaluation, colour=True)


def test_the_brief_form_is_banner_and_answer(evaluation: Evaluation) -> None:
    expected = " ".join(("SYNTHETIC RECONSTRUCTION", *answer(evaluation)))
    assert flat(render_answer(evaluation)) == expected


def test_what_was_written_stands_last(evaluation: Evaluation) -> None:
    text = render(evaluation, written=(Path("out/results.json"), Path("out/effects.csv")))
    assert text.splitlines()[-1] == "written: out/results.json, out/effects.csv"

"""What is not identified is said once, with the data that would identify it."""

from collections.abc import Callable
from dataclasses import replace

from evaluator import Result
from evaluator.report.unidentified import DATA, HISTORY, unidentified
from evaluator.results import Row, RowRole


def test_refusals_alike_are_one(refused: Row) -> None:
    reason = "no whole week of history: nothing before the campaign to compare with"
    rows = [
        replace(refused, reason=reason, key=replace(refused.key, course=course))
        for course in ("NEW", "NEWER")
    ]
    left = [one for one in unidentified(rows) if one.about]
    assert [(one.about, one.why, one.needed) for one in left] == [
        (("NEW", "NEWER"), reason, HISTORY)
    ]


def test_an_estimand_may_name_the_data_itself(make_row: Callable[..., Row]) -> None:
    row = make_row()
    said = "an effect of the wave. What would have identified it: a hold-out"
    own = replace(row, estimand=replace(row.estimand, not_identified=said))
    (one,) = unidentified([own])
    assert (one.what, one.needed) == ("an effect of the wave", "a hold-out")


def test_what_nobody_wrote_down_needs_what_the_row_takes_for_granted(refused: Row) -> None:
    (_, one) = unidentified([refused])
    assert one.needed == "a design in which this holds: parallel trends"


def test_other_choices_leave_nothing_open(refused: Row) -> None:
    assert unidentified([replace(refused, role=RowRole.SENSITIVITY)]) == ()


def test_all_that_the_shipped_experiment_leaves_open_has_its_data(flagship: Result) -> None:
    left = unidentified(flagship.evaluation.rows)
    assert len(left) > 20
    for one in left:
        assert one.needed in DATA.values() or "drawn at random" in one.needed, one

"""What a designed experiment says of itself: courses left out, and what chance decided."""

from collections.abc import Callable
from pathlib import Path

from evaluator.experiment.assignment import Assignment, AssignmentRule, Drawn
from evaluator.experiment.protocol import Source
from evaluator.report.explain.declared import design
from evaluator.resolve import Resolved

Small = Callable[..., Resolved]
COUNTED = (Source("enrolments", "counts", (Path("counts.csv"),)),)


def test_courses_left_out_and_assignments_are_told(small: Small) -> None:
    pairs = Drawn(AssignmentRule.MATCHED_PAIRS, (("P", "Q"),))
    again = Drawn(AssignmentRule.RE_RANDOMISED, (), "mean size alike to 5%")
    assignment = Assignment(3, countries=again, order=pairs, courses=Drawn(AssignmentRule.NONE))
    told = " ".join(design(small(left_out=2, assignment=assignment, sources=COUNTED)))
    assert "No promotion reached 2 courses more: O12 and O13." in told
    assert "paid and organic promotion was drawn by chance (matched pairs, within P, Q)." in told
    assert "arm A was drawn by chance (re-randomised, until mean size alike to 5%)." in told
    assert "Which courses are promoted, and which left out, was chosen." in told
    without = " ".join(design(small(sources=COUNTED)))
    assert "No promotion reached" not in without
    assert "by chance" not in without

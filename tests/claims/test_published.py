"""Each way in which a published claim is recomputed, on figures that can be worked out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from evaluator.claims import Claim, Standing, check_claims, published_claims
from evaluator.claims.arithmetic import LENGTHS
from evaluator.claims.two_shares import difference
from evaluator.comparisons import Planned
from evaluator.errors import DataError
from evaluator.experiment.protocol import Span
from evaluator.experiment.published import (
    Arithmetic,
    Obtained,
    OfCounts,
    OfRow,
    Operation,
    Proportion,
    Published,
)
from evaluator.inference.distributions import StudentT
from evaluator.resolve import Resolved
from evaluator.results import (
    Amount,
    Effect,
    Estimand,
    Extra,
    Interval,
    NotRun,
    Row,
    RowKey,
    RowRole,
    RowStatus,
    Verdict,
)

HOLDS, FAILS, APART = Standing.HOLDS, Standing.FAILS, Standing.INCOMPARABLE
NOISE, MISSING = Standing.WITHIN_NOISE, Standing.NOT_REPORTED
Q1, Q4 = Span(date(2022, 1, 1), date(2022, 3, 31)), Span(date(2021, 10, 1), date(2021, 12, 31))
Q2 = Span(date(2022, 1, 1), date(2022, 6, 30))
PEOPLE = "% of people"


def said(name: str, value: float | str | None, unit: str = "%", **rest: Any) -> Published:
    return Published(name, value, unit, source="p. 1", **rest)


def share(name: str, value: float | str, of: float | str | None, **rest: Any) -> Published:
    asked = Proportion(of, against=rest.pop("against", None))
    return said(name, value, PEOPLE, recompute=asked, **rest)


def follows(value: float | str, operation: Operation, *of: str, **rest: Any) -> Published:
    return said("it", value, rest.pop("unit", "%"), recompute=Arithmetic(operation, of), **rest)


def audit(make: Any, *claims: Published, rows: tuple[Row, ...] = ()) -> list[Claim]:
    resolved: Resolved = make()
    resolved = replace(resolved, protocol=replace(resolved.protocol, claims=claims))
    check_claims(resolved, [Planned(own.key, own.role, own.estimand, NotRun("")) for own in rows])
    return list(published_claims(resolved, rows, None))


SHARES: list[tuple[float | str, float | str | None, Standing, tuple[float, float] | None, str]] = [
    # printed, how many were asked, standing, Wilson's interval, what is said
    ("96%", 100, HOLDS, (90.16, 98.43), "at 100 asked"),
    ("96%", "100+", HOLDS, (90.16, 98.43), "the fewest of 100+: widest"),
    ("96%", 30, FAILS, (82.36, 99.20), "no number of 30 prints as 96%"),
    ("over 70%", 50, HOLDS, (56.25, 100.0), "at 50 asked"),
    ("17%", None, APART, None, "not stated"),
    ("17%", "fewer than 90", APART, None, "at least is not stated (fewer than 90)"),
    ("17%", "1, 600, 0000", APART, None, "“1, 600, 0000”, is no number"),
]


@pytest.mark.parametrize(("printed", "of", "holds", "ends", "why"), SHARES)
def test_a_share_of_those_asked(
    make: Any,
    printed: float | str,
    of: float | str | None,
    holds: Standing,
    ends: tuple[float, float] | None,
    why: str,
) -> None:
    (claim,) = audit(make, share("it", printed, of))
    assert claim.holds is holds
    assert why in claim.why
    interval = claim.recomputed.interval if claim.recomputed else None
    assert (interval is None) == (ends is None)
    if interval is not None:
        assert (interval.low, interval.high) == pytest.approx(ends, abs=0.01)


@pytest.mark.parametrize(
    ("first", "second", "of", "holds", "why"),
    [
        ("70%", "20%", 100, HOLDS, "50 points between"),
        ("52%", "48%", 100, NOISE, "4 points between"),
        ("70%", "20%", None, APART, "chance cannot be told"),
        ("over 70%", "fewer than 20%", None, APART, "at least 50 points"),
        ("over 70%", "fewer than 20%", 100, HOLDS, "that chance drew them is not stated"),
        ("over 20%", "fewer than 70%", 1000, APART, "no distance that is certain"),
        ("70%", "1, 600, 0000", 100, APART, "is no number"),
    ],
)
def test_a_share_beside_another(
    make: Any, first: str, second: str, of: float | None, holds: Standing, why: str
) -> None:
    pair = share("plan", first, of, against="use"), share("use", second, of)
    beside = audit(make, *pair)[1]
    assert beside.reading == "beside “use”"
    assert beside.holds is holds
    assert why in beside.why


def test_the_difference_of_two_bounds_has_no_upper_end_but_that_of_shares(make: Any) -> None:
    """Over 70% less fewer than 20% may be 100 points; at least it is 70/100 less 20/100."""
    pair = share("plan", "over 70%", 100, against="use"), share("use", "fewer than 20%", 100)
    beside = audit(make, *pair)[1]
    assert beside.recomputed is not None
    ends, least = beside.recomputed.interval, difference((70, 100), (20, 100), 0.95).hybrid
    assert ends is not None
    assert (ends.low, ends.high) == pytest.approx((100 * least.low, 100))


def test_newcombe_s_interval_stands_beside_a_difference(make: Any) -> None:
    """56/70 against 48/80, his example (a): [5.24; 33.39] points."""
    pair = share("a", "80%", 70, against="b"), share("b", "60%", 80)
    beside = audit(make, *pair)[1]
    assert beside.recomputed is not None
    ends = beside.recomputed.interval
    assert ends is not None
    assert (ends.low, ends.high) == pytest.approx((5.24, 33.39), abs=0.01)


def test_that_chance_drew_both_leaves_nothing_to_add(make: Any) -> None:
    drawn = Proportion(100, random=True, against="use"), Proportion(100, random=True)
    pair = (
        said("plan", "70%", PEOPLE, recompute=drawn[0]),
        said("use", "20%", PEOPLE, recompute=drawn[1]),
    )
    assert audit(make, *pair)[1].why == "50 points between 70% and 20%"


def test_shares_of_other_things_cannot_be_compared(make: Any) -> None:
    beside = audit(
        make,
        share("plan", "70%", 100, against="use", definition="plan to", population="L&D"),
        share("use", "20%", 100, definition="use now", population="L&D"),
    )[1]
    assert beside.holds is APART
    assert beside.differs == ("definition",)
    assert "definition differs (plan to; use now)" in beside.why


CHANGE = said("change", "+266%", window=Q1, before=Q4)
ARITHMETIC: list[tuple[Published, tuple[Published, ...], Standing, float]] = [
    # claim, what it follows from, standing, recomputed
    (follows("almost triple", Operation.FACTOR, "change", unit="×"), (CHANGE,), FAILS, 3.66),
    (follows("3.7", Operation.FACTOR, "change", unit="×"), (CHANGE,), HOLDS, 3.66),
    (follows("266%", Operation.PERCENT, "x"), (said("x", "3.66", "×"),), HOLDS, 266),
    (follows(81, Operation.MEAN, "a", "b"), (said("a", 100), said("b", 62)), HOLDS, 81),
    (follows(79, Operation.MEAN, "a", "b"), (said("a", 100), said("b", 62)), FAILS, 81),
    (follows(6085, Operation.SUM, "a", "b"), (said("a", 2677), said("b", 3408)), HOLDS, 6085),
    # Each part is rounded: 2.4 + 2.4 may print as 2 + 2 = 5.
    (follows(5, Operation.SUM, "a", "b"), (said("a", 2), said("b", 2)), HOLDS, 4),
    (follows(50, Operation.DIFFERENCE, "a", "b"), (said("a", 70), said("b", 20)), HOLDS, 50),
    (
        follows("0.31", Operation.RATIO, "a", "b", unit="EUR"),
        (said("a", "698.74", "EUR"), said("b", 2254, "enrolments")),
        *(HOLDS, 0.31),
    ),
    (follows(44, Operation.RATIO, "a", "b"), (said("a", 2677), said("b", 6085)), HOLDS, 43.99),
    (follows("56%", Operation.PER_DAY, "s"), (said("s", 53, window=Q1, before=Q4),), HOLDS, 56.4),
    (follows(81, Operation.SAME, "total"), (said("total", 63),), FAILS, 63),
]


@pytest.mark.parametrize(("claim", "others", "holds", "value"), ARITHMETIC)
def test_arithmetic(
    make: Any, claim: Published, others: tuple[Published, ...], holds: Standing, value: float
) -> None:
    first = audit(make, claim, *others)[0]
    assert first.holds is holds
    assert first.recomputed is not None
    assert first.recomputed.value == pytest.approx(value, abs=0.006)


@pytest.mark.parametrize(
    ("claim", "other", "differs"),
    [
        (said("x", 10, "regions"), said("y", 10, "countries"), ("unit",)),
        (said("x", 266, window=Q1), said("y", 266, window=Q2), ("window",)),
        (
            said("x", 81, population="weekdays", definition="unweighted mean"),
            said("y", 63, population="all days", definition="total"),
            ("population", "definition"),
        ),
    ],
)
def test_what_differs_is_named(
    make: Any, claim: Published, other: Published, differs: tuple[str, ...]
) -> None:
    same = replace(claim, recompute=Arithmetic(Operation.SAME, (other.name,)))
    first, *_ = audit(make, same, other)
    assert first.holds is APART
    assert first.differs == differs
    for facet in differs:
        assert f"{facet} differs" in first.why


def test_windows_of_unlike_lengths_are_brought_to_a_day(make: Any) -> None:
    """(1 + .53) · 92/90 − 1 = 56.4%."""
    *_, last = audit(make, said("sessions", 53, window=Q1, before=Q4))
    assert last.name == LENGTHS
    assert last.differs == ("window",)
    assert "90 days against 92" in last.why
    assert "sessions 53 is +56.4% a day" in last.why
    alike = audit(make, said("sessions", 53, window=Q1, before=Q1.shifted(-90)))
    assert not [claim for claim in alike if claim.name == LENGTHS]


def test_a_weekday_has_as_many_days_as_it_has(make: Any) -> None:
    """13 Saturdays in either quarter; 12 Fridays and 14 before: (1 + 0) · 14/12 − 1 = 16.7%."""

    def on(name: str, of: OfCounts) -> Published:
        return said(name, 0, window=Q1, before=Q4, recompute=of)

    every = on("mean", OfCounts(("OLD",), by_weekday=True))
    days = [on("Saturday", OfCounts(("OLD",), (5,))), on("Friday", OfCounts(("OLD",), (4,)))]
    *_, last = audit(make, *days, every)
    assert last.why.endswith(": Friday 0 is +16.7% a day")
    alike = audit(make, days[0], every)
    assert not [claim for claim in alike if claim.name == LENGTHS]


def test_a_claim_about_days_to_come(make: Any) -> None:
    published = date(2022, 6, 14)
    early, _ = audit(make, said("it", 266, window=Q2, published=published))
    assert early.reading == "published before its window ended"
    assert early.differs == ("window",)
    assert len(audit(make, said("it", 266, window=Q1, published=published))) == 1


def test_a_malformed_figure_has_its_readings(make: Any) -> None:
    (claim,) = audit(make, said("it", "1, 600, 0000", "hits"))
    assert claim.holds is APART
    assert claim.published is None
    assert "1,600,000 or 16,000,000" in claim.why


def test_what_nothing_recomputes(make: Any) -> None:
    shown = audit(
        make, said("a", None), said("b", "25–40%", obtained=Obtained.OBSERVATIONAL), said("c", 4)
    )
    assert [claim.holds for claim in shown] == [MISSING, APART, APART]
    assert "as they chose" in shown[1].why


WINDOW, BEFORE = (
    Span(date(2023, 4, 11), date(2023, 4, 20)),
    Span(date(2023, 4, 1), date(2023, 4, 10)),
)


@pytest.mark.parametrize(
    ("value", "unit", "rest", "of", "holds"),
    [
        # OLD has 4 a day, 12 in the window; X has 2 a day throughout.
        (120, "enrolments", {}, OfCounts(("OLD",)), HOLDS),
        (140, "enrolments", {}, OfCounts(("OLD", "X")), HOLDS),
        (200, "%", {"before": BEFORE}, OfCounts(("OLD",)), HOLDS),
        ("triple", "×", {"before": BEFORE}, OfCounts(("OLD",)), HOLDS),
        ("almost double", "×", {"before": BEFORE}, OfCounts(("OLD",)), FAILS),
        (12, "a day", {}, OfCounts(("OLD",), per_day=True), HOLDS),
        # 15 and 16 April are a Saturday and a Sunday, the only ones of these ten days.
        (24, "enrolments", {}, OfCounts(("OLD",), weekdays=(5, 6)), HOLDS),
        (500, "%", {"before": WINDOW.shifted(-365)}, OfCounts(("OLD",)), APART),
    ],
)
def test_counts(
    make: Any, value: float | str, unit: str, rest: Any, of: OfCounts, holds: Standing
) -> None:
    claim, *_ = audit(make, said("it", value, unit, window=WINDOW, recompute=of, **rest))
    assert claim.holds is holds, claim.why


def test_counts_of_a_course_that_is_not_there(make: Any) -> None:
    of = OfCounts(("OLD", "OLDE"))
    with pytest.raises(DataError, match='nothing was counted for "OLDE"'):
        audit(make, said("it", 1, window=WINDOW, recompute=of))


def row(log_lift: float, scale: float, question: str = "pre_vs_campaign") -> Row:
    """A row with a lift and extra enrolments of 100 [40; 160]."""
    about = Estimand("log lift", "this with that", "an effect")
    extra = Amount(100, Interval(40, 160, 0.95), 0.01)
    return Row(
        key=RowKey(question, "OLD"),
        role=RowRole.HEADLINE,
        status=RowStatus.ESTIMATED,
        estimand=about,
        verdict=Verdict.RAISED,
        level=0.95,
        effect=Effect(log_lift, StudentT(np.array(log_lift), np.array(scale), 1e9), about),
        extra=Extra(extra, extra),
    )


ROWS: list[tuple[float, Obtained, str, str, Standing]] = [
    # published, how it was obtained, figure, question, standing beside ×1.65 [1.50; 1.82]
    (63, Obtained.BEFORE_AFTER, "percent", "pre_vs_campaign", HOLDS),
    (90, Obtained.BEFORE_AFTER, "percent", "pre_vs_campaign", FAILS),
    (63, Obtained.BEFORE_AFTER, "percent", "promoted_vs_other", APART),
    (63, Obtained.COMPARISON, "percent", "promoted_vs_other", HOLDS),
    (1.6, Obtained.COMPARISON, "lift", "promoted_vs_other", HOLDS),
    (120, Obtained.COMPARISON, "extra", "promoted_vs_other", HOLDS),
    (120, Obtained.LAST_TOUCH, "extra", "promoted_vs_other", APART),
    (120, Obtained.COUNTED, "extra", "promoted_vs_other", APART),
]


@pytest.mark.parametrize(("value", "obtained", "figure", "question", "holds"), ROWS)
def test_beside_a_row(
    make: Any, value: float, obtained: Obtained, figure: str, question: str, holds: Standing
) -> None:
    of = OfRow(question, "OLD", figure=figure)
    claim = said("it", value, "×", obtained=obtained, recompute=of)
    (found,) = audit(make, claim, rows=(row(0.5, 0.05, question),))
    assert found.holds is holds, found.why
    assert found.differs == (("definition",) if holds is APART else ())
    assert found.recomputed is not None
    assert found.recomputed.interval is not None


@pytest.mark.parametrize(
    ("status", "effect", "holds"),
    [
        (RowStatus.DESCRIPTIVE, True, APART),
        (RowStatus.DESCRIPTIVE, False, HOLDS),
        (RowStatus.ESTIMATED, True, HOLDS),
    ],
)
def test_what_is_said_as_an_effect_needs_a_row_that_identifies_one(
    make: Any, status: RowStatus, effect: bool, holds: Standing
) -> None:
    of = OfRow("pre_vs_campaign", "OLD", figure="percent")
    claim = said("it", 63, "%", obtained=Obtained.BEFORE_AFTER, effect=effect, recompute=of)
    (found,) = audit(make, claim, rows=(replace(row(0.5, 0.05), status=status),))
    assert found.holds is holds
    assert ("said as an effect" in found.why) == (holds is APART)


def test_an_interval_that_excludes_nothing_is_noise(make: Any) -> None:
    of = OfRow("pre_vs_campaign", "OLD", figure="percent")
    claim = said("it", 30, obtained=Obtained.BEFORE_AFTER, recompute=of)
    (found,) = audit(make, claim, rows=(row(0.25, 0.5),))
    assert found.holds is NOISE


@pytest.mark.parametrize(
    ("of", "what"),
    [
        (OfRow("pre_vs_campaign", "OLDE"), 'has the course "OLDE"'),
        (OfRow("pre_vs_campaign", "OLD", "ads"), 'has the channel "ads"'),
        (OfRow("pre_vs_campaign", "OLD", method="its"), 'has the method "its"'),
        (OfRow("pre_vs_campaign", "OLD", arm="A"), "is of OLD, all, A together"),
    ],
)
def test_a_row_that_is_not_there_is_an_error(make: Any, of: OfRow, what: str) -> None:
    """Before anything is estimated, with the nearest name."""
    rows = row(0.5, 0.05), replace(row(0.5, 0.05), key=RowKey("pre_vs_campaign", "NEW", arm="A"))
    with pytest.raises(DataError) as raised:
        audit(make, said("it", 30, recompute=of), rows=rows)
    assert what in str(raised.value)
    assert ('did you mean "OLD"?' in str(raised.value)) == (of.course == "OLDE")

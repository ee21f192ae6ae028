"""The promotion of the whole portfolio: whose days, which base, and what is said of it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import groupby

import numpy as np
import pandas as pd
import pytest

from evaluator.comparisons import Comparison, Planned, portfolio
from evaluator.comparisons.design import LEFT_OUT, REFERENCE, WINDOW
from evaluator.effects import Estimated, Setting, estimate
from evaluator.experiment.protocol import Channel, Course, Span, Wave
from evaluator.resolve import Resolved
from evaluator.results import NotRun, RowRole

Small = Callable[..., Resolved]
Counts = dict[str, np.ndarray]
LETTERS = {WINDOW: "W", REFERENCE: "R", LEFT_OUT: "-"}
CHANNELS = (Channel("post", "organic"), Channel("mail", "email"), Channel("ads", "paid"))
COURSES = (Course("P", "One"), Course("Q", "Two"))


def to_all(
    small: Small, *days: int, courses: tuple[Course, ...] = COURSES, **more: object
) -> Resolved:
    """A post to the portfolio on each of these days of the window, on channels of their own."""
    start = small().protocol.window.start
    waves = tuple(
        Wave(f"wave-{day}", channel, (), portfolio=True, span=Span(*[start + timedelta(day)] * 2))
        for day, channel in zip(days, ("post", "mail"), strict=False)
    )
    fields: dict[str, object] = {"waves": waves, "channels": CHANNELS, "courses": courses}
    return small(**(fields | more))


def runs(row: Planned) -> str:
    assert isinstance(row.comparison, Comparison)
    codes = row.comparison.codes[0]
    return " ".join(f"{LETTERS[int(c)]}{len(list(days))}" for c, days in groupby(codes))


DEFAULT = "default"
EIGHT, NEAR = "reference: last 8 weeks", "reference: last 8 weeks up to the wave"

# days of the waves, (courses, channel, variant) → days of each kind
CODES: dict[str, tuple[tuple[int, ...], tuple[str, str, str], str]] = {
    "a wave that opens the campaign": ((0,), ("all", "post", DEFAULT), "-28 R182 W7 -35"),
    "a wave inside: the campaign before it is no base": (
        (9,),
        ("all", "post", DEFAULT),
        "-28 R182 -9 W7 -26",
    ),
    "eight weeks": ((9,), ("all", "post", EIGHT), "-154 R56 -9 W7 -26"),
    "up to the wave": ((9,), ("other courses", "post", NEAR), "-163 R56 W7 -26"),
    "up to the second wave, without the week of the first": (
        (9, 30),
        ("other courses", "mail", NEAR),
        "-184 R35 -7 R14 W7 -5",
    ),
    "a week in the middle of calendar weeks": (
        (9, 30),
        ("all", "mail", DEFAULT),
        "-28 R182 -30 W7 -5",
    ),
}


@pytest.mark.parametrize(("days", "about", "expected"), CODES.values(), ids=CODES)
def test_days(
    small: Small, days: tuple[int, ...], about: tuple[str, str, str], expected: str
) -> None:
    rows = {
        (row.key.course, row.key.channel, row.key.variant): row
        for row in portfolio.planned(to_all(small, *days))
    }
    assert runs(rows[about]) == expected


def test_only_courses_never_named_may_use_weeks_of_the_campaign(small: Small) -> None:
    rows = list(portfolio.planned(to_all(small, 9)))
    assert [(row.key.course, row.key.variant, row.role) for row in rows] == [
        ("all", DEFAULT, RowRole.HEADLINE),
        ("all", EIGHT, RowRole.SENSITIVITY),
        ("other courses", DEFAULT, RowRole.HEADLINE),
        ("other courses", EIGHT, RowRole.SENSITIVITY),
        ("other courses", NEAR, RowRole.SENSITIVITY),
    ]
    assert all(row.descriptive for row in rows)


def test_all_are_the_courses_open_during_the_whole_base(small: Small) -> None:
    """P is open all the time, Q opened 20 weeks before: 12 others and P make 13."""
    start = small().protocol.window.start
    newer = Course("Q", "Two", start - timedelta(7 * 20))
    sizes = {
        row.key.course: row.comparison.series
        for row in portfolio.planned(to_all(small, 9, courses=(COURSES[0], newer)))
        if isinstance(row.comparison, Comparison)
    }
    assert sizes == {"all": ("13 courses",), "other courses": ("12 courses",)}


def test_a_planted_week_is_found_and_called_descriptive(small: Small) -> None:
    """All courses ×1.5 in the seven days, and ×4 in the weeks left out between."""

    def paint(counts: Counts, window: int) -> None:
        for own in counts.values():
            own[:] = own[:, :1]
            own[:, window : window + 9] *= 4
            own[:, window + 9 : window + 16] *= 1.5

    row = next(portfolio.planned(to_all(small, 9, paint=paint, season=False)))
    assert isinstance(row.comparison, Comparison)
    answer = estimate(row.comparison, row.key, Setting())
    assert isinstance(answer, Estimated)
    assert answer.effect.lift == pytest.approx(1.5, rel=1e-4)
    assert row.comparison.observed == pytest.approx(1.5 * 7 * row.comparison.treated[0, 0, 0])


def test_says_what_else_ran_and_what_would_have_identified_it(small: Small) -> None:
    start = small().protocol.window.start
    days = [Span(start + timedelta(first), start + timedelta(first + 6)) for first in (9, 30)]
    ads = tuple(
        Wave(f"ads-{code}", "ads", (code,), portfolio=False, span=own)
        for code, own in zip("PQ", days, strict=True)
    )
    waves = (*to_all(small, 9, 30).protocol.waves, *ads)
    resolved = replace(
        to_all(small, waves=waves),
        tables={"email": pd.DataFrame({"sent": [str(days[1].start)], "recipients": ["11742"]})},
    )
    said = {(row.key.course, row.key.channel): row.estimand for row in portfolio.planned(resolved)}
    post, mail, others = said["all", "post"], said["all", "mail"], said["other courses", "post"]
    assert "(declared beside it: ads-P)" in post.needs[0]
    assert "(declared beside it: ads-Q)" in mail.needs[0]
    assert "declared beside" not in others.needs[0]
    assert "the season" in post.identifies
    assert post.not_identified.endswith("drawn at random, left out of it")
    assert "a random share of its 11,742 recipients" in mail.not_identified


def test_an_assumed_day_interrupts_nothing(small: Small) -> None:
    (wave,) = to_all(small, 9).protocol.waves
    rows = list(portfolio.planned(to_all(small, waves=(replace(wave, assumed=True),))))
    assert [row.key.course for row in rows] == ["all", "other courses"]
    for row in rows:
        assert isinstance(row.comparison, NotRun)
        assert "the first day of wave-9 is assumed" in row.comparison.reason


def test_the_week_must_be_over(small: Small) -> None:
    row = next(portfolio.planned(to_all(small, 38)))
    assert isinstance(row.comparison, NotRun)
    assert "before the wave's first week does" in row.comparison.reason


def test_two_waves_of_a_channel_are_told_apart(small: Small) -> None:
    first, second = to_all(small, 9, 30).protocol.waves
    resolved = to_all(small, waves=(first, replace(second, channel="post")))
    keys = [row.key for row in portfolio.planned(resolved)]
    assert len(set(keys)) == len(keys)
    assert {key.arm for key in keys} == {"wave: wave-9", "wave: wave-30"}


def test_without_other_courses_their_rows_say_so(small: Small) -> None:
    rows = {row.key.course: row.comparison for row in portfolio.planned(to_all(small, 9, others=0))}
    assert isinstance(rows["all"], Comparison)
    assert rows["other courses"] == NotRun("no course was open during a whole week before")

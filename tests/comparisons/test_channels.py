"""Channels: the joint daily model, what it refuses by name, and what an overlap leaves open."""

from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import pytest

from evaluator.comparisons import ALL, Comparison, Planned, channels
from evaluator.comparisons.waves import wave_marks
from evaluator.effects import Estimated, Setting, estimate
from evaluator.evaluation import evaluate
from evaluator.experiment.protocol import Channel, Course, Question, Span, Wave
from evaluator.resolve import Resolved
from evaluator.results import NotRun, RowRole, RowStatus, Status

START = date(2023, 7, 31)
COURSES = ("P", "Q", "R", "S")
ADS, POSTS = Channel("ads", "paid", tag="ads"), Channel("posts", "organic", tag="posts")
Counts = dict[str, np.ndarray[tuple[int, ...], np.dtype[np.float64]]]
Build = Callable[..., Resolved]


def wave(channel: str, course: str, first: int, days: int = 7, **more: object) -> Wave:
    span = Span(START + timedelta(first), START + timedelta(first + days - 1))
    fields: dict[str, object] = {"courses": (course,), "portfolio": False} | more
    return Wave(id=f"{channel}-{course}", channel=channel, span=span, **fields)  # type: ignore[arg-type]


def lifted(lifts: dict[tuple[str, str], float], waves: tuple[Wave, ...]) -> Callable[..., None]:
    """Painter that multiplies a course's counts by a channel's lift on its wave days."""

    def paint(counts: Counts, window: int) -> None:
        for own in waves:
            first = window + (own.span.start - START).days
            for course in own.courses:
                factor = lifts.get((own.channel, course), 1.0)
                counts[course][:, first : first + own.span.days] *= factor

    return paint


def built(small: Build, waves: tuple[Wave, ...], lifts: dict[tuple[str, str], float]) -> Resolved:
    return small(
        paint=lifted(lifts, waves),
        courses=tuple(Course(code, code) for code in COURSES),
        channels=(ADS, POSTS),
        waves=waves,
        questions=(Question.CHANNELS,),
        arms=None,
    )


def staggered() -> tuple[Wave, ...]:
    ads = tuple(wave("ads", c, 7 * i) for i, c in enumerate(COURSES))
    starts = zip(COURSES, (24, 31, 3, 10), strict=True)
    return ads + tuple(wave("posts", course, first) for course, first in starts)


def answers(resolved: Resolved) -> dict[tuple[str, str, str], tuple[Planned, object]]:
    rows: dict[tuple[str, str, str], tuple[Planned, object]] = {}
    for planned in channels.planned(resolved):
        if planned.key.variant == "default":
            outcome = (
                estimate(planned.comparison, planned.key, Setting())
                if isinstance(planned.comparison, Comparison)
                else planned.comparison
            )
            rows[planned.key.course, planned.key.channel, planned.key.method] = planned, outcome
    return rows


def test_two_channels_of_a_course_are_told_apart_exactly(small: Build) -> None:
    """Ads ×3 in P and ×1.5 elsewhere, posts ×1.2: every cell is found, and the mean of logs."""
    lifts = {("ads", c): 3.0 if c == "P" else 1.5 for c in COURSES}
    lifts |= {("posts", c): 1.2 for c in COURSES}
    rows = answers(built(small, staggered(), lifts))
    for (channel, course), lift in lifts.items():
        outcome = rows[course, channel, "joint_daily"][1]
        assert isinstance(outcome, Estimated)
        assert outcome.effect.lift == pytest.approx(lift, rel=0.03)
    mean = rows[ALL, "ads", "channel_mean"][1]
    assert isinstance(mean, Estimated)
    assert mean.effect.log_lift == pytest.approx((np.log(3) + 3 * np.log(1.5)) / 4, abs=0.03)


def test_identical_calendars_are_refused_by_name(small: Build) -> None:
    waves = tuple(wave(ch, c, 7 * i) for i, c in enumerate(COURSES) for ch in ("ads", "posts"))
    rows = answers(built(small, waves, {("ads", c): 2.0 for c in COURSES}))
    for channel in ("ads", "posts"):
        for course in (*COURSES, ALL):
            method = "channel_mean" if course == ALL else "joint_daily"
            outcome = rows[course, channel, method][1]
            assert isinstance(outcome, NotRun)
            assert "ads" in outcome.reason
            assert "posts" in outcome.reason
            assert "only their joint effect" in outcome.reason
    joint = rows["P", "ads & posts", "overlap_joint"][1]
    assert isinstance(joint, Estimated)
    assert joint.effect.lift == pytest.approx(2.0, rel=0.03)


def test_an_overlap_has_a_joint_effect_and_a_labelled_split(small: Build) -> None:
    """Ads days 0–6 ×2 and posts days 4–10 ×1.5: on days 4–6 both, together ×3."""
    others = tuple(wave("ads", c, 7 * i) for i, c in enumerate(COURSES) if i)
    more = tuple(wave("posts", c, 21 + 7 * i) for i, c in enumerate(COURSES) if i)
    waves = (wave("ads", "P", 0), wave("posts", "P", 4), *others, *more)
    lifts = {("ads", c): 2.0 for c in COURSES} | {("posts", c): 1.5 for c in COURSES}
    evaluation = evaluate(built(small, waves, lifts))
    row = evaluation.row("channels", "P", channel="ads & posts", method="overlap_joint")
    assert row.effect is not None
    assert row.effect.lift == pytest.approx(3.0, rel=0.05)
    assert "convention" in row.estimand.not_identified
    assert row.extra is not None
    shares = {part.channel: part for part in row.parts}
    assert sum(p.shapley for p in row.parts) == pytest.approx(row.extra.realised.value, rel=1e-6)
    for part in shares.values():
        assert part.alone <= part.shapley <= part.last


def test_short_waves_get_the_week_from_their_first_day(small: Build) -> None:
    waves = tuple(wave("posts", c, 7 * i, days=1) for i, c in enumerate(COURSES))
    marks = wave_marks(built(small, waves, {}), "Q")
    first = 30 * 7 + 7
    np.testing.assert_array_equal(np.flatnonzero(marks["posts"]), np.arange(first, first + 7))
    after = np.flatnonzero(marks["posts +1"])
    np.testing.assert_array_equal(after, np.arange(first + 7, first + 14))


@pytest.mark.parametrize(
    ("channel", "waves", "fragment"),
    [
        (Channel("links", "page"), (wave("links", "P", 0),), "links that stand on pages"),
        (
            Channel("post", "organic"),
            (wave("post", "P", 0, courses=(), portfolio=True),),
            "aliased with the days",
        ),
    ],
)
def test_what_is_no_wave_of_a_course_is_refused(
    small: Build, channel: Channel, waves: tuple[Wave, ...], fragment: str
) -> None:
    resolved = small(channels=(channel,), waves=waves, questions=(Question.CHANNELS,))
    (row,) = channels.planned(resolved)
    assert isinstance(row.comparison, NotRun)
    assert fragment in row.comparison.reason


def test_one_common_week_is_always_flagged(small: Build) -> None:
    """The posts did nothing, but something else reached all promoted courses: ×1.5 is found."""
    waves = tuple(wave("posts", c, i, days=1) for i, c in enumerate(COURSES))
    shock = tuple(wave("posts", c, 0, days=10) for c in COURSES)
    resolved = small(
        paint=lifted({("posts", c): 1.5 for c in COURSES}, shock),
        courses=tuple(Course(code, code) for code in COURSES),
        channels=(ADS, POSTS),
        waves=waves,
        questions=(Question.CHANNELS,),
        arms=None,
    )
    row = evaluate(resolved).row("channels", ALL, channel="posts")
    assert row.effect is not None
    assert row.effect.lift == pytest.approx(1.5, rel=0.05)
    flagged = {f.name: f.status for f in row.findings}
    assert flagged["one common week"] is Status.WARN


def test_a_grid_is_exploratory_adjusted_and_shrunk(small: Build) -> None:
    lifts = {("ads", c): 1 + 0.3 * i for i, c in enumerate(COURSES)}
    evaluation = evaluate(built(small, staggered(), lifts))
    cells = [row for row in evaluation.rows if row.key.method == "joint_daily"]
    default = [row for row in cells if row.key.variant == "default"]
    assert {row.role for row in default} == {RowRole.EXPLORATORY}
    for row in default:
        assert row.status is RowStatus.ESTIMATED
        assert row.simultaneous is not None
        assert row.effect is not None
        assert row.simultaneous.p_adjusted >= row.effect.p_value() - 1e-12
        assert row.shrunk is not None
        assert 0 <= row.shrunk.weight_on_own <= 1


def test_assumed_waves_are_moved_inside_their_bounds(small: Build) -> None:
    """P's wave may move a week later only; Q's dates are published."""
    bounds = Span(START, START + timedelta(13))
    waves = (
        wave("ads", "P", 0, assumed=True, bounds=bounds),
        *(wave("ads", c, 14 + 7 * i) for i, c in enumerate(COURSES[1:])),
    )
    rows = {
        p.key.variant: p.comparison
        for p in channels.planned(built(small, waves, {}))
        if p.key.channel == "ads" and p.key.course == ALL
    }
    assert isinstance(rows["waves -1 week (0 of 4 may move)"], NotRun)
    assert not isinstance(rows["waves +1 week (1 of 4 may move)"], NotRun)


MAIL = Channel("mail", "email")


def mailed(small: Build, left_out: int, *courses: str) -> Resolved:
    """Posts in a week of their own for each course; a newsletter to everything three weeks in.

    The newsletter ×2 for promoted and other courses alike, posts ×1.5.
    """
    posts = tuple(wave("posts", code, 3 * number) for number, code in enumerate(COURSES))
    letter = wave("mail", "", 28, courses=courses, portfolio=True)

    def paint(counts: Counts, window: int) -> None:
        lifted({("posts", code): 1.5 for code in COURSES}, posts)(counts, window)
        for code in (*COURSES, *(f"O{number:02d}" for number in range(12))):
            counts[code][:, window + 28 : window + 35] *= 2

    return small(
        paint=paint,
        left_out=left_out,
        courses=tuple(Course(code, code) for code in COURSES),
        channels=(POSTS, MAIL),
        waves=(*posts, letter),
        questions=(Question.CHANNELS,),
        arms=None,
    )


@pytest.mark.parametrize("named", [COURSES, ()])
def test_a_newsletter_to_all_is_told_from_posts_by_courses_left_out(
    small: Build, named: tuple[str, ...]
) -> None:
    found = answers(mailed(small, 10, *named))
    for channel, lift in (("mail", 2.0), ("posts", 1.5)):
        planned, answer = found[ALL, channel, "channel_mean"]
        assert isinstance(answer, Estimated), answer
        assert answer.effect.lift == pytest.approx(lift, rel=0.01)
        untouched = "courses left out of every promotion" in planned.estimand.compares
        assert untouched is (channel == "mail")
        assert ("whole portfolio" in planned.estimand.not_identified) is not untouched


def test_without_courses_left_out_it_cancels_or_is_aliased(small: Build) -> None:
    _, answer = answers(mailed(small, 0, *COURSES))[ALL, "mail", "channel_mean"]
    assert isinstance(answer, Estimated)
    assert answer.effect.lift == pytest.approx(1.0, rel=0.01)
    _, refused = answers(mailed(small, 0))[ALL, "mail", "channel_mean"]
    assert isinstance(refused, NotRun)
    assert "it reached every course on the same days" in refused.reason


def test_only_waves_of_one_common_week_are_flagged(small: Build) -> None:
    """The newsletter went out once; the posts were spread over the courses' weeks."""
    rows = evaluate(mailed(small, 10)).rows
    flagged = {
        row.key.channel
        for row in rows
        if row.key.method == "channel_mean"
        for finding in row.findings
        if finding.name == "one common week"
    }
    assert flagged == {"mail"}

"""The designs of templates: who is promoted, where and when, and what chance decides of it.

Courses, countries and days are stand-ins that whoever uses a template replaces by their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from evaluator.experiment.assignment import Assignment, AssignmentRule, Drawn
from evaluator.experiment.protocol import (
    Arms,
    Course,
    DataKind,
    Decision,
    Listed,
    Others,
    Protocol,
    Question,
    Source,
    Span,
    Wave,
)
from evaluator.experiment.published import Intervention
from evaluator.experiment.secondary import Secondary, SecondaryKind
from evaluator.experiment.targeting import (
    ContactArm,
    Feature,
    FeatureKind,
    OutcomeKind,
    Role,
    Targeting,
)
from evaluator.planning.templates.frame import Frame, members

WEEKS, HISTORY = 8, 52
"""Of the window, and before it."""
FOLLOW_UP = 60
"""Days within which somebody goes on."""
SLOTS = ((0, 3), (2, 5), (4, 7))
"""Weeks of the first and the second wave of a course, by cohort: two between them to wear off."""
DRAWN = Drawn(AssignmentRule.SIMPLE)
"""How chance decided: among all, so many of each."""


def protocol_of(frame: Frame) -> Protocol:
    """The protocol of a template."""
    return DESIGNS[frame.template.design](frame)


def of_courses(frame: Frame) -> Protocol:
    """Chance takes the courses that are promoted."""
    drawn = frame.draw(_codes(28), {"promoted": 8, "other": 20})
    promoted = members(drawn, "promoted")
    questions = (Question.PROMOTED_VS_OTHER, Question.PRE_VS_CAMPAIGN, Question.CHANNELS)
    return replace(
        _plain(frame, promoted, members(drawn, "other")),
        waves=tuple(_waves(frame, promoted)),
        questions=questions,
        assignment=Assignment(seed=frame.seed, courses=DRAWN),
    )


def of_units(frame: Frame) -> Protocol:
    """Chance takes the countries in which courses are promoted."""
    units, codes, weeks = frame.units(), _codes(16), 6
    (channel,) = frame.template.channels
    drawn = frame.draw(units, {"A": len(units) // 2, "B": len(units) - len(units) // 2})
    window = frame.week(0, weeks)
    waves = (_wave(channel.name, (code,), window) for code in codes[:6])
    return replace(
        _plain(frame, codes[:6], codes[6:]),
        window=window,
        as_of=window.end,
        arms=Arms(
            Listed(tuple(sorted(members(drawn, "A")))),
            exposed=("A",),
            persona=("A",),
            reading=f"Chance drew arm A; nothing is promoted in any other {frame.template.unit}.",
        ),
        waves=tuple(replace(wave, arms=("A",)) for wave in waves),
        questions=(Question.A_VS_B, Question.PROMOTED_VS_OTHER),
        assignment=Assignment(seed=frame.seed, countries=DRAWN),
    )


def alternating(frame: Frame) -> Protocol:
    """Every course has both, chance says which first."""
    codes = _codes(20)
    first, second = (channel.name for channel in frame.template.channels)
    drawn = frame.draw(codes[:8], {first: 4, second: 4})
    couples = tuple(tuple(str(frame.week(week).start) for week in slot) for slot in SLOTS[:2])
    return replace(
        _plain(frame, codes[:8], codes[8:]),
        waves=tuple(_both(frame, drawn, first, second, cohorts=2)),
        questions=(Question.CHANNELS, Question.PROMOTED_VS_OTHER),
        assignment=Assignment(seed=frame.seed, weeks=Drawn(AssignmentRule.STRATIFIED, couples)),
    )


def in_order(frame: Frame) -> Protocol:
    """Both orders on one network and in the same weeks; chance gives each course its own."""
    codes = _codes(20)
    paid, organic = (channel.name for channel in frame.template.channels)
    drawn = frame.draw(codes[:8], {paid: 4, organic: 4})
    return replace(
        _plain(frame, codes[:8], codes[8:]),
        waves=tuple(_both(frame, drawn, paid, organic, cohorts=1)),
        questions=(Question.ORDER, Question.CHANNELS, Question.PROMOTED_VS_OTHER),
        assignment=Assignment(seed=frame.seed, order=DRAWN),
    )


def of_portfolio(frame: Frame) -> Protocol:
    """Chance takes who is promoted singly, and who is left out of every promotion."""
    drawn = frame.draw(_codes(28), {"single": 6, "portfolio": 12, "left out": 10})
    single, portfolio = (channel.name for channel in frame.template.channels)
    promoted, left_out = members(drawn, "single"), members(drawn, "left out")
    own = _plain(frame, promoted, (*members(drawn, "portfolio"), *left_out))
    singly = (
        _wave(single, (code,), frame.week(SLOTS[number % 3][0]))
        for number, code in enumerate(promoted)
    )
    everywhere = (_wave(portfolio, (), frame.week(week), portfolio=True) for week in (1, 5, 7))
    return replace(
        own,
        others=replace(own.others, left_out=left_out),
        waves=(*singly, *everywhere),
        questions=(Question.PORTFOLIO, Question.PROMOTED_VS_OTHER),
        assignment=Assignment(seed=frame.seed, courses=DRAWN),
    )


def of_follow_up(frame: Frame) -> Protocol:
    """Chance takes the courses whose learners are offered to go on; it is waited for.

    What is done after an enrolment moves none: that question beside it is a check of the design.
    """
    drawn = frame.draw(_codes(16), {"promoted": 6, "other": 10})
    promoted, weeks = members(drawn, "promoted"), 4
    (channel,) = frame.template.channels
    own = _plain(frame, promoted, members(drawn, "other"))
    again = Secondary(f"enrolled again in {FOLLOW_UP} days", SecondaryKind.FOLLOW_UP, FOLLOW_UP)
    paid = Secondary(
        f"fee-based in {FOLLOW_UP} days", SecondaryKind.FEE_BASED, FOLLOW_UP, "fee_based"
    )
    return replace(
        own,
        window=frame.week(0, weeks),
        as_of=frame.week(0, weeks).end + timedelta(FOLLOW_UP),
        waves=tuple(_wave(channel.name, (code,), frame.week(0, weeks)) for code in promoted),
        questions=(Question.SECONDARY, Question.PROMOTED_VS_OTHER),
        secondary=(again, paid),
        sources=(*own.sources, Source("fee_based", "conversions", (frame.file("fee_based"),))),
        assignment=Assignment(seed=frame.seed, courses=DRAWN),
    )


def of_list(frame: Frame) -> Protocol:
    """Chance divides a list of contacts; `evaluator target` reads it."""
    known = frame.start - timedelta(6)
    held = round(1 - sum(arm.share or 0.0 for arm in frame.template.arms), 6)
    window = frame.week(0, 4)
    return replace(
        _plain(frame, ("portfolio",), ()),
        window=window,
        as_of=window.end,
        history_from=None,
        channels=(),
        arms=None,
        others=Others(),
        questions=(),
        sources=(
            Source(
                "contacts", "contacts", (frame.file("contacts"),), (("outcome", "enrolled_on"),)
            ),
        ),
        targeting=Targeting(
            source="contacts",
            outcome=OutcomeKind.DAY,
            value=4.0,
            holdout=ContactArm("none", held),
            arms=frame.template.arms,
            features=(
                Feature("persona", FeatureKind.CATEGORY, known, Role.PERSONA),
                Feature("country", FeatureKind.CATEGORY, known, Role.COUNTRY),
                Feature("language", FeatureKind.CATEGORY, known, Role.LANGUAGE),
                Feature("past_courses", FeatureKind.NUMBER, known, Role.BEHAVIOUR, (1.0, 3.0)),
            ),
            currency="EUR",
        ),
    )


DESIGNS: Mapping[str, Callable[[Frame], Protocol]] = {
    "courses": of_courses,
    "units": of_units,
    "alternating": alternating,
    "order": in_order,
    "portfolio": of_portfolio,
    "follow-up": of_follow_up,
    "list": of_list,
}


UNITS: Mapping[str, str] = {
    "courses": "course",
    "alternating": "course: which of its weeks comes first",
    "order": "course: which of its waves comes first",
    "portfolio": "course",
    "follow-up": "course",
    "list": "person",
}
"""Design → what chance assigns; of units, whatever stands in the column `country`."""


def _plain(frame: Frame, promoted: Sequence[str], others: Sequence[str]) -> Protocol:
    """What is the same in all: names, days, courses, one source, the decision rule."""
    told = frame.template
    window = frame.week(0, WEEKS)
    return Protocol(
        name=told.name,
        title=told.title,
        path=frame.path,
        as_of=window.end,
        timezone="UTC",
        data_kind=DataKind.SYNTHETIC if frame.simulated else DataKind.OBSERVED,
        seed=frame.seed,
        window=window,
        courses=tuple(Course(code, f"Title of {code}") for code in sorted(promoted)),
        others=Others(tuple(sorted(others))),
        arms=None,
        channels=told.channels,
        waves=(),
        sources=(Source("enrolments", "events", (frame.file("enrolments"),)),),
        questions=(),
        unit=told.unit,
        history_from=frame.start - timedelta(7 * HISTORY),
        decision=Decision(smallest_lift=1.2),
        interventions=(
            # Reports put these into a sentence of their own.
            Intervention(
                told.title,
                told.change.rstrip("."),
                told.outcome.rstrip("."),
                told.comparison.rstrip("."),
                told.name,
            ),
        ),
        facts=(
            ("question", told.asks),
            ("unit of assignment", UNITS.get(told.design, told.unit)),
            ("refuted if", told.refuted),
            ("assumed", told.assumed),
            ("data needed", told.export),
        ),
    )


def _codes(number: int) -> tuple[str, ...]:
    return tuple(f"COURSE-{position:02d}" for position in range(1, number + 1))


def _waves(frame: Frame, promoted: Sequence[str]) -> Iterator[Wave]:
    """Each course a week of the first channel, then one of the last, in three cohorts."""
    channels = frame.template.channels
    for number, code in enumerate(promoted):
        for channel, week in zip((channels[0], channels[-1]), SLOTS[number % 3], strict=True):
            yield _wave(channel.name, (code,), frame.week(week))


def _both(
    frame: Frame, drawn: Mapping[str, str], first: str, second: str, *, cohorts: int
) -> Iterator[Wave]:
    """Each course a week of either channel; the group that chance put it in comes first."""
    seen = {first: 0, second: 0}
    for code, group in drawn.items():
        early, late = SLOTS[seen[group] % cohorts]
        seen[group] += 1
        later = second if group == first else first
        yield _wave(group, (code,), frame.week(early))
        yield _wave(later, (code,), frame.week(late))


def _wave(channel: str, courses: tuple[str, ...], span: Span, *, portfolio: bool = False) -> Wave:
    name = "-".join([channel, *(code.lower() for code in courses), f"{span.start:%m%d}"])
    return Wave(name, channel, courses, portfolio, span)

"""The eleven traps of the published figures: the row that catches each, and that it can be silent.

Every trap is caught by rule from declaration and data: where a changed declaration has the trap
no longer, the row no longer says so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
import pytest

from evaluator.claims import Claim, Standing, kpi_claims, published_claims
from evaluator.experiment.kpi import Counted, Kpi, Posted
from evaluator.experiment.protocol import Arms, Span
from evaluator.experiment.published import Obtained, OfRow
from evaluator.resolve import Resolved
from evaluator.results import Row

ENROLMENTS = "Enrolments per course"
ENGAGEMENT = "Facebook organic active engagement, {}"
REACH = "Facebook organic reach, {}"
POSTS, PORTFOLIO = "post of a course", "portfolio post"
EFFECT = "enrolments from Facebook Ads, read as their effect"
CONTROL = "a control group"

Change = Callable[[Resolved], Resolved]


@dataclass(frozen=True, slots=True)
class Trap:
    """The row that catches a trap, and a change after which there is nothing to catch."""

    number: int
    name: str
    reading: str
    holds: Standing
    says: str
    without: Change


def protocol_with(**changes: Any) -> Change:
    return lambda resolved: replace(resolved, protocol=replace(resolved.protocol, **changes))


def kpi_with(name: str, change: Callable[[Kpi], Kpi]) -> Change:
    def changed(resolved: Resolved) -> Resolved:
        kpis = tuple(change(k) if k.name == name else k for k in resolved.protocol.kpis)
        return protocol_with(kpis=kpis)(resolved)

    return changed


def counted_with(**changes: Any) -> Change:
    def changed(kpi: Kpi) -> Kpi:
        assert isinstance(kpi.measure, Counted)
        return replace(kpi, measure=replace(kpi.measure, **changes))

    return kpi_with(ENROLMENTS, changed)


def undefined(kpi: Kpi) -> Kpi:
    assert isinstance(kpi.measure, Posted)
    return replace(kpi, measure=replace(kpi.measure, definition=()))


def posts_with(column: str, shown: str, other: str) -> Change:
    """The table of posts with what is shown twice alike."""

    def changed(resolved: Resolved) -> Resolved:
        posts: pd.DataFrame = resolved.tables["posts"]
        assert (posts[column] == shown).sum() == 1
        mended = posts.assign(**{column: posts[column].replace(shown, other)})
        return replace(resolved, tables={**resolved.tables, "posts": mended})

    return changed


def without_the_largest(resolved: Resolved) -> Resolved:
    """Every course with as many: the largest no longer carries the mean."""
    panel = resolved.panel
    code = [panel.courses.index(c) for c in resolved.promoted]
    shares = panel.array("course", course=resolved.promoted)
    scale = dict(zip(code, shares.mean() / shares, strict=True))
    factor = [scale.get(course, 1.0) for course in panel.cells[0]]
    return replace(resolved, panel=replace(panel, values=panel.values * factor))


def courses_open(resolved: Resolved) -> Resolved:
    """A KPI baseline of the promoted courses, all open in it, before any campaign."""
    courses = tuple(replace(c, available_from=None) for c in resolved.protocol.courses)
    of_own = counted_with(baseline_courses="promoted")
    return of_own(protocol_with(courses=courses, previous_campaigns=())(resolved))


def claims_with(name: str, **changes: Any) -> Change:
    def changed(resolved: Resolved) -> Resolved:
        own = (replace(c, **changes) if c.name == name else c for c in resolved.protocol.claims)
        return protocol_with(claims=tuple(own))(resolved)

    return changed


def compared_on_its_days(resolved: Resolved) -> Resolved:
    return claims_with(EFFECT, obtained=Obtained.COMPARISON, window=None)(resolved)


def one_arm(resolved: Resolved) -> Resolved:
    arms = resolved.protocol.arms
    assert isinstance(arms, Arms)
    return protocol_with(arms=replace(arms, exposed=("A",)))(resolved)


def nothing_for_the_portfolio(resolved: Resolved) -> Resolved:
    waves = (replace(w, portfolio=False) for w in resolved.protocol.waves if w.courses)
    return protocol_with(waves=tuple(waves))(resolved)


def a_month_apart(resolved: Resolved) -> Resolved:
    """Each channel's waves in a month of their own."""
    channels = [channel.name for channel in resolved.protocol.channels]

    def moved(span: Span, channel: str) -> Span:
        return span.shifted(200 * channels.index(channel))

    waves = (replace(w, span=moved(w.span, w.channel)) for w in resolved.protocol.waves)
    return protocol_with(waves=tuple(waves))(resolved)


def mails_reported(resolved: Resolved) -> Resolved:
    return kpi_with("E-mail views", lambda kpi: replace(kpi, result=0.288))(resolved)


def linkedin_reported(resolved: Resolved) -> Resolved:
    name = "LinkedIn views and active engagement"
    return kpi_with(name, lambda kpi: replace(kpi, result=100.0))(resolved)


FAILS, APART, NOISE = Standing.FAILS, Standing.INCOMPARABLE, Standing.WITHIN_NOISE
MISSING = Standing.NOT_REPORTED
TRAPS: Sequence[Trap] = (
    Trap(
        *(1, ENROLMENTS, "as reported, units mixed", APART, "over 84 days it would be 1,573"),
        counted_with(result_days=None),
    ),
    Trap(1, ENROLMENTS, "×5 a month", FAILS, "315 is 55% of 570", counted_with(per="year")),
    Trap(
        *(2, ENROLMENTS, "+500%: ×6 a month", FAILS, "315 is 46% of 684"),
        counted_with(increase_percent=400),
    ),
    Trap(
        *(3, ENROLMENTS, "against the KPI baseline", APART, "it is the mean of all courses"),
        courses_open,
    ),
    Trap(3, ENROLMENTS, "against the KPI baseline", APART, "5 of the 7", courses_open),
    Trap(3, ENROLMENTS, "against the KPI baseline", APART, "1 Jun 2022", courses_open),
    Trap(
        *(4, ENROLMENTS, "as reported, without ODPS", APART, "ODPS is 44% of all"),
        without_the_largest,
    ),
    Trap(
        *(5, ENGAGEMENT.format(PORTFOLIO), "as defined", APART, "give 57, not 226"),
        kpi_with(ENGAGEMENT.format(PORTFOLIO), undefined),
    ),
    Trap(
        *(6, ENGAGEMENT.format(POSTS), "published twice", FAILS, "ILSGEN: 186 and 166"),
        posts_with("engagement_card", "166", "186"),
    ),
    Trap(
        *(6, REACH.format(POSTS), "published twice", FAILS, "ACTRAV: 3,076 and 39,000"),
        posts_with("reach_card", "39K", "3.0K"),
    ),
    Trap(
        *(6, ENGAGEMENT.format(PORTFOLIO), "published twice", FAILS, "226 and 225"),
        posts_with("engagement_card", "225", "226"),
    ),
    Trap(
        *(6, "Published in two ways", "which test is which", FAILS, "tests 1 and 2"),
        protocol_with(contradictions=()),
    ),
    Trap(
        *(6, "size of arm A, as planned", "the same as “size of arm A, as run”", APART),
        *(
            "unit differs (regions; countries)",
            claims_with("size of arm A, as run", unit="regions"),
        ),
    ),
    Trap(
        *(6, REACH.format(POSTS), "as counted", FAILS, "the published figure is the target"),
        kpi_with(REACH.format(POSTS), lambda kpi: replace(kpi, result=4027.1)),
    ),
    Trap(
        *(6, ENGAGEMENT.format(POSTS), "as counted", FAILS, "the published figure is the target"),
        kpi_with(ENGAGEMENT.format(POSTS), lambda kpi: replace(kpi, result=130)),
    ),
    *(
        Trap(
            *(7, name, "against the target", holds, "the margin is 1,"),
            kpi_with(name, lambda kpi: replace(kpi, target=3 * (kpi.baseline or 0))),
        )
        # The spread of seven posts is known; that of the one post of the portfolio is not.
        for holds, kind in ((NOISE, POSTS), (APART, PORTFOLIO))
        for name in (REACH.format(kind), ENGAGEMENT.format(kind))
    ),
    Trap(
        *(8, EFFECT, "beside the row of channels", APART),
        *("attributed by last touch, which asks not what would have been", compared_on_its_days),
    ),
    Trap(
        *(9, "channels told apart", "6 channels apart in time", FAILS),
        *("organic and newsletter (courses: 7 within two weeks)", a_month_apart),
    ),
    Trap(10, CONTROL, "arm B untouched", FAILS, "arm B saw the campaign", one_arm),
    Trap(
        *(10, CONTROL, "other courses untouched", FAILS, "portfolio-post (15 Nov 2022)"),
        nothing_for_the_portfolio,
    ),
    Trap(
        *(10, CONTROL, "weeks before untouched", FAILS, "1 Jun 2022 – 30 Sep 2022"),
        protocol_with(previous_campaigns=()),
    ),
    Trap(
        *(11, "LinkedIn views and active engagement", "as published", MISSING, "no figure"),
        linkedin_reported,
    ),
    Trap(11, "E-mail views", "against the benchmark", MISSING, "no figure", mails_reported),
)


def audit(resolved: Resolved, rows: Sequence[Row]) -> dict[tuple[str, str], Claim]:
    """All claims but those beside a row that is not among these."""
    about = {(row.key.question, row.key.course, row.key.channel) for row in rows}
    own = tuple(
        claim
        for claim in resolved.protocol.claims
        if not isinstance(of := claim.recompute, OfRow)
        or (of.question, of.course, of.channel) in about
    )
    published = published_claims(protocol_with(claims=own)(resolved), rows, None)
    return {(c.name, c.reading): c for c in (*kpi_claims(resolved), *published)}


@pytest.fixture(scope="module")
def channel_row(flagship: Resolved) -> Row:
    """The row of Facebook Ads, estimated alone."""
    from evaluator.comparisons import planned_rows
    from evaluator.evaluation import evaluate_row

    planned = planned_rows(flagship)
    lead = next(
        row
        for row in planned
        if (row.key.question, row.key.course, row.key.channel)
        == ("channels", "all", "facebook_ads")
    )
    return evaluate_row(lead, planned, flagship)


@pytest.fixture(scope="module")
def audited(flagship: Resolved, channel_row: Row) -> dict[tuple[str, str], Claim]:
    return audit(flagship, (channel_row,))


def test_all_eleven_are_there() -> None:
    assert {trap.number for trap in TRAPS} == set(range(1, 12))


@pytest.mark.parametrize("trap", TRAPS, ids=lambda trap: f"{trap.number} {trap.says[:24]}")
def test_caught(audited: dict[tuple[str, str], Claim], trap: Trap) -> None:
    claim = audited[trap.name, trap.reading]
    assert claim.holds is trap.holds
    assert trap.says in claim.why
    assert not claim.detail, "it is shown without being asked for"


@pytest.mark.parametrize("trap", TRAPS, ids=lambda trap: f"{trap.number} {trap.says[:24]}")
def test_silent_where_there_is_none(flagship: Resolved, channel_row: Row, trap: Trap) -> None:
    claim = audit(trap.without(flagship), (channel_row,)).get((trap.name, trap.reading))
    assert claim is None or claim.holds is not trap.holds or trap.says not in claim.why


def test_attributed_stands_beside_the_extra_of_its_row(
    audited: dict[tuple[str, str], Claim], channel_row: Row
) -> None:
    claim = audited[EFFECT, "beside the row of channels"]
    assert claim.differs == ("definition", "window")
    assert channel_row.extra is not None
    assert claim.recomputed is not None
    assert claim.recomputed.value == channel_row.extra.realised.value
    assert claim.recomputed.interval is not None
    assert claim.published is not None
    assert claim.published.value == 2254
    assert "2,254 published" in claim.why
    assert f"{channel_row.extra.realised.value:,.0f} [" in claim.why

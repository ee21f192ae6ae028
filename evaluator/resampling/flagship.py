"""The flagship's own configuration as a world: seven promoted courses, 35 others.

Published are the totals and the status of the courses, dates of the window and where Facebook is
weak (ITCILO brief "Data-driven services … Experiment no. 2", 2 May 2023); every level, share and
lift here is made up so that a plausible story gives those totals.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from statistics import NormalDist

import numpy as np

from evaluator.experiment.protocol import Channel, Protocol, Span, Wave
from evaluator.resampling.shocks import season
from evaluator.resampling.worlds import Array, Launch, Mask, Pulse, Shocks, World

START, END = date(2021, 9, 1), date(2023, 1, 27)
WINDOW = Span(date(2022, 10, 31), date(2023, 1, 22))
OTHERS = 35

PROMOTED: Mapping[str, tuple[float, date | None]] = {
    # Code → enrolments in an ordinary week, first day. The first days are the assumed ones of
    # the reconstruction: newly published 3 Oct, newly developed 31 Oct 2022.
    "ODPS": (70.0, None),
    "ILSGEN": (38.0, None),
    "LIP": (20.0, date(2022, 10, 31)),
    "SEE": (22.0, date(2022, 10, 3)),
    "ACTRAV": (16.0, date(2022, 10, 31)),
    "SPGT": (17.0, date(2022, 10, 3)),
    "EPAP": (10.0, date(2022, 10, 31)),
}

# Real ISO 3166 codes, in the order in which they send people here (made up). The first 24 are
# the candidates for an arm A.
_BY_RANK = (
    "KE NG PH ET UG IN GH TZ ZA ZW PK BD ZM EG ID CM MW NP LK RW TR MX PE CO "
    "IT US GB FR BR ES CA DE CH BE PT NL AR CL EC BO UY PY CR GT HN SV DO JM TT "
    "MA TN DZ JO LB IQ SA AE SN CI ML BF BJ MG MZ NA BW LS SL LR SO SD VN TH "
    "MY MM JP KR AU SE NO"
)
COUNTRIES = tuple(_BY_RANK.split())
CANDIDATES, SIZE_OF_A = 24, 10

# "Facebook weak in the Americas, Australia, northern Europe, East Asia, North Africa".
_WEAK = "US BR CA AR CL EC BO UY PY CR GT HN SV DO JM TT MX PE CO AU SE NO JP KR MA TN DZ EG"
FACEBOOK_IS_WEAK = frozenset(_WEAK.split())

WEEKDAYS = np.array([1.22, 1.25, 1.22, 1.18, 1.06, 0.54, 0.53])


OTHER = "other"


@dataclass(frozen=True, slots=True)
class Lifts:
    """Planted lifts of the flagship's waves."""

    by_channel: Mapping[str, Mapping[str, float]]
    """Channel → course → log lift in arm B while a wave of the channel runs; the key "other"
    stands for the courses that are not promoted individually."""
    arm_a: float = 1.2
    """Log lift in arm A over log lift in arm B."""
    weak: float = 0.8
    """Log lift of Facebook Ads where the network is weak, over that elsewhere."""
    carry_over: float = 0.85
    """Share of a log lift that is left a day later."""


_OF = ("ODPS", "ILSGEN", "LIP", "SEE", "ACTRAV", "SPGT", "EPAP", OTHER)
_LOG_LIFTS: Mapping[str, tuple[float, ...]] = {
    "facebook_ads": (2.25, 1.6, 2.1, 2.1, 2.1, 2.1, 2.1, 0.0),
    "linkedin_ads": (1.8, 0.5, 0.6, 0.7, 0.5, 0.6, 0.5, 0.0),
    "organic": (0.9, 0.4, 0.6, 0.6, 0.5, 0.6, 0.5, 0.0),
    "portfolio_post": (0.4, 0.2, 0.2, 0.3, 0.2, 0.3, 0.2, 0.25),
    "newsletter": (0.9, 0.5, 0.5, 0.6, 0.5, 0.5, 0.5, 0.6),
    "ecampus": (0.15, 0.08, 0.08, 0.1, 0.08, 0.1, 0.08, 0.05),
}
STORY = Lifts({name: dict(zip(_OF, row, strict=True)) for name, row in _LOG_LIFTS.items()})
"""The made-up story of the reconstruction: Facebook Ads strongest, as its published funnel
suggests; ODPS moved most, as its published total does; the portfolio promotion raised the other
courses by about a tenth."""


def flagship_world(
    protocol: Protocol | None = None, lifts: Lifts | None = None, shocks: Shocks | None = None
) -> World:
    """The flagship as a world.

    Parameters
    ----------
    protocol : whose courses, first days and waves to take; without it the published courses
    lifts : planted lifts of the protocol's waves; None: nothing was raised (the null)
    shocks : sizes of the random variation; None: the defaults of `Shocks`

    Raises
    ------
    ValueError : lifts without a protocol, or a promoted course that is not the flagship's
    """
    if protocol is None and lifts is not None:
        raise ValueError("lifts are planted on the waves of a protocol: give one")
    first = _promoted_courses(protocol)
    codes = (*first, *(f"OC{number:02d}" for number in range(1, OTHERS + 1)))
    days = (END - START).days + 1
    opens = [(day - START).days if day else 0 for _, day in first.values()] + [0] * OTHERS
    arm_a = _arms_a(len(codes))
    promoted = np.arange(len(codes)) < len(first)
    world = World(
        courses=codes,
        countries=COUNTRIES,
        start=START,
        days=days,
        promoted=promoted,
        levels=np.array([level for level, _ in first.values()] + _levels_of_others()),
        opens=np.array(opens, dtype=np.intp),
        launch=Launch(),
        shares=_shares(arm_a),
        arm_a=arm_a & promoted[:, None],
        weekdays=WEEKDAYS,
        season=season(START, days),
        anchor=((protocol.window if protocol else WINDOW).start - START).days,
        shocks=shocks or Shocks(),
    )
    return _planted(world, protocol, lifts) if protocol and lifts else world


def _promoted_courses(protocol: Protocol | None) -> dict[str, tuple[float, date | None]]:
    """Code → level and first day; the days are the protocol's where there is one."""
    if protocol is None:
        return dict(PROMOTED)
    unknown = {course.code for course in protocol.courses} - set(PROMOTED)
    if unknown:
        raise ValueError(f"no level is known for {', '.join(sorted(unknown))}")
    return {c.code: (PROMOTED[c.code][0], c.available_from) for c in protocol.courses}


def _levels_of_others() -> list[float]:
    """Log-normal quantiles, mean about 27 a week, in an order that is not their size's.

    The mean is what makes 114 enrolments a month and free course in January to June 2022.
    """
    quantile = NormalDist(np.log(24.0), 0.55).inv_cdf
    ranks = [(8 * number) % OTHERS for number in range(OTHERS)]
    return [float(np.exp(quantile((rank + 0.5) / OTHERS))) for rank in ranks]


def _arms_a(courses: int) -> Mask:
    """(courses, countries) ten of the candidates each: different lists that overlap."""
    listed = np.zeros((courses, len(COUNTRIES)), dtype=bool)
    for course in range(courses):
        step = 5 if course % 2 else 7
        listed[course, (3 * course + step * np.arange(SIZE_OF_A)) % CANDIDATES] = True
    return listed


def _shares(arm_a: Mask) -> Array:
    """(courses, countries): falls with the rank of the country, more in the course's own A."""
    rank = np.arange(len(COUNTRIES))
    weight = 1 / (rank + 12) * np.where(arm_a, 2.5, 1.0)
    shares: Array = weight / weight.sum(axis=1, keepdims=True)
    return shares


def _planted(world: World, protocol: Protocol, lifts: Lifts) -> World:
    channels = {channel.name: channel for channel in protocol.channels}
    pulses = [
        _pulse(world, wave, channels[wave.channel], lifts, course)
        for wave in protocol.waves
        for course in range(len(world.courses))
        if _reaches(wave, world.courses[course], bool(world.promoted[course]))
    ]
    return replace(world, pulses=tuple(pulses))


def _reaches(wave: Wave, code: str, promoted: bool) -> bool:
    if promoted:
        return code in wave.courses or not wave.courses
    return wave.portfolio


def _pulse(world: World, wave: Wave, channel: Channel, lifts: Lifts, course: int) -> Pulse:
    of_channel = lifts.by_channel.get(wave.channel, {})
    key = world.courses[course] if world.promoted[course] else OTHER
    by_country = np.where(world.arm_a[course], lifts.arm_a, 1.0)
    if channel.kind == "paid" and channel.network == "Facebook":
        by_country[np.isin(world.countries, list(FACEBOOK_IS_WEAK))] *= lifts.weak
    reached = np.where(world.arm_a[course], "A" in wave.arms, "B" in wave.arms)
    return Pulse(
        wave=wave.id,
        channel=wave.channel,
        tag=channel.tag,
        course=course,
        first=(wave.span.start - world.start).days,
        last=(wave.span.end - world.start).days,
        log_lift=of_channel.get(key, 0.0) * by_country * reached,
        carry_over=lifts.carry_over,
    )

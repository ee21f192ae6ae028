"""The flagship's own configuration as a world: seven promoted courses, 35 others.

What is published is said in `ledger.md`, S1 (totals, dates, status of the courses, geography);
every level, share and lift here is made up so that a plausible story gives those totals.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from statistics import NormalDist

import numpy as np

from evaluator.experiment.protocol import Protocol, Span, Wave
from evaluator.resampling.shocks import season
from evaluator.resampling.worlds import Array, Launch, Mask, Pulse, Shocks, World

START, END = date(2021, 9, 1), date(2023, 1, 27)
WINDOW = Span(date(2022, 10, 31), date(2023, 1, 22))
OTHERS = 35

PROMOTED: Mapping[str, tuple[float, date | None]] = {
    # Code → enrolments in an ordinary week, first day. The first days are the assumed ones of
    # the reconstruction: newly published 3 Oct, newly developed 31 Oct 2022.
    "ODPS": (70.0, None),
    "ILSGEN": (40.0, None),
    "LIP": (30.0, date(2022, 10, 31)),
    "SEE": (28.0, date(2022, 10, 3)),
    "ACTRAV": (24.0, date(2022, 10, 31)),
    "SPGT": (21.0, date(2022, 10, 3)),
    "EPAP": (14.0, date(2022, 10, 31)),
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


@dataclass(frozen=True, slots=True)
class Lifts:
    """Planted lifts of the flagship: a table of channels, scaled by course, arm and country.

    The default values are made up: Facebook Ads strongest, LinkedIn Ads and the organic week
    next, as the published funnel suggests.
    """

    paid_facebook: float = 1.5
    """Log lift in arm B while a wave runs, in a course of strength 1; and so on."""
    paid: float = 1.0
    organic: float = 0.7
    email: float = 0.8
    page: float = 0.15
    others: float = 0.4
    """Share of the log lift of a portfolio wave that reaches courses not promoted themselves."""
    arm_a: float = 1.2
    """Log lift in arm A over log lift in arm B."""
    weak: float = 0.7
    """Log lift on Facebook where the network is weak, over that elsewhere."""
    carry_over: float = 0.85
    """Share of a log lift that is left a day later."""
    by_course: tuple[tuple[str, float], ...] = (("ODPS", 1.5), ("ILSGEN", 0.7))
    """Strength of the promotion of a course: the topic is what drives demand."""


def flagship_world(
    protocol: Protocol | None = None, lifts: Lifts | None = None, shocks: Shocks | None = None
) -> World:
    """The flagship as a world.

    Parameters
    ----------
    protocol : whose courses, first days and waves to take; without it the published courses
    lifts : planted lifts of the protocol's waves; None: nothing was raised (the null)
    shocks : sizes of the random variation; None: `statistics.md`, section 5

    Raises
    ------
    ValueError : lifts without a protocol, or a promoted course that is not the flagship's
    """
    first = dict(PROMOTED)
    if protocol is not None:
        unknown = {course.code for course in protocol.courses} - set(PROMOTED)
        if unknown:
            raise ValueError(f"no level is known for {', '.join(sorted(unknown))}")
        first = {c.code: (PROMOTED[c.code][0], c.available_from) for c in protocol.courses}
    elif lifts is not None:
        raise ValueError("lifts are planted on the waves of a protocol: give one")
    codes = (*first, *(f"OC{number:02d}" for number in range(1, OTHERS + 1)))
    days = (END - START).days + 1
    opens = [(day - START).days if day else 0 for _, day in first.values()] + [0] * OTHERS
    arm_a = _arms_a(len(codes))
    world = World(
        courses=codes,
        countries=COUNTRIES,
        start=START,
        days=days,
        promoted=np.arange(len(codes)) < len(first),
        levels=np.array([level for level, _ in first.values()] + _levels_of_others()),
        opens=np.array(opens, dtype=np.intp),
        launch=Launch(),
        shares=_shares(arm_a),
        arm_a=arm_a & (np.arange(len(codes)) < len(first))[:, None],
        weekdays=WEEKDAYS,
        season=season(START, days),
        anchor=((protocol.window if protocol else WINDOW).start - START).days,
        pulses=(),
        shocks=shocks or Shocks(),
    )
    if protocol is None or lifts is None:
        return world
    return _planted(world, protocol, lifts)


def _levels_of_others() -> list[float]:
    """Log-normal quantiles, mean about 27 a week, in an order that is not their size's.

    The mean is what makes 114 enrolments a month and free course in January to June 2022.
    """
    quantile = NormalDist(np.log(23.7), 0.55).inv_cdf
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
    pulses = [
        pulse
        for wave in protocol.waves
        for course in range(len(world.courses))
        if (pulse := _pulse(world, protocol, lifts, wave, course)) is not None
    ]
    return replace(world, pulses=tuple(pulses))


def _pulse(world: World, protocol: Protocol, lifts: Lifts, wave: Wave, course: int) -> Pulse | None:
    """What a wave does to a course; None where it does not reach it."""
    channel = next(c for c in protocol.channels if c.name == wave.channel)
    code = world.courses[course]
    named = code in wave.courses or (not wave.courses and bool(world.promoted[course]))
    if not (named or (wave.portfolio and not world.promoted[course])):
        return None
    on_facebook = channel.kind == "paid" and "facebook" in channel.network.lower()
    strength: float = lifts.paid_facebook if on_facebook else getattr(lifts, channel.kind)
    strength *= dict(lifts.by_course).get(code, 1.0) if named else lifts.others
    by_country = np.where(world.arm_a[course], lifts.arm_a, 1.0)
    if "facebook" in channel.network.lower():
        by_country[np.isin(world.countries, list(FACEBOOK_IS_WEAK))] *= lifts.weak
    reached = np.where(world.arm_a[course], "A" in wave.arms, "B" in wave.arms)
    return Pulse(
        wave=wave.id,
        channel=wave.channel,
        course=course,
        first=(wave.span.start - world.start).days,
        last=(wave.span.end - world.start).days,
        log_lift=strength * by_country * reached,
        carry_over=lifts.carry_over,
    )

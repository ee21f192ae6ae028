"""What the numbers themselves refuse: one table of conditions, methods, and reasons.

Conditions that need the calendar or the declaration (deadlines, previous campaigns, carry-over)
are findings, in `evaluator.assumptions`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from evaluator.results import Finding, Status


@dataclass(frozen=True, slots=True)
class Conditions:
    """The facts about a comparison that decide whether a method may answer."""

    reference_weeks: int
    window_weeks: float
    others: int
    series: int
    smallest_total: float
    arm_units: int | None
    zero_weeks: float
    alpha: float
    trend: bool = False
    bin_days: int = 7
    deadline: bool = False
    other_total: float = math.inf
    """Mean total of an other course, in the window or the reference, whichever is less."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the table; `applies` is the boundary at which it speaks."""

    name: str
    methods: frozenset[str]
    applies: Callable[[Conditions], bool]
    margin: Callable[[Conditions], float]
    sentence: str
    todo: str
    refuses: bool


POOLED = frozenset({"these_courses", "courses_like_these", "against_left_out"})
RATIOS = frozenset({"size_adjusted_ratio", "ranked_ratio"}) | POOLED
ARMS = frozenset(
    {"arms_wider", "arms_wider_summed", "arms_by_unit", "arms_two_series", "triple_difference"}
)
ALONE = frozenset({"single_its", "weekday_its", "segmented_newey_west"})
SERIES = frozenset({"controlled_its", "level_shift"}) | ALONE
WITHIN = frozenset({"within_campaign", "arms_within_campaign"})
WEEKLY_LOGS = frozenset({"within_campaign", "arms_two_series"}) | SERIES
BEFORE = RATIOS | ARMS | SERIES | {"order_of_waves"}
PLACEBO = RATIOS
DAILY = frozenset({"joint_daily", "overlap_joint", "channel_mean", "channel_like_these"})
FORECAST = frozenset({"controlled_its"})

RULES: tuple[Rule, ...] = (
    Rule(
        "reference too short",
        BEFORE,
        lambda c: c.reference_weeks < 3,
        lambda c: c.reference_weeks - 3,
        "{reference_weeks} reference weeks: with fewer than 3 no interval is honest",
        "wait until there is more history, or look at the counts alone",
        refuses=True,
    ),
    Rule(
        "few reference weeks",
        (RATIOS - POOLED) | {"arms_wider", "controlled_its"},
        lambda c: 3 <= c.reference_weeks <= 7 and c.series == 1,
        lambda c: c.reference_weeks - 8,
        "{reference_weeks} reference weeks for one course: uninformative unless the lift"
        " exceeds ×3",
        "read the row of all promoted courses together",
        refuses=False,
    ),
    Rule(
        "slope on a short history",
        frozenset({"segmented_newey_west"}),
        lambda c: c.reference_weeks < 8,
        lambda c: c.reference_weeks - 8,
        "{reference_weeks} weeks of history: a slope needs 8",
        "use the controlled series",
        refuses=True,
    ),
    Rule(
        "slope with nothing to compare with",
        frozenset({"segmented_newey_west"}),
        lambda c: c.others == 0 and 8 <= c.reference_weeks < 26,
        lambda c: c.reference_weeks - 26,
        "{reference_weeks} weeks of history of one series: a slope covers .70–.85 where .95 is"
        " claimed",
        "use the level alone",
        refuses=True,
    ),
    Rule(
        "one series by day",
        frozenset({"single_its"}),
        lambda c: c.bin_days < 7,
        lambda c: c.bin_days - 7,
        "what lasts from week to week is not seen from day to day: .69–.96 where .95 is claimed",
        "use weekly bins",
        refuses=True,
    ),
    Rule(
        "trend on a short history",
        FORECAST,
        lambda c: c.trend and c.reference_weeks < 8,
        lambda c: c.reference_weeks - 8,
        "{reference_weeks} weeks of history: a trend needs 8",
        "use the row without a trend",
        refuses=True,
    ),
    Rule(
        "slope on little history",
        frozenset({"segmented_newey_west"}),
        lambda c: 8 <= c.reference_weeks < 26,
        lambda c: c.reference_weeks - 26,
        "{reference_weeks} weeks of history: a slope is read with care below 26",
        "use the controlled series",
        refuses=False,
    ),
    Rule(
        "Newey–West on few treated weeks",
        frozenset({"segmented_newey_west"}),
        lambda c: c.window_weeks < 10,
        lambda c: c.window_weeks - 10,
        "{window_weeks:.0f} treated weeks: a Newey–West interval needs 10 (measured .18–.46"
        " where .95 is claimed)",
        "use the controlled series",
        refuses=True,
    ),
    Rule(
        "Newey–West, treated weeks barely enough",
        frozenset({"segmented_newey_west"}),
        lambda c: 10 <= c.window_weeks < 14,
        lambda c: c.window_weeks - 14,
        "{window_weeks:.0f} treated weeks: Newey–West intervals are still too short below 14",
        "use the controlled series",
        refuses=False,
    ),
    Rule(
        "few other courses",
        PLACEBO | DAILY,
        lambda c: c.others < 10,
        lambda c: c.others - 10,
        "{others} {pooled}: their placebos need 10",
        "compare arm A with arm B, or wait for more courses",
        refuses=True,
    ),
    Rule(
        "too few other courses to judge a forecast by",
        FORECAST,
        lambda c: c.others < 10,
        lambda c: c.others - 10,
        "{others} other courses: the interval is the forecast's own (measured .73–.91 where the"
        " courses drift apart or their shocks last)",
        "compare arm A with arm B, or wait for more courses",
        refuses=False,
    ),
    Rule(
        "not many other courses",
        PLACEBO | FORECAST,
        lambda c: 10 <= c.others <= 18,
        lambda c: c.others - 19,
        "{others} {pooled}: the t interval rests on few placebos below 19",
        "compare arm A with arm B too",
        refuses=False,
    ),
    Rule(
        "thin other courses",
        PLACEBO,
        lambda c: c.other_total < 10,
        lambda c: c.other_total - 10,
        "{other_total:.0f} counted in each of the {pooled} on average: below 10 the scale from"
        " their placebos is a little short (for the courses together measured .94 at 5, .92 at 2)",
        "read the size with care, or count over more weeks",
        refuses=False,
    ),
    Rule(
        "few promoted courses",
        frozenset({"courses_like_these"}),
        lambda c: 2 <= c.series <= 5,
        lambda c: c.series - 6,
        "{series} promoted courses: a population of courses is hardly seen from so few",
        "read the row of these courses",
        refuses=False,
    ),
    Rule(
        "few units in arm A",
        frozenset({"arms_wider", "arms_wider_summed"}),
        lambda c: c.arm_units is not None and c.arm_units < 6,
        lambda c: (c.arm_units or 0) - 6,
        "{arm_units} units in arm A: fewer than 6 say too little about how much a unit moves by"
        " itself; the two series are quoted",
        "",
        refuses=False,
    ),
    Rule(
        "small totals",
        BEFORE | WITHIN | {"weeks_on_off"},
        lambda c: c.smallest_total < 5,
        lambda c: c.smallest_total - 5,
        "a total of {smallest_total:g} behind a logarithm: below 5 a ratio is unstable",
        "widen the window or the reference",
        refuses=False,
    ),
    Rule(
        "thin weekday",
        frozenset({"weekday_its"}),
        lambda c: c.smallest_total < 2 * min(c.reference_weeks, c.window_weeks),
        lambda c: c.smallest_total - 2 * min(c.reference_weeks, c.window_weeks),
        "{smallest_total:g} counted on this weekday, before or in the window: below two a week most"
        " are refused, and the others cover a little less (measured .86–.95)",
        "read the row of all days",
        refuses=False,
    ),
    Rule(
        "one week beside a deadline",
        (SERIES - FORECAST) | {"arms_two_series"},
        lambda c: c.deadline and c.window_weeks < 2,
        lambda c: c.window_weeks - 2,
        "a window of {window_weeks:.0f} week beside a declared deadline: a series covers .70–.78"
        " where .95 is claimed",
        "read the ratio of totals",
        refuses=True,
    ),
    Rule(
        "batch enrolment",
        WEEKLY_LOGS,
        lambda c: c.alpha > 1 or c.zero_weeks > 0.2,
        lambda c: min(1 - c.alpha, 0.2 - c.zero_weeks),
        "over-dispersion {alpha:.2f}, {zero_weeks:.0%} of the weeks empty: weekly logarithms are"
        " refused above 1 or 20%",
        "use totals",
        refuses=True,
    ),
)


REFUSABLE = frozenset().union(*(rule.methods for rule in RULES if rule.refuses))
"""Methods that some condition refuses."""


def refusal(method: str, conditions: Conditions) -> str:
    """The reason of the first rule that refuses this method, or an empty string."""
    for rule in RULES:
        if rule.refuses and method in rule.methods and rule.applies(conditions):
            return f"{rule.name}: {_text(rule, method, conditions)}"
    return ""


def flags(method: str, conditions: Conditions) -> tuple[Finding, ...]:
    """A finding for every rule that looks at this method: pass, or warn with the sentence."""
    found = []
    for rule in RULES:
        if rule.refuses or method not in rule.methods:
            continue
        speaks = rule.applies(conditions)
        status = Status.WARN if speaks else Status.PASS
        sentence = _text(rule, method, conditions) if speaks else f"{rule.name}: no"
        found.append(
            Finding(
                rule.name, status, sentence, rule.todo if speaks else "", rule.margin(conditions)
            )
        )
    return tuple(found)


def _text(rule: Rule, method: str, conditions: Conditions) -> str:
    values = {name: getattr(conditions, name) for name in Conditions.__slots__}
    pooled = "courses left out" if method == "against_left_out" else "other courses"
    return rule.sentence.format(**values, pooled=pooled)

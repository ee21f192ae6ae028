"""What questions, methods and roles are called in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from evaluator.comparisons import ALL, TITLES
from evaluator.comparisons.arms import ARM
from evaluator.comparisons.geography import AGAINST
from evaluator.comparisons.left_out import AGAINST as LEFT_OUT
from evaluator.comparisons.waves import in_words
from evaluator.comparisons.weekdays import ARM as WEEKDAY
from evaluator.results import RowKey, RowRole

ROLES: Mapping[RowRole, str] = {
    RowRole.HEADLINE: "decides",
    RowRole.ROBUSTNESS: "another method, for comparison",
    RowRole.SENSITIVITY: "the same method under another choice",
    RowRole.EXPLORATORY: "one of many cells, looked at together",
}

GRIDS: Mapping[str, str] = {
    "joint_daily": "Courses by channel",
    "arms_by_unit": "Arm A over arm B, by channel",
    "group_lift": "Groups of countries by channel",
    "group_against_rest": "Groups of countries against the rest of the world",
}
"""Method → title of its cells."""

ASKED: Mapping[str, str] = {
    "promoted_vs_other": "Did promoting courses individually bring them more {outcome}?",
    "a_vs_b": "Did the campaign move arm A more than arm B?",
    "pre_vs_campaign": "Were there more {outcome} than the past leads one to expect?",
    "channels": "What did each channel add, and what did one of these cost?",
    "portfolio": "Did {outcome} move when the whole portfolio was promoted?",
    "order": "Does it matter whether paid or organic promotion comes first?",
    "geography": "Where in the world did the paid waves bring more {outcome}?",
    "within_campaign": "What did the waves of courses without history add?",
    "secondary": "Did promotion also bring what {outcome} are for?",
    "secondary by channel": "Do channels bring different people?",
    "weekdays": "On which days of the week did {outcome} change?",
}
"""Question of a table, as one who has to decide would put it."""

METHODS: Mapping[str, str] = {
    "size_adjusted_ratio": "log ratio of ratios of totals (window over reference, course over"
    " pooled other courses); scale from placebos of the other courses, adjusted for the size of"
    " the course; t(10)",
    "ranked_ratio": "the same log ratio, against the ranked placebos of the other courses"
    " (Ferman–Pinto quantile)",
    "these_courses": "mean of the courses' log ratios of ratios, about these courses; variance"
    " from the placebos of the other courses; t(10)",
    "against_left_out": "the same mean, against courses left out of every promotion; variance from"
    " their placebos, with what their sum moves and is counted with in common; t(10)",
    "weeks_on_off": "each course's log ratio of totals, weeks with a wave over the weeks beside"
    " them, relative to the other courses; courses as units, t(courses − 1)",
    "courses_like_these": "the same mean, about a population of courses like these; variance"
    " between the courses; t(courses − 1)",
    "arms_wider": "by unit or as two weekly series, whichever interval is wider at the declared"
    " level; the two series alone where arm A has too few units",
    "arms_wider_summed": "the same, on the sum of the courses",
    "arms_by_unit": "log ratio of ratios of totals, arm A over arm B; delete-one-unit (CRV3)"
    " variance; t(units of A − 1)",
    "arms_two_series": "log(A/B) by week with AR(1) errors; autocorrelation by REML, shared with"
    " the other promoted courses where there are some",
    "triple_difference": "the same ratio by unit, minus that of the other courses split by the"
    " same units; clustered by unit",
    "arms_within_campaign": "log ratio of ratios by unit, wave days over other campaign days;"
    " clustered by unit",
    "controlled_its": "log(course / sum of the other courses) by week with AR(1) errors, forecast"
    " over the window, averaged over the autocorrelation; scale from the same forecast of each"
    " other course, adjusted for size; t(10); fewer than ten of them: a scale of its own, by"
    " marginal REML",
    "level_shift": "the same series; mean weekly level shift over the window",
    "single_its": "its own log weekly counts with AR(1) errors, forecast over the window; a week"
    " cut short counts by what its weekdays bring",
    "weekday_its": "the same forecast of one day of each week; autocorrelation by REML, shared with"
    " the other weekdays",
    "segmented_newey_west": "level and slope before and after, least squares, Newey–West errors",
    "within_campaign": "log(course / sum of the other courses) by week of the campaign on the"
    " share of days in each paid wave, net of a log-linear launch decay; AR(1) errors",
    "order_of_waves": "each course's log ratio of ratios over both waves and the two weeks after;"
    " difference of the two orders within strata, courses as units; t(courses − strata − 1)",
    "joint_daily": "Poisson regression of a course's days on its waves and the two weeks after"
    " each, offset by the other courses' days; scale from the same fit to each other course; t(10)",
    "overlap_joint": "the same model; both channels together on the days when both were active",
    "group_lift": "log of what was counted in the waves over what was expected from the base and"
    " the other courses, the courses summed, in a group of countries; jackknife over courses;"
    " t(courses − 1)",
    "group_against_rest": "the same, each course's count divided by its lift in all other"
    " countries; jackknife over courses; t(courses − 1)",
    "channel_mean": "mean of these courses' log lifts by that model; variance from their own"
    " intervals, or the spread between them where that is wider and all waves fall in one week",
    "channel_like_these": "the same mean, about a population of courses like these; jackknife"
    " over courses; t(courses − 1)",
    "share_ratio": "log ratio of the shares of people with one tag and without any; variance of"
    " independent shares, one half added to each number (Walter); Wilson interval of the share",
}
"""Method → estimator and inference, in one line."""

REASONS: Mapping[str, str] = {
    "size_adjusted_ratio": "it holds its level on simulated and on real series, where errors"
    " clustered with one treated course do not",
    "these_courses": "it holds its level about these courses; two-way fixed effects do not, even on"
    " waves that pass their tests",
    "against_left_out": "no promotion reached these courses, so nothing of the effect cancels",
    "order_of_waves": "chance gave the order, so the spread between courses of one order is what"
    " the difference errs by",
    "weeks_on_off": "chance gave each course its weeks, and whole courses as units ask nothing of"
    " how weeks hang together",
    "arms_wider": "by unit alone it is too narrow where a shock reaches all of arm A: then the two"
    " series are wider",
    "triple_difference": "shocks to an arm are common to the courses, so pooling alone does not"
    " average them away",
    "channel_mean": "it is about these courses, and a week that all waves share is in no course's"
    " own interval; weekly bins are biased where waves start within a bin",
    "controlled_its": "it holds its level where courses drift and beside deadlines too, which a"
    " forecast on a scale of its own does not",
}
"""Headline method → why it is the default; how often each covers is in guides/methods.md."""


def method_title(method: str) -> str:
    """What the cells of a method are called."""
    return GRIDS.get(method, method.replace("_", " ").capitalize())


def question_title(question: str) -> str:
    title, outcome = block_title(question), outcome_label(question)
    return f"{title}: {outcome}" if outcome else title


def block_title(question: str) -> str:
    """Title of the table in which a question stands."""
    block = block_of(question)
    return TITLES.get(block, block.replace("_", " "))


def asked(question: str, outcome: str) -> str:
    """The question as a sentence; empty where it has none.

    >>> asked("promoted_vs_other", "enrolments")
    'Did promoting courses individually bring them more enrolments?'
    """
    return ASKED.get(block_of(question), "").format(outcome=outcome)


def block_of(question: str) -> str:
    """Questions that stand in one table: the same about several outcomes."""
    return question.partition(": ")[0]


def outcome_label(question: str) -> str:
    """Which outcome a question is about; empty for the experiment's own."""
    return question.partition(": ")[2]


def row_label(key: RowKey) -> str:
    """What a row of one question is about: its course, and channel and arm where they matter."""
    return " ".join(part for part in (course_label(key), wave_label(key)) if part)


def course_label(key: RowKey) -> str:
    """A course, or the courses together, with what they are compared with if not the usual.

    >>> course_label(RowKey("promoted_vs_other", "all", arm=LEFT_OUT))
    'all, against left out'
    """
    compared = ", against left out" if key.arm == LEFT_OUT and key.channel == ALL else ""
    return f"{key.course}{compared}"


def wave_label(key: RowKey) -> str:
    """Channel of a row, with its arm or countries, or its weekday; empty where all are meant."""
    if key.channel == "all":
        return weekday_of(key)
    return ", ".join(part for part in (channel_label(key.channel), arm_label(key)) if part)


def weekday_of(key: RowKey) -> str:
    """The weekday that a row is about; empty where it is about all of them."""
    return key.arm.removeprefix(WEEKDAY) if key.arm.startswith(WEEKDAY) else ""


def channel_label(channel: str) -> str:
    """A channel, a week after its wave, or an overlap of two of these.

    >>> channel_label("organic +1 & newsletter")
    'organic, week after & newsletter'
    """
    return " & ".join(in_words(name) for name in channel.split(" & "))


def arm_label(key: RowKey) -> str:
    """What a row about a wave is compared within; empty where it is about all countries."""
    if key.arm == "all":
        return ""
    if key.arm == ARM:
        return "A over B"
    rest = " vs rest of the world" if key.method == AGAINST else ""
    return f"{key.arm.removeprefix('group: ')}{rest}"


def cell_label(key: RowKey) -> str:
    """What a row about a wave is called beneath the name of its channel."""
    arm = arm_label(key)
    if arm and key.course == ALL:
        return arm
    return f"{key.course}, {arm}" if arm else key.course


def of_any_channel(sentence: str, key: RowKey) -> str:
    """The sentence that rows about different channels, or overlaps of two, share."""
    if key.channel == "all":
        return sentence
    for name, general in zip(key.channel.split(" & "), ("the channel", "the other"), strict=False):
        sentence = sentence.replace(name, general)
    return sentence


def listed(items: Iterable[str]) -> str:
    """A list as a sentence has it.

    >>> listed(["ODPS", "SEE", "LIP"]), listed(["ODPS"])
    ('ODPS, SEE and LIP', 'ODPS')
    """
    *first, last = items
    return f"{', '.join(first)} and {last}" if first else last


def counted(number: int, noun: str) -> str:
    """A number with its noun in the right number.

    >>> counted(1, "row"), counted(2, "row")
    ('1 row', '2 rows')
    """
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"

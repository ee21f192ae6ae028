"""What must hold between the keys of a file, beyond their types and ranges.

The rules read the document rather than a `Spec`, and pass over values of a wrong type: so a file
with an error of type still hears of all its others.
"""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterator
from datetime import date
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any, get_args

from evaluator.errors import did_you_mean
from evaluator.experiment.assignment_rules import assignment_faults, left_out_faults
from evaluator.experiment.faults import Fault, dotted, missing, written, wrong
from evaluator.experiment.names import EVENTS, name_faults
from evaluator.experiment.planned_rules import plan_faults
from evaluator.experiment.positions import Keys
from evaluator.experiment.published_rules import exposure_faults, published_faults
from evaluator.experiment.questions import asked, questions_possible
from evaluator.experiment.spec.sources import SourceKind
from evaluator.experiment.tables import Document, tables, texts_of, value_of
from evaluator.experiment.targeting_rules import targeting_faults

COUNTING = ("events", "counts")
SPANS = (
    ("window",),
    ("waves",),
    ("waves", "bounds"),
    ("kpis", "counted", "baseline_span"),
    ("claims", "window"),
    ("claims", "before"),
    ("plan", "blackouts"),
    ("plan", "holidays"),
)


def rule_faults(document: Document) -> list[Fault]:
    """Every rule between the keys of a document that it breaks."""
    return [fault for rule in RULES for fault in rule(document)]


def _spans_in_order(document: Document) -> Iterator[Fault]:
    for names in (*SPANS, *((name,) for name in EVENTS)):
        for keys, table in tables(document, *names):
            start, end = _span(table)
            if start and end and end < start:
                yield wrong((*keys, "end"), end, "is before its start", f"start = {start}")


def _days_in_the_data(document: Document) -> Iterator[Fault]:
    as_of = _experiment(document, "as_of", date)
    history = _experiment(document, "history_from", date)
    for keys, table in [*tables(document, "window"), *tables(document, "waves")]:
        start, end = _span(table)
        last = (*keys, "end" if "end" in table else "start")
        if as_of and end and end > as_of and (start or end) <= end:
            rule = f"as_of = {as_of} is the last day that may be used"
            yield wrong(last, end, "is after as_of", rule)
        if history and end and end < history and keys[0] == "waves":
            rule = f"history_from = {history} is the first day that is read"
            yield wrong(last, end, "is before the data begin", rule)


def _history_before_the_window(document: Document) -> Iterator[Fault]:
    history = _experiment(document, "history_from", date)
    for _, window in tables(document, "window"):
        start = value_of(window, "start", date)
        if history and start and history >= start:
            keys = ("experiment", "history_from")
            rule = f"window.start = {start}, and the reference lies before it"
            yield wrong(keys, history, "leaves no day before the window", rule)


def _waves_in_their_bounds(document: Document) -> Iterator[Fault]:
    for keys, wave in tables(document, "waves"):
        start, end = _span(wave)
        for _, bounds in tables(wave, "bounds"):
            first, last = _span(bounds)
            if not first or not last or last < first:
                continue
            rule = f"published bounds: {first} to {last}"
            if start and start < first:
                yield wrong((*keys, "start"), start, "is before its published bounds", rule)
            if end and end > last:
                last_key = "end" if "end" in wave else "start"
                yield wrong((*keys, last_key), end, "is after its published bounds", rule)


def _courses_available(document: Document) -> Iterator[Fault]:
    available = {}
    windows = [_span(window) for _, window in tables(document, "window")]
    window_end = next((end for start, end in windows if start and end and start <= end), None)
    for keys, course in tables(document, "courses"):
        since = value_of(course, "available_from", date)
        available[value_of(course, "code", str)] = since
        if since and window_end and since > window_end:
            rule = f"window.end = {window_end}"
            yield wrong((*keys, "available_from"), since, "is after the window", rule)
    for keys, wave in tables(document, "waves"):
        _, end = _span(wave)
        for place, code in texts_of(keys, wave, "courses"):
            since = available.get(code)
            if since and end and end < since:
                rule = f"this wave ends on {end}, {code} is available from {since}"
                yield wrong(place, code, "was not available yet", rule)


def _waves_advertise(document: Document) -> Iterator[Fault]:
    exposed = [
        arm for keys, arms in tables(document, "arms") for _, arm in texts_of(keys, arms, "exposed")
    ]
    for keys, wave in tables(document, "waves"):
        if not wave.get("courses") and not wave.get("portfolio"):
            what = f"{dotted(keys)} advertises nothing"
            hint = "name its courses, or write portfolio = true"
            yield Fault(keys, what, "a wave has courses, or the portfolio, or both", hint)
        for place, arm in texts_of(keys, wave, "arms"):
            if exposed and arm in ("A", "B") and arm not in exposed:
                rule = f"arms.exposed = {', '.join(map(written, exposed))}"
                yield wrong(place, arm, "is not an exposed arm", rule)


def _budgets_add_up(document: Document) -> Iterator[Fault]:
    for keys, wave in tables(document, "waves"):
        went_to = {arm for _, arm in texts_of(keys, wave, "arms")} or {"A", "B"}
        for place, budget in tables(wave, "budget"):
            shares = {arm: _number(budget, arm) for arm in ("A", "B")}
            given = [share for share in shares.values() if share is not None]
            if len(given) == len(shares) and abs(sum(given) - 1) > 1e-6:
                what = f"{dotted((*keys, *place))} adds up to {sum(given):g}"
                yield Fault((*keys, *place), what, "the shares of A and B add up to 1")
            for arm, share in shares.items():
                if share and arm not in went_to:
                    rule = f"this wave went to {' and '.join(sorted(went_to))} alone"
                    yield wrong((*keys, *place, arm), share, "is not spent there", rule)


def _number(table: Document, key: str) -> float | None:
    """A share, whole or not: a file may say 1 for 1.0."""
    whole = value_of(table, key, int)
    return value_of(table, key, float) if whole is None else whole


def _one_rule_for_arm_a(document: Document) -> Iterator[Fault]:
    for keys, arms in tables(document, "arms"):
        if ("top" in arms) == ("listed" in arms):
            what = "arms has two rules for arm A" if "top" in arms else "arms has no rule for arm A"
            yield Fault(keys, what, "arm A is either [arms.top] or [arms.listed]")
    for keys, listed in tables(document, "arms", "listed"):
        if not listed.get("countries") and not listed.get("by_course"):
            yield Fault(keys, "arms.listed names nothing", "arm A needs countries, or by_course")


def _promoted_or_other(document: Document) -> Iterator[Fault]:
    promoted = {value_of(course, "code", str) for _, course in tables(document, "courses")}
    for keys, others in tables(document, "others"):
        for place, code in texts_of(keys, others, "codes"):
            if code in promoted:
                rule = "a course is either promoted, under [[courses]], or other"
                yield wrong(place, code, "is also a promoted course", rule)
        if others.get("codes") and "catalogue" in others:
            what = "others has both codes and a catalogue"
            yield Fault(keys, what, "the other courses are either listed or in a catalogue")


def _one_group_a_country(document: Document) -> Iterator[Fault]:
    first: dict[str, Keys] = {}
    for keys, group in tables(document, "country_groups"):
        for place, country in texts_of(keys, group, "countries"):
            if first.setdefault(country, keys) != keys:
                rule = f"a country is in one group; {dotted(first[country])} has this one"
                yield wrong(place, country, "is in two groups", rule)


def _secondary_complete(document: Document) -> Iterator[Fault]:
    needs = {"new_learners": (), "follow_up": ("days",), "fee_based": ("days", "source")}
    for keys, outcome in tables(document, "secondary"):
        kind = value_of(outcome, "kind", str)
        if kind not in needs:
            continue
        for key in ("days", "source"):
            if (key in outcome) != (key in needs[kind]):
                what = (
                    f"{dotted((*keys, key))} is {'missing' if key in needs[kind] else 'not used'}"
                )
                rule = (
                    f'kind "{kind}" takes {" and ".join(needs[kind]) or "neither days nor source"}'
                )
                yield Fault((*keys, key), what, rule)


def _secondary_of_events(document: Document) -> Iterator[Fault]:
    if "secondary" not in document:
        return
    if "secondary" not in asked(document):
        hint = 'add "secondary" to experiment.questions, or leave [[secondary]] out'
        yield Fault(("secondary",), "secondary outcomes are declared and not asked for", "", hint)
    for keys, source in tables(document, "sources"):
        if source.get("kind") == "counts":
            rule = 'secondary outcomes follow people: every counting source is of kind "events"'
            yield wrong((*keys, "kind"), "counts", "says nothing of people", rule)


def _negative_controls_named(document: Document) -> Iterator[Fault]:
    named = {
        value_of(control, "source", str) for _, control in tables(document, "negative_controls")
    }
    for keys, source in tables(document, "sources"):
        if source.get("kind") == "negative_control" and source.get("name") not in named:
            what = f"{dotted(keys)} is read by no negative control"
            rule = "a source of this kind is named under [[negative_controls]]"
            yield Fault((*keys, "kind"), what, rule)


def _something_is_counted(document: Document) -> Iterator[Fault]:
    kinds = [source.get("kind") for _, source in tables(document, "sources")]
    known = all(kind in get_args(SourceKind) for kind in kinds)
    if kinds and known and asked(document) and not set(kinds) & set(COUNTING):
        rule = 'a source of kind "events" or "counts" is needed'
        yield Fault(("sources",), "no source counts anything", rule)


def _something_is_asked(document: Document) -> Iterator[Fault]:
    other = ("targeting", "claims", "exposure")
    if _experiment(document, "questions", list) == [] and not any(map(document.get, other)):
        hint = "name a question, or declare [targeting], [[claims]] or [exposure]"
        keys = ("experiment", "questions")
        yield wrong(keys, [], "is empty", "Questions that become rows.", hint)


def _what_questions_need(document: Document) -> Iterator[Fault]:
    """Claims alone need no window, no courses and no data: everything else does."""
    counted = any("counted" in kpi for _, kpi in tables(document, "kpis"))
    nothing_asked = _experiment(document, "questions", list) == []
    if nothing_asked and "targeting" not in document and not counted:
        return
    for name in ("window", "courses", "sources"):
        if name not in document:
            yield missing((name,))


def _kpis_measured_once(document: Document) -> Iterator[Fault]:
    kinds = [value_of(source, "kind", str) for _, source in tables(document, "sources")]
    for keys, kpi in tables(document, "kpis"):
        measures = [name for name in ("counted", "posts", "email", "channel") if name in kpi]
        if len(measures) > 1:
            what = f"{dotted(keys)} has {' and '.join(measures)}"
            yield Fault(keys, what, "an indicator is recomputed in one way, or in none")
        for name in measures:
            if name in ("posts", "email") and name not in kinds:
                what = f"{dotted((*keys, name))} has nothing to read"
                yield Fault((*keys, name), what, f'a source of kind "{name}" is needed')
        for unused in ("baseline", "target", "by_course") if "channel" in kpi else ():
            if unused in kpi:
                what = f"{dotted((*keys, unused))} is not used"
                yield Fault((*keys, unused), what, "a figure of a channel has a result only")


def _paths_are_relative(document: Document) -> Iterator[Fault]:
    for keys, source in tables(document, "sources"):
        for place, path in texts_of(keys, source, "path"):
            absolute = PurePosixPath(path).is_absolute() or PureWindowsPath(path).drive
            if absolute or path.startswith("~"):
                rule = "the path of a source is relative to the folder of this file"
                yield wrong(place, path, "is not a relative path", rule)


def _time_zone_known(document: Document) -> Iterator[Fault]:
    name = _experiment(document, "timezone", str)
    if not name:
        return
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        hint = did_you_mean(name, sorted(zoneinfo.available_timezones()))
        rule = "a name of the IANA time zone database, as Europe/Rome"
        yield wrong(("experiment", "timezone"), name, "is not a known time zone", rule, hint)


def _nothing_said_twice(document: Document) -> Iterator[Fault]:
    yield from _repeats((), document)


def _repeats(keys: Keys, value: Any) -> Iterator[Fault]:
    """Items that a list holds twice: every list of a file is a set."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    seen: list[Any] = []
    for key, item in items:
        if isinstance(item, dict | list):
            yield from _repeats((*keys, key), item)
        elif isinstance(value, list):
            if item in seen:
                yield wrong((*keys, key), item, "is listed twice")
            seen.append(item)


def _experiment(document: Document, key: str, kind: type[Any]) -> Any:
    return next((value_of(table, key, kind) for _, table in tables(document, "experiment")), None)


def _span(table: Document) -> tuple[date | None, date | None]:
    """First and last day; one day where there is no end."""
    start = value_of(table, "start", date)
    return start, value_of(table, "end", date) if "end" in table else start


RULES = (
    name_faults,
    _spans_in_order,
    _days_in_the_data,
    _history_before_the_window,
    _waves_in_their_bounds,
    _courses_available,
    _waves_advertise,
    _budgets_add_up,
    _one_rule_for_arm_a,
    _promoted_or_other,
    left_out_faults,
    assignment_faults,
    questions_possible,
    _one_group_a_country,
    _secondary_complete,
    _secondary_of_events,
    _negative_controls_named,
    _something_is_counted,
    _kpis_measured_once,
    targeting_faults,
    plan_faults,
    published_faults,
    exposure_faults,
    _something_is_asked,
    _what_questions_need,
    _paths_are_relative,
    _time_zone_known,
    _nothing_said_twice,
)

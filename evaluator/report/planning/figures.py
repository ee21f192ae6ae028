"""How the numbers of a plan look; what is not known is a dash."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from evaluator.comparisons import ALL
from evaluator.report import numbers
from evaluator.report.words import listed, question_title, row_label
from evaluator.results import RowKey

Record = Mapping[str, Any]
NOTHING = "–"
MAILING = "mailing_holdout"


def probability(value: float | None) -> str:
    """A power or another share of campaigns.

    >>> probability(0.8049), probability(None)
    ('.80', '–')
    """
    return NOTHING if value is None else numbers.probability(value)


def power(record: Record) -> str:
    """A power with the band in which it lies."""
    if record["power"] is None:
        return NOTHING
    return f"{probability(record['power'])} {power_band(record)}"


def power_band(record: Record) -> str:
    return f"[{probability(record['promised_low'])}; {probability(record['promised_high'])}]"


def off(value: float | None, error: float | None) -> str:
    """A share with its Monte-Carlo standard error.

    >>> off(0.1204, 0.0361), off(None, None)
    ('.12 ± .04', '–')
    """
    if value is None:
        return NOTHING
    sign = numbers.MINUS if value < 0 and probability(abs(value)) != ".00" else ""
    return f"{sign}{probability(abs(value))} ± {probability(error)}"


def factor(value: float | None) -> str:
    return NOTHING if value is None else numbers.factor(value)


def lift(value: float | None) -> str:
    return NOTHING if value is None else numbers.lift(value)


def noticed(record: Record) -> str:
    """The smallest lift that is noticed, with its band; a dash where none is to be relied on."""
    own = record["detectable"]
    if own["lift"] is None or record["concludes_of_nothing"]:
        return NOTHING
    low, high = factor(own["low"]), numbers.INFINITE if own["high"] is None else factor(own["high"])
    return f"{lift(own['lift'])} [{low}; {high}]"


def amount(record: Record) -> str:
    """Enrolments with their interval."""
    ends = (numbers.count(record[name]) for name in ("low", "high"))
    return f"{numbers.count(record['value'])} [{'; '.join(ends)}]"


def money(value: float | None, currency: str) -> str:
    """An amount of money.

    >>> money(2100.0, "EUR"), money(-3.0, "CHF"), money(5.0, "")
    ('€2,100', 'CHF −3', '5')
    """
    if value is None:
        return NOTHING
    sign = numbers.currency_sign(currency) if currency else ""
    return f"{sign}{' ' if len(sign) > 1 else ''}{numbers.count(value)}"


def day(iso: str, *, year: bool = True) -> str:
    """A day, in the form of the rest of the report.

    >>> day("2023-03-06"), day("2023-03-06", year=False)
    ('6 Mar 2023', '6 Mar')
    """
    own = date.fromisoformat(iso)
    return f"{own.day} {own:%b}" + (f" {own.year}" if year else "")


def label(record: Record) -> str:
    """What a row is about, within its question."""
    if record["question"] == MAILING:
        return "the list"
    names = ("question", "course", "channel", "arm", "method", "variant")
    key = RowKey(**{name: record[name] for name in names})
    said = row_label(key)
    return "all courses" if said == ALL else said.removeprefix(f"{ALL} ")


def title(question: str) -> str:
    return "Newsletter hold-out" if question == MAILING else question_title(question)


def weeks(numbers_: list[int]) -> str:
    """Weeks of the window, counted from 1.

    >>> weeks([0, 3, 4])
    'weeks 1, 4 and 5'
    """
    return f"week{'s' if len(numbers_) > 1 else ''} {listed(str(n + 1) for n in numbers_)}"

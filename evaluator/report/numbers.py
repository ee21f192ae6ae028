"""How numbers look in print: one place, so that table and prose agree."""

from __future__ import annotations

import math

from evaluator.results import Amount, Effect, Interval, Share, Simultaneous

MINUS = "\N{MINUS SIGN}"
INFINITE = "\N{INFINITY}"
LARGE = 1000
"""From here on the decimals of a lift say nothing."""
SIGNS = {"EUR": "€", "USD": "$", "GBP": "£"}


def factor(value: float) -> str:
    """A multiple, to two decimals where they say something."""
    if not math.isfinite(value):
        return INFINITE
    return f"{value:,.0f}" if value >= LARGE else f"{value:.2f}"


def lift(value: float) -> str:
    """Multiplicative effect.

    >>> lift(1.834), lift(12345.6), lift(float("inf"))
    ('×1.83', '×12,346', '×∞')
    """
    return f"×{factor(value)}"


def log_lift(value: float) -> str:
    """A log lift as a multiple.

    >>> log_lift(0.0)
    '×1.00'
    """
    return lift(Interval(value, value, 1.0).exp().low)


def lift_interval(interval: Interval) -> str:
    """Interval of a log lift, as multiplicative effects.

    >>> lift_interval(Interval(0.4187, 0.7885, 0.95))
    '[1.52; 2.20]'
    """
    ends = interval.exp()
    return f"[{factor(ends.low)}; {factor(ends.high)}]"


def lift_and_interval(effect: Effect, deciding: Effect | Simultaneous, level: float) -> str:
    """A lift with the interval that decides about it."""
    return f"{lift(effect.lift)} {lift_interval(deciding.interval(level))}"


def count(value: float) -> str:
    """Whole number with thousands separated.

    >>> count(2186.76), count(-0.2), count(-28)
    ('2,187', '0', '−28')
    """
    if not math.isfinite(value):
        return INFINITE if value > 0 else MINUS + INFINITE
    return f"{round(value):,}".replace("-", MINUS)


def share(value: Share) -> str:
    """A proportion with its interval.

    >>> share(Share(0.0445, Interval(0.0364, 0.0543, 0.95), 2044))
    '4.5% [3.6; 5.4]'
    """
    low, high = (f"{100 * end:.1f}" for end in (value.interval.low, value.interval.high))
    return f"{value.value:.1%} [{low}; {high}]"


def amount(value: Amount, interval: Interval | None = None) -> str:
    """An absolute number with its interval, or with the one that decides in its place."""
    ends = interval or value.interval
    return f"{count(value.value)} [{count(ends.low)}; {count(ends.high)}]"


def cost(value: float | None, interval: Interval | None = None) -> str:
    """What one cost, to two decimals, with its interval; empty where there is no number.

    >>> cost(2.338, Interval(1.974, float("inf"), 0.95)), cost(None)
    ('2.34 [1.97; ∞]', '')
    """
    if value is None:
        return ""
    ends = f" [{factor(interval.low)}; {factor(interval.high)}]" if interval else ""
    return f"{factor(value)}{ends}"


def currency_sign(code: str) -> str:
    """Sign of a currency, or its code.

    >>> currency_sign("EUR"), currency_sign("CHF"), currency_sign("")
    ('€', 'CHF', 'cost')
    """
    return SIGNS.get(code, code or "cost")


def p_value(value: float) -> str:
    """Three decimals, without the zero before the point.

    >>> p_value(0.0004), p_value(0.0341), p_value(0.9999)
    ('<.001', '.034', '>.999')
    """
    if value < 0.001:
        return "<.001"
    return ">.999" if value > 0.9995 else f"{value:.3f}".removeprefix("0")


def probability(value: float) -> str:
    """A coverage or its error, to two decimals, without the zero before the point.

    >>> probability(0.946), probability(0.012), probability(0.999)
    ('.95', '.01', '1.00')
    """
    return f"{value:.2f}".removeprefix("0")


def rate(value: float) -> str:
    """A share of many trials, in whole per cent.

    >>> rate(0.314)
    '31%'
    """
    return f"{100 * value:.0f}%"


def percent(level: float) -> str:
    """A level as a percentage.

    >>> percent(0.95), percent(0.975)
    ('95%', '97.5%')
    """
    return f"{100 * level:.6g}%"

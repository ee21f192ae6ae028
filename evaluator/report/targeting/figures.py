"""How effects look in print: counts per 100 people, money per person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from evaluator.report.numbers import MINUS, currency_sign, p_value, percent
from evaluator.results import Interval
from evaluator.targeting.scores import Mean

SUPPRESSED = "suppressed"


@dataclass(frozen=True, slots=True)
class Figures:
    """Numbers of one list."""

    level: float
    currency: str
    per_hundred: bool
    """Whether outcomes are yes or no, so that effects are said per 100 people."""

    @property
    def unit(self) -> str:
        return "per 100 people" if self.per_hundred else "per person"

    @property
    def scale(self) -> float:
        """From an effect to the number in print."""
        return 100.0 if self.per_hundred else 1.0

    def effect(self, value: float) -> str:
        """Without its interval.

        >>> Figures(0.95, "", True).effect(-0.0352)
        '−3.5'
        """
        return signed(self.scale * value, 1 if self.per_hundred else 3)

    def own(self, mean: Mean) -> str:
        """With its own interval."""
        return self._with(mean.value, mean.interval(self.level), self.effect)

    def together(self, mean: Mean) -> str:
        """With the interval that holds together with those of its family."""
        return self._with(mean.value, mean.simultaneous(self.level), self.effect)

    def area(self, mean: Mean) -> str:
        """An area under a curve of effects, which is smaller than an effect."""
        digits = 2 if self.per_hundred else 4
        return self._with(
            mean.value, mean.interval(self.level), lambda one: signed(self.scale * one, digits)
        )

    def worth(self, mean: Mean, *, simultaneous: bool = False) -> str:
        """Money per person of the list."""
        ends = mean.simultaneous(self.level) if simultaneous else mean.interval(self.level)
        return self._with(mean.value, ends, self.money)

    def money(self, value: float) -> str:
        """An amount; the currency stands in the head.

        >>> Figures(0.95, "EUR", True).money(-0.0314)
        '−0.031'
        """
        return signed(value, 3)

    @property
    def sign(self) -> str:
        return currency_sign(self.currency) if self.currency else "worth"

    @property
    def percent(self) -> str:
        return percent(self.level)

    def _with(self, value: float, ends: Interval, shown: Callable[[float], str]) -> str:
        return f"{shown(value)} [{shown(ends.low)}; {shown(ends.high)}]"


def share(value: float | None) -> str:
    """A share of people.

    >>> share(0.597), share(None)
    ('60%', 'suppressed')
    """
    return SUPPRESSED if value is None else f"{value:.0%}"


def said_p(p: float) -> str:
    """A p-value in a sentence.

    >>> said_p(0.0001), said_p(0.04)
    ('p < .001', 'p = .040')
    """
    shown = p_value(p)
    return f"p {shown[0]} {shown[1:]}" if shown[0] in "<>" else f"p = {shown}"


def signed(value: float, digits: int) -> str:
    """A number with a minus sign, not a hyphen.

    >>> signed(-2.664, 2), signed(-0.001, 2)
    ('−2.66', '0.00')
    """
    text = f"{value:,.{digits}f}"
    # −0.0 is nothing.
    return text.removeprefix("-") if float(text.replace(",", "")) == 0 else text.replace("-", MINUS)

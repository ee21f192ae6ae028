"""Published figures as they are printed: each is the set of numbers that would print so.

`96%` is every share from 95.5 to 96.5, `over 70%` everything above 70, `almost double` what lies
up to a tenth below 2. A figure that cannot be one number (`1, 600, 0000`) has several readings.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

ALMOST = 0.1
"""How far below its figure "almost" reaches, relative to it: a convention, stated where used."""
WORDS = {"half": (0.5, True), "double": (2.0, False), "triple": (3.0, False)}
"""Figure in words → its number, and whether it is a share of one."""
ABOVE = ("at least", "more than", "over", "above")
BELOW = ("at most", "fewer than", "less than", "under", "below", "up to")
NEAR = ("almost", "nearly")
FORMS = '96, "96%", "3 in 5", "over 70%", "fewer than 20%", "100+", "25–40%", "almost double"'

_BOUND = re.compile(rf"({'|'.join((*ABOVE, *BELOW, *NEAR))})\s+(.*)")
_SCALES = {"K": 1e3, "M": 1e6, "THOUSAND": 1e3, "MILLION": 1e6, "BILLION": 1e9}
_NUMBER = re.compile(
    rf"[+\-−×]?\s*[€$£]?\s*(\d[\d,\s]*(?:\.\d+)?|\.\d+)\s*(%|×|{'|'.join(_SCALES)})?"
)


@dataclass(frozen=True, slots=True)
class Printed:
    """A figure as printed, and the numbers that would print so."""

    text: str
    value: float
    """The figure itself, bounds and rounding left aside."""
    low: float
    high: float
    """What prints so lies between these, both included; −∞ or ∞ where the print has no end."""
    about: str = ""
    """How the words around the figure are read, where that is a convention."""
    readings: tuple[float, ...] = ()
    """The numbers that a malformed figure may mean; empty where it is well formed."""

    def __contains__(self, number: float) -> bool:
        slack = 1e-9 * max(abs(self.value), 1.0)
        return self.low - slack <= number <= self.high + slack

    @property
    def decimals(self) -> int:
        """Decimals that a figure beside it needs to be compared with it.

        >>> [read_printed(text).decimals for text in ("-0.0206", "96%", "6.1K", "over 70.5%")]
        [4, 0, 0, 0]
        """
        width = self.high - self.low
        return max(-round(math.log10(width)), 0) if 0 < width <= 1 else 0

    def times(self, factor: float) -> Printed:
        """The same in another unit, `factor` > 0 of which is one of this."""
        scaled = tuple(factor * reading for reading in self.readings)
        ends = factor * self.low, factor * self.high
        return Printed(self.text, factor * self.value, *ends, self.about, scaled)


def read_printed(written: float | str, unit: str = "") -> Printed | None:
    """A figure as it is printed; None where the text is no figure.

    Parameters
    ----------
    unit : of the figure; where it begins with %, a share in words (`3 in 5`) is in per cent

    >>> read_printed("over 70%"), read_printed("3 in 5", "% of marketers").value
    (Printed(text='over 70%', value=70.0, low=70.0, high=inf, about='', readings=()), 60.0)
    >>> read_printed("1, 600, 0000").readings
    (1600000.0, 16000000.0)
    """
    if not isinstance(written, str):
        return _rounded(_signed(f"{written:.12g}"), f"{written:.12g}")
    text = _signed(" ".join(written.split()))
    folded = text.lower().replace("–", "-")
    share = 100.0 if unit.startswith("%") else 1.0
    if bound := _BOUND.fullmatch(folded):
        inner = read_printed(bound[2], unit)
        return None if inner is None else _bounded(text, bound[1], inner)
    if folded in WORDS:
        value, is_share = WORDS[folded]
        value *= share if is_share else 1.0
        return Printed(text, value, value, value)
    if parts := re.fullmatch(r"(\d+) in (\d+)", folded):
        part, whole = int(parts[1]), int(parts[2])
        return _share(text, part, whole, share) if 0 < whole >= part else None
    if ends := re.fullmatch(r"(\d+(?:\.\d+)?)%?-(\d+(?:\.\d+)?)%?", folded):
        low, high = float(ends[1]), float(ends[2])
        return Printed(text, (low + high) / 2, low, high) if low <= high else None
    if folded.endswith("+"):
        inner = _number(text, folded[:-1])
        return None if inner is None else _bounded(text, ABOVE[0], inner)
    return _number(text, folded)


def _signed(text: str) -> str:
    """With a minus sign where a hyphen stands for one."""
    return f"−{text[1:]}" if text.startswith("-") else text


def _number(text: str, folded: str) -> Printed | None:
    match = _NUMBER.fullmatch(folded.strip().upper())
    if match is None:
        return None
    sign = -1.0 if folded.strip()[0] in "-−" else 1.0
    whole, _, decimals = match[1].partition(".")
    groups = [group for group in re.split(r"[,\s]+", whole) if group]
    groups = groups or ["0"]
    if any(len(group) != 3 for group in groups[1:]) or (len(groups) > 1 and len(groups[0]) > 3):
        return _malformed(text, groups)
    digits = "".join(groups) + (f".{decimals}" if decimals else "")
    plain = _rounded(text, digits).times(_SCALES.get(match[2] or "", 1.0))
    if sign > 0:
        return plain
    return Printed(text, -plain.value, -plain.high, -plain.low)


def _malformed(text: str, groups: list[str]) -> Printed:
    """Groups of another length than three: a digit too many, or commas in the wrong place."""
    each = [groups[0], *(group[:3].ljust(3, "0") for group in groups[1:])]
    readings = tuple(sorted({float("".join(each)), float("".join(groups))}))
    return Printed(text, readings[0], readings[0], readings[-1], readings=readings)


def _rounded(text: str, digits: str) -> Printed:
    """What rounds to a figure, at the decimals that are printed."""
    value = float(digits)
    decimals = len(digits.partition(".")[2]) if "e" not in digits else 0
    half = 10.0**-decimals / 2
    return Printed(text, value, value - half, value + half)


def _share(text: str, part: int, whole: int, share: float) -> Printed:
    """`3 in 5`: nearer to three fifths than to another number of fifths."""
    low, high = max(part - 0.5, 0.0), min(part + 0.5, float(whole))
    each = share / whole
    return Printed(text, each * part, each * low, each * high)


def _bounded(text: str, word: str, inner: Printed) -> Printed:
    value = inner.value
    if word in ABOVE:
        return Printed(text, value, value, math.inf)
    if word in BELOW:
        return Printed(text, value, -math.inf, value)
    about = f"“{word}” is read as up to a tenth below"
    return Printed(text, value, value - ALMOST * abs(value), value, about)

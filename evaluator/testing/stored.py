"""Approved numbers in a file beside the test, that a change has to be accepted for."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, SupportsFloat

from evaluator.testing.calibrated import FALSE_ALARMS, Calibrated

Numbers = SupportsFloat | Mapping[Any, SupportsFloat] | Iterable[SupportsFloat]
ACCEPT = "--update-golden"
HELD, MISSED = "1", "0"


@dataclass(frozen=True, slots=True)
class Golden:
    """Compares what a test found with what was approved, or approves it."""

    path: Path
    """JSON: test, then name, then the numbers; sorted, a line a number."""
    test: str
    update: bool

    def __call__(
        self, name: str, numbers: Numbers, *, rtol: float = 1e-8, atol: float = 0.0
    ) -> None:
        """Fail where a number differs from the approved one, is new, or is gone.

        Parameters
        ----------
        numbers : one, a list, or a mapping (a column of a data frame) whose keys are shown
        rtol, atol : relative and absolute difference that is none

        Raises
        ------
        AssertionError : names each number, approved and now
        """
        __tracebackhide__ = True
        now = _named(numbers)
        approved = self._approved(name, {key: _writable(value) for key, value in now.items()})
        before = {key: float(value) for key, value in approved.items()}
        changes = list(_changes(before, now, rtol, atol))
        if changes:
            raise AssertionError(
                f"{len(changes)} of {len(before | now)} numbers of {name!r} are not as approved"
                f" (rtol {rtol:g}):\n  " + "\n  ".join(changes) + f"\n  accept: pytest {ACCEPT}"
            )

    def held(
        self, name: str, calibrated: Calibrated, *, false_alarms: float = FALSE_ALARMS
    ) -> None:
        """Fail where a coverage changed since it was approved (exact McNemar, world by world).

        Raises
        ------
        AssertionError : says both counts, and how many worlds were lost and gained
        """
        __tracebackhide__ = True
        now = "".join(HELD if held else MISSED for held in calibrated.held)
        bits = self._approved(name, {"held": now})["held"]
        calibrated.assert_as_before(
            Calibrated.of(bit == HELD for bit in bits), false_alarms=false_alarms
        )

    def _approved(self, name: str, now: Mapping[str, Any]) -> Mapping[str, Any]:
        __tracebackhide__ = True
        kept = json.loads(self.path.read_text("utf-8")) if self.path.exists() else {}
        if self.update:
            kept.setdefault(self.test, {})[name] = now
            text = json.dumps(kept, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False)
            self.path.write_text(text + "\n", "utf-8")
        try:
            approved: Mapping[str, Any] = kept[self.test][name]
        except KeyError:
            raise AssertionError(
                f"{self.path.name} holds no {name!r} for {self.test}; approve it: pytest {ACCEPT}"
            ) from None
        return approved


def _named(numbers: Any) -> dict[str, float]:
    if isinstance(numbers, SupportsFloat) and not hasattr(numbers, "__len__"):
        return {"": float(numbers)}
    items = numbers.items() if hasattr(numbers, "items") else enumerate(numbers)
    return {str(key): float(value) for key, value in items}


def _writable(value: float) -> float | str:
    """JSON has no sign for what is not finite."""
    return value if math.isfinite(value) else str(value)


def _changes(
    before: Mapping[str, float], now: Mapping[str, float], rtol: float, atol: float
) -> Iterator[str]:
    for key in {**before, **now}:
        if key not in now:
            yield f"{key}: {before[key]:.10g} → gone"
        elif key not in before:
            yield f"{key}: new → {now[key]:.10g}"
        elif not _alike(before[key], now[key], rtol, atol):
            old, new = before[key], now[key]
            relative = f" ({new / old - 1:+.2g} relative)" if old and math.isfinite(old) else ""
            yield f"{key}: {old:.10g} → {new:.10g}{relative}".removeprefix(": ")


def _alike(old: float, new: float, rtol: float, atol: float) -> bool:
    both_unknown = math.isnan(old) and math.isnan(new)
    return both_unknown or math.isclose(old, new, rel_tol=rtol, abs_tol=atol)

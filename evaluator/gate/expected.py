"""What a check will say something of, known from the lock alone: no data are read."""

from __future__ import annotations

from evaluator.gate.calibration import TOGETHER
from evaluator.gate.check import DECLARATION
from evaluator.gate.data import HISTORY, UP_TO_DATE
from evaluator.gate.items import Gate
from evaluator.gate.lock import Lock
from evaluator.gate.names import DATA


def expected(lock: Lock) -> tuple[tuple[Gate, str], ...]:
    """Gate and name of each item of a check that finds everything as approved, in its order."""
    drawn = {bits.drawn for bits in lock.coverage.values()}
    together = (TOGETHER,) if len(drawn) > 1 else ()
    names = {
        Gate.DATA: (HISTORY, UP_TO_DATE, *lock.findings.get(DATA, ())),
        Gate.ASSUMPTIONS: [name for name in lock.findings if name != DATA],
        Gate.RESULTS: (DECLARATION, *lock.rows),
        Gate.CALIBRATION: (*lock.coverage, *together),
    }
    return tuple((gate, name) for gate, own in names.items() for name in own)

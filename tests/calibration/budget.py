"""Coverage of what money is said to buy, where true yields are drawn and the answer is known.

`python tests/calibration/budget.py [STUDIES]` prints the table of `budget.txt`. Courses have true
yields around a mean with a spread; each is measured with an error of its own, known only through
an interval with t(10) noise. Covered are the extra of the same spend on the same courses (whose
true yields are fixed), and the yield of a course that was never measured.
"""

from __future__ import annotations

import sys
from statistics import NormalDist

import numpy as np
from scipy.stats import t as student

from evaluator.planning.budget import Cell, amount, expected, yields

LEVEL, DRAWS = 0.95, 2000
T_OVER_NORMAL = float(student.ppf((1 + LEVEL) / 2, 10)) / NormalDist().inv_cdf((1 + LEVEL) / 2)
CASES = tuple((courses, spread) for courses in (3, 4, 7, 12) for spread in (0.0, 0.5, 2.0))
"""Number of courses; spread of true yields, in mean standard errors."""


def covered(courses: int, spread: float, studies: int) -> tuple[float, float, float]:
    """Coverage of the extra and of a new course's yield; mean half-width of the extra over its
    standard error if nothing were shrunk."""
    rng = np.random.default_rng([courses, round(10 * spread)])
    of_extra = of_new = 0
    width = 0.0
    for study in range(studies):
        error = rng.uniform(0.5, 1.5, courses)
        truth = 2 + spread * rng.standard_normal(courses + 1)
        own = truth[:-1] + error * rng.standard_normal(courses)
        # What is known of the error is itself an estimate, as from ten placebos.
        said = error * np.sqrt(rng.chisquare(10, courses) / 10) * T_OVER_NORMAL
        cells = [
            Cell("ads", str(course), 100.0, float(100 * own[course]), float(100 * said[course]))
            for course in range(courses)
        ]
        (found,) = yields(cells, study, DRAWS)
        extra = expected([found], {("ads", str(c)): 100.0 for c in range(courses)}, LEVEL)
        of_extra += float(100 * truth[:-1].sum()) in extra.interval
        of_new += float(truth[-1]) in amount(found.of("new"), LEVEL).interval
        width += (extra.interval.high - extra.interval.low) / 2
    unshrunk = 1.96 * 100 * np.sqrt(courses * (1 + 1 / 12))
    return of_extra / studies, of_new / studies, width / studies / unshrunk


def table(studies: int) -> str:
    lines = [
        f"{studies} studies a line, level {LEVEL}; s.e. of a coverage {0.22 / studies**0.5:.4f}"
    ]
    lines.append(f"{'courses':>8}{'spread':>8}{'extra':>8}{'new course':>12}{'width':>8}")
    for courses, spread in CASES:
        extra, new, width = covered(courses, spread, studies)
        lines.append(f"{courses:>8}{spread:>8.1f}{extra:>8.3f}{new:>12.3f}{width:>8.2f}")
    return "\n".join(lines)


if __name__ == "__main__":
    print(table(int(sys.argv[1]) if sys.argv[1:] else 2000))

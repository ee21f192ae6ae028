"""Intervals that hold under bounded departures from parallel trends.

Rambachan & Roth (2023): the coefficients before the window say how far the trends departed from
each other there; how much further they may depart inside it is declared, not estimated.
"""

from evaluator.inference.honest.coefficients import EventCoefficients
from evaluator.inference.honest.relative import relative_magnitude_bounds
from evaluator.inference.honest.smoothness import smoothness_bounds

__all__ = ["EventCoefficients", "relative_magnitude_bounds", "smoothness_bounds"]

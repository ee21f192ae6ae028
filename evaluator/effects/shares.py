"""Shares of people: of one channel's first contacts against those of no channel."""

from __future__ import annotations

import numpy as np

from evaluator.comparisons.design import WINDOW, Comparison
from evaluator.effects.law import Law, Setting
from evaluator.inference.shares import ratio_of_shares, share_interval
from evaluator.results import Share


def share_ratio(comparison: Comparison, setting: Setting) -> Law:
    """The share with an outcome over that of the people it is compared with, in the window."""
    if comparison.trials is None:
        raise TypeError("a comparison of shares needs what they are shares of")
    inside = comparison.codes[0] == WINDOW
    outcomes = (comparison.treated, comparison.other)
    successes, trials = (
        np.array([own[..., inside].sum() for own in pair]) for pair in (outcomes, comparison.trials)
    )
    law = ratio_of_shares(successes, trials)
    own, of = float(successes[0]), float(trials[0])
    share = Share(own / of, share_interval(own, of, setting.level), of)
    return Law(law.location, law, share=share)

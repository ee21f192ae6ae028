"""Whom to contact next: uplift learned from a list of people of whom chance held some out."""

from evaluator.targeting.holdout import NoUplift
from evaluator.targeting.targeted import ArmEffect, Heterogeneity, Targeted, target

__all__ = ["ArmEffect", "Heterogeneity", "NoUplift", "Targeted", "target"]

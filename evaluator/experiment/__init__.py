"""The declared experiment: the file as written, what it means, and what is wrong with it."""

from evaluator.experiment.load import load_protocol

__all__ = ["load_protocol"]

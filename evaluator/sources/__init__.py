"""Data as declared: exports and tables, read in the engine into one panel."""

from evaluator.sources.loaded import ALL, UNKNOWN, Loaded, Outcome, load

__all__ = ["ALL", "UNKNOWN", "Loaded", "Outcome", "load"]

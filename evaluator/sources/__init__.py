"""Data as declared: exports and tables, read in the engine into one panel."""

from evaluator.sources.loaded import Loaded, load

__all__ = ["Loaded", "load"]

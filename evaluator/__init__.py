"""Causal-inference evaluation of declared promotion experiments.

>>> import evaluator
>>> experiment = evaluator.load_experiment("experiments/itcilo-2022")   # doctest: +SKIP
>>> evaluator.evaluate(experiment).to_pandas()                          # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from evaluator.api import Experiment, Result, evaluate, load_experiment

__all__ = ["Experiment", "Result", "evaluate", "load_experiment"]


def __getattr__(name: str) -> Any:
    """The public names, imported when they are first asked for: `import evaluator` is light."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from evaluator import api

    return getattr(api, name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])

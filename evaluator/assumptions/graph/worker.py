"""DoWhy, in a process of its own: a request in JSON on stdin, the answer in JSON on stdout.

`python -m evaluator.assumptions.graph.worker`. DoWhy takes seconds to import, prints and warns;
here that costs nobody anything.
"""

from __future__ import annotations

import contextlib
import io
import json
import logging
import sys
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

DIGITS = 9
"""Of the numbers in the answer: the last ones of a float differ between machines."""


def main() -> None:
    request = json.load(sys.stdin)
    warnings.simplefilter("ignore")
    logging.disable()
    with contextlib.redirect_stdout(io.StringIO()):
        try:
            answer = answered(request)
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
    json.dump(answer, sys.stdout)


def answered(request: Mapping[str, Any]) -> dict[str, Any]:
    """What is asked of DoWhy.

    Parameters
    ----------
    request : `identify`, a list of arguments of `adjustment`; `linear`, the arguments of
        `linear_estimate` or None

    Returns
    -------
    `identify` and `linear`, what these give
    """
    linear = request["linear"]
    return {
        "identify": [adjustment(**asked) for asked in request["identify"]],
        "linear": None if linear is None else linear_estimate(**linear),
    }


def adjustment(
    arrows: Sequence[Sequence[str]], treatment: str, outcome: str, observed: Sequence[str]
) -> dict[str, Any]:
    """A smallest set of observed variables that closes every back door.

    Returns
    -------
    `reaches`: whether any directed path leads from the treatment to the outcome; `set`: sorted
    names, None where no set exists. Instruments and front doors that DoWhy may find are left
    aside: no comparison of this program uses one.
    """
    import networkx as nx
    from dowhy.causal_identifier import (
        BackdoorAdjustment,
        EstimandType,
        identify_effect_auto,
    )

    graph = nx.DiGraph([tuple(arrow) for arrow in arrows])
    graph.add_nodes_from([treatment, outcome])
    found = identify_effect_auto(
        graph,
        [treatment],
        [outcome],
        [name for name in observed if name in graph],
        EstimandType.NONPARAMETRIC_ATE,
        backdoor_adjustment=BackdoorAdjustment.BACKDOOR_MIN,
    )
    if found.no_directed_path:
        return {"reaches": False, "set": None}
    exists = found.estimands["backdoor"] is not None
    return {"reaches": True, "set": sorted(found.get_backdoor_variables()) if exists else None}


def linear_estimate(
    outcome: Sequence[float],
    treated: Sequence[float],
    history: Sequence[float],
    level: float,
) -> dict[str, float]:
    """DoWhy's linear regression of the outcome on the treatment, history held fixed.

    Returns
    -------
    `estimate`, `low`, `high`: at `level`; `robustness` and `robustness_at_level`: partial R²
    that an unobserved common cause needs with treatment and outcome alike to bring the estimate
    to no effect, and its interval to include it; `history`: how far one that is as strong as
    history would take the estimate

    References
    ----------
    Cinelli & Hazlett (2020)
    """
    import numpy as np
    import pandas as pd
    from dowhy import CausalModel

    data = pd.DataFrame({"treated": treated, "outcome": outcome, "history": history})
    model = CausalModel(
        data,
        "treated",
        "outcome",
        graph="digraph {history -> treated; history -> outcome; treated -> outcome;}",
    )
    estimand = model.identify_effect(proceed_when_unidentifiable=False)
    fitted = model.estimate_effect(
        estimand,
        method_name="backdoor.linear_regression",
        confidence_intervals=True,
        method_params={"confidence_level": level},
    )
    low, high = np.ravel(fitted.get_confidence_intervals(confidence_level=level))
    strength = _sensitivity(model, estimand, fitted, level)
    adjusted = strength.benchmarking_results["bias_adjusted_estimate"].iloc[0]
    numbers = {
        "estimate": fitted.value,
        "low": low,
        "high": high,
        "robustness": strength.stats["robustness_value"],
        "robustness_at_level": strength.stats["robustness_value_alpha"],
        "history": adjusted,
    }
    return {name: round(float(number), DIGITS) for name, number in numbers.items()}


def _sensitivity(model: Any, estimand: Any, fitted: Any, level: float) -> Any:
    """DoWhy's, by partial R²; history is its benchmark."""
    return model.refute_estimate(
        estimand,
        fitted,
        method_name="add_unobserved_common_cause",
        simulation_method="linear-partial-R2",
        benchmark_common_causes=["history"],
        effect_fraction_on_treatment=[1.0],
        effect_fraction_on_outcome=[1.0],
        significance_level=1 - level,
        plot_estimate=False,
    )


if __name__ == "__main__":
    main()

"""What DoWhy is asked about a graph, and what its answer says about the comparison."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from evaluator.assumptions.graph.causal import CausalGraph, Identified, Kind, Standing
from evaluator.results import Finding, NotRun, Status

COMPARED = (Standing.STANDS,)
LEVELS = (Standing.STANDS, Standing.CANCELS)
DOUBTED = (Standing.STANDS, Standing.ASSUMED_AWAY)


def requests(graph: CausalGraph) -> list[dict[str, Any]]:
    """The graph as compared, on levels, and with what is assumed away: arguments of the worker."""
    return [
        {
            "arrows": [[arrow.tail, arrow.head] for arrow in graph.standing(kept)],
            "treatment": graph.treatment,
            "outcome": graph.outcome,
            "observed": list(graph.named(Kind.OBSERVED)),
        }
        for kept in (COMPARED, LEVELS, DOUBTED)
    ]


def is_evident(graph: CausalGraph) -> bool:
    """Whether nothing closes a back door, as anyone sees: the treatment and what it moves share a
    direct cause that cannot be held fixed. More arrows, on levels or in doubt, open it no less."""
    pairs = {(arrow.tail, arrow.head) for arrow in graph.standing(COMPARED)}
    bare = graph.named(Kind.INSEPARABLE) + graph.named(Kind.UNOBSERVED)
    shared = ({(cause, graph.treatment), (cause, graph.outcome)} <= pairs for cause in bare)
    return (graph.treatment, graph.outcome) in pairs and any(shared)


def identified(answers: Sequence[Mapping[str, Any]]) -> Identified:
    """From the answers to `requests`."""
    compared, levels, doubted = (
        None if answer["set"] is None else tuple(answer["set"]) for answer in answers
    )
    return Identified(compared, levels, doubted, answers[0]["reaches"])


def finding(graph: CausalGraph, found: Identified | NotRun, reader: str = "DoWhy") -> Finding:
    """Whether the graph lets the comparison identify what it says.

    Parameters
    ----------
    reader : who found that; nobody where it is evident
    """
    name = f"identification: {graph.question}{f' · {graph.about}' if graph.about else ''}"
    if isinstance(found, NotRun):
        return Finding(name, Status.NOT_RUN, found.reason)
    if found.compared is None:
        return _none(name, graph, found, reader)
    missing = [cause for cause in found.compared if cause not in graph.held]
    if missing:
        return Finding(
            name,
            Status.FAIL,
            f"DoWhy identifies “{graph.estimand.name}” only with {_listed(missing)} held fixed, and"
            " the comparison does not do so",
            "draw no conclusion from these rows",
        )
    return Finding(
        name,
        Status.PASS,
        "; ".join([_how(graph, found), *_levels(graph, found), *_if(graph, found)]),
    )


def _none(name: str, graph: CausalGraph, found: Identified, reader: str) -> Finding:
    if not found.reaches:
        reason = f"what it did cancels {' and '.join(graph.cancelled_by)}, whom it reached alike"
    else:
        bare = graph.named(Kind.INSEPARABLE) + graph.named(Kind.UNOBSERVED)
        causes = {arrow.tail for arrow in graph.standing(COMPARED)}
        open_ = [cause for cause in bare if cause in causes]
        reason = f"nothing can hold {_listed(open_)} fixed"
    told = f"{reader} finds no estimand" if reader else "there is no estimand"
    sentence = f"{told} for “{graph.treatment}”: {reason}"
    if graph.decides:
        return Finding(
            name,
            Status.FAIL,
            f"{sentence}; yet a row draws a conclusion",
            "draw no conclusion from these rows",
        )
    return Finding(
        name,
        Status.WARN,
        f"{sentence}; its rows are described or refused",
        "read in the rows what would have identified it",
    )


def _how(graph: CausalGraph, found: Identified) -> str:
    own = f"DoWhy identifies “{graph.estimand.name}”"
    if not found.compared:
        return f"{own} with nothing held fixed beyond the comparison itself"
    return f"{own} with {_listed(found.compared)} held fixed, as the comparison does"


def _levels(graph: CausalGraph, found: Identified) -> list[str]:
    """What the difference was for."""
    if found.levels is not None:
        return []
    removed = [
        arrow.tail
        for arrow in graph.standing([Standing.CANCELS])
        if arrow.tail in graph.named(Kind.UNOBSERVED)
    ]
    return [f"on levels it finds nothing to hold fixed: the difference removes {_listed(removed)}"]


def _if(graph: CausalGraph, found: Identified) -> list[str]:
    """What it rests on, and what would be needed without."""
    needs = f"it needs: {'; '.join(graph.estimand.needs)}"
    away = graph.standing([Standing.ASSUMED_AWAY])
    if not away:
        return [needs]
    causes = _listed([arrow.tail for arrow in away])
    if found.doubted is None:
        return [f"{needs}; if {causes} moved the outcome, nothing would identify it"]
    return [f"{needs}; if {causes} moved the outcome, it would have to be held fixed"]


def _listed(names: Sequence[str]) -> str:
    quoted = [f"“{name}”" for name in names]
    return " and ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)

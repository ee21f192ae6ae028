"""What stands behind the answer, as Markdown: figures in words, claims, choices, provenance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from evaluator.evaluation import Evaluation
from evaluator.report import numbers
from evaluator.report.audited import exposed_block, interventions_block
from evaluator.report.funnel import decay_table, funnel_block
from evaluator.report.layout import NOTHING
from evaluator.report.markdown.blocks import written
from evaluator.report.markdown.syntax import bullets, escaped, heading, laid_table, table
from evaluator.report.page.cells import figure
from evaluator.report.page.closely import closely
from evaluator.report.specification import departure, specifications
from evaluator.report.words import block_title, outcome_label, question_title, row_label
from evaluator.results import Row

Results = Mapping[str, Any]


def figures(evaluation: Evaluation, results: Results) -> Iterator[str]:
    """What the page draws, in words: the series, and what was looked at of each row."""
    series = [own for own in results["series"] if not outcome_label(own["question"])]
    if series:
        yield heading("What was counted, and what would have been")
        names = ("question", "course", "channel", "arm", "method", "variant")
        rows = {tuple(row[name] for name in names): row for row in results["rows"]}
        yield bullets(_series(own, rows[tuple(own[name] for name in names)]) for own in series)
    looked = closely(evaluation.rows, results["rows"])
    if looked:
        yield heading("Looked at closely")
    for block, own in looked.items():
        yield heading(block_title(block), 3)
        yield bullets(f"{panel.title}: {panel.finding}" for one in own for panel in one.panels)


def followed(evaluation: Evaluation) -> Iterator[str]:
    """The funnel of each channel, why a share has no interval, and what its waves left."""
    yield from written(funnel_block(evaluation.funnel))
    notes = [
        f"{own.channel}, {stage.stage}: {stage.note}"
        for own in evaluation.funnel
        for stage in own.stages
        if stage.note
    ]
    if notes:
        yield bullets(notes)
    decays = decay_table(evaluation.decay)
    if decays is not None:
        yield heading("Decay: in the waves, and the weeks after")
        yield laid_table(decays)


def audit(evaluation: Evaluation, results: Results) -> Iterator[str]:
    """Two arms without weeks before; published figures, like for like; advice to be tested."""
    yield from written(exposed_block(evaluation.exposed))
    claims = [claim for claim in results["claims"] if not claim["detail"]]
    if claims:
        yield heading("Published figures, like for like")
        head = ("figure", "published", "reading", "like for like", "needed", "standing")
        yield table(head, map(_claim, claims), (1, 3, 4))
        whys = (f"{own['name']}, {own['reading']}: {own['why']}" for own in claims if own["why"])
        yield bullets(whys)
    yield from written(interventions_block(evaluation.protocol))


def unidentified(results: Results) -> Iterator[str]:
    """What these data cannot tell, and which would."""
    if results["not_identified"]:
        yield heading("What is not identified, and what data would identify it")
        found: dict[str, list[str]] = {}
        for own in results["not_identified"]:
            about = f": {', '.join(own['about'])}" if own["about"] else ""
            found.setdefault(own["needed"], []).append(f"{own['what']}{about}")
        for needed, left in found.items():
            yield f"With **{escaped(needed)}** one could tell:"
            yield bullets(left)


def specification(evaluation: Evaluation) -> Iterator[str]:
    """Each row that decides, and the same effect under other choices."""
    rows = evaluation.rows
    found = [own for own in specifications(rows) if own.others]
    if not found:
        return
    yield heading("Specification table")
    lines: dict[str, list[tuple[str, ...]]] = {}
    for own in found:
        row = rows[own.headline]
        told = lines.setdefault(row.key.question, [])
        told.append((row_label(row.key), "the row that decides", *_effect(row)))
        told += [("", departure(rows[p]), *_effect(rows[p])) for p in own.others]
    for question, told in lines.items():
        yield heading(question_title(question), 3)
        yield table(("row", "choice", "lift", "extra"), told, (2, 3))


def provenance(results: Results) -> Iterator[str]:
    """Declaration, data, code, libraries and seed."""
    own = results["provenance"]
    libraries = ", ".join(f"{name} {number}" for name, number in own["libraries"].items())
    lines = {
        "experiment": f"{results['experiment']['name']}; {results['data_kind']} data",
        "protocol": own["protocol_hash"],
        "with its data": own["resolved_hash"],
        "data": own["data_fingerprint"],
        "calibration": own["calibration"] or NOTHING,
        "code": own["code"],
        "evaluator": own["evaluator"],
        "calculated with": f"Python {own['python']}, {libraries}",
        "seed": str(own["seed"]),
    }
    yield heading("Provenance")
    yield table(("what", "which"), lines.items())
    yield escaped("All numbers, and those of every other row: results.json, effects.csv.")


def _series(own: Results, row: Results) -> str:
    """What was counted in the window and how much of it was extra, and what was behind it."""
    counted, extra = numbers.count(row["observed"]), numbers.count(row["extra_realised"])
    parts = [f"in the window {counted} counted, {extra} of them extra"]
    for place in (p for p, after in enumerate(own["after"]) if after):
        day = date.fromisoformat(own["start"][place])
        low, without, high = (own[name][place] for name in ("low", "counterfactual", "high"))
        expected = "what would have been is not known"
        if without is not None:
            ends = f"[{numbers.count(low)}; {numbers.count(high)}]"
            expected = f"{numbers.count(without)} {ends} would have been"
        days = f"in the {own['days'][place]} days from {day:%-d %b %Y}"
        parts.append(f"{days} {numbers.count(own['observed'][place])} counted, {expected}")
    where = own["course"] if own["arm"] == "all" else f"{own['course']}, arm {own['arm']}"
    return f"{block_title(own['question'])}: {where}: {'; '.join(parts)}"


def _claim(claim: Results) -> tuple[str, ...]:
    published, own, needed = (
        figure(claim[name]) if claim[name] else NOTHING
        for name in ("published", "recomputed", "needed")
    )
    return claim["name"], published, claim["reading"], own, needed, claim["holds"]


def _effect(row: Row) -> tuple[str, str]:
    if row.effect is None:
        return NOTHING, NOTHING
    ends = row.effect.interval(row.level)
    extra = numbers.amount(row.extra.realised) if row.extra else NOTHING
    return f"{numbers.lift(row.effect.lift)} {numbers.lift_interval(ends)}", extra

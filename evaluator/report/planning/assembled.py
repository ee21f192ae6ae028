"""From the content of plan.json to the document that terminal and page show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from evaluator.experiment.protocol import DataKind
from evaluator.report import numbers
from evaluator.report.answer import BANNERS
from evaluator.report.planning import figures, tables
from evaluator.report.planning.document import Document, Section
from evaluator.report.planning.drawn import axis_panels, lift_panels
from evaluator.report.planning.gantt import gantt
from evaluator.report.planning.told import lead, sentences

Plan = Mapping[str, Any]


def assembled(plan: Plan) -> Document:
    """The document of a plan; it holds no number that the plan does not."""
    own, past = plan["experiment"], plan["past"]
    start, end = own["window"]
    level = numbers.percent(own["level"])
    return Document(
        banner=BANNERS.get(DataKind(plan["data_kind"]), ""),
        title=f"The next experiment: {own['name']}",
        meta=f"{figures.day(start)} – {figures.day(end)} ({own['weeks']} weeks) · planned from"
        f" {past['name']} · {level} intervals",
        asked="What would it notice?",
        lead=lead(plan),
        sentences=tuple(sentences(plan)),
        sections=tuple(_sections(plan)),
        provenance=(
            ("experiment", own["name"]),
            ("protocol", own["protocol_hash"]),
            ("past experiment", past["name"]),
            ("its protocol", past["protocol_hash"]),
            ("its data", past["data_fingerprint"]),
            ("seed", str(own["seed"])),
            ("campaigns of each power", numbers.count(own["campaigns"])),
            ("evaluator", plan["evaluator"]),
        ),
    )


def _sections(plan: Plan) -> Iterator[Section]:
    yield _curves(plan)
    yield _power(plan)
    yield _schedule(plan)
    yield _identified(plan)
    yield from _along(plan)
    if plan["trades"]:
        yield _trades(plan)
    yield _budget(plan)
    if plan["markets"] is not None:
        yield _markets(plan)
    yield _alternatives(plan)
    if plan["assignment"]:
        yield _assignment(plan)
    yield from _remarks(plan)


def _curves(plan: Plan) -> Section:
    own = plan["experiment"]
    return Section(
        "curves",
        "Power over lifts",
        panels=lift_panels(plan),
        caption="Of each question, the row that notices the smallest lift: share of simulated"
        " campaigns that end with a lift, and the band in which that share lies. Thin: the other"
        " rows of the question. Dashed: power of that test alone by formula, where there is one."
        f" Dotted: the power that is wanted, {figures.probability(own['power'])}, and the smallest"
        f" lift worth finding, {numbers.lift(own['smallest_lift'])}.",
    )


def _power(plan: Plan) -> Section:
    own = plan["experiment"]
    return Section(
        "power",
        "What each row would notice",
        note=f"Simulated campaigns, fitted to the past panel and judged by the rows and the rule"
        f" that will judge the real one: {numbers.count(own['campaigns'])} at"
        f" {numbers.lift(own['smallest_lift'])}, as many without any lift (false positive). Power"
        " with its band: the simulation's error, and that of one panel. Interval: its median ends."
        " Wrong sign and exaggerated: among campaigns that end with a direction. Not precise: the"
        " chance of that verdict.",
        table=tables.power_table(plan),
        below=tables.reasons(plan),
    )


def _schedule(plan: Plan) -> Section:
    design, own = plan["design"], plan["experiment"]
    washout = own["washout_weeks"]
    return Section(
        "schedule",
        "The schedule",
        note=f"{design['schedule']}: courses of a cohort have their waves in the same weeks, and"
        f" chance put them there. {numbers.rate(design['washout'])} of wave days are clear of other"
        " waves and of the two weeks after them.",
        panels=(gantt(plan),),
        caption=f"Filled: waves, paid ones in colour; pale: the {washout}"
        f" week{'' if washout == 1 else 's'} in which the course has no other. Grey weeks are"
        " closed. Hatched lines: whom no wave, or no advertisement, reaches. Below: how much of the"
        " information on each contrast a week carries, dark where more than its part.",
        wide=True,
        table=tables.week_table(plan),
    )


def _identified(plan: Plan) -> Section:
    design = plan["design"]
    new = [
        o["name"].replace("_", " ") for o in plan["identified"] if o["after"] and not o["before"]
    ]
    said = f"New: {', '.join(new)}. " if new else ""
    return Section(
        "identified",
        "What it tells apart",
        note=f"{said}By rank, before anybody is counted: {design['rank']} of {design['columns']}"
        " columns of waves and weeks after them are left once courses and days are out. Inflation:"
        " how much wider other waves make an interval's variance; worst course: the same in the"
        " model of the course where it is worst.",
        table=tables.identified_table(plan),
    )


def _along(plan: Plan) -> Iterator[Section]:
    for number, (axis, panels) in enumerate(axis_panels(plan).items(), 1):
        yield Section(
            f"along-{number}",
            f"Power over {axis}",
            panels=panels,
            caption="At the smallest lift that a row of the question notices, so that there is"
            " something to see; band and thin lines as above.",
        )


def _trades(plan: Plan) -> Section:
    return Section(
        "trades",
        "What it costs, and what that buys",
        note="Each choice against the same plan without it. Power gained: mean over rows that both"
        " designs have, with its Monte-Carlo error at most. Forgone: what past results let expect.",
        table=tables.trade_table(plan),
    )


def _budget(plan: Plan) -> Section:
    own, outcome = plan["budget"], plan["experiment"]["outcome"]
    if own["reason"]:
        return Section("budget", "What money buys", note=f"Not known: {own['reason']}.")
    said = f"This design's money is expected to buy {figures.amount(own['extra'])} extra {outcome}."
    if own["split"]:
        said += (
            f" The budget split by the chance that a channel buys most:"
            f" {figures.amount(own['split'])}; in equal parts: {figures.amount(own['even'])}."
        )
    designed = [" on ".join(key) for key in own["beyond"]]
    split = [channel["name"] for channel in own["channels"] if channel["split_beyond"]]
    beyond = [f"this design: {', '.join(designed)}"] if designed else []
    beyond += [f"the split budget: {', '.join(split)}"] if split else []
    return Section(
        "budget",
        "What money buys",
        note=f"{said} From past results, shrunk over courses; returns are taken as proportional to"
        " spend, so what goes beyond past doses is an extrapolation.",
        table=tables.budget_table(plan),
        below=tuple(f"Beyond past doses in {where}." for where in beyond),
    )


def _markets(plan: Plan) -> Section:
    own = plan["markets"]
    if own["reason"]:
        return Section("markets", "Which countries to promote in", note=f"None: {own['reason']}.")
    return Section(
        "markets",
        "Which countries to promote in",
        note="Sets of countries alike in their series, ranked by the smallest lift that a synthetic"
        " control of the others would have found in the last weeks of the history, by its power and"
        " by its error. Noticed: that lift; misfit: 0 a perfect fit before, 1 no better than equal"
        " weights; of all: their part of all enrolments.",
        table=tables.market_table(plan),
    )


def _alternatives(plan: Plan) -> Section:
    return Section(
        "alternatives",
        "What else was considered",
        note="Those that tell most apart are judged by mean power on the same worlds; the chosen"
        " one again on fresh worlds, because a winner looks better than it is. With Monte-Carlo"
        " error, at most.",
        table=tables.alternative_table(plan),
    )


def _assignment(plan: Plan) -> Section:
    return Section(
        "assignment",
        "What chance decided",
        note=f"Drawn with seed {plan['experiment']['seed']}; the same seed draws it again. A draw"
        " is taken if groups differ by no more than is allowed (largest difference of group means,"
        " in standard deviations); allocations that would have been taken are the randomisation"
        " distribution, and no randomisation p is smaller than one over them.",
        table=tables.assignment_table(plan),
    )


def _remarks(plan: Plan) -> Iterator[Section]:
    """What is to be known besides, and how to see what was not drawn."""
    said = list(plan["remarks"])
    if plan["axes_not_drawn"]:
        options = " ".join(f"--curve {axis}" for axis in plan["axes_not_drawn"])
        said.append(f"not drawn, to spare time: power over {', '.join(plan['axes_not_drawn'])};"
                    f" `evaluator plan EXPERIMENT {options}` draws them")  # fmt: skip
    if said:
        yield Section("remarks", "Remarks", below=tuple(said))

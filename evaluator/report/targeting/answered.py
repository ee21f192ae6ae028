"""What a list says, in sentences and tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from evaluator.report.numbers import count
from evaluator.report.targeting.charts import calibration, curve, forest_of
from evaluator.report.targeting.document import Document, Table
from evaluator.report.targeting.figures import SUPPRESSED, Figures, said_p, share, signed
from evaluator.results import Status
from evaluator.targeting import ArmEffect, Targeted
from evaluator.targeting.policy import Advice
from evaluator.targeting.ranking import Ranking
from evaluator.targeting.targeted import declared

ASSOCIATIONAL = "associational"
ALIKE = "The learner that predicts best gives all people the same effect."


def answered(targeted: Targeted) -> Document:
    """The document of a list that was learned from."""
    figures = figures_of(targeted)
    tables = (
        _effects(targeted, figures),
        *(_between(targeted, figures) if targeted.between else ()),
        *_groups(targeted, figures),
        *_calibration(targeted, figures),
        *_ranking(targeted, figures),
        _policy(targeted, figures),
        _falls(targeted),
        *(_importance(targeted) if targeted.importance else ()),
        _learners(targeted),
    )
    protocol = targeted.protocol
    return Document(
        protocol,
        targeted.associational,
        "Whom to contact next",
        tuple(_sentences(targeted, figures)),
        tuple(_marked(table) for table in tables) if targeted.associational else tables,
        targeted.findings,
        provenance=(
            ("experiment", protocol.name),
            ("protocol", protocol.hash),
            ("list", targeted.fingerprint),
            ("seed", str(protocol.seed)),
        ),
    )


def figures_of(targeted: Targeted) -> Figures:
    """How the numbers of this list look."""
    outcome = targeted.learned.contacts.outcome
    per_hundred = bool(((outcome == 0) | (outcome == 1)).all())
    own = declared(targeted.protocol)
    return Figures(targeted.protocol.decision.level, own.currency, per_hundred)


def _marked(table: Table) -> Table:
    panels = tuple(replace(own, title=f"{own.title} ({ASSOCIATIONAL})") for own in table.panels)
    return replace(table, heading=f"{table.heading} ({ASSOCIATIONAL})", panels=panels)


def _sentences(targeted: Targeted, figures: Figures) -> Iterator[str]:
    outcome = targeted.protocol.outcome
    if targeted.associational:
        yield (
            f"All that follows is {ASSOCIATIONAL}: chance did not decide who was contacted, and"
            " people who were may have differed before. None of it is an effect of contacting."
        )
    for arm in targeted.arms:
        shown = figures.together(arm.adjusted if targeted.associational else arm.plain)
        went = "went with" if targeted.associational else "added"
        yield (
            f"Sending {arm.arm} {went} {shown} {outcome} {figures.unit}, against"
            f" {figures.effect(targeted.rate)} among the {count(targeted.held_out)} held out."
        )
    yield _differ(targeted)
    yield _advice(targeted, figures)


def _differ(targeted: Targeted) -> str:
    said = "Associations" if targeted.associational else "Effects"
    found = targeted.heterogeneity
    if found.found:
        return f"{said} differ between people ({said_p(found.p)} on people no model had seen)."
    why = (
        ALIKE
        if not any(arm.linear for arm in targeted.arms)
        else f"What was predicted did not come true surely enough ({said_p(found.p)})."
    )
    return f"{said} were not found to differ between people. {why} The choice: everyone or no one."


def _advice(targeted: Targeted, figures: Figures) -> str:
    policy = targeted.policy
    marked = f"{ASSOCIATIONAL.capitalize()}: " if targeted.associational else ""
    unit = f"{figures.sign} per person of the list"
    names = [arm.arm for arm in targeted.arms]
    if policy.advice is Advice.CHOOSE:
        best = max(policy.uniform, key=lambda own: own.value.value)
        rest = f"{names[best.arm - 1]} for everyone" if best.arm else "contacting no one"
        return (
            f"{marked}Choose people: contact {share(1 - policy.contacted[0])} of the list. That is"
            f" worth {figures.worth(policy.value)} {unit},"
            f" {figures.worth(best.gain)} more than {rest}."
        )
    if policy.advice is Advice.WITHHELD:
        failed = dict.fromkeys(own.name for own in targeted.findings if own.status is Status.FAIL)
        return f"{marked}No advice is given: the list fails in {' and '.join(failed)} (below)."
    best = max(policy.uniform[1:], key=lambda own: own.value.value)
    worth = f"{figures.worth(best.value, simultaneous=True)} {unit}"
    if policy.advice is Advice.EVERYONE:
        return f"{marked}Contact everyone with {names[policy.advised - 1]}: worth {worth}."
    if policy.advice is Advice.NO_ONE:
        return f"{marked}Contact no one: {names[best.arm - 1]}, the best arm, is worth {worth}."
    return (
        f"{marked}Everyone or no one is not settled: {names[best.arm - 1]} for everyone is worth"
        f" {worth}, which may be nothing."
    )


def _effects(targeted: Targeted, figures: Figures) -> Table:
    rows = [
        (
            arm.arm,
            count(arm.people),
            figures.effect(arm.rate),
            figures.together(arm.plain),
            figures.together(arm.adjusted),
        )
        for arm in targeted.arms
    ]
    rows.append(("held out", count(targeted.held_out), figures.effect(targeted.rate), "", ""))
    note = (
        f"{targeted.protocol.outcome.capitalize()} {figures.unit}; {figures.percent} intervals that"
        " hold for all arms together. Plain: difference of arms (Welch). Adjusted: with what is"
        " known of people taken into account."
    )
    return Table("Effect on all", note, ("arm", "people", "rate", "plain", "adjusted"), tuple(rows))


def _between(targeted: Targeted, figures: Figures) -> tuple[Table, ...]:
    rows = tuple((f"{b.arm} − {b.other}", figures.own(b.effect)) for b in targeted.between)
    return (Table("Between arms", f"Plain difference, {figures.unit}.", ("arms", "plain"), rows),)


def _groups(targeted: Targeted, figures: Figures) -> Iterator[Table]:
    every = sum(group.effect is not None for group in targeted.arms[0].groups)
    note = (
        f"Effect in each group, {figures.unit}; {figures.percent} intervals that hold for all"
        f" {every} groups of an arm together."
    )
    forest = forest_of(targeted.arms, figures)
    caption = f"Effect, {figures.unit}, by arm; line: zero; dashed: the effect of the arm on all."
    for name in dict.fromkeys(group.grouping for group in targeted.arms[0].groups):
        rows = []
        for groups in zip(*(arm.groups for arm in targeted.arms), strict=True):
            if groups[0].grouping == name:
                effects = (
                    figures.together(own.effect) if own.effect else SUPPRESSED for own in groups
                )
                rows.append((groups[0].group, count(groups[0].people), *effects))
        head = (name, "people", *(arm.arm for arm in targeted.arms))
        panels = tuple(forest.drawn(arm, name) for arm in targeted.arms)
        yield Table(f"Effect by {name}", note, head, tuple(rows), panels, caption)
        note = ""


def _calibration(targeted: Targeted, figures: Figures) -> Iterator[Table]:
    for arm in targeted.arms:
        if arm.linear is None:
            continue
        slope = arm.linear.slope
        ends = slope.interval(figures.level)
        note = (
            f"People in fifths of what was predicted for them, by models that had not seen them"
            f" ({figures.unit}). Slope of realised on predicted: {signed(slope.value, 2)}"
            f" [{signed(ends.low, 2)}; {signed(ends.high, 2)}]; 1 is right in size, 0 tells"
            " nothing."
        )
        rows = tuple(
            (
                f"{fifth.position}",
                count(fifth.people),
                figures.effect(fifth.predicted),
                figures.together(fifth.realised),
            )
            for fifth in arm.fifths
        )
        head = ("fifth", "people", "predicted", "realised")
        caption = f"Effect by fifth, {figures.unit}: upright realised; dashed: just as predicted."
        panels = (calibration(arm.arm, arm.fifths, figures),)
        yield Table(f"Predicted and realised: {arm.arm}", note, head, rows, panels, caption)


def _ranking(targeted: Targeted, figures: Figures) -> Iterator[Table]:
    for arm in targeted.arms:
        if arm.ranking is not None:
            yield _curve(arm, arm.ranking, figures)


def _curve(arm: ArmEffect, ranking: Ranking, figures: Figures) -> Table:
    note = (
        f"Gain of contacting the most promising first, {figures.unit} of the whole list. Area under"
        f" it (AUUC) {figures.area(ranking.area)}; against random (Qini)"
        f" {figures.area(ranking.qini)}; against everyone {figures.area(ranking.against_everyone)}."
    )
    rows = tuple(
        (
            share(point.share),
            figures.together(point.gain),
            figures.together(point.against_random),
            figures.together(point.against_everyone),
        )
        for point in ranking.points[1::2]
    )
    head = ("contacted", "gain", "against random", "against everyone")
    caption = (
        f"Gain, {figures.unit} of the list, of contacting the most promising first, with its"
        f" {figures.percent} band; dashed: as many at random."
    )
    panels = (curve(arm.arm, ranking, figures),)
    return Table(f"Ranking: {arm.arm}", note, head, rows, panels, caption)


def _policy(targeted: Targeted, figures: Figures) -> Table:
    policy, own = targeted.policy, declared(targeted.protocol)
    names = [arm.arm for arm in targeted.arms]
    rows = [
        (
            "choosing people",
            share(1 - policy.contacted[0]),
            figures.worth(policy.value),
            "",
        )
    ]
    for uniform in policy.uniform:
        name = f"{names[uniform.arm - 1]} for everyone" if uniform.arm else "no one"
        contacted = "100%" if uniform.arm else "0%"
        worth = figures.worth(uniform.value, simultaneous=True) if uniform.arm else "0"
        rows.append((name, contacted, worth, figures.worth(uniform.gain)))
    costs = ", ".join(f"{arm.name} {arm.cost:g}" for arm in own.arms)
    note = (
        f"{figures.sign} per person of the list, at {own.value:g} an outcome and a cost per contact"
        f" of {costs}. Measured on people no model had seen; the predictions promised"
        f" {figures.money(policy.promised)}."
    )
    head = ("policy", "contacted", "worth", "choosing adds")
    return Table("What contacting is worth", note, head, tuple(rows))


def _falls(targeted: Targeted) -> Table:
    rows = tuple(
        (f"{fall.grouping}: {fall.group}", count(fall.people), share(fall.share))
        for fall in targeted.policy.falls
    )
    note = "Whom choosing people would contact, by country and language: look before it is used."
    return Table("On whom it falls", note, ("group", "people", "contacted"), rows)


def _importance(targeted: Targeted) -> tuple[Table, ...]:
    level = targeted.protocol.decision.level
    rows = []
    for one in targeted.importance:
        ends = one.loss.interval(level)
        rows.append(
            (one.feature, *(signed(1e4 * v, 2) for v in (one.loss.value, ends.low, ends.high)))
        )
    note = "Rise of the R-loss (× 10⁴) on people no model had seen, when the feature is shuffled."
    return (
        Table("What tells people apart", note, ("feature", "rise", "low", "high"), tuple(rows)),
    )


def _learners(targeted: Targeted) -> Table:
    thirds = ", ".join(learner.name for learner in targeted.in_thirds)
    note = (
        "Gain in cross-validated R-loss (× 10⁴) over one effect for all. Chosen is the simplest"
        f" within one standard error of the best: {targeted.learner.name}; on each two thirds of"
        f" the list, by which all above is judged: {thirds}."
    )
    rows = tuple(
        (own.learner.name, signed(1e4 * own.gain, 2), f"{1e4 * own.gain_se:.2f}")
        for own in targeted.tried
    )
    return Table("How it was learned", note, ("learner", "gain", "s.e."), rows)

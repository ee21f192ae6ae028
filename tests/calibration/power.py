"""Promised power against realised power, question by question, in worlds of the flagship's size.

`python tests/calibration/power.py [WORLDS] [PANELS] [LOOKED] [SEED] [--write]` prints the table and
writes it, if asked, into the README beside it. Past panels are drawn and power is promised from
each alone; then the next experiment is run in fresh worlds that know nothing of the promise: its
rows planned, each estimated by itself, adjusted in their family and concluded, world by world.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy.special import ndtri

sys.path.insert(0, str(Path(__file__).parents[2]))  # run as a program, from anywhere
from evaluator.calibration.rows import Kind
from evaluator.comparisons import ALL, Comparison, Planned, planned_rows
from evaluator.comparisons.design import WINDOW, span_days
from evaluator.effects import Estimated, Setting, estimate
from evaluator.evaluation import evaluate_row
from evaluator.evaluation.families import read_together
from evaluator.experiment import load_protocol
from evaluator.experiment.protocol import Decision, Protocol, Question
from evaluator.inference.shares import share_interval
from evaluator.planning.cells import promoted_spans
from evaluator.planning.mailing import Mailing, mailing_powers
from evaluator.planning.power import Power, powers
from evaluator.resampling.flagship import flagship_world
from evaluator.resampling.simulate import simulate
from evaluator.resampling.worlds import World
from evaluator.resolve import Resolved
from evaluator.results import Row, RowKey, RowRole, RowStatus, Verdict
from evaluator.targeting.scores import difference
from evaluator.verdict import conclude
from tests.calibration.recovery import resolved_world
from tests.calibration.written import write

FLAGSHIP = Path(__file__).parents[2] / "experiments" / "itcilo-2022"
LIFTS: Mapping[Question, tuple[float, float]] = {
    Question.PROMOTED_VS_OTHER: (2.0, 4.0),
    Question.A_VS_B: (2.5, 5.0),
    Question.PRE_VS_CAMPAIGN: (1.8, 3.2),
    Question.CHANNELS: (1.45, 1.45),
}
"""Planted on the days of the waves, for the row of all courses and for those of one: so chosen that
rows have neither no power nor all of it."""
MAILING, MAILING_LIFT = Mailing(people=11_742, held_out=0.2, rate=0.03), 1.4
"""A list of the size of the flagship's newsletter; the share held out and the rate are made up."""
CAMPAIGNS = 2000
"""Behind a promise."""
UP = (Verdict.RAISED, Verdict.RAISED_UNCERTAIN)


def declared(question: Question) -> Protocol:
    """The flagship with a history for every course, and one question."""
    protocol = load_protocol(FLAGSHIP)
    return replace(
        protocol,
        courses=tuple(replace(course, available_from=None) for course in protocol.courses),
        questions=(question,),
        secondary=(),
        negative_controls=(),
        assumptions=replace(protocol.assumptions, causal_graph=False),
    )


def raised(world: World, question: Question, resolved: Resolved, lift: float) -> World:
    """The lift on every day on which a course is promoted; in arm A, where arms are compared."""
    log_lift = np.zeros((len(world.courses), len(world.countries), world.days))
    protocol, arms = resolved.protocol, question is Question.A_VS_B
    for course in resolved.promoted if question is not Question.CHANNELS else ():
        place = world.courses.index(course)
        days = span_days(resolved, promoted_spans(protocol, course, arm="A" if arms else None))
        units = world.arm_a[place] if arms else np.ones(len(world.countries))
        log_lift[place] = np.log(lift) * np.outer(units, days)
    for row in headline(resolved) if question is Question.CHANNELS else ():
        assert isinstance(row.comparison, Comparison)
        for cell in row.comparison.companions:  # a wave, given a week where it is shorter
            inside = cell.codes[0] == WINDOW
            log_lift[world.courses.index(cell.series[0]), :, inside] += np.log(lift)
    return replace(world, calendar=log_lift)


def headline(resolved: Resolved) -> list[Planned]:
    """Rows that decide."""
    return [
        row
        for row in planned_rows(resolved)
        if row.role is RowRole.HEADLINE and isinstance(row.comparison, Comparison)
    ]


def concluded(resolved: Resolved) -> list[Row]:
    """The rows of one world, estimated one by one, adjusted in their families and concluded."""
    decision = resolved.protocol.decision
    rows = []
    for planned in headline(resolved):
        assert isinstance(planned.comparison, Comparison)
        outcome = estimate(planned.comparison, planned.key, Setting(decision.level))
        row = Row(
            planned.key,
            planned.role,
            RowStatus.REFUSED,
            planned.estimand,
            Verdict.REFUSED,
            decision.level,
        )
        if isinstance(outcome, Estimated):
            row = replace(row, status=RowStatus.ESTIMATED, effect=outcome.effect)
        rows.append(replace(row, verdict=conclude(row, decision)))
    return read_together(rows, decision)


@dataclass(frozen=True, slots=True)
class Proof:
    """One row: what past panels promised of it, and what it did."""

    key: RowKey
    promised: Mapping[Kind, tuple[Power, ...]]
    """A promise a past panel."""
    raised: int
    """Of `worlds` fresh ones, those in which the row concluded so."""
    worlds: int
    looked: tuple[int, int]
    """Of fresh worlds seen with every finding, those raised by the rule, and those still raised."""

    @property
    def realised(self) -> float:
        return self.raised / self.worlds

    def inside(self, kind: Kind) -> int:
        """Panels whose promised band meets the 95% interval of the realised power."""
        own = share_interval(self.raised, self.worlds, 0.95)
        bands = [power.promised for power in self.promised[kind]]
        return sum(band.low <= own.high and own.low <= band.high for band in bands)

    def strayed(self, kind: Kind) -> float:
        """Root mean square of promised less realised, on the probit scale."""
        n = CAMPAIGNS + 1
        promised = ndtri([(n * power.power + 0.5) / (n + 1) for power in self.promised[kind]])
        return float(
            np.sqrt(np.mean((promised - ndtri((self.raised + 0.5) / (self.worlds + 1))) ** 2))
        )


@dataclass(frozen=True, slots=True)
class Study:
    """How much of it is done."""

    worlds: int = 1000
    pasts: int = 8
    looked: int = 20
    seed: int = 20


def prove(question: Question, study: Study) -> list[Proof]:
    """The row of all courses at one lift, those of one course at another."""
    pooled, own = LIFTS[question]
    proofs = _prove(question, pooled, study)
    if own != pooled:
        others = _prove(question, own, study)
        proofs = [p for p in proofs if p.key.course == ALL] + [
            p for p in others if p.key.course != ALL
        ]
    return proofs


def _prove(question: Question, lift: float, study: Study) -> list[Proof]:
    """Promise from each of some past panels, then run the experiment in fresh worlds."""
    protocol, seed = declared(question), study.seed
    plain = flagship_world(protocol)
    seeds = np.random.SeedSequence([seed, len(question.value)]).spawn(study.pasts + study.worlds)
    panels = [
        resolved_world(protocol, simulate(plain, np.random.default_rng(own)))
        for own in seeds[: study.pasts]
    ]
    promises = {
        kind: [
            powers(past, protocol, [lift], CAMPAIGNS, Setting(seed=seed), kind) for past in panels
        ]
        for kind in Kind
    }
    world = raised(plain, question, panels[0], lift)
    up: Counter[RowKey] = Counter()
    seen: Counter[tuple[RowKey, bool]] = Counter()
    for number, own in enumerate(seeds[study.pasts :]):
        resolved = resolved_world(protocol, simulate(world, np.random.default_rng(own)))
        found = [row.key for row in concluded(resolved) if row.verdict in UP]
        up.update(found)
        if number < study.looked:
            seen.update((key, False) for key in found)
            seen.update((key, True) for key in _after_all_looks(resolved, found))
    return [
        Proof(
            row.key,
            {
                kind: tuple(power for own in of_kind for power in own if power.key == row.key)
                for kind, of_kind in promises.items()
            },
            up[row.key],
            study.worlds,
            (seen[row.key, False], seen[row.key, True]),
        )
        for row in headline(panels[0])
    ]


def prove_mailing(study: Study) -> Proof:
    """Lists of people, one row a person, judged as `target` judges them."""
    setting, found = Setting(seed=study.seed), 0
    (power,) = mailing_powers(MAILING, [MAILING_LIFT], CAMPAIGNS, setting, Decision())
    for own in np.random.SeedSequence([study.seed, MAILING.people]).spawn(study.worlds):
        rng = np.random.default_rng(own)
        out = rng.random(MAILING.people) < MAILING.held_out
        rate = np.where(out, MAILING.rate, MAILING.rate * MAILING_LIFT)
        outcome = (rng.random(MAILING.people) < rate).astype(float)
        effect = difference(outcome[~out], outcome[out])
        found += effect.value > 0 and effect.p_value() <= 0.05
    return Proof(power.key, {Kind.FITTED: (power,), Kind.PLACEBO: ()}, found, study.worlds, (0, 0))


def _after_all_looks(resolved: Resolved, found: Sequence[RowKey]) -> Iterator[RowKey]:
    """Rows still raised in the whole evaluation, the longer looks at their assumptions included."""
    planned = planned_rows(resolved)
    for row in headline(resolved):
        if row.key in found and evaluate_row(row, planned, resolved).verdict in UP:
            yield row.key


def table(proofs: Sequence[Proof]) -> str:
    """Markdown: a line a row."""
    lines = [
        "| row | ×lift | realised | promised, fitted | in its band | promised, placebo | in its"
        " band | after all looks |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for proof in proofs:
        name = " · ".join(
            part
            for part in (proof.key.question, proof.key.course, proof.key.channel)
            if part != ALL
        )
        error = np.sqrt(proof.realised * (1 - proof.realised) / proof.worlds)
        cells = [
            name,
            f"{proof.promised[Kind.FITTED][0].truth:.2f}",
            f"{proof.realised:.3f} ± {error:.3f}",
            *_promises(proof, Kind.FITTED),
            *_promises(proof, Kind.PLACEBO),
            f"{proof.looked[1]} of {proof.looked[0]}" if proof.looked[0] else "",
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _promises(proof: Proof, kind: Kind) -> tuple[str, str]:
    shares = [power.power for power in proof.promised[kind]]
    if not shares:
        return "", ""
    spread = f"{np.mean(shares):.3f} ({min(shares):.3f} – {max(shares):.3f})"
    return spread, f"{proof.inside(kind)} of {len(shares)}"


def summary(proofs: Sequence[Proof]) -> str:
    """A line a kind of worlds: how often bands held, and how far promises strayed."""
    lines = []
    for kind in Kind:
        own = [proof for proof in proofs if proof.promised[kind]]
        inside = sum(proof.inside(kind) for proof in own)
        bands = sum(len(proof.promised[kind]) for proof in own)
        strayed = np.sqrt(np.mean([proof.strayed(kind) ** 2 for proof in own]))
        lines.append(
            f"- {kind.value}: the realised power lies in {inside} of {bands} promised bands"
            f" ({inside / bands:.1%}); promises stray by {strayed:.2f} on the probit scale."
        )
    return "\n".join(lines)


def page(proofs: Sequence[Proof], study: Study) -> str:
    """Markdown: the table, what was done, and what comes of it."""
    head = (
        f"{study.worlds:,} fresh worlds a question and lift, {study.pasts} past panels,"
        f" {CAMPAIGNS:,} campaigns a promise, seed {study.seed}; all looks in the first"
        f" {study.looked} worlds. Realised ± its Monte-Carlo error; promises: mean (lowest –"
        " highest over the panels), and how many of their bands meet the realised power."
    )
    return f"{head}\n\n{table(proofs)}\n\n{summary(proofs)}"


if __name__ == "__main__":
    numbers = [int(argument) for argument in sys.argv[1:] if argument.isdigit()]
    study, proofs = Study(*numbers), []
    for question in LIFTS:
        proofs += prove(question, study)
        print(f"{time.process_time():6.0f} s  {question.value}", file=sys.stderr, flush=True)
    text = page([*proofs, prove_mailing(study)], study)
    print(text)
    if "--write" in sys.argv:
        write("power", text)

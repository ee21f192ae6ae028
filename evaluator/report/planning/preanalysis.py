"""The pre-analysis plan: what is asked and how it will be answered, before there are data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from evaluator.comparisons import Planned, planned_rows
from evaluator.errors import Problem, UsageError
from evaluator.experiment.assignment import Drawn
from evaluator.experiment.deviations import Registered
from evaluator.experiment.protocol import Protocol
from evaluator.planning.detectable import Detectable
from evaluator.planning.power import Power
from evaluator.report import numbers
from evaluator.report.answer import banner
from evaluator.report.audited import TESTED
from evaluator.report.conclusion import verdicts_say
from evaluator.report.explain import DECLARED, markdown_sections
from evaluator.report.markdown.syntax import bullets, escaped, heading, table
from evaluator.report.planning import figures
from evaluator.report.sealed import sealing
from evaluator.report.words import question_title, row_label
from evaluator.resolve import Resolved
from evaluator.results import NotRun, RowRole
from evaluator.whole import write_whole

PROMISED = ("power at", "minimum detectable lift")
"""Begin the facts that say what a plan promised."""
EXCLUSIONS = (
    "Nothing is concluded before the last day of the data; looking earlier changes nothing of the"
    " window, of its waves or of the rows.",
    "No enrolment, course or country is left out after the data were seen. Days that are declared"
    " as closed, incidents and deadlines are told beside the rows that they touch.",
    "A row that the data cannot identify, or that has too little to go by, is refused with its"
    " reason and stays in the table.",
    "What is changed in the declaration after it was sealed is told in the report as a deviation.",
)


def preanalysis(
    resolved: Resolved,
    planned: Sequence[Planned],
    found: Sequence[Power | Detectable] = (),
    sealed: Registered | None = None,
) -> str:
    """The plan as Markdown.

    Parameters
    ----------
    resolved : the protocol on its data, or on the history that stands in for them
    planned : every row that will appear
    found : power and smallest lifts that would be noticed, where they were computed
    sealed : the seal, where there is one
    """
    protocol = resolved.protocol
    deciding = [row for row in planned if row.role is RowRole.HEADLINE]
    parts = [
        heading(f"Pre-analysis plan: {protocol.title}", 1),
        *([f"**{escaped(banner(protocol))}**"] if banner(protocol) else []),
        bullets(
            [
                f"experiment {protocol.name}, protocol {protocol.hash}",
                f"window: {protocol.window} ({protocol.window.days} days); data up to"
                f" {protocol.as_of:%-d %b %Y}",
                sealing(sealed),
            ]
        ),
        *_words(protocol),
        heading("Hypotheses"),
        _tested(protocol),
        *_hypotheses(deciding),
        *_assignment(protocol),
        heading("Exclusions and changes"),
        bullets(EXCLUSIONS),
        heading("Power"),
        *_power(protocol, found),
        *markdown_sections(resolved, planned, without=(TESTED, DECLARED)),
    ]
    return "\n\n".join(parts) + "\n"


def write_preanalysis(
    resolved: Resolved,
    file: Path,
    found: Sequence[Power | Detectable] = (),
    sealed: Registered | None = None,
) -> tuple[Path, ...]:
    """Put the plan into a file, whole or not at all.

    Raises
    ------
    UsageError : it cannot be written
    """
    text = preanalysis(resolved, planned_rows(resolved), found, sealed)
    try:
        return write_whole({file.name: text}, file.parent)
    except OSError as error:
        what = f"cannot be written: {error.strerror or error}"
        raise UsageError(Problem(str(file), what, hint="name another file")) from None


def _words(protocol: Protocol) -> Iterator[str]:
    """What is asked and done, what moves, and what would refute it, as it was declared."""
    for own in protocol.interventions:
        yield heading(f"What is done: {own.name}")
        told = (own.change, f"moves: {own.outcome}", f"compared: {own.comparison}")
        yield bullets(told)
    said = [f"{name}: {value}" for name, value in protocol.facts if not name.startswith(PROMISED)]
    if said:
        yield heading("What was declared beforehand")
        yield bullets(said)


def _tested(protocol: Protocol) -> str:
    own = protocol.decision
    return escaped(
        "Each row that decides tests the hypothesis that its lift is ×1, against any other lift, at"
        f" {numbers.probability(1 - own.level)}; its verdict follows from the decision rule below."
        f" A lift is worth having from {numbers.lift(own.smallest_lift)}. Rows that are described"
        " or refused test nothing."
    )


def _hypotheses(deciding: Sequence[Planned]) -> Iterator[str]:
    """A table a question: what is compared, and what a verdict would say."""
    for question in dict.fromkeys(row.key.question for row in deciding):
        rows = [row for row in deciding if row.key.question == question]
        yield heading(question_title(question), 3)
        lines = [
            (
                row_label(row.key),
                f"they {verdicts_say(row.estimand.wording)}",
                row.estimand.compares,
                row.key.method,
                _standing(row),
            )
            for row in rows
        ]
        yield table(("row", "a verdict says that", "compares", "method", "standing"), lines)


def _standing(row: Planned) -> str:
    if isinstance(row.comparison, NotRun):
        return f"will be refused: {row.comparison.reason}"
    return "described" if row.descriptive else "decides"


def _assignment(protocol: Protocol) -> Iterator[str]:
    """What chance decided."""
    yield heading("Assignment")
    own = protocol.assignment
    if own is None:
        yield bullets(["nothing is declared of chance: what is compared was chosen by somebody"])
        return
    parts = {"courses": own.courses, "countries": own.countries, "order": own.order}
    told = [_drawn(name, drawn) for name, drawn in {**parts, "weeks": own.weeks}.items() if drawn]
    yield bullets([*told, f"seed: {own.seed}"])


def _drawn(name: str, drawn: Drawn) -> str:
    within = f", within {len(drawn.groups)} groups" if drawn.groups else ""
    criterion = f"; {drawn.criterion}" if drawn.criterion else ""
    return f"{name}: {drawn.rule}{within}{criterion}"


def _power(protocol: Protocol, found: Sequence[Power | Detectable]) -> Iterator[str]:
    """Chance of a conclusion at the smallest lift worth finding, and the lift that is noticed."""
    powers = [own for own in found if isinstance(own, Power)]
    noticed = {own.key: own for own in found if isinstance(own, Detectable)}
    promised = [f"{name}: {said}" for name, said in protocol.facts if name.startswith(PROMISED)]
    if powers:
        head = ("row", "planted", "power", "false positive", "smallest lift noticed", "why not")
        yield table(head, [_line(own, noticed.get(own.key)) for own in powers], (1, 2, 3, 4))
        yield bullets([NOTE])
    else:
        yield bullets(promised or [NO_POWER])


NO_POWER = (
    "Not computed: an experiment's history says how large a lift it would notice, and it is not"
    " part of this declaration."
)
NOTE = (
    "Power and false positives: share of simulated campaigns, fitted to the past panel, that end"
    " with a direction, judged by the same rows and decision rule; in brackets the band in which"
    " the power lies, for the simulation's error and that of the one panel. A lift is planted on"
    " the days of the waves; findings that may weaken a verdict are not in it."
)


def _line(own: Power, noticed: Detectable | None) -> tuple[str, ...]:
    label = row_label(own.key)
    name = figures.title(own.key.question) + (f": {label}" if label else "")
    if own.reason:
        return (name, "", "", "", "", own.reason)
    power, low, high, false = map(
        numbers.probability,
        (own.power, own.promised.low, own.promised.high, own.false_positive),
    )
    least = (noticed.reason or numbers.lift(noticed.lift)) if noticed else ""
    return (name, numbers.lift(own.lift), f"{power} [{low}; {high}]", false, least, "")

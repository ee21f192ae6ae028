"""What a row concludes: its verdict as a sentence in the words of its estimand, used alike."""

from __future__ import annotations

from evaluator.comparisons import ALL
from evaluator.comparisons.secondary import counted
from evaluator.experiment.protocol import Protocol
from evaluator.report.belief import deciding, wider
from evaluator.report.words import weekday_of
from evaluator.results import Row, Status, Verdict, Wording

UNCERTAIN = (Verdict.RAISED_UNCERTAIN, Verdict.LOWERED_UNCERTAIN)
UP = (Verdict.RAISED, Verdict.RAISED_UNCERTAIN)
DOWN = (Verdict.LOWERED, Verdict.LOWERED_UNCERTAIN)
NOT_KNOWN = "The data are not precise enough to say whether"
TOO_LITTLE = "not by as much as would be worth having"


def conclusion(row: Row, subject: str) -> str:
    """The verdict of a row as a sentence.

    Parameters
    ----------
    subject : what the row counts and where, in the plural; see `subject_of`
    """
    if row.effect is None:
        start = "Described only" if row.verdict is Verdict.DESCRIPTIVE else "No conclusion"
        return f"{start}: {row.reason}."
    said = row.estimand.wording
    if row.verdict is Verdict.DESCRIPTIVE:
        own = row.effect.interval(row.level)
        moved = said.up if own.low > 0 else said.down if own.high < 0 else ""
        return capital(f"{_moved(subject, said, moved)}; no effect is identified.")
    if row.verdict is Verdict.NO_EFFECT:
        neither = _phrase(said, f"neither {said.up} nor {said.down}")
        return capital(f"{subject} {neither}: {TOO_LITTLE}.")
    moved = said.up if row.verdict in UP else said.down if row.verdict in DOWN else ""
    return capital(f"{_moved(subject, said, moved)}{_because(row)}.")


def subject_of(row: Row, protocol: Protocol, where: str = "") -> str:
    """What a row counts, and where: in its course, or in those named."""
    day = weekday_of(row.key)
    what = counted(protocol, row.key.question, row.key.course)
    if what != counted(protocol, row.key.question):  # the outcome says which course
        return f"{what} on {day}s" if day else what
    own = "all courses compared" if row.key.course == ALL else row.key.course
    place = where or own
    return what if place == what else f"{what} in {place}"


def capital(sentence: str) -> str:
    return f"{sentence[:1].upper()}{sentence[1:]}"


def verdicts_say(said: Wording) -> str:
    """What the verdicts of an estimand say, without a row."""
    return _phrase(said, f"{said.up} or {said.down}")


def _moved(subject: str, said: Wording, moved: str) -> str:
    if moved:
        return f"{subject} {_phrase(said, moved)}"
    return f"{NOT_KNOWN} {subject} {verdicts_say(said)}"


def _phrase(said: Wording, moved: str) -> str:
    return " ".join(part for part in (said.verb, moved, said.by) if part)


def _because(row: Row) -> str:
    """Why the row's own interval says more than its verdict."""
    if row.verdict in UNCERTAIN:
        failed = [finding.name for finding in row.findings if finding.status is Status.FAIL]
        because = f" ({', '.join(failed)}: fail)" if failed else ""
        return f"; by how much is uncertain{because}"
    turning = _turning(row)
    wider = f"; its own interval would be, the wider one is not ({', '.join(turning)})"
    return wider if turning else ""


def _turning(row: Row) -> list[str]:
    """Wider intervals beside the row that hold no effect where its own does not."""
    own = deciding(row)
    if own is None or 0.0 in own:
        return []
    return [name for name, interval in wider(row) if 0.0 in interval]

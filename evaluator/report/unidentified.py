"""What is not identified, and what data would identify it: gathered from refusals and estimands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from evaluator.report.words import block_title, listed, of_any_channel, row_label
from evaluator.results import Row, RowRole, RowStatus

SAID = "What would have identified it: "
"""After this an estimand names the data itself."""
OWN = (RowRole.HEADLINE, RowRole.EXPLORATORY)
LEFT_OUT = "some of the courses, drawn at random, left out of what promotes the whole portfolio"
HISTORY = "weeks of a course before its first promotion: eight, three at the very least"
APART = (
    "waves of the two on different days, with two weeks without any between them, or one of the"
    " two in some courses only, drawn at random"
)
BOTH_ORDERS = "both orders on one network, assigned to courses at random"
A_TAG = "a tag for each network on the links of its posts"
DATA: Mapping[str, str] = {
    "the total effect of all promotion": "courses, drawn at random, that nobody promotes at all:"
    " no post, no newsletter, no link",
    "the effect of advertising": "countries or people, drawn at random, to whom no advertisement"
    " is delivered",
    "the effect of persona targeting": "a second arm in the same countries whose advertisements go"
    " out without the persona",
    "of the whole portfolio": LEFT_OUT,
    "for the whole portfolio": LEFT_OUT,
    "it reached every course": LEFT_OUT,
    "the split of an overlap": APART,
    "only their joint effect": APART,
    "the order": BOTH_ORDERS,
    "order ≡": BOTH_ORDERS,
    "enrolments caused by the posts": "posts about some of the courses only, drawn at random, on"
    " days without other waves",
    "a difference between networks": A_TAG,
    "the tag “": A_TAG,
    "a lift against no promotion": HISTORY,
    "before against during the campaign": HISTORY,
    "no whole week of history": HISTORY,
    "no week before the campaign": HISTORY,
    "share of all": "the outcome for each one who enrolled, in other courses as well",
    "other people come by it": "people, drawn at random, to whom the channel is not shown",
    "links that stand on pages": "the days on which they were put up, not the same for all courses",
    "assumed, not published": "the first day, as the platform recorded it",
    "of the weeks empty": "more of them in a week: days or series of one kind counted together",
    "expected on the wave days": "more of them: longer waves, or larger groups of countries",
}
"""Part of a reason, or of what an estimand does not identify → data that would identify it."""


@dataclass(frozen=True, slots=True)
class Unidentified:
    """Something that these data cannot tell."""

    what: str
    about: tuple[str, ...]
    """Rows concerned; none where it is about all of the question."""
    why: str
    needed: str
    """Data that would identify it; where nobody has written that down, what the row needs."""


def unidentified(rows: Sequence[Row]) -> tuple[Unidentified, ...]:
    """What the rows that decide leave open, then what was refused; the same is said once."""
    own = [row for row in rows if row.role in OWN]
    return (*_open(row for row in own if row.role is RowRole.HEADLINE), *_refused(own))


def _open(rows: Iterable[Row]) -> Iterator[Unidentified]:
    found: dict[tuple[str, str], None] = {}
    for row in rows:
        said, _, named = row.estimand.not_identified.partition(SAID)
        for what in of_any_channel(said.rstrip(" ."), row.key).split("; "):
            found.setdefault((what, named or data_for(what, row)))
    data: dict[str, tuple[str, str]] = {}
    for what, needed in found:
        if what and len(needed) > len(data.get(what, ("", ""))[1]):
            data[what] = what, needed  # one that names more data holds what the others name
    yield from (Unidentified(what, (), "", needed) for what, needed in data.values())


def _refused(rows: Sequence[Row]) -> Iterator[Unidentified]:
    alike: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        if row.status is RowStatus.REFUSED:
            needed = data_for(row.reason, row)
            alike.setdefault((block_title(row.key.question), needed), []).append(row)
    for (title, needed), own in alike.items():
        labels = tuple(dict.fromkeys(row_label(row.key).removeprefix("all ") for row in own))
        reasons = tuple(dict.fromkeys(row.reason for row in own))
        yield Unidentified(title, labels, "; ".join(reasons[:2]), needed)


def data_for(reason: str, row: Row) -> str:
    """The data that would identify what was refused, or left open, for this reason."""
    known = (data for part, data in DATA.items() if part in reason)
    needs = row.estimand.needs
    return next(known, f"a design in which this holds: {listed(needs)}" if needs else "")

"""A tiny experiment: course P promoted, Q not, two countries, October 2022, an event a day each.

Namibia's code is NA, which a careless reader takes for a missing value.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from evaluator.errors import DataError
from evaluator.experiment.protocol import (
    Course,
    DataKind,
    Others,
    Protocol,
    Question,
    Source,
    Span,
)
from evaluator.sources import Loaded, load

DAYS = tuple(date(2022, 10, 1) + timedelta(i) for i in range(31))
CELLS = [(day, course, country) for day in DAYS for course in "PQ" for country in ("KE", "NA")]


@dataclasses.dataclass(frozen=True)
class Tiny:
    """An experiment in a folder of its own, whose files a test spoils."""

    folder: Path

    @property
    def events(self) -> list[str]:
        """A good export of events; line i is row i + 1 of the file."""
        rows = [
            f"{day},{course},{country},none,k{i}" for i, (day, course, country) in enumerate(CELLS)
        ]
        return ["day,course,country,tag,learner", *rows]

    @property
    def counts(self) -> list[str]:
        """A good table of counts: Kenya has the day of the month, Namibia 0."""
        values = [day.day if country == "KE" else 0 for day, _, country in CELLS]
        rows = [f"{d},{course},{c},{n}" for (d, course, c), n in zip(CELLS, values, strict=True)]
        return ["day,course,country,value", *rows]

    def write(self, name: str, lines: Iterable[str], encoding: str = "utf-8") -> Path:
        path = self.folder / name
        path.write_bytes("".join(f"{line}\n" for line in lines).encode(encoding))
        return path

    def protocol(self, *sources: dict[str, Any], **changes: Any) -> Protocol:
        """Protocol over sources given by the keywords of `Source`; paths by their names."""
        protocol = Protocol(
            name="tiny",
            title="A tiny experiment",
            path=self.folder / "experiment.toml",
            as_of=DAYS[-1],
            timezone="Europe/Rome",
            data_kind=DataKind.SYNTHETIC,
            seed=1,
            window=Span(date(2022, 10, 17), date(2022, 10, 30)),
            courses=(Course("P", "Promoted"),),
            others=Others(codes=("Q",)),
            arms=None,
            channels=(),
            waves=(),
            sources=tuple(self._source(i, **source) for i, source in enumerate(sources)),
            questions=(Question.PROMOTED_VS_OTHER,),
        )
        return dataclasses.replace(protocol, **changes)

    def load(self, name: str, lines: Iterable[str], kind: str = "events", **changes: Any) -> Loaded:
        """Load one source written to one file; `columns` and `course` belong to the source."""
        self.write(name, lines)
        own: dict[str, Any] = {
            key: changes.pop(key) for key in ("columns", "course") if key in changes
        }
        return load(self.protocol({"kind": kind, "paths": [name], **own}, **changes))

    def problems(self, *sources: dict[str, Any], **changes: Any) -> list[str]:
        """Texts of the problems found in the sources; none is a failure."""
        with pytest.raises(DataError) as caught:
            load(self.protocol(*sources, **changes))
        assert caught.value.exit_code == 3
        return [str(problem) for problem in caught.value.problems]

    def _source(self, position: int, *, kind: str, paths: Iterable[str], **keywords: Any) -> Source:
        columns = tuple(keywords.pop("columns", {}).items())
        files = tuple(self.folder / path for path in paths)
        return Source(f"{kind}-{position}", kind, files, columns, **keywords)


@pytest.fixture
def tiny(tmp_path: Path) -> Tiny:
    return Tiny(tmp_path)

"""Where in the experiment file the thing is declared that an item is about."""

from __future__ import annotations

from dataclasses import dataclass

from evaluator.experiment.load import shown_path
from evaluator.experiment.positions import Keys, Lines, key_lines, line_of
from evaluator.experiment.protocol import Protocol
from evaluator.gate.items import Gate, Item
from evaluator.results import RowKey


@dataclass(frozen=True, slots=True)
class Places:
    """Lines of an experiment file."""

    protocol: Protocol
    lines: Lines

    @classmethod
    def of(cls, protocol: Protocol) -> Places:
        text = protocol.path.read_text("utf-8-sig")
        return cls(protocol, key_lines(text))

    def of_item(self, item: Item) -> str:
        """file:line of the course or channel of the item's row, or of what holds for all."""
        if item.row is not None:
            keys = self._of_row(item.row)
        else:
            keys = ("sources", 0) if item.gate is Gate.DATA else ("experiment", "questions")
        return f"{shown_path(self.protocol.path)}:{line_of(keys, self.lines)}"

    def _of_row(self, key: RowKey) -> Keys:
        courses = [course.code for course in self.protocol.courses]
        channels = [channel.name for channel in self.protocol.channels]
        if key.course in courses:
            return ("courses", courses.index(key.course))
        if key.channel in channels:
            return ("channels", channels.index(key.channel))
        return ("experiment", "questions")

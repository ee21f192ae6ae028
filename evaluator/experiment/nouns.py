"""What an experiment calls its series: the program says “course” where nothing else is declared."""

from __future__ import annotations

import re

COURSE = "course"
SAID = re.compile(r"\b(?<!of )([Cc])ourse(s?)\b")
"""The program's own word, in either number; “of course” is none."""


def spoken(sentence: str, noun: str) -> str:
    """A sentence of the program in the words of an experiment.

    >>> spoken("no other course; Courses are metrics", "metric")
    'no other metric; Metrics are metrics'
    """
    return SAID.sub(lambda found: _in_place(found, noun), sentence) if noun != COURSE else sentence


def plural(noun: str) -> str:
    """
    >>> plural("country"), plural("office"), plural("day")
    ('countries', 'offices', 'days')
    """
    ends_in_y = noun.endswith("y") and noun[-2:-1] not in ("a", "e", "o", "u")
    return f"{noun[:-1]}ies" if ends_in_y else f"{noun}s"


def _in_place(found: re.Match[str], noun: str) -> str:
    said = plural(noun) if found[2] else noun
    return f"{said[:1].upper()}{said[1:]}" if found[1] == "C" else said

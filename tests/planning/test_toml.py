"""What a written file looks like."""

from __future__ import annotations

from datetime import date

from evaluator.planning.toml import to_toml

DOCUMENT = {
    "window": {"start": date(2024, 3, 1), "end": date(2024, 5, 31)},
    "waves": [
        {"id": "ads", "courses": ["LAW"], "bounds": {"start": date(2024, 3, 1)}},
        {"id": "mail", "courses": [f"COURSE-{number:02d}" for number in range(12)]},
    ],
    "facts": {"who": "w" * 60 + " " + "x" * 60, "a key": 'a "quote"'},
}
NOTES = {
    "window": "The weeks that count.\n\nMonday to Sunday.",
    "window.end": "a Friday",
    "waves": "Bursts.",
    "waves[1]": "The second.",
}


def test_the_text() -> None:
    assert (
        to_toml(DOCUMENT, NOTES)
        == f'''\
# The weeks that count.
#
# Monday to Sunday.
[window]
start = 2024-03-01
end = 2024-05-31             # a Friday

# Bursts.
[[waves]]
id = "ads"
courses = ["LAW"]
bounds = {{ start = 2024-03-01 }}

# The second.
[[waves]]
id = "mail"
courses = [
    "COURSE-00", "COURSE-01", "COURSE-02", "COURSE-03", "COURSE-04", "COURSE-05", "COURSE-06",
    "COURSE-07", "COURSE-08", "COURSE-09", "COURSE-10", "COURSE-11",
]

[facts]
who = """
{"w" * 60} \\
{"x" * 60}"""
"a key" = "a \\"quote\\""
'''
    )

"""Series that are no courses: what each counts, what they are called, days that count for none."""

from collections.abc import Callable
from datetime import date

import pytest

from evaluator.errors import DeclarationError
from evaluator.experiment.protocol import Event, Protocol, Span

Load = Callable[[str], Protocol]

METRICS = """\
[experiment]
name = "board"
as_of = 2022-03-31
data_kind = "synthetic"
questions = ["pre_vs_campaign", "weekdays"]
series = "metric"
outcome = "actions"

[window]
start = 2022-01-01
end = 2022-03-31

[[courses]]
code = "sessions"
outcome = "sessions"

[[courses]]
code = "engagement"
outcome = "engagements"

[[incidents]]
name = "holidays"
start = 2021-12-24
end = 2022-01-06
left_out = true

[[sources]]
name = "daily"
kind = "counts"
path = "daily.csv"
"""


def test_each_series_counts_its_own(load: Load) -> None:
    protocol = load(METRICS)
    assert protocol.series == "metric"
    assert not protocol.alike
    assert [protocol.outcome_of(code) for code in ("sessions", "engagement", "all")] == [
        "sessions",
        "engagements",
        "actions",
    ]
    holidays = Span(date(2021, 12, 24), date(2022, 1, 6))
    assert protocol.incidents == (Event("holidays", holidays, left_out=True),)


def test_courses_count_the_outcome_where_they_say_nothing(load: Load) -> None:
    protocol = load(METRICS.replace('outcome = "sessions"\n', "").replace('"engagements"', '"x"'))
    assert protocol.outcome_of("sessions") == "actions"
    assert not protocol.alike  # one of them counts something else
    same = METRICS.replace('outcome = "sessions"\n', "").replace('outcome = "engagements"\n', "")
    assert load(same).alike


@pytest.mark.parametrize("question", ["promoted_vs_other", "channels"])
def test_unlike_things_are_not_added_up(load: Load, question: str) -> None:
    asked = METRICS.replace('"weekdays"]', f'"weekdays", "{question}"]')
    asked += '\n[others]\ncodes = ["clicks"]\n'
    with pytest.raises(DeclarationError) as raised:
        load(asked)
    told = str(raised.value)
    assert "it adds courses up, and these count different things (courses.outcome)" in told
    assert "ask pre_vs_campaign or weekdays, which take each by itself" in told


def test_like_things_are(load: Load) -> None:
    alike = METRICS.replace('outcome = "engagements"', 'outcome = "sessions"')
    asked = alike.replace('"weekdays"]', '"promoted_vs_other"]') + '\n[others]\ncodes = ["x"]\n'
    assert load(asked).alike

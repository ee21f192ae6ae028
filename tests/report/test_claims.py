from dataclasses import replace

import pytest

from evaluator import Result
from evaluator.claims import Claim, Figure, Standing
from evaluator.evaluation import Evaluation
from evaluator.report.claims import not_effects
from evaluator.report.terminal import render
from evaluator.report.to_json import to_dict
from evaluator.results import Interval, RowKey

MONTH = 365.25 / 12
RATE = Figure(314.99, "a month", MONTH, Interval(307.12, 323.0, 0.95), "Poisson")
CLAIMS = (
    Claim(
        "Enrolments per course",
        "mean of 7 courses",
        "×5 a month",
        Standing.FAILS,
        "315 is 55% of 570",
        Figure(869, "in 84 days", 84),
        RATE,
        Figure(570, "a month", MONTH),
    ),
    Claim("Enrolments per course", "ODPS", "ODPS a month", Standing.HOLDS, "", detail=True),
    Claim("LinkedIn", "", "as published", Standing.NOT_REPORTED, "no figure was published"),
)


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture
def claimed(evaluation: Evaluation) -> Evaluation:
    return replace(evaluation, claims=CLAIMS)


def test_a_claim_is_a_line_with_its_reason_below(claimed: Evaluation) -> None:
    text = flat(render(claimed))
    assert "none of these is an effect" in text
    line = "×5 a month 315 [307; 323] 570 does not hold 315 is 55% of 570"
    assert f"Enrolments per course: 869 in 84 days published {line} LinkedIn" in text
    assert "as published – – not reported no figure was published" in text
    assert "[ ; ] is Poisson" in text


@pytest.mark.parametrize(
    ("beside", "but"),
    [
        ([None], "none of these is an effect"),
        ([None, RowKey("q", "P")], ", but what stands beside a row by name"),
        (["enrolled"], ", but what stands beside two arms by name"),
        (["enrolled", RowKey("q", "P")], "beside a row or two arms by name"),
    ],
)
def test_only_what_stands_beside_an_estimate_is_one(
    beside: list[RowKey | str | None], but: str
) -> None:
    assert not_effects([replace(CLAIMS[0], beside=own) for own in beside]).endswith(but)


def test_details_are_shown_when_all_is_asked_for(claimed: Evaluation) -> None:
    assert "ODPS a month" not in render(claimed)
    assert "ODPS a month – – holds" in flat(render(claimed, all_rows=True))


def test_without_indicators_there_is_no_section(evaluation: Evaluation) -> None:
    assert "like for like" not in render(evaluation)


@pytest.mark.parametrize("all_rows", [False, True])
def test_nothing_of_a_declared_indicator_is_cut(flagship: Result, all_rows: bool) -> None:
    text = render(flagship.evaluation, all_rows=all_rows)
    assert max(map(len, text.splitlines())) <= 80
    for claim in flagship.evaluation.claims:
        if all_rows or not claim.detail:
            for part in (claim.name, claim.reading, claim.holds, claim.why):
                assert flat(part) in flat(text)


def test_the_json_holds_every_claim(claimed: Evaluation) -> None:
    first, *_, last = to_dict(claimed)["claims"]
    assert first["recomputed"] == {
        "value": 314.99,
        "unit": "a month",
        "printed": "",
        "decimals": 0,
        "days": MONTH,
        "low": 307.12,
        "high": 323.0,
        "level": 0.95,
        "law": "Poisson",
    }
    assert (first["holds"], first["met"], first["detail"]) == ("does not hold", False, False)
    assert (last["name"], last["recomputed"], last["met"]) == ("LinkedIn", None, None)

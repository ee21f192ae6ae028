"""Dose by arm, by hand."""

from __future__ import annotations

import pytest

from evaluator.claims.cost import Dose, DoseKey
from evaluator.claims.dose import dose_finding, doses_by_arm
from evaluator.results import Status

PASS, WARN, NOT_RUN = Status.PASS, Status.WARN, Status.NOT_RUN
DOSES: dict[DoseKey, Dose] = {
    ("ads", "P", "A"): Dose(spend=30.0, impressions=600.0, reach=300.0),
    ("ads", "P", "B"): Dose(spend=10.0, impressions=600.0, reach=200.0),
    ("ads", "P", "all"): Dose(spend=40.0, impressions=1200.0, reach=500.0),
    ("ads", "Q", "A"): Dose(spend=10.0, impressions=200.0, reach=100.0),
    ("ads", "Q", "B"): Dose(spend=30.0, impressions=200.0, reach=100.0),
    ("mail", "all", "A"): Dose(clicks=5.0),
    ("posts", "P", "all"): Dose(spend=7.0),
}


def test_parts_are_of_what_both_arms_received() -> None:
    """P: 30 of 40 spent and half of the impressions; the mail went to all courses."""
    ads, other, mail, _ = doses_by_arm(DOSES, ("P",))
    assert (ads.channel, ads.arm, ads.part_of_spend, ads.part_of_impressions) == (
        *("ads", "A", 0.75, 0.5),
    )
    assert (other.arm, other.part_of_spend, other.impressions_per_reached) == ("B", 0.25, 3)
    assert (mail.channel, mail.part_of_spend, mail.impressions_per_reached) == ("mail", None, None)


def test_over_courses_waves_add_up() -> None:
    ads = doses_by_arm(DOSES, ("P", "Q"))[0]
    assert (ads.dose.spend, ads.part_of_spend) == (40, 0.5)


@pytest.mark.parametrize(
    ("courses", "status", "margin", "said"),
    [
        (("P",), WARN, -0.24, "75% of the spend and 50% of the impressions: not the same as arm B"),
        (("Q",), WARN, -0.24, "on ads 25% of the spend"),
        (("P", "Q"), PASS, 0.01, "50% of the spend and 50% of the impressions: as much as arm B"),
        (("R",), NOT_RUN, None, "what each arm was shown is not known"),
    ],
)
def test_what_is_said_of_it(
    courses: tuple[str, ...], status: Status, margin: float | None, said: str
) -> None:
    finding = dose_finding(doses_by_arm(DOSES, courses))
    assert finding.status is status
    assert finding.margin == (None if margin is None else pytest.approx(margin))
    assert said in finding.sentence
    assert bool(finding.todo) is (status is not PASS)


def test_one_arm_alone_received_everything() -> None:
    finding = dose_finding(doses_by_arm({("ads", "P", "A"): Dose(spend=3.0)}, ("P",)))
    assert finding.status is WARN
    assert "100% of the spend" in finding.sentence


def test_everything_to_arm_b_is_told_too() -> None:
    finding = dose_finding(doses_by_arm({("ads", "P", "B"): Dose(spend=3.0)}, ("P",)))
    assert finding.status is WARN
    assert "0% of the spend" in finding.sentence

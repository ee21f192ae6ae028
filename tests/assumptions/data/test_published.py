"""What was counted against what was declared."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from evaluator.assumptions import data_findings
from evaluator.experiment.protocol import Channel, Course
from evaluator.resolve import Resolved
from evaluator.results import Status

Build = Callable[..., Resolved]


def by_name(resolved: Resolved) -> dict[str, tuple[Status, str]]:
    return {f.name: (f.status, f.sentence) for f in data_findings(resolved)}


@pytest.mark.parametrize(("off", "status"), [(0, Status.PASS), (77, Status.WARN)])
def test_a_published_total_is_held_against_the_count(
    small: Build, off: int, status: Status
) -> None:
    counted = round(float(small().panel.array("day", course=["P"])[-42:].sum()))
    resolved = small(courses=(Course("P", "P", published_total=counted - off), Course("Q", "Q")))
    found = by_name(resolved)["published totals"]
    assert found[0] is status
    assert (f"P {counted:,} of {counted - off:,}" in found[1]) == bool(off)


def test_a_tag_that_no_channel_declares_is_named_with_a_near_miss(small: Build) -> None:
    resolved = small(channels=(Channel("ads", "paid", tag="facebook_ads"),))
    panel = replace(resolved.panel, tags=("facebok_ads",))
    status, sentence = by_name(replace(resolved, panel=panel))["last-touch tags"]
    assert status is Status.WARN
    assert "“facebok_ads” did you mean" in sentence


def test_untagged_enrolments_are_no_misspelling(small: Build) -> None:
    resolved = small(channels=(Channel("ads", "paid", tag="ads"),))
    assert by_name(resolved)["last-touch tags"][0] is Status.PASS

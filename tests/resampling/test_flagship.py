from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from evaluator.experiment.protocol import Course, Protocol
from evaluator.resampling.flagship import OTHERS, PROMOTED, START, STORY, Lifts, flagship_world
from evaluator.resampling.simulate import simulate


def test_without_a_protocol_it_is_the_null_of_the_published_courses(protocol: Protocol) -> None:
    alone, declared = flagship_world(), flagship_world(protocol)
    assert alone.courses[:7] == tuple(PROMOTED)
    assert len(alone.courses) == 7 + OTHERS
    assert alone.courses == declared.courses
    assert (alone.opens == declared.opens).all()
    assert alone.pulses == declared.pulses == ()
    drawn = simulate(alone, np.random.default_rng(1))
    assert (drawn.mean == drawn.base).all()


def test_history_is_as_the_status_of_the_course() -> None:
    counts = simulate(flagship_world(), np.random.default_rng(2)).counts.sum(axis=1)
    first = {code: (counts[i] > 0).argmax() for i, code in enumerate(PROMOTED)}
    assert first["ODPS"] < 7
    assert first["SEE"] >= (date(2022, 10, 3) - START).days
    assert first["LIP"] >= (date(2022, 10, 31) - START).days
    assert (counts[7:, :14].sum(axis=1) > 0).all()


def test_arms_differ_by_course_and_overlap() -> None:
    arms = flagship_world().countries_of_arm_a()
    assert set(arms) == set(PROMOTED)
    assert {len(countries) for countries in arms.values()} == {10}
    assert len(set(arms.values())) == 7
    assert set(arms["ODPS"]) & set(arms["ILSGEN"])


def test_a_country_has_a_larger_share_where_it_is_in_a() -> None:
    world = flagship_world()
    assert world.shares.sum(axis=1) == pytest.approx(1)
    promoted = world.shares[:7]
    in_a, out = promoted[world.arm_a[:7]], promoted[:, :24][~world.arm_a[:7, :24]]
    assert in_a.min() > out.max() / 2.5
    assert in_a.mean() > out.mean()


def test_lifts_are_planted_on_the_declared_waves(protocol: Protocol) -> None:
    lifts = Lifts({"facebook_ads": {"ODPS": np.log(3)}}, arm_a=1.5, weak=1.0, carry_over=0.0)
    world = flagship_world(protocol, lifts)
    wave = next(wave for wave in protocol.waves if wave.id == "facebook-odps")
    first = (wave.span.start - START).days
    days = slice(first, first + wave.span.days)
    drawn = simulate(world, np.random.default_rng(3))
    assert np.exp(drawn.log_lift(days, "ODPS", ~world.arm_a[0])) == pytest.approx(3)
    assert np.exp(drawn.log_lift(days, "ODPS", world.arm_a[0])) == pytest.approx(3**1.5)
    after = slice(days.stop, None)
    assert drawn.log_lift(after, "ODPS") == drawn.log_lift(days, "OC01") == 0


def test_the_portfolio_promotion_reaches_the_other_courses(protocol: Protocol) -> None:
    drawn = simulate(flagship_world(protocol, STORY), np.random.default_rng(4))
    window = slice((protocol.window.start - START).days, (protocol.window.end - START).days + 1)
    others = [np.exp(drawn.log_lift(window, code)) for code in drawn.world.courses[7:]]
    assert 1.05 < min(others) <= max(others) < 1.2


def test_lifts_without_waves_are_an_error() -> None:
    with pytest.raises(ValueError, match="give one"):
        flagship_world(lifts=STORY)


def test_a_course_without_a_level_is_an_error(protocol: Protocol) -> None:
    with pytest.raises(ValueError, match="NOVA"):
        flagship_world(replace(protocol, courses=(Course("NOVA", "A new one"),)))

"""Placebo campaigns on real enrolment series: the figures of the README, held.

The series are few and their campaigns overlap, so a coverage is held to what was measured within
three of its clustered errors, not to a binomial band.
"""

from types import ModuleType

import numpy as np
import pytest

ORDINARY, DEADLINE = False, True
MEASURED: dict[tuple[str, bool], float] = {
    ("ratio, one", ORDINARY): 0.949,
    ("ratio, one", DEADLINE): 0.936,
    ("— a deadline of its own, 4 weeks before", DEADLINE): 0.625,
    ("these courses, 4", ORDINARY): 0.951,
    ("courses like these, 4", ORDINARY): 0.946,
}
"""Coverage at no lift."""
LONG: dict[tuple[str, bool], float] = {
    ("two series, shared ρ", ORDINARY): 0.988,
    ("two series, shared ρ", DEADLINE): 0.955,
    ("ITS, one", ORDINARY): 0.976,
    ("ITS, one", DEADLINE): 0.928,
    ("ITS, the sum of 4", DEADLINE): 0.898,
    ("level shift, not declared", DEADLINE): 0.909,
}


@pytest.fixture(autouse=True)
def data_are_there(oulad: ModuleType) -> None:
    if not oulad.DATA.exists():
        pytest.skip("not run: ../shared/data/edu_oulad is not there")


@pytest.mark.parametrize(("name", "deadline"), MEASURED, ids=str)
def test_coverage_is_what_was_measured(oulad: ModuleType, name: str, deadline: bool) -> None:
    _held(oulad, name, deadline, MEASURED[name, deadline])


@pytest.mark.long
@pytest.mark.parametrize(("name", "deadline"), LONG, ids=str)
def test_coverage_of_series_is_what_was_measured(
    oulad: ModuleType, name: str, deadline: bool
) -> None:
    _held(oulad, name, deadline, LONG[name, deadline])


def _held(oulad: ModuleType, name: str, deadline: bool, coverage: float) -> None:
    found = oulad.measured(oulad.ROWS[name][0], 1.0, deadline=deadline, seed=1)
    assert found.campaigns >= 22 * 6
    assert found.coverage == pytest.approx(coverage, abs=3 * max(found.error, 0.005))


def test_a_series_is_its_share_of_its_own_calendar(oulad: ModuleType) -> None:
    """Week by week, a presentation over the rest of its calendar is what the scaled one is over
    the common profile."""
    series = oulad.read()
    assert len(series.names) == 22
    weekly = series.counted.reshape(22, -1, 7).sum(axis=2)
    scaled = (series.counted * series.factor).reshape(22, -1, 7).sum(axis=2)
    own = [i for i, name in enumerate(series.names) if name.endswith("2014B")]
    rest = weekly[own].sum(axis=0) - weekly[own[0]]
    step = np.diff(np.log(weekly[own[0]] / rest)) - np.diff(np.log(scaled[own[0]]))
    other = weekly[own].sum(axis=0) - weekly[own[1]]
    again = np.diff(np.log(weekly[own[1]] / other)) - np.diff(np.log(scaled[own[1]]))
    assert step == pytest.approx(again, abs=1e-9)  # minus the change of the profile, in both


def test_the_clustered_error_counts_clusters_not_campaigns(oulad: ModuleType) -> None:
    """Four presentations, each wholly held or missed in nine windows.

    By presentation 4 · (9/2)² = 81, by window 0, less 36/4 by both: √72 / 36, near √(.25/4) and
    far from √(.25/36).
    """
    held = np.repeat([1.0, 1.0, 0.0, 0.0], 9)
    clusters = np.array([(p, w) for p in range(4) for w in range(9)])
    assert oulad.clustered_error(held, clusters) == pytest.approx(np.sqrt(72) / 36)
    independent = np.tile([1.0, 0.0], 18)
    labels = np.column_stack([np.arange(36), np.arange(36)])
    assert oulad.clustered_error(independent, labels) == pytest.approx(0.5 / 6)

"""One check of each status, with every sign that a format has to escape."""

import pytest

from evaluator.gate.items import Checked, Gate, Item, Part
from evaluator.results import RowKey, Status

AWKWARD = 'a|b <c> & "d", 100%: *e* `f` ]]>\n::error::g\x07 ×2.43'


@pytest.fixture
def checked() -> Checked:
    """A pass, a warning, a failure and one not run, in the order of the gates."""
    return Checked(
        "spring",
        (Part("protocol", False), Part("data", True, "ODPS: the week of 3 Oct 2022")),
        (
            Item(Gate.DATA, "stale", Status.WARN, "9 days old", where="spring/experiment.toml:7"),
            Item(Gate.ASSUMPTIONS, "pre-trend", Status.PASS, "as approved"),
            Item(
                *(Gate.RESULTS, "ODPS/ads", Status.FAIL, AWKWARD),
                old="×2.96 [2.42; 3.62], raised",
                new="×1.80 [0.90; 3.60], not precise enough",
                todo='evaluator accept spring --only ODPS/ads --reason "…"',
                where="spring/a:b, c.toml:12",
                row=RowKey("channels", "ODPS", "ads"),
            ),
            Item(Gate.CALIBRATION, "ODPS", Status.NOT_RUN, "no bits in the lock"),
        ),
        not_run=7,
    )


@pytest.fixture
def sound() -> Checked:
    return Checked(
        "autumn", (), (Item(Gate.DATA, "duplicates", Status.PASS, "no key is there twice"),)
    )

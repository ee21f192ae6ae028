from pathlib import Path

import pytest

SHARED = Path(__file__).parents[3] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Public data that carry no licence to be shipped: a test that needs them is named as not run.

    They lie beside the repository, in ../shared/data.
    """
    if not SHARED.is_dir():
        pytest.skip("not run: the public data sets of ../shared/data are not on this machine")
    return SHARED

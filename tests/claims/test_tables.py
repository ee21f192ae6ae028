"""Indicators read from posts and e-mails: luck, definitions, and what is wrong with a table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from scipy import stats

from evaluator.claims import Claim, Standing, kpi_claims
from evaluator.claims.figures import shortened
from evaluator.errors import DataError
from evaluator.experiment.kpi import Kpi, Mailed, Posted
from evaluator.resolve import Resolved

Make = Callable[..., Resolved]

POSTS = pd.DataFrame(
    {
        "date": "2023-04-12",
        "course": ["OLD", "OLD", "NEW", "NEW", "portfolio", "portfolio"],
        "page": ["Home", "Home", "Home", "Home", "Home", "Away"],
        "reach": ["10", "20", "30", "40", "45", None],
        "card": ["10", "20", "0.03K", "41", "45", ""],
        "likes": ["1", "2", "3", "4", "5", "6"],
        "shares": ["4", "3", "2", "1", "0", "0"],
        "source": "posts",
    }
)
MAILS = pd.DataFrame(
    {
        "sent": ["1", "1", "2"],
        "recipients": ["100", "100", "50"],
        "opens": ["40", "40", "20"],
        "clicks": ["6", "3", "6"],
        "source": "mails",
    }
)


def posted(make: Make, table: pd.DataFrame = POSTS, **measure: Any) -> dict[str, Claim]:
    options = {"figure": "reach", "page": "Home"} | measure
    kpi = Kpi("Reach", 24.0, 26.0, 26.0, "a post", measure=Posted(**options))
    return {claim.reading: claim for claim in kpi_claims(make(kpi, tables={"posts": table}))}


def mailed(make: Make, figure: str, **published: float) -> dict[str, Claim]:
    given = {"baseline": None, "target": None, "result": None} | published
    kpi = Kpi("Mail", unit="share", measure=Mailed(figure), **given)  # type: ignore[arg-type]
    return {claim.reading: claim for claim in kpi_claims(make(kpi, tables={"email": MAILS}))}


def test_posts_of_the_courses(make: Make) -> None:
    """10, 20, 30, 40: mean 25, two of them reach 26; the published 26 is the target."""
    found = posted(make)
    assert found["as counted"].holds is Standing.FAILS
    assert (
        found["as counted"].why == "the mean of 4 posts is 25.0; the published figure is the target"
    )
    target = found["against the target"]
    assert (target.met, target.holds) == (False, Standing.WITHIN_NOISE)
    once = stats.t.sf(2 / stats.tstd([10, 20, 30, 40]), 3)
    assert f"{once:.0%} of posts pass" in target.why
    assert f"2 or more of 4 in {stats.binom.sf(1, 4, once):.0%}" in target.why
    assert "2 do (NEW, NEW)" in target.why


def test_one_post_borrows_the_spread_of_the_others(make: Make) -> None:
    """45 lies 21 above 24, 1.63 standard deviations of 12.9, were they those of this one."""
    found = posted(make, of="portfolio")
    target = found["against the target"]
    assert (target.about, target.met, target.holds) == ("1 post", True, Standing.INCOMPARABLE)
    luck = stats.t.sf(21 / stats.tstd([10, 20, 30, 40]), 3)
    assert f"{luck:.0%} reach 45 by luck" in target.why
    reach = stats.t.ppf(0.975, 3) * stats.tstd([10, 20, 30, 40])
    assert target.recomputed is not None
    assert target.recomputed.interval is not None
    assert target.recomputed.interval.high == pytest.approx(45 + reach)


def test_too_few_posts_compare_with_nothing(make: Make) -> None:
    found = posted(make, POSTS[POSTS["course"] != "OLD"], of="portfolio")
    assert found["against the target"].holds is Standing.INCOMPARABLE
    assert "is not published" in found["against the target"].why


def test_a_figure_published_twice(make: Make) -> None:
    """0.03K agrees with 30 within its last digit, 41 is not 40."""
    twice = posted(make, shown="card")["published twice"]
    assert (twice.holds, twice.why) == (Standing.FAILS, "NEW: 40 and 41")
    agreed = posted(make, shown="reach")["published twice"]
    assert agreed.holds is Standing.HOLDS


def test_a_definition_that_gives_another_figure(make: Make) -> None:
    defined = posted(make, definition=("likes", "shares"))["as defined"]
    assert defined.holds is Standing.INCOMPARABLE
    assert defined.recomputed is not None
    assert defined.recomputed.value == 5
    assert "as defined" not in posted(make, definition=("reach",))


def test_shortened_figures() -> None:
    table = pd.DataFrame({"card": ["443", "6.1K", "39K", "2M", "1,200", None]})
    values, steps = shortened(table, "card")
    assert values[:5].tolist() == [443, 6100, 39000, 2e6, 1200]
    assert steps[:4] == pytest.approx([1, 100, 1000, 1e6])
    assert pd.isna(values[5])


@pytest.mark.parametrize(
    ("measure", "change", "expected"),
    [
        ({"figure": "raech"}, {}, ("column raech", 'did you mean "reach"?')),
        ({"page": "Hom"}, {}, ('no post on "Hom"', 'did you mean "Home"?')),
        ({"definition": ("likes", "comments")}, {}, ("column comments", "no such column")),
        ({}, {"reach": "many"}, ('source "posts", row 1, column reach', '"many" is no figure')),
        ({}, {"reach": "-4"}, ('"-4" is no figure', "0 or more")),
        ({"shown": "card"}, {"card": "4k"}, ('"4k" is no figure', "6.1K")),
        ({}, {"reach": ""}, ("no post has the figure", "“Reach”")),
    ],
)
def test_what_is_wrong_with_posts(
    make: Make, measure: dict[str, Any], change: dict[str, str], expected: tuple[str, ...]
) -> None:
    with pytest.raises(DataError) as raised:
        posted(make, POSTS.assign(**change), **measure)
    for part in expected:
        assert part in str(raised.value)


@pytest.mark.parametrize(("figure", "percent"), [("opens", 40.0), ("clicks", 10.0)])
def test_a_share_of_recipients(make: Make, figure: str, percent: float) -> None:
    """60 of 150 opened; 15 clicks, two links in the first e-mail."""
    claim = mailed(make, figure)["against the benchmark"]
    assert claim.recomputed is not None
    assert claim.recomputed.value == pytest.approx(percent)
    assert claim.holds is Standing.NOT_REPORTED
    assert ("one person may be in several" in claim.why) == (figure == "clicks")


@pytest.mark.parametrize(
    ("target", "holds"),
    [(0.25, Standing.HOLDS), (0.39, Standing.WITHIN_NOISE), (0.6, Standing.FAILS)],
)
def test_a_declared_benchmark(make: Make, target: float, holds: Standing) -> None:
    found = mailed(make, "opens", target=target, result=0.4)
    assert found["against the benchmark"].holds is holds
    assert found["as counted"].holds is Standing.HOLDS


def test_more_clicks_than_recipients_are_no_share(make: Make) -> None:
    kpi = Kpi("Mail", None, None, None, "share", measure=Mailed("clicks"))
    tables = {"email": MAILS.assign(clicks="80")}
    with pytest.raises(DataError, match="240 clicks of 150 recipients"):
        kpi_claims(make(kpi, tables=tables))

"""Indicators that are figures of posts, and how far luck alone carries a post."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import bdtrc, stdtr

from evaluator.claims.claim import Claim, Figure, Standing, Told, against, said, same
from evaluator.claims.figures import amounts, check_columns, shortened
from evaluator.claims.intervals import mean_interval, spread, t_reach
from evaluator.errors import DataError, Problem, did_you_mean
from evaluator.estimators.arrays import Array
from evaluator.experiment.kpi import Kpi, Posted
from evaluator.resolve import Resolved
from evaluator.results import Interval

if TYPE_CHECKING:
    import pandas as pd

FEWEST = 3
"""Posts below which their spread says nothing."""
UNIT = "a post"
AMONG = "t over these posts: what the mean of other posts like them could be"
ALONE = "one post, if posts spread as those of the courses do (t)"


def posted_claims(kpi: Kpi, measure: Posted, resolved: Resolved) -> Iterator[Claim]:
    """The result as published, its target beside what luck does, and the figure as defined."""
    table = _on_page(resolved.tables["posts"], measure.page)
    promoted = table["course"].isin(resolved.promoted).to_numpy()
    of_courses, of_portfolio = table[promoted], table[~promoted]
    posts = of_courses if measure.of == "courses" else of_portfolio
    values = amounts(posts, measure.figure)
    kept = np.isfinite(values)
    if not kept.any():
        rule = f"the indicator “{kpi.name}” reads posts of the {measure.of}"
        raise DataError(Problem('source of kind "posts"', "no post has the figure", rule))
    like = amounts(of_courses, measure.figure)
    level = resolved.protocol.decision.level
    seen = _Seen(kpi, measure, posts[kept], values[kept], like[np.isfinite(like)], level)
    for claim in (*_as_published(seen), *_target(seen), *_defined(seen)):
        yield replace(claim, tells=seen.tells)


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """An indicator with its posts."""

    kpi: Kpi
    measure: Posted
    posts: pd.DataFrame
    values: Array
    """(posts,) the figure of each."""
    like: Array
    """Figures of the posts of courses, whose spread stands for that of any post."""
    level: float

    @property
    def about(self) -> str:
        return "1 post" if len(self.values) == 1 else f"mean of {len(self.values)} posts"

    @property
    def courses(self) -> list[str]:
        return [str(course) for course in self.posts["course"]]

    @property
    def tells(self) -> tuple[Told, ...]:
        """The figure of each post, and what its definition gives."""
        columns, posts = self.measure.definition, self.posts
        defined = [np.sum([amounts(posts, name) for name in columns], axis=0)] if columns else []
        return tuple(
            Told("posts", ((f"{position} {measured}", float(value)),))
            for measured, values in enumerate((self.values, *defined))
            for position, value in enumerate(values)
            if np.isfinite(value)
        )

    @property
    def published(self) -> Figure | None:
        return None if self.kpi.result is None else Figure(self.kpi.result, UNIT)

    def mean(self, values: Array) -> Figure:
        """Mean with the interval that luck leaves, where enough posts show it."""
        value = float(values.mean())
        if len(values) >= FEWEST:
            return Figure(value, UNIT, None, mean_interval(values, self.level), AMONG)
        return Figure(value, UNIT)

    def alone(self) -> Figure:
        """One post or two, with the spread of the posts of courses."""
        value = float(self.values.mean())
        if len(self.like) < FEWEST:
            return Figure(value, UNIT)
        reach = t_reach(len(self.like), self.level) * spread(self.like)
        reach /= math.sqrt(len(self.values))
        around = Interval(value - reach, value + reach, self.level)
        return Figure(value, UNIT, None, around, ALONE)


def _as_published(seen: _Seen) -> Iterator[Claim]:
    kpi, mean = seen.kpi, float(seen.values.mean())
    own = Figure(mean, UNIT)
    differing = _differing(seen, dict(kpi.by_course))
    if kpi.result is not None:
        holds = same(mean, kpi.result)
        given = "the table of posts gives it"
        if holds is Standing.FAILS:
            given = f"the {seen.about} is {mean:,.1f}"
            given += "; the published figure is the target" if kpi.result == kpi.target else ""
        detail = holds is Standing.HOLDS
        yield Claim(
            kpi.name, seen.about, "as counted", holds, given, seen.published, own, detail=detail
        )
    if kpi.by_course:
        holds = Standing.FAILS if differing else Standing.HOLDS
        why = differing or "every post as published"
        yield Claim(
            kpi.name, seen.about, "post by post", holds, why, None, own, detail=not differing
        )
    yield from _shown_twice(seen)


def _differing(seen: _Seen, published: dict[str, float]) -> str:
    pairs = zip(seen.courses, seen.values, strict=True)
    return ", ".join(
        f"{course} {said(published[course])} published, {said(value)} in the table"
        for course, value in pairs
        if course in published and same(value, published[course]) is Standing.FAILS
    )


def _shown_twice(seen: _Seen) -> Iterator[Claim]:
    if seen.measure.shown is None:
        return
    shown, step = shortened(seen.posts, seen.measure.shown)
    differs = np.abs(shown - seen.values) >= step
    second = np.where(differs, shown, seen.values)
    why = ", ".join(
        f"{course}: {said(value)} and {said(other)}"
        for course, value, other, off in zip(seen.courses, seen.values, shown, differs, strict=True)
        if off
    )
    holds = Standing.FAILS if why else Standing.HOLDS
    mean = Figure(float(seen.values.mean()), UNIT)
    yield Claim(
        name=seen.kpi.name,
        about=seen.about,
        reading="published twice",
        holds=holds,
        why=why or "both figures agree as far as they are shown",
        published=mean,
        recomputed=Figure(float(second.mean()), UNIT),
        detail=not why,
    )


def _target(seen: _Seen) -> Iterator[Claim]:
    target = seen.kpi.target
    if target is None:
        return
    known = len(seen.values) >= FEWEST
    figure = seen.mean(seen.values) if known else seen.alone()
    # A spread that is borrowed from other posts is neither known nor declared of this one.
    holds = against(figure, target) if known else Standing.INCOMPARABLE
    yield Claim(
        name=seen.kpi.name,
        about=seen.about,
        reading="against the target",
        holds=holds,
        why=_luck(seen, target),
        published=seen.published,
        recomputed=figure,
        needed=Figure(target, UNIT),
    )


def _luck(seen: _Seen, target: float) -> str:
    """How often posts that changed nothing would do as well."""
    baseline, unknown = seen.kpi.baseline, "the spread of the posts behind it is not published"
    if baseline is None or len(seen.like) < FEWEST:
        return unknown
    sd, dof = spread(seen.like), len(seen.like) - 1
    margin = f"the margin is {said(target - baseline)}, posts of courses spread by {said(sd)} (sd)"
    if len(seen.values) < FEWEST:
        value = float(seen.values.mean())
        z = (value - baseline) / sd * math.sqrt(len(seen.values))
        return (
            f"{margin}; how far this one may is not known: if alike, {stdtr(dof, -z):.0%} reach"
            f" {said(value)} by luck"
        )
    once = float(stdtr(dof, -(target - baseline) / sd))
    passing = [c for c, value in zip(seen.courses, seen.values, strict=True) if value >= target]
    n, k = len(seen.values), len(passing)
    many = float(bdtrc(k - 1, n, once)) if passing else 1.0
    return (
        f"{margin}; if they lie evenly about their mean (assumed), {once:.0%} of posts pass with"
        f" nothing changed, and {k} or more of {n} in {many:.0%} of cases; {k} do"
        f" ({', '.join(passing) or 'none'})"
    )


def _defined(seen: _Seen) -> Iterator[Claim]:
    """The figure that the published definition gives, where that is another."""
    if not seen.measure.definition:
        return
    parts = [amounts(seen.posts, column) for column in seen.measure.definition]
    values: Array = np.sum(parts, axis=0)
    values = values[np.isfinite(values)]
    if not len(values) or same(float(values.mean()), float(seen.values.mean())) is Standing.HOLDS:
        return
    target = seen.kpi.target
    why = (
        f"definition differs: {' + '.join(seen.measure.definition)} give"
        f" {said(float(values.mean()))}, not {said(float(seen.values.mean()))}; whether the KPI"
        " baseline was counted so is not published"
    )
    yield Claim(
        name=seen.kpi.name,
        about=seen.about,
        reading="as defined",
        holds=Standing.INCOMPARABLE,
        why=why,
        published=seen.published,
        recomputed=seen.mean(values),
        needed=None if target is None else Figure(target, UNIT),
        differs=("definition",),
    )


def _on_page(table: pd.DataFrame, page: str | None) -> pd.DataFrame:
    if page is None:
        return table
    check_columns(table, ("page",))
    pages = sorted({str(name) for name in table["page"].dropna()})
    if page not in pages:
        rule = f"the pages are: {', '.join(pages)}"
        where = 'source of kind "posts", column page'
        raise DataError(Problem(where, f'no post on "{page}"', rule, did_you_mean(page, pages)))
    return table[table["page"] == page]

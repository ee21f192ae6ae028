"""Where the methods of an experiment come from: those that its rows use, and no others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from evaluator.comparisons import Planned
from evaluator.results import RowRole

COMMON = (
    "Holm (1979), A simple sequentially rejective multiple test procedure, Scandinavian Journal of"
    " Statistics 6",
    "Rambachan & Roth (2023), A more credible approach to parallel trends, Review of Economic"
    " Studies 90",
    "Roth (2022), Pretest with caution: event-study estimates after testing for parallel trends,"
    " American Economic Review: Insights 4",
    "Zou & Donner (2008), Construction of confidence limits about effect measures: a general"
    " approach, Statistics in Medicine 27",
)
"""Of every experiment: order of the tests, bounds, looks before the window, expected extra."""
DISCOVERY = (
    "Benjamini & Hochberg (1995), Controlling the false discovery rate, Journal of the Royal"
    " Statistical Society B 57"
)
FEW_TREATED = (
    "Conley & Taber (2011), Inference with “difference in differences” with a small number of"
    " policy changes, Review of Economics and Statistics 93",
    "Ferman & Pinto (2019), Inference in differences-in-differences with few treated groups and"
    " heteroskedasticity, Review of Economics and Statistics 101",
)
CLUSTERS = (
    "MacKinnon, Nielsen & Webb (2023), Fast and reliable jackknife and bootstrap methods for"
    " cluster-robust inference, Journal of Applied Econometrics 38"
)
SERIES = (
    "Lopez Bernal, Cummins & Gasparrini (2018), The use of controls in interrupted time series"
    " studies of public health interventions, International Journal of Epidemiology 47"
)
COUNTS = (
    "Firth (1993), Bias reduction of maximum likelihood estimates, Biometrika 80",
    "Wooldridge (2023), Simple approaches to nonlinear difference-in-differences with panel data,"
    " The Econometrics Journal 26",
)
TRIPLE = "Olden & Møen (2022), The triple difference estimator, The Econometrics Journal 25"
RANDOMISED = (
    "Imbens & Rubin (2015), Causal inference for statistics, social, and biomedical sciences,"
    " chapters 6, 9 and 10",
)
SHARES = (
    "Walter (1975), The distribution of Levin's measure of attributable risk, Biometrika 62",
    "Wilson (1927), Probable inference, the law of succession, and statistical inference, Journal"
    " of the American Statistical Association 22",
)
OF_METHODS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("size_adjusted_ratio", "these_courses", "ranked_ratio"), FEW_TREATED),
    "against_left_out": FEW_TREATED,
    **dict.fromkeys(("order_of_waves", "weeks_on_off"), RANDOMISED),
    **dict.fromkeys(("arms_wider", "arms_by_unit", "arms_within_campaign"), (CLUSTERS,)),
    "triple_difference": (CLUSTERS, TRIPLE),
    **dict.fromkeys(("controlled_its", "single_its", "weekday_its", "level_shift"), (SERIES,)),
    **dict.fromkeys(("joint_daily", "channel_mean", "overlap_joint"), COUNTS),
    "share_ratio": SHARES,
}
"""Method → what it comes from."""


def references(planned: Sequence[Planned]) -> Iterator[str]:
    """By author; each work once."""
    found = set(COMMON)
    for row in planned:
        found |= set(OF_METHODS.get(row.key.method, ()))
        found |= {DISCOVERY} if row.role is RowRole.EXPLORATORY else set()
    yield from (f"{work}." for work in sorted(found))

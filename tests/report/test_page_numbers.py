"""Every number of the page is one of results.json, in print and where it is drawn."""

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from evaluator import Result
from evaluator.claims.claim import said
from evaluator.report import numbers
from evaluator.report.page.cells import exactly, money
from evaluator.report.page.weekly import shown_days, weekly

NUMBER = re.compile(r"[<>−]?(?:\d+(?:,\d{3})*(?:\.\d+)?|\.\d+)|−?∞")
TICK = re.compile(r"×?[\d.,]+k?")


@pytest.fixture(scope="module")
def results(flagship: Result) -> dict[str, Any]:
    return flagship.to_dict()


def test_every_number_of_a_row_is_in_results_json(results: dict[str, Any], tree: Any) -> None:
    looked_at = 0
    for node in tree.walk():
        if node["data-row"] is None:
            continue
        record = results["rows"][int(node["data-row"])]
        known = in_print(record) | beside(record, results["rows"])
        found = set(NUMBER.findall(node.text()))
        assert found <= known, f"{record['question']} {record['course']}: {found - known}"
        looked_at += len(found)
    assert looked_at > 1000


def test_every_number_of_the_figures_is_in_results_json(results: dict[str, Any], tree: Any) -> None:
    """In their findings; and the numbers beside the points are those of the finding."""
    known = in_print(results)
    drawn = [node for node in tree.find("div") if node["role"] == "img"]
    assert len(drawn) > 10
    beside_points = 0
    for node in drawn:
        finding = node["aria-label"] or ""
        assert set(NUMBER.findall(finding)) <= known
        for label in (n.text() for n in node.find("text", "fi")):
            if label.startswith("×"):
                assert label in finding
                beside_points += 1
    assert beside_points > 30


@pytest.mark.parametrize("scope", ["claims", "funnel"])
def test_every_number_of_a_claim_and_a_channel_is_its_own(
    results: dict[str, Any], tree: Any, scope: str
) -> None:
    looked_at = 0
    for node in tree.walk():
        place = node[f"data-{scope}"]
        if place is not None:
            found = set(NUMBER.findall(node.text()))
            assert found <= in_print(results[scope][int(place)])
            looked_at += len(found)
    assert looked_at > 20


def test_no_number_is_of_the_page_alone(results: dict[str, Any], tree: Any) -> None:
    """But ticks of axes."""
    known = in_print(results)
    texts = list(shown(tree.find("body")[0]))
    assert len(texts) > 3000
    for text in texts:
        assert set(NUMBER.findall(text)) <= known, text


def test_how_many_findings_and_figures_there_are_is_in_results_json(
    results: dict[str, Any], tree: Any
) -> None:
    """Small whole numbers are many in the file: each has to be the one of its name."""
    tallies = results["tallies"]
    told = {node.text() for node in tree.walk() if node.tag in ("li", "p", "span")}
    answer, headline, claims = (tallies[name] for name in ("answer", "headline", "claims"))
    statuses = ("fail", "not run", "warn", "pass")
    for about, own in (
        ("this answer", answer),
        (f"all {headline['rows']} headline rows", headline),
    ):
        each = ", ".join(f"{own[status]} {status}" for status in statuses if own[status])
        assert f"{own['findings']} findings about {about}: {each}" in told
    data = ", ".join(f"{n} {s}" for s in statuses if (n := tallies["data"][s]))
    assert f"{data}. Findings about single rows stand in their sections." in told
    figures = f"Of {claims['readings']} readings of {claims['figures']} published figures: "
    assert any(text.startswith(f"{figures}{claims['holds']} hold, ") for text in told)
    assert claims["readings"] == sum(
        n for name, n in claims.items() if " " in name or name == "holds"
    )


def test_the_range_under_other_choices_is_that_of_its_row(
    results: dict[str, Any], tree: Any
) -> None:
    cells = {
        int(line["data-row"]): cell.text()
        for table in tree.find("table", "lines")
        for line in table.find("tr")
        for cell in line.find("td")
        if line["data-row"] and cell["data-label"] == "under other choices" and cell.text()
    }
    known = [one for one in results["specifications"] if one["elsewhere_least"] is not None]
    assert cells.keys() == {one["row"] for one in known}
    for one in known:
        ends = (numbers.factor(one[f"elsewhere_{end}"]) for end in ("least", "most"))
        assert cells[one["row"]] == f"×{' to '.join(dict.fromkeys(ends))}"


def shown(node: Any) -> Iterator[str]:
    """Every text of an element, and every name that is read out."""
    tick = node.tag == "text" and "fi" not in (node["class"] or "").split()
    if node["aria-label"]:
        yield node["aria-label"]
    for child in node.children:
        if not isinstance(child, str):
            yield from shown(child)
        elif not (tick and TICK.fullmatch(child)):
            yield child


def test_points_of_a_forest_are_the_lifts_it_says(tree: Any) -> None:
    """Read off its own log axis, to a tenth of a pixel."""
    (section,) = (n for n in tree.find("section") if n["aria-labelledby"] == "courses")
    panels = [node for node in section.find("div") if node["role"] == "img"]
    assert len(panels) >= 6
    for panel in panels:
        ticks = [n for n in panel.find("text") if n["class"] is None and n.text()[:1] == "×"]
        axis = [(float(n["x"]), math.log(float(n.text()[1:]))) for n in ticks]
        dots = [p["d"] for p in panel.find("path") if p["stroke-width"] == "8.6"]
        points = [float(x) for d in dots for x in re.findall(r"M([\d.]+)", d)]
        lifts = sorted(math.exp(read_off(x, axis)) for x in points)
        said_lifts = re.findall(r"×([\d.]+) \[", panel["aria-label"])
        assert lifts == pytest.approx(sorted(map(float, said_lifts)), rel=0.01, abs=0.006)


def test_lines_of_a_week_are_the_series(
    flagship: Result, results: dict[str, Any], page: str
) -> None:
    """Read off their own axis, to a tenth of a pixel; every panel stands in the page."""
    series = [one for one in results["series"] if ": " not in one["question"]]
    protocol = flagship.evaluation.protocol
    first = shown_days(series, protocol).start.isoformat()
    for one, svg in zip(series, weekly(series, protocol), strict=True):
        assert svg in page
        texts = re.findall(r'<text x="32" y="([\d.]+)" class="e">([\d,]+)</text>', svg)
        axis = [(float(y) - 4, float(label.replace(",", ""))) for y, label in texts]
        pixel = abs(axis[0][1] - axis[-1][1]) / abs(axis[0][0] - axis[-1][0])
        for tone, name in (("si", "observed"), ("sa", "counterfactual")):
            (path,) = re.findall(rf'<path d="([^"]+)" class="{tone}" stroke-width="1.6"', svg)
            drawn = [read_off(float(y), axis) for y in re.findall(r"[ML][\d.]+ ([\d.]+)", path)]
            pairs = zip(one["start"], one[name], strict=True)
            known = [v for start, v in pairs if start >= first and v is not None]
            assert drawn == pytest.approx(known, abs=0.11 * pixel)


def read_off(place: float, axis: list[tuple[float, float]]) -> float:
    """The value at a place, from where two ticks of a straight axis stand."""
    (near, low), (far, high) = axis[0], axis[-1]
    return low + (place - near) / (far - near) * (high - low)


def test_a_number_that_is_elsewhere_is_noticed(results: dict[str, Any]) -> None:
    """The comparison above can fail: one row's lift is no number of another row."""
    first, second, *_ = (
        r for r in results["rows"] if r["method"] == "size_adjusted_ratio" and r["lift"]
    )
    assert numbers.factor(first["lift"]) not in in_print(second)


def in_print(record: Mapping[str, Any]) -> set[str]:
    """Every number of a record as any part of the program prints it, and those in its texts."""
    known = {"∞", "−∞", "0"}
    for value in walked(record):
        if isinstance(value, str):
            known |= set(NUMBER.findall(value))
        elif isinstance(value, int | float):
            shown = (numbers.factor, numbers.count, numbers.p_value, numbers.probability)
            known |= {form(value) for form in (*shown, money, said)}
            known |= {f"{100 * value:.1f}", f"{100 * value:.6g}", f"{value:.2g}"}
            known |= {f"{100 * value:.1f}".replace("-", numbers.MINUS), f"{value:.12g}"}
            known |= {exactly(value), numbers.count(abs(value))}
    return known


def walked(value: Any) -> Iterator[Any]:
    if isinstance(value, Mapping):
        for item in value.values():
            yield from walked(item)
    elif isinstance(value, list):
        for item in value:
            yield from walked(item)
    else:
        yield value


def beside(record: Mapping[str, Any], records: list[dict[str, Any]]) -> set[str]:
    """Lifts of the same row under other choices, and why it has none under some."""
    about = ("question", "course", "channel", "arm")
    own = [r for r in records if all(r[name] == record[name] for name in about)]
    return {numbers.factor(r["lift"]) for r in own if r["lift"] is not None}

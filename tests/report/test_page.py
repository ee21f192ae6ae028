"""The page: safe to open, the same rows and numbers as the other outputs, readable by machines."""

import re
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from itertools import pairwise
from typing import Any

import pytest

from evaluator import Result
from evaluator.evaluation import Evaluation
from evaluator.experiment.protocol import DataKind
from evaluator.report import numbers
from evaluator.report.answer import answer
from evaluator.report.page import to_html
from evaluator.report.unidentified import DATA, data_for
from evaluator.results import Row, RowRole, RowStatus, Verdict

Read = Callable[[str], Any]
EVIL = '<script>alert("1")</script> & <b onclick=x>'


# ── safe to open ──────────────────────────────────────────────────────────────────────────


def test_it_asks_nobody_for_anything(page: str, tree: Any) -> None:
    allowed = {"#", "data:,"}
    policy = next(n for n in tree.find("meta") if n["http-equiv"] == "Content-Security-Policy")
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    only = f"sha256-{b64encode(sha256(style.encode()).digest()).decode()}"
    assert policy["content"] == (
        f"default-src 'none'; style-src '{only}'; img-src data:; base-uri 'none';"
        " form-action 'none'"
    )
    for node in tree.walk():
        assert node["style"] is None  # the policy would drop it
        assert node.tag not in ("script", "iframe", "object", "embed", "img", "form")
        for name, value in node.attributes.items():
            assert not name.startswith("on")
            if name in ("href", "src", "xlink:href"):
                assert value in allowed or (value or "").startswith("#")
    assert "://" not in page
    assert len(page.encode()) < 500_000


def test_what_it_shows_is_escaped(
    evaluation: Evaluation, make_row: Callable[..., Row], read: Read
) -> None:
    """Titles, courses, reasons and findings are a user's text; courses are drawn as well."""
    row = make_row(EVIL)
    finding = replace(evaluation.rows[1].findings[0], sentence=EVIL, todo=EVIL)
    refused = replace(evaluation.rows[-1], reason=EVIL)
    page = to_html(
        replace(
            evaluation,
            protocol=replace(evaluation.protocol, title=EVIL),
            rows=(replace(row, findings=(finding,)), refused),
            series=(replace(evaluation.series[0], key=row.key),),
        )
    )
    assert "<script" not in page
    assert "<b onclick" not in page
    assert read(page).find("h1")[0].text() == EVIL


# ── what it says ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", DataKind)
def test_made_data_are_labelled_above_everything(
    evaluation: Evaluation, kind: DataKind, read: Read
) -> None:
    protocol = replace(evaluation.protocol, data_kind=kind)
    body = read(to_html(replace(evaluation, protocol=protocol))).find("body")[0]
    shown = body.text().removeprefix("To the answer ")
    synthetic = shown.startswith("SYNTHETIC RECONSTRUCTION")
    assert synthetic == (kind is DataKind.SYNTHETIC)
    assert shown.startswith(protocol.title) != synthetic


def test_the_answer_is_that_of_the_terminal(flagship: Result, tree: Any) -> None:
    """A question, one sentence that answers it, what that means, and where all counts went."""
    top = tree.find("section")[0]
    effect, accounts = answer(flagship.evaluation)
    said, _, meant = effect.partition(" Verdict: raised. ")
    assert top.find("h2")[0].text().endswith("?")
    assert [p.text() for p in top.find("p", "lead")] == [said]
    assert "ODPS and ILSGEN" in said
    assert re.search(r"for €\d\.\d\d \[[^]]+\] of advertising each", said)
    for sentence in (meant, accounts):
        assert sentence in top.text()


def test_without_questions_the_claims_answer(flagship: Result, read: Read) -> None:
    """A survey has nothing to compare: its published figures are all there is."""
    audit = replace(
        flagship.evaluation, rows=(), series=(), graph=(), findings=(), doses=(), funnel=()
    )
    page = read(to_html(audit))
    lead = page.find("p", "lead")[0].text()
    assert re.fullmatch(r"Of \d+ readings of \d+ published figures: \d+ hold, .*\.", lead)
    headings = [node.text() for node in page.find("h2")]
    assert headings == [
        "Do the published figures hold?",
        "Published figures, like for like",
        "Provenance",
    ]


def test_what_is_not_identified_has_its_data(flagship: Result, tree: Any) -> None:
    """Every refused row that decides, with the data that would have identified it."""
    (table,) = tree.find("table", "needs")
    lines = [line.text() for line in table.find("tr")]
    for row in flagship.evaluation.rows:
        if row.status is RowStatus.REFUSED and row.role is RowRole.HEADLINE:
            needed = data_for(row.reason, row)
            assert needed in DATA.values(), row.reason
            assert any(line.startswith(needed) and row.key.course in line for line in lines) or (
                row.key.course == "all"
            )


def test_every_row_that_decides_is_there_with_its_verdict(flagship: Result, tree: Any) -> None:
    lines = {n["data-row"]: n for t in tree.find("table", "lines") for n in t.find("tr")}
    rows = flagship.evaluation.rows
    headline = {str(p): row for p, row in enumerate(rows) if row.role is RowRole.HEADLINE}
    assert lines.keys() - {None} == headline.keys()
    for position, row in headline.items():
        text = lines[position].text()
        assert str(row.verdict) in text
        if row.effect is not None:
            deciding = row.simultaneous or row.effect
            assert numbers.lift_and_interval(row.effect, deciding, row.level) in text
        if row.extra is not None:
            assert numbers.amount(row.extra.realised, row.extra_simultaneous) in text


def test_a_refusal_has_its_reason_on_the_spot(flagship: Result, tree: Any) -> None:
    """In the line or the cell; where the line before says the same, by pointing to it."""
    rows = flagship.evaluation.rows
    said_before = ""
    tables = [*tree.find("table", "lines"), *tree.find("table", "cells")]
    for node in (node for table in tables for node in table.walk() if node["data-row"]):
        row = rows[int(node["data-row"] or 0)]
        if row.status is RowStatus.REFUSED:
            assert row.reason in node.text() or row.reason == said_before
            said_before = row.reason
    cells = [n for t in tree.find("table", "cells") for n in t.find("td", "refused")]
    assert cells
    for cell in cells:
        assert cell.text().startswith("refused: ")


def test_every_finding_that_did_not_pass_can_be_unfolded(flagship: Result, tree: Any) -> None:
    folded = " ".join(node.text() for node in tree.find("details"))
    for row in flagship.evaluation.rows:
        if row.role is RowRole.HEADLINE:
            for finding in row.findings:
                if finding.status != "pass":
                    assert f"{finding.name}: {finding.status}" in folded
                    assert finding.sentence in folded


def test_the_specification_table_has_every_departure_and_no_verdict(
    flagship: Result, tree: Any
) -> None:
    tables = tree.find("table", "choices")
    shown = {int(n["data-row"] or -1) for t in tables for n in t.find("tr") if n["data-row"]}
    rows = flagship.evaluation.rows
    headlines = {
        (r.key.question, r.key.course, r.key.channel, r.key.arm)
        for r in rows
        if r.role is RowRole.HEADLINE and r.effect is not None
    }
    for position, row in enumerate(rows):
        about = row.key.question, row.key.course, row.key.channel, row.key.arm
        departs = row.role in (RowRole.ROBUSTNESS, RowRole.SENSITIVITY) and about in headlines
        if departs and row.effect is not None:
            assert position in shown
    text = " ".join(table.text() for table in tables)
    assert not any(re.search(rf"\b{verdict}\b", text) for verdict in list(Verdict)[:6])


def test_every_claim_that_is_no_detail_has_its_standing(flagship: Result, tree: Any) -> None:
    lines = [n.text() for t in tree.find("table", "claims") for n in t.find("tr")]
    for claim in flagship.evaluation.claims:
        if not claim.detail:
            assert any(
                line.startswith(claim.reading) and f"{claim.holds} {claim.why}".strip() in line
                for line in lines
            )


# ── readable by machines ──────────────────────────────────────────────────────────────────


def test_landmarks_headings_and_names(tree: Any) -> None:
    html = tree.find("html")[0]
    assert html["lang"] == "en"
    for tag in ("header", "main", "footer", "nav", "h1"):
        assert len(tree.find(tag)) == 1
    identifiers = [node["id"] for node in tree.walk() if node["id"]]
    assert len(set(identifiers)) == len(identifiers)
    for node in tree.walk():
        for name in ("aria-labelledby", "href"):
            target = (node[name] or "").removeprefix("#")
            if node[name] and (name != "href" or (node[name] or "").startswith("#")):
                assert target in identifiers
    depths = [int(n.tag[1]) for n in tree.walk() if re.fullmatch(r"h[1-6]", n.tag)]
    assert all(later <= earlier + 1 for earlier, later in pairwise(depths))


def test_tables_have_headers_and_figures_say_what_they_find(tree: Any) -> None:
    for table in tree.find("table"):
        headers = table.find("th")
        assert headers
        for header in headers:
            assert header["scope"] in ("col", "row", "rowgroup")
        widths = {
            sum(int(cell["colspan"] or 1) for cell in line.children if not isinstance(cell, str))
            for line in table.find("tr")
        }
        spans = any(cell["rowspan"] for cell in table.find("td"))
        assert len(widths) == 1 or spans, f"ragged: {table.text()[:80]} {widths}"
    parent_of = {id(child): node for node in tree.walk() for child in node.children}
    for drawing in tree.find("svg"):
        hidden = drawing["aria-hidden"] == "true"
        assert hidden or any(
            n["role"] == "img" and n["aria-label"] for n in (drawing, parent_of[id(drawing)])
        )

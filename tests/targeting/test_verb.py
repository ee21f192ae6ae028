"""`evaluator target`: what is printed and written; its renderings say the same."""

import dataclasses
import json
import re
import sys
from pathlib import Path

import pytest

from evaluator import api, cli
from evaluator.cli.shared import BAD_INPUT
from evaluator.errors import UsageError
from evaluator.report.targeting.charts import axis_of, ticks
from evaluator.report.targeting.page import to_html
from evaluator.report.targeting.terminal import render
from evaluator.report.targeting.write import document_of, write_scores
from evaluator.results import Status
from evaluator.targeting import Targeted
from evaluator.targeting.policy import Advice

ITCILO, NEWSLETTER = "experiments/itcilo-2022", "experiments/newsletter-holdout"


def called(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["evaluator", *arguments])
    with pytest.raises(SystemExit) as exit_:
        cli.main()
    return int(exit_.value.code or 0)


def test_the_refusal_is_an_answer(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.chdir(root)
    assert called(monkeypatch, "target", ITCILO, "--out", str(tmp_path)) == 0
    shown = capsys.readouterr().out
    assert "No uplift can be learned from this experiment." in shown
    assert "What to do instead" in shown
    assert called(monkeypatch, "target", ITCILO, "--out", str(tmp_path), "--json") == 0
    assert capsys.readouterr().out == (tmp_path / "targeting.json").read_text("utf-8")
    assert {file.name for file in tmp_path.iterdir()} == {"targeting.json", "targeting.html"}


def test_a_list_is_learned_from(
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    answer: Targeted,
) -> None:
    """Scores are written where they are asked for, and nowhere else."""
    monkeypatch.chdir(root)
    monkeypatch.setattr(api, "target", lambda *_, **__: answer)
    scores = tmp_path / "scores.csv"
    options = ("target", NEWSLETTER, "--out", str(tmp_path / "out"))
    assert called(monkeypatch, *options) == 0
    assert not scores.exists()
    assert "Whom to contact next" in capsys.readouterr().out
    assert called(monkeypatch, *options, "--scores", str(scores)) == 0
    assert scores.read_text("utf-8").startswith("contact,segment\n")
    assert capsys.readouterr().out.endswith(f"written: {scores}\n")


def test_who_is_not_scored_is_told_why(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.chdir(root)
    options = ("--out", str(tmp_path / "out"), "--scores", str(tmp_path / "scores.csv"))
    assert called(monkeypatch, "target", ITCILO, *options) == BAD_INPUT
    shown = capsys.readouterr()
    assert "No uplift can be learned from this experiment." in shown.out
    assert "nobody can be scored" in shown.err


def test_run_says_what_else_to_call(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(root)
    assert called(monkeypatch, "run", NEWSLETTER) == BAD_INPUT
    assert "evaluator target" in capsys.readouterr().err


def test_effects_come_first_and_fit(answer: Targeted) -> None:
    document = document_of(answer)
    shown = render(document)
    assert max(map(len, shown.splitlines())) <= 80
    assert document.tables[0].heading == "Effect on all"
    assert "Sending portfolio added" in document.sentences[0]
    assert shown.index("Effect on all") < shown.index("Effect by persona")


def test_the_page_says_what_the_terminal_says(answer: Targeted) -> None:
    document = document_of(answer)
    page = to_html(document)
    for table in document.tables:
        for row in table.rows:
            for cell in row:
                assert cell.replace("'", "&#39;").replace("<", "&lt;") in page
    assert "<script" not in page
    assert "http" not in page.replace('http-equiv="Content-Security-Policy"', "")
    assert "default-src 'none'" in page
    assert "prefers-color-scheme: dark" in page
    assert to_html(document) == page


def test_drawings_say_what_they_show(answer: Targeted) -> None:
    """A forest for each arm and feature, fifths and a curve for each arm; each in words too."""
    document = document_of(answer)
    drawn = [panel for table in document.tables for panel in table.panels]
    assert len(drawn) == 2 * (6 + 2)
    page = to_html(document)
    assert page.count('role="img"') == page.count("<svg") == len(drawn)
    (persona,) = (table for table in document.tables if table.heading == "Effect by persona")
    for row in persona.rows:
        assert f"{row[0]} {row[3]}" in persona.panels[1].finding
    ranked = next(table for table in document.tables if table.heading == "Ranking: own_topic")
    assert f"100% contacted gain {ranked.rows[-1][1]}" in ranked.panels[0].finding


@pytest.mark.parametrize(
    ("values", "ends"),
    [((0.0, 3.2), (0.0, 4.0)), ((-2.9, 7.3, 0), (-5.0, 10.0)), ((-4.9, 5.0), (-6.0, 6.0))],
)
def test_axes_end_at_round_steps(values: tuple[float, ...], ends: tuple[float, float]) -> None:
    axis = axis_of(values, 0, 100)
    assert (axis.low, axis.high) == pytest.approx(ends)
    assert min(ends[0], *ticks(axis)) == ends[0]
    assert max(ends[1], *ticks(axis)) == ends[1]
    assert 0.0 in ticks(axis)


def test_what_people_wrote_is_escaped(answer: Targeted) -> None:
    evil = dataclasses.replace(answer.protocol, title='<script>alert("1")</script>')
    assert "<script" not in to_html(document_of(dataclasses.replace(answer, protocol=evil)))


@pytest.mark.parametrize(
    ("advice", "advised", "said"),
    [
        (Advice.CHOOSE, 0, "Choose people: contact"),
        (Advice.EVERYONE, 2, "Contact everyone with own_topic: worth"),
        (Advice.NO_ONE, 0, "Contact no one"),
        (Advice.OPEN, 0, "Everyone or no one is not settled"),
        (Advice.WITHHELD, 0, "No advice is given: the list fails in arms as drawn"),
    ],
)
def test_the_advice_is_a_sentence(
    answer: Targeted, advice: Advice, advised: int, said: str
) -> None:
    policy = dataclasses.replace(answer.policy, advice=advice, advised=advised)
    failed = (dataclasses.replace(answer.findings[0], status=Status.FAIL), *answer.findings[1:])
    changed = dataclasses.replace(answer, policy=policy, findings=failed)
    assert said in document_of(changed).sentences[-1]


@pytest.mark.parametrize("advice", [Advice.OPEN, Advice.WITHHELD])
def test_nobody_is_scored_by_a_list_that_does_not_say_whom(
    answer: Targeted, advice: Advice, tmp_path: Path
) -> None:
    policy = dataclasses.replace(answer.policy, advice=advice)
    with pytest.raises(UsageError, match="does not say whom to contact"):
        write_scores(dataclasses.replace(answer, policy=policy), tmp_path / "scores.csv")
    assert not list(tmp_path.iterdir())


def test_no_difference_is_said_plainly(answer: Targeted) -> None:
    found = dataclasses.replace(answer.heterogeneity, found=False, p=1.0)
    alike = tuple(
        dataclasses.replace(arm, linear=None, ranking=None, fifths=()) for arm in answer.arms
    )
    same = dataclasses.replace(answer, heterogeneity=found, arms=alike, importance=())
    document = document_of(same)
    assert any(
        "Effects were not found to differ between people." in sentence
        and "everyone or no one" in sentence
        for sentence in document.sentences
    )
    assert not any("Ranking" in table.heading for table in document.tables)


def test_json_has_every_number_of_the_page(answer: Targeted) -> None:
    from evaluator.report.targeting.to_json import to_json

    document = document_of(answer)
    content = json.loads(to_json(answer, document))
    own_topic = content["arms"][1]
    value = re.search(r"([\d.]+) \[", document.tables[0].rows[1][3])
    assert value is not None
    assert round(100 * own_topic["plain"]["value"], 1) == float(value[1])
    assert own_topic["ranking"]["qini"]["low"] < own_topic["ranking"]["qini"]["value"]
    assert content["reading"] == "randomised"

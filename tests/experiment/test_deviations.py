"""Every later difference from what was sealed, in words and with its line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from evaluator.experiment.deviations import About, deviations, registered
from evaluator.experiment.protocol import Protocol
from evaluator.experiment.seal import Seal, seal

Load = Callable[[str], Protocol]
Told = tuple[str, str, str, About, str]  # what, sealed, now, about, what its line holds

CASES: dict[str, tuple[str, str, list[Told]]] = {
    "the rule": (
        "level = 0.9",
        "level = 0.8",
        [("decision.level", "0.9", "0.8", About.DESIGN, "level = 0.8")],
    ),
    "a default said otherwise": (
        "level = 0.9",
        "level = 0.9\nprecision = 2.0",
        [("decision.precision", "1.5", "2.0", About.DESIGN, "precision = 2.0")],
    ),
    "a question taken out": (
        '"geography", ',
        "",
        [
            (
                "experiment.questions.geography",
                "geography",
                "—",
                About.DESIGN,
                "questions =",
            )
        ],
    ),
    "a wave moved": (
        "start = 2024-03-04",
        "start = 2024-03-05",
        [("waves.ads.start", "2024-03-04", "2024-03-05", About.DESIGN, "start = 2024-03-05")],
    ),
    "a wave put in front of the others": (
        '[[waves]]\nid = "ads"',
        '[[waves]]\nid = "more"\nchannel = "newsletter"\nportfolio = true\n'
        'start = 2024-05-01\narms = ["A"]\n\n[[waves]]\nid = "ads"',
        [
            (
                "waves.more",
                "—",
                "id more, channel newsletter, portfolio true, span start 2024-05-01,"
                " end 2024-05-01, arms A",
                About.DESIGN,
                "[[waves]]",
            )
        ],
    ),
    "fewer countries": (
        "n = 10",
        "n = 8",
        [("arms.top.n", "10", "8", About.DESIGN, "n = 8")],
    ),
    "another rule for arm A": (
        '[arms.top]\nn = 10\nsource = "participants"',
        '[arms.listed]\ncountries = ["KE"]',
        [
            (
                "arms.listed",
                "n 10, source participants",
                "countries KE",
                About.DESIGN,
                "[arms.listed]",
            )
        ],
    ),
    "data that have come": (
        'path = "fees.csv"',
        'path = "fees-2024.csv"',
        [("sources.fees.paths", "fees.csv", "fees-2024.csv", About.DATA, 'name = "fees"')],
    ),
    "words": (
        'audience = "everybody"',
        'audience = "adults"\ncolour = "red"',
        [
            ("facts.audience", "everybody", "adults", About.WORDS, "audience ="),
            ("facts.colour", "—", "red", About.WORDS, "colour ="),
        ],
    ),
    "a published total": (
        "published_total = 250",
        "published_total = 251",
        [("courses.OSH.published_total", "250", "251", About.WORDS, "published_total = 251")],
    ),
    "nothing but the file": ("[facts]", "\n# moved\n\n[facts]", []),
}


@pytest.mark.parametrize("case", CASES)
def test_each_deviation_is_told(case: str, spring: str, load: Load) -> None:
    before, after, told = CASES[case]
    seal(load(spring), date(2024, 2, 1), "Ada")
    assert before in spring
    text = spring.replace(before, after, 1)
    protocol = load(text)
    found = registered(protocol)
    assert found is not None
    lines = text.split("\n")
    assert [(d.what, d.sealed, d.now, d.about) for d in found.deviations] == [
        (what, sealed, now, about) for what, sealed, now, about, _ in told
    ]
    for deviation, (*_, line) in zip(found.deviations, told, strict=True):
        assert line in "\n".join(lines[deviation.line - 1 : deviation.line + 1])


def test_what_is_gone_is_told_where_it_stood(spring: str, load: Load) -> None:
    seal(load(spring), date(2024, 2, 1), "Ada")
    start = spring.index("[[deadlines]]")
    protocol = load(spring[:start] + spring[spring.index("[[kpis]]") :])
    found = registered(protocol)
    assert found is not None
    (gone,) = found.deviations
    assert (gone.what, gone.now) == ("deadlines", "—")
    assert gone.sentence.startswith("deadlines was taken out; sealed as ")


def test_what_a_list_gained_and_lost_is_named(spring: str, load: Load) -> None:
    seal(load(spring), date(2024, 2, 1), "Ada")
    found = registered(load(spring.replace('"geography", ', '"channels", ', 1)))
    assert found is not None
    assert [deviation.sentence for deviation in found.deviations] == [
        "experiment.questions.channels was added",
        "experiment.questions.geography was taken out",
    ]


def test_long_texts_are_shown_from_where_they_differ(spring: str, load: Load) -> None:
    long = "everybody who reads " * 9
    text = spring.replace('audience = "everybody"', f'audience = "{long}English"')
    seal(load(text), date(2024, 2, 1), "Ada")
    found = registered(load(text.replace("English", "French")))
    assert found is not None
    (one,) = found.deviations
    assert (one.sealed, one.now) == ("…everybody who reads English", "…everybody who reads French")


def test_what_is_not_sealed_has_no_deviations(spring: str, load: Load) -> None:
    assert registered(load(spring)) is None


def test_a_plan_is_no_deviation(spring: str, load: Load) -> None:
    """It is of another experiment."""
    seal(load(spring), date(2024, 2, 1), "Ada")
    found = registered(load(f"{spring}\n[plan]\nweeks = 4\n"))
    assert found is not None
    assert found.deviations == ()


def test_an_evaluator_that_did_not_know_a_key_meant_its_default(spring: str, load: Load) -> None:
    """Sealed before `unit`, `assignment` and the minimum cell of sharing were thought of."""
    protocol = load(spring)
    told = protocol.to_dict()
    for name in ("unit", "assignment", "negative_controls"):
        del told[name]
    old = Seal(date(2024, 2, 1), "Ada", "", told)
    assert deviations(old, protocol) == ()
    renamed = load(spring.replace("timezone =", 'unit = "city"\ntimezone ='))
    (found,) = deviations(old, renamed)
    assert (found.what, found.sealed, found.now) == ("experiment.unit", "—", "city")

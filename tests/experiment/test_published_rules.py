"""Claims, advice and two arms in a file: what they mean, and every rule they can break."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from evaluator.errors import DeclarationError
from evaluator.experiment.protocol import Protocol
from evaluator.experiment.published import Arithmetic, Obtained, OfCounts, Operation, Proportion

HEAD = """\
[experiment]
name = "survey"
as_of = 2024-06-30
data_kind = "observed"
questions = []
"""
CLAIMS = """
[[claims]]
name = "asked"
value = "3 in 5"
unit = "% of people"
source = "p. 1"
proportion = { of = "100+", against = "change" }

[[claims]]
name = "change"
value = 53
unit = "%"
window = { start = 2024-01-01, end = 2024-03-31 }
before = { start = 2023-10-01, end = 2023-12-31 }
obtained = "before_after"
source = "p. 2"
counts = { courses = ["sessions"], weekdays = ["sun", "sat"] }

[[claims]]
name = "factor"
value = "almost double"
unit = "×"
source = "p. 3"
arithmetic = { operation = "factor", of = ["change"] }

[[interventions]]
name = "ask"
change = "ask instead of tell"
outcome = "comments"
comparison = "courses drawn by chance"
template = "conversation"

[exposure]
randomised = true

[[exposure.invariants]]
name = "views"
treated = 50
other = 51

[[exposure.proportions]]
name = "enrolled"
treated = { successes = 5, trials = 50 }
other = { successes = 4, trials = 51 }
"""

Load = Callable[[str], Protocol]
FAULTS: list[tuple[str, str, str]] = [
    # a piece of the text, what stands there instead, what is said of it
    ('"3 in 5"', '"a few"', 'claims[0].value = "a few" is no figure'),
    ('of = "100+"', 'of = "some"', 'claims[0].proportion.of = "some" is no figure'),
    ('against = "change"', 'against = "chage"', 'did you mean "change"?'),
    ('against = "change"', 'against = "asked"', "is the claim itself"),
    ('against = "change"', 'against = "factor"', '"factor" is no share'),
    ('unit = "% of people"', "", 'claims[0].unit = "" is no unit of a share'),
    ('"3 in 5"', '"196%"', 'claims[0].value = "196%" is no share'),
    ('"3 in 5"', "-4", "claims[0].value = -4 is no share"),
    ('"3 in 5"', "nan", "claims[0].value = nan is no finite number"),
    ('"3 in 5"', '""', 'claims[0].value = "" is empty'),
    ('"3 in 5"', "true", "claims[0].value = true is neither a number nor text"),
    ('of = "100+"', "of = 0", "claims[0].proportion.of = 0 is no number of people"),
    ('of = "100+"', 'of = "-5"', 'claims[0].proportion.of = "-5" is no number of people'),
    ('of = "100+"', "of = 10.5", "is no number of people"),
    ('of = "100+"', 'of = "96%"', "is no number of people"),
    ('of = "100+"', 'of = "3 in 5"', "is no number of people"),
    ('["change"]', '["change", "asked"]', 'operation "factor" takes 1'),
    (
        "counts = {",
        'arithmetic = { operation = "percent", of = ["factor"] } #',
        "claims[1].arithmetic.of follows from the claim itself",
    ),
    ('"factor", of', '"facto", of', '"facto" is not known'),
    ('name = "factor"', 'name = "change"', "is given twice among the claims"),
    ('value = "almost double"\n', "", "claims[2] has arithmetic, and no value"),
    ("counts = {", "design = {}\ncounts = {", "claims[1] has counts and design"),
    ("counts = {", "design = {} #", "claims[1].design says nothing"),
    ("counts = {", 'design = { apart = ["ads"] } #', '"ads" is not a declared channel'),
    ("counts = {", 'design = { apart = ["ads"] } #', "has one channel"),
    ("counts = {", 'row = { question = "channels" } #', "is not among experiment.questions"),
    ("counts = {", 'row = { question = "channels" } #', 'claims[1].unit = "%" is no unit of extra'),
    ("counts = {", 'exposed = { name = "enroled", figure = "se" } #', 'did you mean "enrolled"?'),
    ("counts = {", 'exposed = { name = "views", figure = "se" } #', "is no figure of views"),
    ("window = { start = 2024-01-01, end = 2024-03-31 }", "", "claims[1] counts in no window"),
    ("end = 2023-12-31", "end = 2023-09-30", "is before its start"),
    ("treated = 50\n", "", "exposure.invariants[0].treated is missing"),
    ("treated = 50\n", 'treated = 50\ncolumn = "v"\n', "invariants[0].column is not used"),
    ("successes = 5,", "successes = 55,", "is more than its trials"),
    ("randomised = true", 'randomised = true\ntreated = "other"', "has one arm"),
    ("randomised = true", 'randomised = true\nsource = "days"', "is not a declared source"),
    ('template = "conversation"', "", "interventions[0].template is missing"),
]


def test_what_the_tables_mean(load: Load) -> None:
    protocol = load(HEAD + CLAIMS)
    asked, change, factor = protocol.claims
    assert asked.recompute == Proportion("100+", against="change")
    assert asked.printed is not None
    assert asked.printed.value == 60
    assert change.recompute == OfCounts(("sessions",), (5, 6))
    assert change.obtained is Obtained.BEFORE_AFTER
    assert factor.recompute == Arithmetic(Operation.FACTOR, ("change",))
    assert protocol.interventions[0].template == "conversation"
    assert protocol.exposure is not None
    assert protocol.exposure.proportions[0].treated == (5, 50)
    assert protocol.of_claims_alone


def test_a_mean_of_changes_is_one_from_something(load: Load) -> None:
    counts = CLAIMS.replace("counts = {", "counts = { by_weekday = true,")
    assert load(HEAD + counts).claims[1].recompute == OfCounts(
        ("sessions",), (5, 6), by_weekday=True
    )
    before = "before = { start = 2023-10-01, end = 2023-12-31 }\n"
    with pytest.raises(DeclarationError) as raised:
        load(HEAD + counts.replace(before, ""))
    assert "claims[1] is a change from nothing" in str(raised.value)


@pytest.mark.parametrize(("there", "instead", "said"), FAULTS)
def test_faults(load: Load, there: str, instead: str, said: str) -> None:
    assert (HEAD + CLAIMS).count(there) >= 1
    with pytest.raises(DeclarationError) as raised:
        load(HEAD + CLAIMS.replace(there, instead, 1))
    assert said in str(raised.value)


@pytest.mark.parametrize("missing", ["[window]", "[[courses]]", "[[sources]]"])
def test_a_question_needs_what_claims_do_not(load: Load, missing: str) -> None:
    asked = HEAD.replace("questions = []", 'questions = ["pre_vs_campaign"]')
    with pytest.raises(DeclarationError) as raised:
        load(asked + CLAIMS)
    assert f"{missing} is missing" in str(raised.value)


@pytest.mark.parametrize("missing", ["[window]", "[[courses]]", "[[sources]]"])
def test_an_indicator_that_counts_needs_them_too(load: Load, missing: str) -> None:
    kpi = '[[kpis]]\nname = "Enrolments"\nunit = "a month"\ncounted = { per = "month" }\n'
    with pytest.raises(DeclarationError) as raised:
        load(HEAD + kpi + CLAIMS)
    assert f"{missing} is missing" in str(raised.value)


def test_something_is_asked(load: Load) -> None:
    with pytest.raises(DeclarationError, match=r"declare \[targeting\], \[\[claims\]\]"):
        load(HEAD)

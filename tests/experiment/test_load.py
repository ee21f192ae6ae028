"""Every error of a file, at its line, in words that say what to do: one table of edits."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from evaluator.errors import DeclarationError, EvaluatorError, UsageError
from evaluator.experiment import load_protocol
from evaluator.experiment.protocol import Protocol

Load = Callable[[str], Protocol]
Expected = tuple[str, str, str]  # what the line holds, what is wrong, rule or hint

GROUPS = """\
[[country_groups]]
name = 'east'
countries = ['KE', 'UG']
claimed_weak = ['facebook_ads']

[[country_groups]]
name = 'west'
countries = ['GH']
"""

CASES: dict[str, tuple[str, str, list[Expected]]] = {
    # Keys.
    "unknown key": (
        "available_from =",
        "availabel_from =",
        [
            (
                "availabel_from",
                "courses[1].availabel_from is not a known key",
                'did you mean "available_from"?',
            )
        ],
    ),
    "unknown table: what it gives is still declared": (
        "[[channels]]",
        "[[chanels]]",
        [("[[chanels]]", "chanels is not a known key", 'did you mean "channels"?')],
    ),
    "misspelt key inside a misspelt table": (
        "[arms.top]\nn = 10\nsource =",
        "[amrs.top]\nn = 10\nsorce =",
        [
            ("[amrs.top]", "amrs is not a known key", 'did you mean "arms"?'),
            ("sorce", "arms.top.sorce is not a known key", 'did you mean "source"?'),
        ],
    ),
    "one misspelt table of many": (
        "[[channels]]\nname = 'newsletter'\nkind",
        "[[channel]]\nname = 'newsletter'\nkimd",
        [
            ("[[channel]]", "channel is not a known key", 'did you mean "channels"?'),
            ("kimd", "channels[1].kimd is not a known key", 'did you mean "kind"?'),
        ],
    ),
    "nothing like a known table": (
        "[[kpis]]",
        "[colours]\nred = 1\n[[kpis]]",
        [("[colours]", "colours is not a known key", "known: experiment, window, reference")],
    ),
    "misspelt beside the right one": (
        "kind = 'paid'",
        "kind = 'paid'\nkinds = 3",
        [("kinds = 3", "channels[0].kinds is not a known key", 'did you mean "kind"?')],
    ),
    "key of another table": (
        "level = 0.9",
        "level = 0.9\nseed = 3",
        [("seed = 3", "decision.seed is not a known key", "it is a key of [experiment]")],
    ),
    "missing key": (
        "end = 2024-05-31",
        "",
        [("[window]", "window.end is missing", "Last day, included.")],
    ),
    "missing table": (
        "[window]\nstart = 2024-03-01\nend = 2024-05-31",
        "",
        [("[experiment]", "[window] is missing", "The campaign window.")],
    ),
    # Types and ranges.
    "quoted date": (
        "as_of = 2024-06-30",
        "as_of = '2024-06-30'",
        [("as_of", 'experiment.as_of = "2024-06-30" is not a date', "without quotes")],
    ),
    "date with a time": (
        "start = 2024-04-03",
        "start = 2024-04-03T10:00:00",
        [("T10", "waves[1].start = 2024-04-03T10:00:00 is not a date", "without quotes")],
    ),
    "number for text": (
        "title = 'Labour law'",
        "title = 3",
        [("title = 3", "courses[0].title = 3 is not text", "text is written in quotes")],
    ),
    "text for a list": (
        "courses = ['LAW']",
        "courses = 'LAW'",
        [("courses = 'LAW'", 'waves[0].courses = "LAW" is not a list', "Promoted courses")],
    ),
    "truth for a number": (
        "n = 10",
        "n = true",
        [("n = true", "arms.top.n = true is not a whole number", "How many")],
    ),
    "single brackets": (
        "[[deadlines]]",
        "[deadlines]",
        [("[deadlines]", "deadlines = {…} is not a list", "write [[deadlines]], once for each")],
    ),
    "double brackets": (
        "[decision]",
        "[[decision]]",
        [("[[decision]]", "decision = […] is not a table", "write [decision], once")],
    ),
    "unknown kind": (
        "kind = 'email'",
        "kind = 'emial'",
        [("emial", 'channels[1].kind = "emial" is not known', 'did you mean "email"?')],
    ),
    "unknown question": (
        "'a_vs_b'",
        "'a_vs_c'",
        [("a_vs_c", 'experiment.questions[3] = "a_vs_c" is not known', 'did you mean "a_vs_b"?')],
    ),
    "unknown arm exposed": (
        "exposed = ['A']",
        "exposed = ['A', 'C']",
        [("exposed", 'arms.exposed[1] = "C" is not known', "known: A, B")],
    ),
    "level in percent": (
        "level = 0.9",
        "level = 90",
        [("level = 90", "decision.level = 90 must be less than 1", "Level of the intervals")],
    ),
    "level below a half": (
        "level = 0.9",
        "level = 0.1",
        [("level = 0.1", "decision.level = 0.1 must be greater than 0.5", "Level")],
    ),
    "lift as a share": (
        "level = 0.9",
        "smallest_lift = 0.1",
        [("smallest_lift", "decision.smallest_lift = 0.1 must be greater than 1", "1.1 is +10%")],
    ),
    "precision": (
        "level = 0.9",
        "precision = 1",
        [("precision", "decision.precision = 1 must be greater than 1", "at most this factor")],
    ),
    "not a number": (
        "level = 0.9",
        "level = nan",
        [("level = nan", "decision.level = nan must be a finite number", "Level")],
    ),
    "negative total": (
        "published_total = 250",
        "published_total = -1",
        [("published_total", "courses[1].published_total = -1 must be at least 0", "Total")],
    ),
    "no reference": (
        "weeks = 6",
        "weeks = 0",
        [("weeks = 0", "reference.weeks = 0 must be a whole number of weeks, 1 or more", "base")],
    ),
    "neither weeks nor all": (
        "sensitivity = [3, 'all']",
        "sensitivity = [3, 'al']",
        [("'al'", 'reference.sensitivity[1] = "al" must be a whole number of weeks', '"all"')],
    ),
    "no path": (
        "path = 'participants.csv'",
        "path = []",
        [("path = []", "sources[1].path = [] must be a path or a list of paths", "relative")],
    ),
    "no courses in the list": (
        "questions = ['portfolio', 'geography', 'promoted_vs_other', 'a_vs_b', 'secondary']",
        "questions = []",
        [
            ("questions", "experiment.questions = [] is empty", "Questions that become rows."),
            ("[[secondary]]", "secondary outcomes are declared and not asked for", "leave"),
        ],
    ),
    "name that is a path": (
        "name = 'spring'",
        "name = '../spring'",
        [("../spring", 'experiment.name = "../spring" is not a plain name', "letters, digits")],
    ),
    # Names.
    "unknown channel": (
        "channel = 'facebook_ads'",
        "channel = 'facebok_ads'",
        [
            (
                "facebok_ads",
                'waves[0].channel = "facebok_ads" is not a declared channel\n'
                '  declared: facebook_ads, newsletter\n  did you mean "facebook_ads"?',
                "",
            )
        ],
    ),
    "course in the wrong case": (
        "courses = ['LAW']",
        "courses = [\n  'law',\n]",
        [
            (
                "  'law',",
                'waves[0].courses[0] = "law" is not a declared promoted course',
                'did you mean "LAW"?',
            )
        ],
    ),
    "other course in a wave": (
        "courses = ['LAW']",
        "courses = ['TAX']",
        [("['TAX']", '"TAX" is not a declared promoted course', "declared: LAW, OSH")],
    ),
    "unknown course of an incident": (
        "courses = ['OSH']",
        "courses = ['OHS']",
        [("OHS", 'incidents[0].courses[0] = "OHS" is not a declared course', "LAW, OSH, TAX, ART")],
    ),
    "unknown course of a result": (
        "{ LAW = 12",
        "{ LAWS = 12",
        [("LAWS", "kpis[0].by_course.LAWS names no declared promoted course", '"LAW"?')],
    ),
    "unknown course of a source": (
        "columns = { day = 'Date' }",
        "course = 'LOW'",
        [("LOW", 'sources[0].course = "LOW" is not a declared course', 'did you mean "LAW"?')],
    ),
    "course given twice": (
        "code = 'OSH'",
        "code = 'OSH'\n[[courses]]\ncode = 'LAW'",
        [("code = 'LAW'", 'courses[2].code = "LAW" is given twice', "courses[0] has this one")],
    ),
    "channel given twice": (
        "tag = 'mail'",
        "[[channels]]\nname = 'newsletter'\nkind = 'email'",
        [("name = 'newsletter'", "is given twice among the channels", "channels[1] has this one")],
    ),
    "wave given twice": (
        "id = 'mail'",
        "id = 'ads'",
        [("id = 'ads'", 'waves[1].id = "ads" is given twice', "waves[0] has this one")],
    ),
    "source given twice": (
        "name = 'enrolments'",
        "name = 'participants'",
        [
            (
                "name = 'participants'",
                'sources[1].name = "participants" is given twice',
                "sources[0]",
            )
        ],
    ),
    "course listed twice": (
        "courses = ['LAW', 'OSH']",
        "courses = ['LAW', 'OSH', 'LAW']",
        [("'OSH', 'LAW'", 'waves[1].courses[2] = "LAW" is listed twice', "")],
    ),
    "promoted and other": (
        "codes = ['TAX', 'ART']",
        "codes = ['TAX', 'LAW']",
        [("'TAX', 'LAW'", 'others.codes[1] = "LAW" is also a promoted course', "[[courses]]")],
    ),
    "listed and in a catalogue": (
        "codes = ['TAX', 'ART']",
        "codes = ['TAX', 'ART']\ncatalogue = 'participants'",
        [
            ("[others]", "others has both codes and a catalogue", "either"),
            ("catalogue", 'is a source of kind "participants", not "courses"', '"courses": none'),
        ],
    ),
    "arm A from an unknown source": (
        "source = 'participants'",
        "source = 'participant'",
        [
            (
                "source =",
                'arms.top.source = "participant" is not a declared source',
                '"participants"?',
            )
        ],
    ),
    "arm A from a source of another kind": (
        "source = 'participants'",
        "source = 'enrolments'",
        [
            (
                "source =",
                'arms.top.source = "enrolments" is a source of kind "events", not "participants"',
                'sources of kind "participants": participants',
            )
        ],
    ),
    # Days.
    "window ends before it starts": (
        "end = 2024-05-31",
        "end = 2024-01-31",
        [("2024-01-31", "window.end = 2024-01-31 is before its start", "start = 2024-03-01")],
    ),
    "window after as_of": (
        "end = 2024-05-31",
        "end = 2024-07-31",
        [("2024-07-31", "window.end = 2024-07-31 is after as_of", "as_of = 2024-06-30")],
    ),
    "wave ends before it starts": (
        "end = 2024-03-10",
        "end = 2024-03-03",
        [("2024-03-03", "waves[0].end = 2024-03-03 is before its start", "start = 2024-03-04")],
    ),
    "wave after as_of": (
        "start = 2024-04-03",
        "start = 2024-07-01",
        [("2024-07-01", "waves[1].start = 2024-07-01 is after as_of", "as_of = 2024-06-30")],
    ),
    "wave before the data": (
        "portfolio = true\nstart = 2024-04-03",
        "portfolio = true\nstart = 2022-04-03",
        [
            ("courses = ['LAW', 'OSH']", '"OSH" was not available yet', "from 2024-02-01"),
            ("2022-04-03", "waves[1].start = 2022-04-03 is before the data begin", "history_from"),
        ],
    ),
    "assumed wave before its bounds": (
        "start = 2024-03-04",
        "start = 2024-02-29",
        [
            (
                "2024-02-29",
                "waves[0].start = 2024-02-29 is before its published bounds",
                "2024-03-31",
            )
        ],
    ),
    "assumed wave after its bounds": (
        "end = 2024-03-10",
        "end = 2024-04-10",
        [("2024-04-10", "waves[0].end = 2024-04-10 is after its published bounds", "2024-03-31")],
    ),
    "budget that does not add up": (
        "assumed = true\nbounds",
        "assumed = true\nbudget = { A = 1, B = 0.5 }\nbounds",
        [
            ("budget", "waves[0].budget adds up to 1.5", "the shares of A and B add up to 1"),
            ("B = 0.5", "waves[0].budget.B = 0.5 is not spent there", "this wave went to A alone"),
        ],
    ),
    "bounds end before they start": (
        "end = 2024-03-31 }",
        "end = 2024-02-28 }",
        [
            ("bounds", "waves[0].bounds.end = 2024-02-28 is before its start", "2024-03-01"),
        ],
    ),
    "event ends before it starts": (
        "end = 2023-10-31",
        "end = 2023-09-30",
        [("2023-09-30", "previous_campaigns[0].end = 2023-09-30 is before its start", "")],
    ),
    "no history": (
        "history_from = 2023-01-01",
        "history_from = 2024-03-01",
        [("history_from", "leaves no day before the window", "window.start = 2024-03-01")],
    ),
    "course after the window": (
        "available_from = 2024-02-01",
        "available_from = 2024-06-01",
        [
            ("available_from", "courses[1].available_from = 2024-06-01 is after the window", ""),
            ("courses = ['LAW', 'OSH']", '"OSH" was not available yet', "from 2024-06-01"),
        ],
    ),
    "KPI baseline ends before it starts": (
        "unit = 'a month'",
        "unit = 'a month'\n[kpis.counted]\nper = 'month'\n"
        "baseline_span = { start = 2023-06-30, end = 2023-01-01 }",
        [("baseline_span", "baseline_span.end = 2023-01-01 is before its start", "2023-06-30")],
    ),
    # What else must fit.
    "KPI of posts without posts": (
        "unit = 'a month'",
        "unit = 'a month'\nposts = { figure = 'reach' }",
        [("posts =", "kpis[0].posts has nothing to read", 'a source of kind "posts" is needed')],
    ),
    "KPI recomputed in two ways": (
        "unit = 'a month'",
        "unit = 'a month'\nposts = { figure = 'reach' }\ncounted = { per = 'month' }\n"
        "[[sources]]\nname = 'posts'\nkind = 'posts'\npath = 'posts.csv'",
        [("[[kpis]]", "kpis[0] has counted and posts", "in one way, or in none")],
    ),
    "figure of an unknown channel and course": (
        "[facts]",
        "[[kpis]]\nname = 'x'\nunit = 'x'\nchannel = { name = 'newsleter', count = 'reach',"
        " courses = ['LAWS'] }\n[facts]",
        [
            (
                "'newsleter'",
                'kpis[1].channel.name = "newsleter" is not a declared',
                '"newsletter"?',
            ),
            ("'LAWS'", 'kpis[1].channel.courses[0] = "LAWS" is not a declared', '"LAW"?'),
        ],
    ),
    "figure of a channel with a target": (
        "unit = 'a month'",
        "unit = 'a month'\nchannel = { name = 'newsletter', count = 'reach' }",
        [
            ("baseline = 10", "kpis[0].baseline is not used", "has a result only"),
            ("target = 20.5", "kpis[0].target is not used", ""),
            ("by_course = {", "kpis[0].by_course is not used", ""),
        ],
    ),
    "wave that advertises nothing": (
        "courses = ['LAW']\n",
        "",
        [("[[waves]]", "waves[0] advertises nothing", "portfolio = true")],
    ),
    "wave to an arm that was not exposed": (
        "start = 2024-04-03\narms = ['A']",
        "start = 2024-04-03\narms = ['A', 'B']",
        [("arms = ['A', 'B']", 'waves[1].arms[1] = "B" is not an exposed arm', "arms.exposed")],
    ),
    "two rules for arm A": (
        "[[kpis]]",
        "[arms.listed]\ncountries = ['KE']\n[[kpis]]",
        [("[arms]", "arms has two rules for arm A", "either [arms.top] or [arms.listed]")],
    ),
    "no rule for arm A": (
        "[arms.top]\nn = 10\nsource = 'participants'",
        "",
        [("[arms]", "arms has no rule for arm A", "either [arms.top] or [arms.listed]")],
    ),
    "arm A of nothing": (
        "[arms.top]\nn = 10\nsource = 'participants'",
        "[arms.listed]",
        [("[arms.listed]", "arms.listed names nothing", "countries, or by_course")],
    ),
    "arms asked for and not declared": (
        "[arms]\nexposed = ['A']\n\n[arms.top]\nn = 10\nsource = 'participants'",
        "",
        [("questions", '"a_vs_b" cannot be answered', "it needs [arms], which is missing")],
    ),
    "other courses asked for and not declared": (
        "codes = ['TAX', 'ART']",
        "",
        [("questions", '"promoted_vs_other" cannot be answered', "it needs [others]")],
    ),
    "secondary outcomes asked for and not declared": (
        "[[secondary]]\nname = 'new learners'\nkind = 'new_learners'\n\n[[secondary]]\n"
        "name = 'fee-based in 60 days'\nkind = 'fee_based'\ndays = 60\nsource = 'fees'",
        "",
        [("questions", '"secondary" cannot be answered', "it needs [[secondary]]")],
    ),
    "secondary to nothing": (
        "'promoted_vs_other', 'a_vs_b', 'secondary']",
        "'a_vs_b', 'secondary']",
        [("questions", '"secondary" cannot be answered', "promoted_vs_other beside it")],
    ),
    "secondary outcomes declared and not asked for": (
        "'a_vs_b', 'secondary']",
        "'a_vs_b']",
        [("[[secondary]]", "are declared and not asked for", 'add "secondary"')],
    ),
    "portfolio asked for and never promoted": (
        "portfolio = true",
        "portfolio = false",
        [("questions", '"portfolio" cannot be answered', "a wave with portfolio = true")],
    ),
    "geography asked for and no group declared": (
        GROUPS,
        "",
        [("questions", '"geography" cannot be answered', "it needs [[country_groups]]")],
    ),
    "geography asked for and no wave paid": (
        "kind = 'paid'",
        "kind = 'organic'",
        [("questions", '"geography" cannot be answered', "and paid waves")],
    ),
    "order asked for and no organic wave": (
        "'portfolio', 'geography'",
        "'portfolio', 'geography', 'order'",
        [("questions", '"order" cannot be answered', "it needs paid and organic waves")],
    ),
    "country in two groups": (
        "countries = ['GH']",
        "countries = ['GH', 'UG']",
        [("'GH', 'UG'", 'country_groups[1].countries[1] = "UG" is in two groups', "[0] has")],
    ),
    "group of nothing": (
        "countries = ['GH']",
        "countries = []",
        [("countries = []", "country_groups[1].countries = [] is empty", "Its countries")],
    ),
    "claim about no channel": (
        "claimed_weak = ['facebook_ads']",
        "claimed_weak = ['facebook']",
        [("claimed_weak", 'country_groups[0].claimed_weak[0] = "facebook"', "facebook_ads")],
    ),
    "two groups of one name": (
        "name = 'west'",
        "name = 'east'",
        [("name = 'east'", "is given twice among the country_groups", "country_groups[0] has")],
    ),
    "followed for how long": (
        "days = 60\n",
        "",
        [("[[secondary]]", "secondary[1].days is missing", "takes days and source")],
    ),
    "new learners are known at once": (
        "kind = 'new_learners'",
        "kind = 'new_learners'\ndays = 30",
        [("days = 30", "secondary[0].days is not used", "takes neither days nor source")],
    ),
    "followed for no day": (
        "days = 60",
        "days = 0",
        [("days = 0", "secondary[1].days = 0 must be at least 1", "Within how many days")],
    ),
    "conversions from a source of another kind": (
        "source = 'fees'",
        "source = 'enrolments'",
        [("enrolments", 'is a source of kind "events", not "conversions"', "fees")],
    ),
    "outcome given twice": (
        "name = 'fee-based in 60 days'",
        "name = 'new learners'",
        [("new learners", "is given twice among the secondary", "secondary[0] has this one")],
    ),
    "counts follow nobody": (
        "kind = 'events'",
        "kind = 'counts'",
        [("kind = 'counts'", 'sources[0].kind = "counts" says nothing of people', "events")],
    ),
    "nothing counted": (
        "kind = 'events'",
        "kind = 'posts'",
        [("[[sources]]", "no source counts anything", 'kind "events" or "counts"')],
    ),
    "absolute path": (
        "path = 'participants.csv'",
        "path = '/data/participants.csv'",
        [("/data", 'sources[1].path = "/data/participants.csv" is not a relative path', "folder")],
    ),
    "path on a drive, in a list": (
        "'data/2024-*.csv'",
        "'C:/data/2024.csv'",
        [("C:", 'sources[0].path[1] = "C:/data/2024.csv" is not a relative path', "folder")],
    ),
    "unknown time zone": (
        "timezone = 'Europe/Rome'",
        "timezone = 'Europe/Roma'",
        [("timezone", 'experiment.timezone = "Europe/Roma" is not a known time zone', "Rome")],
    ),
    # TOML itself.
    "no such day": (
        "as_of = 2024-06-30",
        "as_of = 2024-06-31",
        [("as_of", "is not TOML here", "there is no day 2024-06-31")],
    ),
    "text without its first quote": (
        "title = 'Labour law'",
        "title = Labour law",
        [("title =", "is not TOML here: invalid value", "it says: title = Labour law")],
    ),
    "key given twice": (
        "weeks = 6",
        "weeks = 6\nweeks = 7",
        [("weeks = 7", "is not TOML here: the same key or table is given twice", "weeks = 7")],
    ),
    "list that never ends": (
        "audience = 'everybody'\n",
        "audience = [",
        [("audience = [", "is not TOML here: invalid value", "it says: audience = [")],
    ),
    # Several at once, by line.
    "all at once": (
        "channel = 'facebook_ads'\ncourses = ['LAW']\nstart = 2024-03-04",
        "channel = 'facebok_ads'\ncourses = ['LAWN']\nstrat = '2024-03-04'",
        [
            ("facebok_ads", 'waves[0].channel = "facebok_ads"', "facebook_ads"),
            ("LAWN", 'waves[0].courses[0] = "LAWN"', "LAW"),
            ("strat", "waves[0].strat is not a known key", 'did you mean "start"?'),
            ("strat", 'waves[0].start = "2024-03-04" is not a date', "without quotes"),
        ],
    ),
}


def test_the_file_that_the_cases_edit_is_valid(load: Load, spring: str) -> None:
    assert load(spring).name == "spring"


@pytest.mark.parametrize(("old", "new", "expected"), CASES.values(), ids=CASES.keys())
def test_names_each_error_at_its_line(
    load: Load,
    spring: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    old: str,
    new: str,
    expected: list[Expected],
) -> None:
    text = spring.replace('"', "'")
    assert old in text
    edited = text.replace(old, new)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DeclarationError) as raised:
        load(edited)
    problems = raised.value.problems
    assert len(problems) == len(expected), str(raised.value)
    for problem, (on_line, what, advice) in zip(problems, expected, strict=True):
        file, _, line = problem.where.rpartition(":")
        assert file == "experiment.toml"
        assert on_line in edited.splitlines()[int(line) - 1]
        assert what in str(problem)
        assert advice in str(problem)


def test_takes_the_file_or_its_folder(load: Load, spring: str, tmp_path: Path) -> None:
    protocol = load(spring)
    assert load_protocol(tmp_path) == protocol == load_protocol(str(tmp_path / "experiment.toml"))
    assert protocol.path == tmp_path / "experiment.toml"


def test_shows_the_whole_path_of_a_file_that_lies_elsewhere(load: Load, tmp_path: Path) -> None:
    with pytest.raises(DeclarationError) as raised:
        load("")
    assert raised.value.problems[0].where == f"{tmp_path / 'experiment.toml'}:1"


def test_reads_what_windows_editors_write(load: Load, spring: str, tmp_path: Path) -> None:
    protocol = load(spring)
    (tmp_path / "experiment.toml").write_bytes(
        b"\xef\xbb\xbf" + spring.replace("\n", "\r\n").encode()
    )
    assert load_protocol(tmp_path) == protocol


def test_names_the_line_that_is_not_utf8(spring: str, tmp_path: Path) -> None:
    path = tmp_path / "experiment.toml"
    path.write_bytes(spring.replace("Labour law", "Droit privé").encode("cp1252"))
    with pytest.raises(DeclarationError, match="is not UTF-8") as raised:
        load_protocol(path)
    line = 1 + spring[: spring.index("Labour law")].count("\n")
    assert raised.value.problems[0].where.endswith(f"experiment.toml:{line}")


def test_names_the_experiment_beside_the_one_that_is_missing(
    spring: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "experiments/spring").mkdir(parents=True)
    (tmp_path / "experiments/spring/experiment.toml").write_text(spring, "utf-8")
    with pytest.raises(UsageError) as raised:
        load_protocol("experiments/sprong")
    assert 'did you mean "experiments/spring"?' in str(raised.value)
    assert isinstance(raised.value, EvaluatorError)
    assert raised.value.exit_code == 2

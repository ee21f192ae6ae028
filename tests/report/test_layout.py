import pytest

from evaluator.report.layout import NOTHING, WIDTH, Line, laid_out
from evaluator.report.terminal import to_text

HEAD = Line("", ("lift", "extra", "other\nreferences"), "verdict")


def shown(*lines: Line, head: Line = HEAD) -> list[str]:
    return to_text(laid_out(head, lines), colour=False).splitlines()


def test_empty_columns_are_left_out() -> None:
    lines = shown(
        Line("ads"),
        Line("  A", ("×2.00", NOTHING, ""), "raised"),
        Line("  B", (NOTHING, NOTHING, ""), "refused"),
    )
    assert [line.split() for line in lines] == [
        ["lift", "verdict"],
        ["ads"],
        ["A", "×2.00", "raised"],
        ["B", NOTHING, "refused"],
    ]


def test_a_name_on_two_lines_is_as_wide_as_its_longer_one() -> None:
    lines = shown(Line("A", ("×2.00", "12", "1.21"), "raised"))
    assert lines[0].split() == ["other"]
    assert lines[1].split() == ["lift", "extra", "references", "verdict"]


@pytest.mark.parametrize("label", ["    reference: last 4 weeks", "  south-eastern Asia vs rest"])
def test_no_word_is_broken_and_its_lines_keep_the_indent(label: str) -> None:
    """Numbers of the widest kind leave the label less than half of what it asks for."""
    head = Line("", ("lift", "extra", "p adj."), "verdict")
    numbers = ("×12.18 [7.48; 19.84]", "1,170 [1,052; 1,249]", "<.001")
    lines = shown(Line(label, numbers, "raised, size uncertain", "abcdefghij"), head=head)
    assert max(map(len, lines)) <= WIDTH
    assert numbers[0] in lines[1]
    assert numbers[1] in lines[1]
    indent = len(label) - len(label.lstrip())
    width = lines[1].index("×")
    labels = [line[:width].rstrip() for line in lines[1:]]
    own = [text for text in labels if text]
    assert len(own) > 1
    assert all(text.startswith(" " * indent) and text[indent] != " " for text in own)
    assert " ".join(" ".join(own).split()).replace("- ", "-") == label.strip()

from pathlib import Path

import pytest

from evaluator.errors import UsageError
from evaluator.evaluation import Evaluation
from evaluator.report.formats import Format
from evaluator.report.markdown import to_markdown
from evaluator.report.page import to_html
from evaluator.report.to_csv import to_csv
from evaluator.report.to_json import to_json
from evaluator.report.write import write_results


def test_writes_the_results_as_rendered(evaluation: Evaluation, tmp_path: Path) -> None:
    written = write_results(evaluation, tmp_path / "deep" / "out")
    assert [path.name for path in written] == ["results.json", "effects.csv", "report.html"]
    assert written[0].read_bytes() == to_json(evaluation).encode()
    assert written[1].read_bytes() == to_csv(evaluation).encode()
    assert written[2].read_bytes() == to_html(evaluation).encode()


def test_a_folder_that_cannot_be_is_named(evaluation: Evaluation, tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("a file")
    with pytest.raises(UsageError, match=r"taken: the results cannot be written: .*exists"):
        write_results(evaluation, taken)


@pytest.mark.parametrize(
    ("formats", "names"),
    [
        ((Format.MD,), ["report.md"]),
        ((Format.MD, Format.HTML, Format.MD), ["report.md", "report.html"]),
    ],
)
def test_the_report_is_written_in_the_formats_asked_for(
    evaluation: Evaluation, tmp_path: Path, formats: tuple[Format, ...], names: list[str]
) -> None:
    written = write_results(evaluation, tmp_path, formats)
    assert [path.name for path in written] == ["results.json", "effects.csv", *names]
    assert (tmp_path / "report.md").read_text("utf-8") == to_markdown(evaluation)


def test_no_report_of_an_earlier_run_stands_beside_new_results(
    evaluation: Evaluation, tmp_path: Path
) -> None:
    write_results(evaluation, tmp_path, (Format.HTML,))
    (tmp_path / "notes.html").write_text("mine")
    write_results(evaluation, tmp_path, (Format.MD,))
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"results.json", "effects.csv", "report.md", "notes.html"}

"""Tables that programs make, kept in a README between two marks."""

from __future__ import annotations

from pathlib import Path

README = Path(__file__).with_name("README.md")


def write(name: str, text: str, readme: Path = README) -> None:
    """Replace what stands between the marks of a table.

    Raises
    ------
    ValueError : the README has no such marks
    """
    before, found, rest = readme.read_text("utf-8").partition(f"<!-- {name} -->\n")
    _, end, after = rest.partition(f"<!-- /{name} -->")
    if not (found and end):
        raise ValueError(f"{readme} has no marks for the table {name}")
    readme.write_text(f"{before}{found}\n{text}\n\n{end}{after}", "utf-8")

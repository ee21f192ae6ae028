"""targeting.html: the document as one self-contained file without a script."""

from __future__ import annotations

from evaluator.report.answer import banner
from evaluator.report.numbers import percent
from evaluator.report.page import TEMPLATES
from evaluator.report.targeting.document import Document
from evaluator.results import Status


def to_html(document: Document) -> str:
    """The page; the same bytes for the same document."""
    # Imported here, so that nobody pays for it who writes no page.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template("targeting.html").render(
        document=document,
        protocol=document.protocol,
        banner=banner(document.protocol),
        level=percent(document.protocol.decision.level),
        passed=Status.PASS,
    )

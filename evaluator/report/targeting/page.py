"""targeting.html: the document as one self-contained file without a script."""

from __future__ import annotations

from evaluator.report.answer import banner
from evaluator.report.numbers import percent
from evaluator.report.page.rendering import rendered
from evaluator.report.targeting.document import Document
from evaluator.results import Status


def to_html(document: Document) -> str:
    """The page; the same bytes for the same document."""
    return rendered(
        "targeting.html",
        document=document,
        protocol=document.protocol,
        banner=banner(document.protocol),
        level=percent(document.protocol.decision.level),
        passed=Status.PASS,
    )

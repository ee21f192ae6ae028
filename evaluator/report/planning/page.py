"""plan.html: the document as one self-contained file without a script."""

from __future__ import annotations

from evaluator.report.page.rendering import rendered
from evaluator.report.planning.document import Document


def to_html(document: Document) -> str:
    """The page; the same bytes for the same document."""
    return rendered("planning.html", document=document)

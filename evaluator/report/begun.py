"""What `init` prints."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path

from evaluator.experiment.load import shown_path
from evaluator.planning.templates import Template, templates


def render_templates() -> str:
    """A template a line: its name, and what it asks."""
    known = templates()
    width = max(map(len, known))
    lines = [f"{name:<{width}}  {template.title}" for name, template in known.items()]
    return "\n".join([*lines, "", "evaluator init --template NAME DIR"]) + "\n"


def render_begun(template: Template, written: Sequence[Path], *, simulated: bool) -> str:
    """What was written, and what to do next."""
    folder = shlex.quote(shown_path(written[0].parent))
    verb = "target" if template.design == "list" else "run"
    steps = [
        (f"evaluator validate {folder}", "after every change"),
        (f"evaluator seal {folder}", "before the first day"),
        (
            f"evaluator {verb} {folder}",
            "now, on simulated data" if simulated else "when it is over",
        ),
    ]
    width = max(len(command) for command, _ in steps)
    lines = [f"  {command:<{width}}   {when}" for command, when in steps]
    names = ", ".join(path.name for path in written)
    return (
        "\n".join([f"{template.title}", f"  {template.asks}", "", f"  written: {names}", *lines])
        + "\n"
    )

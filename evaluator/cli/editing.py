"""For those who write an experiment file: `schema`."""

from __future__ import annotations

from evaluator.cli.shared import show


def schema() -> None:
    """Print the JSON Schema of an experiment file, for editors."""
    import json

    from evaluator.experiment.schema import json_schema

    show(json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n")

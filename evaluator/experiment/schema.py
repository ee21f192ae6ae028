"""JSON Schema of an experiment file, for editors."""

from __future__ import annotations

from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from evaluator.experiment.spec import Spec


def json_schema() -> dict[str, Any]:
    """JSON Schema, draft 2020-12, of the tables, keys, types and ranges that `Spec` admits.

    What must hold between tables (`rules.py`) is not in it.
    """
    schema = Spec.model_json_schema(schema_generator=_TomlSchema)
    return {"$schema": GenerateJsonSchema.schema_dialect} | schema | {"title": "Experiment"}


class _TomlSchema(GenerateJsonSchema):
    """TOML has no null: an optional key is left out, not set to nothing."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        if schema.get("default", 0) is None:
            return self.generate_inner(schema["schema"])
        return super().default_schema(schema)

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002
        return False  # a title that repeats the key tells nobody anything

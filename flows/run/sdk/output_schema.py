"""Output schema: a node's JSON Schema as the SDK's output type."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from agents import ModelBehaviorError
from agents.agent_output import AgentOutputSchemaBase
from jsonschema import SchemaError, ValidationError, validate


class OutputMismatchError(ModelBehaviorError):
    """The model's answer does not fit the node's output schema; the text says how."""


class JsonSchemaOutput(AgentOutputSchemaBase):
    """Asks the model for JSON of this schema, and refuses an answer that does not fit."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self._schema = dict(schema)

    def is_plain_text(self) -> bool:
        """JSON is asked for."""
        return False

    def name(self) -> str:
        """Return the schema's title, by which the model is told of it."""
        return str(self._schema.get("title", "output"))

    def json_schema(self) -> dict[str, Any]:
        """Return the schema as the flow has it."""
        return self._schema

    def is_strict_json_schema(self) -> bool:
        """The flow's schema may use all of JSON Schema, which strict mode does not allow."""
        return False

    def validate_json(self, json_str: str) -> Any:
        """Return the answer's JSON value. Raises OutputMismatchError when it does not fit."""
        try:
            value = json.loads(json_str)
            validate(value, self._schema)
        except json.JSONDecodeError as error:
            raise OutputMismatchError(f"it is not JSON ({error}).") from error
        except ValidationError as error:
            raise OutputMismatchError(
                f"it does not fit the output schema at {error.json_path}: {error.message}."
            ) from error
        except SchemaError as error:
            raise OutputMismatchError(
                f"the output schema is no schema: {error.message}."
            ) from error
        return value

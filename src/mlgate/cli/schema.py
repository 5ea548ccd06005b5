"""`mlgate schema`."""

from __future__ import annotations

import json

import click

KINDS = ("config", "policy", "comparison", "plan", "drift", "validation", "monitoring")


@click.command("schema")
@click.argument("kind", type=click.Choice(KINDS), default="config")
def command(*, kind: str) -> int:
    """Print a JSON Schema: of mlgate.yaml (config), of a policy file, or of what a command prints as JSON.

    Save the first as mlgate.schema.json and begin mlgate.yaml with
    `# yaml-language-server: $schema=mlgate.schema.json`: editors then complete and check it.
    """
    if kind == "comparison":
        from mlgate.records import FilesComparison as Document
    elif kind == "drift":
        from mlgate.records import Drift as Document  # type: ignore[assignment]
    elif kind == "monitoring":
        from mlgate.records import Monitoring as Document  # type: ignore[assignment]
    elif kind == "validation":
        from mlgate.records import FileValidation as Document  # type: ignore[assignment]
    elif kind == "plan":
        from mlgate.records import Plan as Document  # type: ignore[assignment]
    elif kind == "policy":
        from mlgate.config.policy import Policy as Document  # type: ignore[assignment]
    else:
        from mlgate.config.model import Config as Document  # type: ignore[assignment]
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **Document.model_json_schema()}
    click.echo(json.dumps(schema, indent=2))
    return 0

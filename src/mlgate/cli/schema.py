"""`mlgate schema`."""

from __future__ import annotations

import json
from importlib import import_module

import click

KINDS = {
    "config": "mlgate.config.model:Config",
    "policy": "mlgate.config.policy:Policy",
    "comparison": "mlgate.records:FilesComparison",
    "plan": "mlgate.records:Plan",
    "drift": "mlgate.records:Drift",
    "validation": "mlgate.records:FileValidation",
    "monitoring": "mlgate.records:Monitoring",
    "verification": "mlgate.records:Verification",
    "diagnosis": "mlgate.records:Diagnosis",
}


@click.command("schema")
@click.argument("kind", type=click.Choice(list(KINDS)), default="config")
def command(*, kind: str) -> int:
    """Print a JSON Schema: of mlgate.yaml (config), of a policy file, or of what a command prints as JSON.

    Save the first as mlgate.schema.json and begin mlgate.yaml with
    `# yaml-language-server: $schema=mlgate.schema.json`: editors then complete and check it.
    """
    module, _, name = KINDS[kind].partition(":")
    document = getattr(import_module(module), name)
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **document.model_json_schema()}
    click.echo(json.dumps(schema, indent=2))
    return 0

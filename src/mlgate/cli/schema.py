"""`mlgate schema`."""

from __future__ import annotations

import json

import click


@click.command("schema")
def command() -> int:
    """Print the JSON Schema of mlgate.yaml.

    Save it as mlgate.schema.json and begin mlgate.yaml with `# yaml-language-server: $schema=mlgate.schema.json`:
    editors then complete and check it.
    """
    from mlgate.config.model import Config

    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **Config.model_json_schema()}
    click.echo(json.dumps(schema, indent=2))
    return 0

"""`mlgate infer-schema`."""

from __future__ import annotations

from pathlib import Path

import click

from mlgate.errors import ConfigError, ExitCode

FILE = click.Path(path_type=Path)


@click.command("infer-schema")
@click.argument("data", type=FILE)
@click.option("--output", "-o", type=FILE, help="Write the schema to this file instead of standard output.")
@click.option("--force", is_flag=True, help="Write over a file that is there.")
def command(*, data: Path, output: Path | None, force: bool) -> int:
    """Draft a schema from DATA, for a person to correct: types, nulls, ranges with room, lists of few values.

    DATA is a Parquet, CSV, JSONL or Arrow file, or a folder or pattern of such. The draft is pandera's YAML, commented.
    """
    from mlgate.adapters.files import write_text
    from mlgate.data.files.read import scan
    from mlgate.data.schema.infer import infer

    if output is not None and output.exists() and not force:
        raise ConfigError(f"{output} is there already", hint="name another file, or pass --force to write over it")
    text = infer(scan(data), file=str(data))
    if output is None:
        click.echo(text, nl=False)
    else:
        write_text(output, text)
    return ExitCode.PASSED

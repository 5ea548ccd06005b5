"""`mlgate infer-schema`."""

from __future__ import annotations

from pathlib import Path

import click

from mlgate.cli.common import data_name, local
from mlgate.errors import ConfigError, ExitCode

FILE = click.Path(path_type=Path)


@click.command("infer-schema")
@click.argument("data", type=data_name)
@click.option("--output", "-o", type=FILE, help="Write the schema to this file instead of standard output.")
@click.option("--force", is_flag=True, help="Write over a file that is there.")
def command(*, data: str | Path, output: Path | None, force: bool) -> int:
    """Draft a schema from DATA, for a person to correct: types, nulls, ranges with room, lists of few values.

    DATA is a Parquet, CSV, JSONL or Arrow file, a folder or pattern of such, or a URL. The draft is pandera's YAML.
    """
    from mlgate.adapters.files import write_text
    from mlgate.adapters.log import harmless, open_console
    from mlgate.adapters.runner import read_runner
    from mlgate.config.address import shown
    from mlgate.data.files.read import scan
    from mlgate.data.schema.infer import infer

    if output is not None and output.exists() and not force:
        raise ConfigError(f"{output} is there already", hint="name another file, or pass --force to write over it")
    around = read_runner()
    path = local(data, open_console(on_actions=around.on_actions, as_json=output is None), around)
    text = infer(scan(path), file=shown(str(data)))
    if output is None:
        click.echo(harmless(text) if around.on_actions else text, nl=False)
    else:
        write_text(output, text)
        click.echo(f"wrote {output}", err=True)
    return ExitCode.PASSED

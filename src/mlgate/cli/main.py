"""The `mlgate` command group; a command's module is imported when it is called, so that `--help` stays quick."""

from __future__ import annotations

from importlib import import_module

import click

from mlgate import __version__

COMMANDS = {
    "init": "Write a commented mlgate.yaml and the workflows for this repository.",
    "schema": "Print the JSON Schema of mlgate.yaml, for editors.",
    "plan": "Say how many held-out rows the gate needs, before anything is trained.",
    "infer-schema": "Draft a schema from data, for a person to correct.",
    "drift": "Say how far data moved from a reference, and whether that matters.",
    "monitor": "Say how a model does in later predictions, with labels or without.",
    "profile": "Count what data looks like, in a few kilobytes a column.",
    "validate": "Check the data before anything is trained on it.",
    "train": "Train a candidate, tracked and registered.",
    "compare": "Compare the candidate with production and decide.",
    "report": "Write the report, and the pull-request comment.",
    "promote": "Make the reviewed candidate production.",
    "rollback": "Make an earlier version production again.",
    "history": "Show what was production when, and why.",
    "verify": "Check a version's bytes, and which of its files run code when loaded.",
    "doctor": "Check alias, history and files, workflows and credentials.",
    "run": "Do what this event asks for: check a pull request, or promote.",
}


class LazyGroup(click.Group):
    """A group that knows its commands by name and first line, and imports only the one that runs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the commands in the order of the road."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of one command."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"mlgate.cli.{cmd_name.replace('-', '_')}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the table of commands without importing them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Suggest the nearest command for one that does not exist."""
        import difflib

        name = args[0] if args else ""
        near = difflib.get_close_matches(name, COMMANDS, n=1)
        if name not in COMMANDS and near:
            ctx.fail(f"No such command {name!r}; did you mean {near[0]!r}?")
        return super().resolve_command(ctx, args)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="mlgate")
def main() -> None:
    """CI/CD for models: validate, train, compare, report, promote.

    Exit codes: 0 passed; 1 the gate says no; 2 the request is wrong; 3 the registry, GitHub or the network failed;
    4 stale, compare again; 70 a bug in mlgate.
    """

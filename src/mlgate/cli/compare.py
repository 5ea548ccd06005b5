"""`mlgate compare`."""

from __future__ import annotations

from pathlib import Path

import click

from mlgate.cli.common import READS, common_options, open_workspace, publish_alone, take_step, token_option

FILE = click.Path(path_type=Path)


@click.command("compare")
@common_options
@click.option("--candidate-predictions", type=FILE, help="A file of the candidate's predictions, to compare files.")
@click.option("--production-predictions", type=FILE, help="A file of production's predictions on the same rows.")
@click.option("--policy", type=FILE, help="The policy that two files are compared by.")
@token_option(READS)
def command(  # noqa: PLR0913 (options are arguments)
    *,
    config: Path,
    model: tuple[str, ...],
    as_json: bool,
    candidate_predictions: Path | None,
    production_predictions: Path | None,
    policy: Path | None,
    github_token: str | None,
) -> int:
    """Compare the candidate with production on the same held-out rows, and decide by the gate's rules.

    Rows are paired by key. Each rule is judged by a confidence interval; what the data cannot decide is INCONCLUSIVE,
    which blocks unless the gate says otherwise. Before the first promotion only absolute bounds are judged.

    With --policy and --candidate-predictions it needs no mlgate.yaml, no registry and no git: it compares two files.
    """
    if policy or candidate_predictions or production_predictions:
        if not (policy and candidate_predictions):
            raise click.UsageError("to compare files, give --policy and --candidate-predictions")
        return _compare_files(policy, candidate_predictions, production_predictions, as_json=as_json)
    from mlgate.cli.show import show_comparison
    from mlgate.steps.compare import compare

    workspace = open_workspace(config, as_json=as_json, token=github_token)
    return take_step(workspace, workspace.loaded.choose(model), compare, show_comparison, as_json=as_json)


def _compare_files(policy: Path, candidate: Path, production: Path | None, *, as_json: bool) -> int:
    from mlgate.adapters.log import open_console
    from mlgate.adapters.runner import read_runner
    from mlgate.cli.show import show_files_comparison
    from mlgate.config.load import load_policy
    from mlgate.steps.compare_files import compare_files

    around = read_runner()
    console = open_console(on_actions=around.on_actions, as_json=as_json)
    folder, environment = policy.absolute().parent, around.environment
    found = compare_files(load_policy(policy), candidate, production, folder=folder, environment=environment)
    show_files_comparison(console, found)
    return publish_alone(around, found, as_json=as_json)

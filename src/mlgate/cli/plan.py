"""`mlgate plan`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mlgate.cli.common import config_option, echo_json, finite, json_option
from mlgate.errors import ExitCode

if TYPE_CHECKING:
    from mlgate.config.gate import Gate
    from mlgate.records import MetricResult, Plan

FILE = click.Path(path_type=Path)
SHARE = click.FloatRange(0, 1, min_open=True, max_open=True)


@click.command("plan")
@config_option
@json_option
@click.option("--model", help="A model of the configuration; may be left out where there is one.")
@click.option("--policy", type=FILE, help="A policy file, instead of the configuration.")
@click.option("--rows", type=click.IntRange(min=2), help="How many held-out rows there are: say what they can show.")
@click.option(
    "--disagreement",
    type=SHARE,
    callback=finite,
    default=0.1,
    show_default=True,
    help="Share of rows that exactly one model gets right.",
)
@click.option(
    "--effect",
    type=click.FloatRange(0, min_open=True),
    callback=finite,
    default=0.01,
    show_default=True,
    help="How much better the candidate is thought to be, for rules of superiority.",
)
@click.option("--pilot", type=FILE, help="What `mlgate compare --json` printed once, for metrics other than shares.")
def command(  # noqa: PLR0913 (options are arguments)
    *,
    config: Path,
    as_json: bool,
    model: str | None,
    policy: Path | None,
    rows: int | None,
    disagreement: float,
    effect: float,
    pilot: Path | None,
) -> int:
    """Say how many held-out rows the gate needs, before anything is trained.

    Each rule is to pass in four cases of five when what is assumed is true. The same rows serve all rules: the largest
    number counts.
    """
    from mlgate.evaluation.power import Assumed, plan

    assumed = Assumed(
        disagreement=disagreement, effect=effect, rows=rows, pilot=_pilot(pilot) if pilot is not None else ()
    )
    found = plan(_gate(config, model, policy), assumed)
    if as_json:
        echo_json(found.model_dump_json(indent=2))
    else:
        _show(found)
    return ExitCode.PASSED


def _gate(config: Path, model: str | None, policy: Path | None) -> Gate:
    from mlgate.config.load import load, load_policy

    if policy is not None:
        return load_policy(policy).gate
    models = load(config).choose([model] if model else [])
    if len(models) > 1:
        raise click.UsageError(f"name one model with --model: {', '.join(models)}")
    return next(iter(models.values())).gate


def _pilot(path: Path) -> tuple[MetricResult, ...]:
    """Read the results of a comparison, of two files or of a candidate."""
    import json

    from pydantic import TypeAdapter, ValidationError

    from mlgate.errors import ConfigError
    from mlgate.records import MetricResult

    try:
        read = json.loads(path.read_text(encoding="utf-8"))
        documents = read if isinstance(read, list) else [read]
        results = [result for document in documents for result in document["results"]]
        results += [result for document in documents for part in document["slices"] for result in part["results"]]
        return TypeAdapter(tuple[MetricResult, ...]).validate_python(results)
    except (OSError, ValueError, TypeError, KeyError, ValidationError) as error:
        raise ConfigError(
            f"{path} {'cannot be read' if isinstance(error, OSError) else 'holds no comparison'}",
            hint="write one with `mlgate compare --policy … --candidate-predictions … --json > pilot.json`",
        ) from error


def _show(found: Plan) -> None:
    from mlgate.adapters.log import open_console
    from mlgate.adapters.runner import read_runner
    from mlgate.cli.common import line
    from mlgate.evaluation.wording import count, rounded

    console = open_console(on_actions=read_runner().on_actions, as_json=False)
    console.print(line(f"to pass in {found.power:.0%} of cases, each interval at {found.confidence_level:.6g}"))
    for rule in found.rules:
        console.print(line(f"    {rule.rule}: {rule.sentence}"))
    needed = [rule.needed for rule in found.rules if rule.needed is not None]
    unknown = sum(rule.open for rule in found.rules)
    if unknown:
        console.print(line(f"{count(unknown, 'rule')} of {len(found.rules)}: no number is known, or none would do"))
    if needed:
        console.print(line(f"{'the others' if unknown else 'all of them'}: about {rounded(max(needed))} rows"))
    if found.labels_of_ease_ml is not None:
        console.print(
            line(
                f"ease.ml/ci asks for {count(found.labels_of_ease_ml, 'label')}, whatever the rows are like (Hoeffding)"
            )
        )

"""Great Expectations, and the only module that imports it: its rules, asked one by one of a pandas frame.

It works in memory only, and what it writes to logs and terminals while it works is dropped.
"""

from __future__ import annotations

import logging
import sys
import warnings
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from importlib import import_module
from io import StringIO
from typing import TYPE_CHECKING, Any

from mlgate.errors import ConfigError, install

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import pandas as pd

CLAMP = 200


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What became of one rule: `failed` where it could not be judged, `count` where it is about single rows."""

    holds: bool
    failed: str = ""
    count: int | None = None
    rows: tuple[int, ...] = ()
    observed: str = ""


def require(path: Path) -> None:
    """Import it; raises ConfigError where it, or what brings data to it, is not installed."""
    try:
        with quiet(), _main_file():
            for library in ("great_expectations", "pandas", "pyarrow"):
                import_module(library)
    except ImportError as error:
        raise ConfigError(
            f"{path} is a suite of Great Expectations, and {error.name} is not installed",
            hint=install("gx"),
        ) from error


@contextmanager
def _main_file() -> Iterator[None]:
    """Give the main module a file while Great Expectations is imported, where it has none (`python -c`, a test worker).

    It imports pyspark where that is installed, which takes a main module without a file for doctests of its own, and
    exits the process with code 0.
    """
    main = sys.modules["__main__"]
    if hasattr(main, "__file__"):
        yield
        return
    main.__file__ = "<mlgate>"
    try:
        yield
    finally:
        del main.__file__


def make(rule: str, arguments: Mapping[str, Any]) -> Any:  # noqa: ANN401 (its rules have no common public class)
    """Make one of its rules; raises ValueError that says what is wrong with the name or the arguments."""
    from great_expectations.exceptions.exceptions import GreatExpectationsError
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration

    try:
        with quiet():
            return ExpectationConfiguration(type=rule, kwargs=dict(arguments)).to_domain_obj()
    except (GreatExpectationsError, ValueError, TypeError, KeyError) as error:
        raise ValueError(_problems(error)) from error


def known_rules() -> list[str]:
    """List the rules that there are."""
    from great_expectations.expectations.registry import list_registered_expectation_implementations

    with quiet():
        return sorted(list_registered_expectation_implementations())


def ask(frame: pd.DataFrame, rules: list[Any], *, limit: int) -> list[Answer]:
    """Ask the rules of a frame; of the rows that break one, the positions of the first `limit` come back."""
    with quiet():
        batch = _batch(frame)
        shape = {
            "result_format": "SUMMARY",
            "partial_unexpected_count": limit,
            "exclude_unexpected_values": True,
            "return_unexpected_index_query": False,  # a text with every bad row in it
        }
        return [_answer(batch, rule, shape, limit) for rule in rules]


@contextmanager
def quiet() -> Iterator[None]:
    """Drop warnings, log messages, and what is printed, meanwhile."""
    disabled = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with redirect_stdout(StringIO()), redirect_stderr(StringIO()), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(disabled)


def _batch(frame: pd.DataFrame) -> Any:  # noqa: ANN401
    """Hand the frame over in a context of its own: one that is used again keeps every frame."""
    import great_expectations as gx
    from great_expectations.data_context.types.base import (
        DataContextConfig,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )

    config = DataContextConfig(
        store_backend_defaults=InMemoryStoreBackendDefaults(),
        analytics_enabled=False,
        progress_bars=ProgressBarsConfig(globally=False, metric_calculations=False),
    )
    context = gx.get_context(mode="ephemeral", project_config=config)
    asset = context.data_sources.add_pandas("data").add_dataframe_asset("file")
    return asset.add_batch_definition_whole_dataframe("rows").get_batch({"dataframe": frame})


def _answer(batch: Any, rule: Any, shape: Mapping[str, Any], limit: int) -> Answer:  # noqa: ANN401
    try:
        found = batch.validate(rule, result_format=dict(shape))
    # a rule is code of many hands, and may raise anything
    except (Exception, SystemExit) as error:  # noqa: BLE001
        return Answer(holds=False, failed=f"{type(error).__name__}: {_first_line(error)}")
    if found.success:
        return Answer(holds=True)
    result = found.result or {}
    observed = result.get("observed_value")
    return Answer(
        holds=False,
        failed=_raised(found.exception_info or {}),
        count=int(result["unexpected_count"]) if "element_count" in result else None,
        rows=tuple(int(row) for row in (result.get("partial_unexpected_index_list") or [])[:limit]),
        observed="" if observed is None else str(observed)[:CLAMP],
    )


def _raised(told: Mapping[str, Any]) -> str:
    """Say what was raised: there is one report for the rule, or one for each number that it is made of."""
    reports = [told] if "raised_exception" in told else [one for one in told.values() if isinstance(one, dict)]
    raised = [str(one.get("exception_message") or "no message") for one in reports if one.get("raised_exception")]
    return _first_line(raised[0]) if raised else ""


def _problems(error: Exception) -> str:
    """Say what is wrong with arguments; the classes of Great Expectations list it by name."""
    listed = getattr(error, "errors", None)
    if not callable(listed):
        return _first_line(error)
    named = ((".".join(map(str, one["loc"])), one["msg"]) for one in listed())
    return "; ".join(said if name == "__root__" else f"{name}: {said}" for name, said in named)[:CLAMP]


def _first_line(said: object) -> str:
    return (str(said).strip() or "no message").splitlines()[0][:CLAMP]

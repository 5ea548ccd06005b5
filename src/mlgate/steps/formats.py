"""Judge the files of a downloaded version, and let the policy say what follows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlgate.escape import visible
from mlgate.promotion.formats import Format, ModelFile, judge_files
from mlgate.promotion.values import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from typing import BinaryIO

    from mlgate.steps.workspace import Workspace

SHOWN = 3
SAFELY = (
    'save it as data only: mlflow.sklearn.log_model(…, serialization_format="skops"), '
    "or a library's own format with mlflow.xgboost, lightgbm, catboost or onnx"
)


class StoppedError(Exception):
    """A step saw what only the files show: the plan is a refusal after all."""

    def __init__(self, refusal: Refusal) -> None:
        """Carry the refusal."""
        super().__init__(refusal.sentence)
        self.refusal = refusal


def read_formats(folder: Path, entries: Mapping[str, tuple[int, str]]) -> dict[str, Format]:
    """Judge every file of a model's folder, by its path; reads heads and indexes, and loads nothing."""
    return judge_files(
        ModelFile(path=path, size=size, open=_opener(folder / path)) for path, (size, _) in entries.items()
    )


def _opener(path: Path) -> Callable[[], BinaryIO]:
    return lambda: path.open("rb")


def flagged(judged: Mapping[str, Format]) -> dict[str, Format]:
    """Keep what is not known to be safe: code first, then what is unknown."""
    return dict(
        sorted(
            ((path, found) for path, found in judged.items() if found.loading != "safe"),
            key=lambda entry: (entry[1].loading != "code", entry[0]),
        )
    )


def describe(found: Mapping[str, Format]) -> str:
    """Name flagged files and what is wrong with each, the first few of them."""
    named = [f"{visible(path)} ({visible(judged.reason, 300)})" for path, judged in list(found.items())[:SHOWN]]
    more = [f"{len(found) - SHOWN:,} more files"] if len(found) > SHOWN else []
    return ", ".join(named + more)


def check_formats(
    workspace: Workspace, name: str, folder: Path, entries: Mapping[str, tuple[int, str]]
) -> Refusal | None:
    """Warn of files that are not known to load as data only, or refuse them, as `promotion.formats` says."""
    policy = workspace.loaded.config.promotion.formats
    found = {} if policy == "off" else flagged(read_formats(folder, entries))
    if not found:
        return None
    files = "1 file is" if len(found) == 1 else f"{len(found):,} files are"
    sentence = f"{files} not known to load without running code: {describe(found)}"
    if policy == "refuse":
        return Refusal(reason="unsafe_format", sentence=f"{sentence}; {SAFELY}")
    workspace.warn(f"{name}: {sentence}; {SAFELY}")
    return None

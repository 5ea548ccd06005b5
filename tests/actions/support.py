"""The actions and workflows of this repository, read as data."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
ACTIONS = {"run": ROOT / "action.yml"} | {path.parent.name: path for path in sorted(ROOT.glob("actions/*/action.yml"))}
EXAMPLES = sorted((ROOT / "workflows-examples").glob("*.yml"))
OWN = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")


def read(path: Path) -> Any:
    """Read a YAML file; `on` stays a word."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 (strings only)


def steps(path: Path) -> list[dict[str, Any]]:
    """List the steps of an action, or of all jobs of a workflow."""
    content = read(path)
    if "runs" in content:
        return list(content["runs"]["steps"])
    return [step for job in content["jobs"].values() for step in job["steps"]]

"""The repository's workflow files."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

PLACE = ".github/workflows"


def read_workflow_files(folder: Path) -> dict[str, str]:
    """Return the text of each workflow file of the repository that holds `folder`, by its path in the repository."""
    root = next((above for above in (folder, *folder.parents) if (above / ".git").exists()), folder)
    paths = [path for path in sorted((root / PLACE).glob("*")) if path.suffix in {".yml", ".yaml"} and path.is_file()]
    return {f"{PLACE}/{path.name}": path.read_text(encoding="utf-8", errors="replace") for path in paths}

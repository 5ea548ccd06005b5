"""Write the lock files: hashes of every file, no address of any registry."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

TOGETHER = ["--constraint", "requirements/dev.txt"]  # the versions that were found to go together
LOCKS = {
    "uv": ["requirements/uv.in"],
    "dev": ["pyproject.toml", "--group", "dev", "--all-extras"],
    "report": ["pyproject.toml", "--group", "build"],
    "suite": ["pyproject.toml", "--group", "build", "--extra", "suite", *TOGETHER],
    "local": ["pyproject.toml", "--group", "build", "--extra", "suite", "--extra", "local", *TOGETHER],
}
# what the actions' input `extras` may name: each lock holds what is added to the suite's environment
EXTRAS = ("remote", "s3", "gcs", "azure", "delta", "drift", "pandas", "contracts", "gx", "spark")
OPTIONS = [
    "--quiet",
    "--universal",
    "--python-version",
    "3.11",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-header",
]


def main() -> None:
    """Resolve each set anew, keeping today's versions where they still fit."""
    for name, sources in LOCKS.items():
        compile_lock(name, sources)
    there = names(Path("requirements/suite.txt").read_text(encoding="utf-8"))
    left_out = [word for name in there for word in ("--no-emit-package", name)]
    for extra in EXTRAS:
        sources = ["pyproject.toml", "--extra", "suite", "--extra", extra, *TOGETHER]
        compile_lock(f"extra-{extra}", [*sources, *left_out])


def compile_lock(name: str, sources: list[str]) -> None:
    """Write one lock file."""
    uv = Path(sys.executable).with_name("uv")
    subprocess.run([uv, "pip", "compile", *OPTIONS, *sources, "-o", f"requirements/{name}.txt"], check=True)


def names(lock: str) -> list[str]:
    """List the packages that a lock file names."""
    return sorted(set(re.findall(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?==", lock, re.MULTILINE)))


if __name__ == "__main__":
    main()

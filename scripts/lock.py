"""Write the lock files: hashes of every file, no address of any registry."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

LOCKS = {
    "uv": ["requirements/uv.in"],
    "report": ["pyproject.toml", "--group", "build"],
    "suite": ["pyproject.toml", "--group", "build", "--extra", "suite"],
    "local": ["pyproject.toml", "--group", "build", "--extra", "suite", "--extra", "local"],
    "dev": ["pyproject.toml", "--group", "dev", "--all-extras"],
}
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
    uv = Path(sys.executable).with_name("uv")
    for name, sources in LOCKS.items():
        subprocess.run([uv, "pip", "compile", *OPTIONS, *sources, "-o", f"requirements/{name}.txt"], check=True)


if __name__ == "__main__":
    main()

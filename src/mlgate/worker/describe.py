"""Say what this Python is: version, operating system, CUDA driver, installed packages."""

from __future__ import annotations

import json
import platform
import subprocess
import sys


def main(answer_path):
    """Write the description as JSON."""
    from importlib.metadata import distributions

    packages: dict[str, str] = {}
    for distribution in distributions():
        name = distribution.metadata["Name"]
        if name:
            packages.setdefault(name.lower().replace("_", "-"), distribution.version)
    answer = {
        "python": platform.python_version(),
        "os": platform.platform(),
        "cuda": cuda_driver(),
        "packages": dict(sorted(packages.items())),
    }
    with open(answer_path, "w", encoding="utf-8") as file:
        json.dump(answer, file)


def cuda_driver():
    """Return the NVIDIA driver's version, or None where there is none."""
    try:
        said = subprocess.run(
            ["nvidia-smi", "--query-gpu=driver_version", "--format=csv,noheader"],
            capture_output=True,
            text=True,
            timeout=10,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return said.stdout.strip().splitlines()[0] if said.stdout.strip() else None


if __name__ == "__main__":
    main(sys.argv[2])

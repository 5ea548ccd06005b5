"""What the input `extras` adds to mlgate's own environment, built from the locks as in a job."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.bed.suite import launch


def test_an_extra_is_there_in_an_environment_of_its_own(tmp_path: Path) -> None:
    """With delta the suite reads Delta tables, in whatever order and number words come; without it is another place."""
    for extras in ("delta", " delta  delta "):
        done = launch(extras, tmp_path)
        assert done.returncode == 0, done.stderr
    (place,) = [path.parent for path in (tmp_path / "mlgate").glob("*/ready")]
    code = "import deltalake, mlgate.data.files.read"
    assert subprocess.run([place / "bin" / "python", "-I", "-c", code], check=False).returncode == 0
    missing = subprocess.run([place / "bin" / "python", "-I", "-c", "import fsspec"], capture_output=True, check=False)
    assert missing.returncode == 1

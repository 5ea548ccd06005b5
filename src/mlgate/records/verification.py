"""What was found in the files of a version, without loading them."""

from __future__ import annotations

from typing import Literal

from mlgate.records.base import FORMAT
from mlgate.verdict import Finding, Value, Verdict


class FileFormat(Value):
    """One file: its bytes, and whether it loads as data (`safe`), runs code when loaded, or is of no known format."""

    path: str
    bytes: int
    sha256: str
    kind: str
    loading: Literal["safe", "code", "unknown"]
    reason: str = ""


class Verification(Value):
    """What `mlgate verify` found; `recorded_digest` is of the files as they were registered."""

    format: Literal[1] = FORMAT
    mlgate: str
    model: str
    name: str
    version: str
    manifest_digest: str
    recorded_digest: str | None
    files: tuple[FileFormat, ...]
    findings: tuple[Finding, ...]
    verdict: Verdict

"""What every record carries: the code, data files, versions, the verdict."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, ClassVar, Literal

from pydantic import AwareDatetime, Field

from mlgate.verdict import Value, Verdict

FORMAT: Literal[1] = 1
Count = Annotated[int, Field(ge=0, le=2**63 - 1)]  # a record may come from anybody, and a larger number is none of ours


class Code(Value):
    """Which code ran: the commit, and a digest of the git trees of the declared inputs.

    `inputs_digest` survives squash, rebase and merge (it never names a commit). `dirty` lists declared inputs
    that differ from the commit; a candidate made from such a tree cannot be promoted.
    """

    commit: str
    inputs_digest: str
    inputs: tuple[str, ...]
    dirty: tuple[str, ...] = ()
    branch: str = ""


class DataFile(Value):
    """One data file as it was read; `sha256` is of its bytes."""

    role: Literal["training", "held-out"]
    path: str
    sha256: str
    rows: Count
    columns: Count
    bytes: Count


class Version(Value):
    """A version of a registered model; `manifest_digest` is over path, size and sha256 of every file."""

    name: str
    version: str
    run_id: str
    manifest_digest: str
    files: Count = 0
    bytes: Count = 0


class Record(Value):
    """What every record carries."""

    step: ClassVar[str]

    format: Literal[1] = FORMAT
    model: str
    mlgate: str
    created_at: AwareDatetime = Field(default_factory=lambda: datetime.now(UTC))
    code: Code
    verdict: Verdict

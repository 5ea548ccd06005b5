"""A real MLflow server on loopback."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.bed.processes import free_port, serving

THREADS = "--worker-class gthread --threads 8 --keep-alive 60"


@contextmanager
def mlflow_server(
    folder: Path,
    store: str | None = None,
    options: Sequence[str] = (),
    environment: Mapping[str, str] | None = None,
    processes: int = 1,
) -> Iterator[str]:
    """Serve the registry kept in `folder`, or in the database `store` and `folder`, and give its address.

    One process is uvicorn's, as MLflow serves by default. Several are gunicorn's: of uvicorn's, each answers some 40 ms
    late (docs/promotion.md says why).
    """
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", str(processes), *(["--gunicorn-opts", THREADS] if processes > 1 else [])]
    command += ["--backend-store-uri", store or f"sqlite:///{folder / 'mlflow.db'}"]
    command += ["--artifacts-destination", (folder / "artifacts").as_uri(), *options]
    quiet = {"MLFLOW_DISABLE_TELEMETRY": "true", "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}
    around = {**quiet, **(environment or {})}
    with serving(command, url=f"{address}/health", log=folder / "mlflow.log", environment=around):
        yield address

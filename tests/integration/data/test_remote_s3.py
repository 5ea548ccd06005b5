"""Data behind s3://, read by s3fs from moto's server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import polars as pl
import pytest
from moto.server import ThreadedMotoServer
from rich.console import Console

from mlgate.__main__ import run
from mlgate.adapters.remote import Progress, fetch
from mlgate.data.files.read import scan
from mlgate.errors import DataError, StoreError

QUIET = Progress(Console(quiet=True))


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """An empty bucket `data`, where a workflow's `env:` would lead."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    _, port = server.get_host_and_port()
    for name, value in {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    client = boto3.client("s3")
    client.create_bucket(Bucket="data")
    yield client
    for one in client.list_objects_v2(Bucket="data").get("Contents", []):
        client.delete_object(Bucket="data", Key=one["Key"])
    server.stop()


def put(bucket: Any, folder: Path, key: str, rows: list[int]) -> None:
    """Put a Parquet file."""
    pl.DataFrame({"x": rows}).write_parquet(folder / "put.parquet")
    bucket.put_object(Bucket="data", Key=key, Body=(folder / "put.parquet").read_bytes())


def test_files_folders_and_patterns_are_fetched(bucket: Any, tmp_path: Path) -> None:
    """Hive folders keep their columns, a neighbour with a longer name is not taken, an empty marker is no file."""
    put(bucket, tmp_path, "t/origin=JFK/a.parquet", [1])
    put(bucket, tmp_path, "t/origin=LGA/a.parquet", [2])
    put(bucket, tmp_path, "t2/b.parquet", [9])
    bucket.put_object(Bucket="data", Key="t/", Body=b"")
    bucket.put_object(Bucket="data", Key="t/_SUCCESS", Body=b"")
    for url in ("s3://data/t", "s3://data/t/", "s3://data/t/*/a.parquet"):
        assert scan(fetch(url, tmp_path / "cache", QUIET)).collect().rows() == [(1, "JFK"), (2, "LGA")], url
    assert scan(fetch("s3://data/t2/b.parquet", tmp_path / "cache", QUIET)).collect().rows() == [(9,)]


def test_a_part_that_changes_or_comes_is_seen(bucket: Any, tmp_path: Path) -> None:
    """The listing says so, without reading a byte of what stayed."""
    put(bucket, tmp_path, "t/a.parquet", [1])
    put(bucket, tmp_path, "t/b.parquet", [2])
    first = fetch("s3://data/t", tmp_path / "cache", QUIET)
    assert fetch("s3://data/t", tmp_path / "cache", QUIET) == first
    put(bucket, tmp_path, "t/b.parquet", [3])
    assert scan(fetch("s3://data/t", tmp_path / "cache", QUIET)).collect()["x"].to_list() == [1, 3]
    put(bucket, tmp_path, "t/c.parquet", [4])
    assert scan(fetch("s3://data/t", tmp_path / "cache", QUIET)).collect()["x"].to_list() == [1, 3, 4]


def test_a_name_that_climbs_is_refused(bucket: Any, tmp_path: Path) -> None:
    """A key may be anything; a file name may not."""
    put(bucket, tmp_path, "t/a.parquet", [1])
    put(bucket, tmp_path, "t/../../evil.parquet", [1])
    with pytest.raises(DataError, match="would lie outside"):
        fetch("s3://data/t", tmp_path / "cache", QUIET)
    assert not list(tmp_path.rglob("evil.parquet"))


@pytest.mark.parametrize("url", ["s3://data/none.parquet", "s3://nobucket/x.parquet", "s3://data/none-*.parquet"])
@pytest.mark.usefixtures("bucket")
def test_what_is_not_there_is_named(tmp_path: Path, url: str) -> None:
    """A key, a bucket, a pattern."""
    with pytest.raises(DataError) as caught:
        fetch(url, tmp_path, QUIET)
    assert url in caught.value.message


def test_without_credentials_their_names_are_told(
    bucket: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2, and which variables of the environment are missing."""
    put(bucket, tmp_path, "x.parquet", [1])
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("MLGATE_DATA_CACHE", str(tmp_path / "cache"))
    assert run(["profile", "s3://data/x.parquet"]) == 2
    said = capsys.readouterr().err
    assert "s3://data/x.parquet may not be read with these credentials" in said
    assert "AWS_ACCESS_KEY_ID" in said
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI")


def test_a_store_that_is_away_is_the_outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its address is told, and that it is not the data's fault."""
    for name, value in {
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI",
        "AWS_MAX_ATTEMPTS": "1",
    }.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(StoreError, match="s3://data/x.parquet could not be fetched") as caught:
        fetch("s3://data/x.parquet", tmp_path, QUIET)
    assert "wJalrXUtnFEMI" not in caught.value.message

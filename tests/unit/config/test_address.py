"""Names of data: what is a URL, and what of it people and records may see."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlgate.config.address import is_url, plain_path, shown, without_secrets
from mlgate.config.data import Data
from mlgate.errors import ConfigError

SECRET = st.text("abcdefghijklmnopqrstuvwxyzABCDEF0123456789-_.~%+", min_size=8, max_size=40).map("zq9".__add__)
SHOWN = {
    "data/part-*.parquet": "data/part-*.parquet",
    "s3://bucket/path/part-?.parquet": "s3://bucket/path/part-?.parquet",
    "s3://bucket/t/origin=JFK/x.parquet": "s3://bucket/t/origin=JFK/x.parquet",
    "s3://key:secret@bucket/x.parquet?versionId=12": "s3://bucket/x.parquet",
    "https://ada:pass@host:8080/x.csv?X-Amz-Signature=1f#top": "https://host:8080/x.csv",
    "https://ada:pa/ss@host/x.csv": "https://host/x.csv",
    "https://host?sig=abc": "https://host",
    "abfs://container@account.dfs.core.windows.net/x.parquet": "abfs://container@account.dfs.core.windows.net/x.parquet",
    "abfs://container@account/x.parquet?sig=abc": "abfs://container@account/x.parquet",
    "zip://x.csv::https://ada:pass@host/x.zip": "zip://x.csv::https://host/x.zip",
    "HTTPS://ada:pass@host/x.csv": "HTTPS://host/x.csv",
}


@pytest.mark.parametrize("named", SHOWN)
def test_a_url_is_shown_without_what_opens_it(named: str) -> None:
    """User, password and query go; a path, a pattern and Azure's container stay."""
    assert shown(named) == SHOWN[named]
    assert shown(shown(named)) == SHOWN[named]


@given(
    kind=st.sampled_from(["https", "http", "s3", "gs", "abfs", "sftp"]), user=SECRET, password=SECRET, signature=SECRET
)
def test_no_secret_is_left_in_what_is_said(kind: str, user: str, password: str, signature: str) -> None:
    """Whatever an error says about a URL, or quotes of it, the secrets are taken out."""
    url = f"{kind}://{user}:{password}@host/data/x.parquet?sig={signature}&v=2"
    said = without_secrets(
        f"GET {url!r}: user {user} may not; {password}! redirected to https://o/x?sig={signature}", url
    )
    for secret in (user, password, signature):
        assert secret not in shown(url)
        assert secret not in said


def test_paths_are_no_urls() -> None:
    """A drive letter, a relative path and file:// are of this machine."""
    for named in ("data/x.csv", "/data/x.csv", "C://x.csv", "a::b.csv", "file:///data/x.csv"):
        assert not is_url(named), named
    assert plain_path("file:///data/with%20space.csv") == "/data/with space.csv"
    with pytest.raises(ConfigError, match="another machine"):
        plain_path("file://host/x.csv")


def test_a_configuration_is_written_without_credentials() -> None:
    """Records, MLflow and digests have the URL as it is shown, so that a new signature changes nothing."""
    reference = {"column": "a", "file": "https://u:pass@host/a.csv?sig=1", "to": "b"}
    data = Data.model_validate(
        {"train": "https://host/x.csv?sig=1", "held_out": "h.csv", "key": "id", "label": "y", "references": [reference]}
    )
    written = data.model_dump(mode="json")
    assert (written["train"], written["held_out"]) == ("https://host/x.csv", "h.csv")
    assert written["references"][0]["file"] == "https://host/a.csv"
    assert data.train == "https://host/x.csv?sig=1"

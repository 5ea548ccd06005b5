"""The registry's address is shown without what opens it."""

from __future__ import annotations

import pytest

from mlgate.adapters.registry.connection import shown_uri, store_of, without_credentials


@pytest.mark.parametrize(
    ("uri", "shown"),
    [
        ("http://mlflow.example.org:5000", "http://mlflow.example.org:5000"),
        ("http://bob:canary@host:5000/x", "http://host:5000/x"),
        ("http://bob:can/ary@host", "http://host"),
        ("http://bob:can#ary@host", "http://host"),
        ("http://bob:can@ary@host", "http://host"),
        ("http://bob:canary@[bad", "http://[bad"),
        ("https://host/?token=canary", "https://host/"),
        ("sqlite:////home/a@b/mlflow.db", "sqlite:////home/a@b/mlflow.db"),
    ],
)
def test_an_address_is_shown_without_its_password(uri: str, shown: str) -> None:
    """However the password is written; a file's path may hold any sign."""
    assert shown_uri(uri) == shown
    assert "canary" not in without_credentials(f"could not connect to {uri}", uri).replace("?token=canary", "")


def test_a_path_is_in_the_file_s_store() -> None:
    """As an address of a file is; elsewhere the host counts, and nobody's name."""
    assert store_of("/srv/mlruns/0") == store_of("file:///srv/mlruns/1") == "file://"
    assert store_of("s3://user:secret@bucket/a") == "s3://bucket"

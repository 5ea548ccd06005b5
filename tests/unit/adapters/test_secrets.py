"""Secrets of the environment are not repeated, and ordinary words are."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from mlgate.adapters.process import run
from mlgate.adapters.secrets import hiding


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("MLFLOW_TRACKING_PASSWORD", "canary-1", "login with canary-1 failed"),
        ("AWS_SECRET_ACCESS_KEY", "can/ary+2", "key=can/ary+2"),
        ("OPENAI_API_KEY", "sk-canary", "sk-canary"),
        ("DATABASE_URL", "postgresql://bob:canary3@host/x", "password canary3"),
        ("DATABASE_URL", "postgresql://bob:can%40ary@host/x", "password can@ary, or can%40ary"),
        ("DEPLOY_PRIVATE_KEY", "-----BEGIN-----\ncanary4line\n-----END-----", "canary4line"),
        ("DB_PASS", "canary-5", "canary-5"),
        ("PGPASS", "canary-5", "canary-5"),
        ("COOKIE_SIGNING_KEY", "canary-6", "canary-6"),
        ("ENCRYPTION_KEY", "canary-6", "canary-6"),
        ("AZURE_STORAGE_CONNECTION_STRING", "AccountName=a;AccountKey=canary7==;x=y", "key canary7== refused"),
        ("STORE", "Server=s;Password=canary7;x=y", "login canary7"),
        ("REMOTE", "https://ghp-canary-8@github.com/a/b", "ghp-canary-8"),
        ("SENTRY_DSN", "https://0canary0canary@o1.ingest.sentry.io/2", "0canary0canary"),
        ("DATA_URL", "https://b.example/x.csv?se=1&sig=canary%2B9", "sig=canary%2B9, or canary+9"),
    ],
)
def test_a_secret_is_hidden(name: str, value: str, said: str) -> None:
    """Told by the variable's name, or as the password in an address."""
    shown = hiding({name: value, "PATH": "/bin"})(said)
    assert "***" in shown
    assert "canary" not in shown
    assert "can@ary" not in shown


@pytest.mark.parametrize(
    ("name", "value"), [("TOKEN", ""), ("API_KEY", "yes"), ("MODE", "training"), ("TOKENIZERS_PARALLELISM", "false")]
)
def test_ordinary_words_stay(name: str, value: str) -> None:
    """What is short, or no secret by its name."""
    assert hiding({name: value})("training said yes: false") == "training said yes: false"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PRIMARY_KEY", "customer_id"),
        ("PARTITION_KEY", "customer_id"),
        ("CACHE_KEY", "customer_id"),
        ("BYPASS", "customer_id"),
        ("DESIGN_KEY", "customer_id"),
        ("ODBC_DSN", "customer_id"),
        ("REMOTE", "https://customer_id@dev.azure.com/x"),
        ("REMOTE", "ssh://customer_id@host/x"),
        ("QUERY", "https://example.org/?key=customer_id&sort=customer_id"),
    ],
)
def test_a_column_is_no_secret(name: str, value: str) -> None:
    """Keys of data, users of addresses, and ordinary parameters."""
    assert hiding({name: value})("customer_id is null") == "customer_id is null"


def test_the_last_lines_of_a_program_hide_them(tmp_path: Path) -> None:
    """Also in a line so long that it is cut where the secret stands."""
    script = "import os; t = os.environ['MY_TOKEN']; print('x' * 490 + t); print(t)"
    done = run([sys.executable, "-c", script], tmp_path, {"MY_TOKEN": "canary-canary-canary"}, timeout=60, echo=None)
    assert "canary" not in "".join(done.tail)
    assert done.tail[1] == "***"

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


def test_the_last_lines_of_a_program_hide_them(tmp_path: Path) -> None:
    """Also in a line so long that it is cut where the secret stands."""
    script = "import os; t = os.environ['MY_TOKEN']; print('x' * 490 + t); print(t)"
    done = run([sys.executable, "-c", script], tmp_path, {"MY_TOKEN": "canary-canary-canary"}, timeout=60, echo=None)
    assert "canary" not in "".join(done.tail)
    assert done.tail[1] == "***"

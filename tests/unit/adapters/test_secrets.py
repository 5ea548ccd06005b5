"""Secrets of the environment are not repeated, and ordinary words are."""

from __future__ import annotations

import base64
import html
import io
import json
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlgate.adapters.process import MAX_READ, TAIL_LINES, run
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
        ("KAGGLE_KEY", "canary-10", "canary-10"),
        ("DD_APP_KEY", "canary-10", "canary-10"),
        ("OPENAI_KEY", "sk-canary", "sk-canary"),
        ("AZURE_STORAGE_KEY", "canary==", "canary=="),
        ("NOBODYKNOWS_KEY", "0123456789canary", "0123456789canary"),
        ("DOCKER_AUTH_CONFIG", '{"auths": {"x": {"auth": "Ym9iOmNhbmFyeTEx"}}}', "auth Ym9iOmNhbmFyeTEx: canary11"),
        ("SETTINGS", '{"host": "h", "logins": [{"password": "canary11"}]}', "canary11"),
        ("HTTP_AUTHORIZATION", "Bearer canary-12", "refused canary-12"),
        ("HTTP_AUTHORIZATION", "Basic Ym9iOmNhbmFyeTEx", "refused canary11"),
        ("OTLP_HEADERS", "x-team=a,api-key=canary13", "refused canary13"),
        ("OTLP_HEADERS", "x-team=a,Authorization=Bearer%20canary14", "refused canary14"),
        ("NETRC", "machine h login bob password canary15", "login of bob with canary15 refused"),
        ("INDEX_URL", "https://pypi.example/simple?key=canary123456", "key canary123456"),
        ("DATABASE_URL", "postgresql://bob:c@nary/c@nary@host/x", "login c@nary/c@nary refused"),
        ("BROKERS", "kafka://a:canary1@h1:9092,kafka://b:canary2@h2:9092", "canary1, canary2"),
        ("GOOGLE_CREDENTIALS", '{"private_key": "-----BEGIN-----\\ncanary16\\n"}', "-----BEGIN-----\ncanary16\n"),
    ],
)
def test_a_secret_is_hidden(name: str, value: str, said: str) -> None:
    """Told by the variable's name, or as the password in an address."""
    shown = hiding({name: value, "PATH": "/bin"})(said)
    assert "***" in shown
    assert not any(part in shown for part in ("canary", "can@ary", "c@nary", "Ym9iOmNhbmFyeTEx"))


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
        ("SORT_KEY", "customer_id"),
        ("FEATURE_KEY", "customer_id"),
        ("MAP_KEY", "customer_id"),
        ("REMOTE", "http://localhost:8080/customer_id@latest"),
        ("SETTINGS", '{"column": "customer_id", "tokenizer": "customer_id"}'),
        ("TASK", "the machine is to learn by password customer_id"),
        ("MODE", "authorization=customer_id"),
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


PASSWORD = 's3cr/et+"pa\\ss'  # noqa: S105 (nobody's)
SPELLED: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "in an address": lambda text: quote(text, safe=""),
    "in a path": quote,
    "in a form": quote_plus,
    "in an address, in small letters": lambda text: re.sub("%..", lambda found: found[0].lower(), quote(text, safe="")),
    "in an address twice": lambda text: quote(quote(text, safe=""), safe=""),
    "in JSON": json.dumps,
    "in JSON in an address": lambda text: quote(json.dumps(text), safe=""),
    "in JSON in JSON": lambda text: json.dumps(json.dumps(text)),
    "in JSON with its slashes escaped": lambda text: json.dumps(text).replace("/", "\\/"),
    "in Python": repr,
    "in Python's bytes": lambda text: repr(text.encode()),
    "in HTML": html.escape,
    "in HTML by numbers": lambda text: "".join(char if char.isalnum() else f"&#{ord(char)};" for char in text),
    "in base64": lambda text: base64.b64encode(text.encode()).decode(),
    "in base64 after a byte": lambda text: base64.b64encode(b"x" + text.encode() + b"y").decode(),
    "in base64 after two bytes": lambda text: base64.b64encode(b"xx" + text.encode() + b"y").decode(),
    "in base64 for addresses": lambda text: base64.urlsafe_b64encode(text.encode()).decode(),
}


@pytest.mark.parametrize("password", [PASSWORD, "pässwörd 1&2", "tabs\tand'quotes", "\U0001f511-key->?~"])
@pytest.mark.parametrize("spelled", SPELLED.values(), ids=SPELLED)
def test_a_secret_is_hidden_however_it_is_spelled(spelled: Callable[[str], str], password: str) -> None:
    """Nothing of six characters is left that stands for a part of it."""
    said = spelled(password)
    shown = hiding({"MLFLOW_TRACKING_PASSWORD": password})(f"before {said} after")
    assert shown.startswith("before ")
    assert shown.endswith(" after")
    assert "***" in shown
    inside = shown.removeprefix("before ").removesuffix(" after")
    assert not any(inside[at : at + 6] in said for at in range(len(inside) - 5))


@pytest.mark.parametrize(
    "environment",
    [
        {"MLFLOW_TRACKING_USERNAME": "bob", "MLFLOW_TRACKING_PASSWORD": PASSWORD},
        {"STORE_USER": "bob", "STORE_PASS": PASSWORD},
        {"REMOTE": f"https://bob:{quote(PASSWORD, safe='')}@host"},
        {"NETRC": f"machine h login bob password {PASSWORD}"},
    ],
)
@pytest.mark.parametrize("user", ["bob", "bobby"])
def test_a_login_is_hidden_as_http_sends_it(environment: dict[str, str], user: str) -> None:
    """The header of basic authentication is base64 of user and password."""
    environment = {name: value.replace("bob", user) for name, value in environment.items()}
    header = "Authorization: Basic " + base64.b64encode(f"{user}:{PASSWORD}".encode()).decode()
    assert hiding(environment)(header) == "Authorization: Basic ***"


@given(secret=st.text(st.characters(exclude_categories=["C", "Z"]), min_size=6, max_size=20))
def test_any_secret_is_hidden_in_the_common_spellings(secret: str) -> None:
    """Whatever characters it has."""
    hide = hiding({"A_TOKEN": secret})
    for spelled in (str, quote, quote_plus, json.dumps, html.escape, ascii):
        assert "***" in hide(spelled(secret))


@pytest.mark.parametrize("flood", ["\\", "%", "&#0", '\\"%25', "a", "aG", "://a:"])
def test_no_text_takes_long(flood: str) -> None:
    """However near to a secret it comes, the time grows with its length alone."""
    started = time.monotonic()
    hiding({"A_PASSWORD": '\\\\"%&' * 6, "B_PASSWORD": "a" * 40, "VALUE": flood * 20_000})(flood * 20_000)
    assert time.monotonic() - started < 10


@pytest.mark.parametrize("before", range(MAX_READ - 30, MAX_READ + 12, 7))
def test_a_secret_at_the_seam_of_an_endless_line_is_hidden(tmp_path: Path, before: int) -> None:
    """What was read in two pieces is in neither, nor in the job's log, where its masks would not know them."""
    script = f"import os; t = os.environ['MY_TOKEN']; print('x' * {before} + t + 'z' * 100_000 + t)"
    echo = io.StringIO()
    done = run([sys.executable, "-c", script], tmp_path, {"MY_TOKEN": "canary-AAAA-BBBB"}, timeout=60, echo=echo)
    said = echo.getvalue()
    assert not any(part in said.replace("canary-AAAA-BBBB", "") for part in ("cana", "nary", "AAAA", "BBBB"))
    assert not any(part in "".join(done.tail) for part in ("cana", "nary", "AAAA", "BBBB"))
    assert said.count("x") == before
    assert said.count("z") == 100_000


@pytest.mark.parametrize("seam", ["\n", "\r", "\r\n"])
@pytest.mark.parametrize("after", [0, TAIL_LINES - 1])
def test_a_secret_that_was_wrapped_is_hidden(tmp_path: Path, seam: str, after: int) -> None:
    """Also where the line that begins it is no longer among the last."""
    script = f"import os; t = os.environ['MY_TOKEN']; print('10%' + t[:9], end={seam!r}); print(t[9:])"
    script += f"; [print(number) for number in range({after})]"
    done = run([sys.executable, "-c", script], tmp_path, {"MY_TOKEN": "canary-AAAA-BBBB"}, timeout=60, echo=None)
    assert "***" in done.tail
    assert not any(part in "".join(done.tail) for part in ("cana", "AAAA", "BBBB"))


def test_the_last_lines_of_a_program_hide_them(tmp_path: Path) -> None:
    """Also in a line so long that it is cut where the secret stands."""
    script = "import os; t = os.environ['MY_TOKEN']; print('x' * 490 + t); print(t)"
    done = run([sys.executable, "-c", script], tmp_path, {"MY_TOKEN": "canary-canary-canary"}, timeout=60, echo=None)
    assert "canary" not in "".join(done.tail)
    assert done.tail[1] == "***"

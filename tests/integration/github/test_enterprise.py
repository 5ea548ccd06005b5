"""A GitHub Enterprise Server: its own address with a prefix, links that lead there, and an authority of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bed.checks import CheckPages, check_pages
from tests.bed.emulate import REPOSITORY, Server
from tests.bed.enterprise import PREFIX, Enterprise, enterprise
from tests.bed.reporting import ANNOTATION, EVENTS, report


@pytest.fixture
def pages(server: Server) -> Iterator[CheckPages]:
    """Serve emulate, and the check runs as GitHub keeps them."""
    with check_pages(server.url) as serving:
        yield serving


@pytest.fixture
def there(pages: CheckPages, tmp_path: Path) -> Iterator[Enterprise]:
    """Serve all that behind TLS and a prefix."""
    with enterprise(pages.url, tmp_path / "tls") as serving:
        yield serving


@pytest.fixture(autouse=True)
def _no_authority(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whom this machine trusts is no part of these tests."""
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.delenv(name, raising=False)


def addresses(there: Enterprise, **more: str) -> dict[str, str]:
    """Give what such a server's runner tells of it."""
    told = {"GITHUB_API_URL": there.api, "GITHUB_SERVER_URL": there.url, "GITHUB_REPOSITORY": REPOSITORY}
    return {**told, **more}


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"])
def test_comment_and_check_go_to_the_server_and_link_to_it(  # noqa: PLR0917 (fixtures)
    server: Server,
    there: Enterprise,
    pages: CheckPages,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    variable: str,
) -> None:
    """Trusting the authority that the job names; the second job updates what the first one wrote."""
    pull = server.open_pull()
    event = {"pull_request": {"number": pull.number, "head": {"sha": pull.head.sha}}}
    monkeypatch.setitem(EVENTS, "pull_request", event)
    token = server.token(pull_requests="write", checks="write")
    around = addresses(there, **{variable: str(there.authority)})
    for _ in range(2):
        assert report(tmp_path, monkeypatch, "pull_request", "--check", "--github-token", token, **around) == 0
    (comment,) = pull.get_issue_comments()
    (run,) = pages.runs
    home = f"{there.url}/{REPOSITORY}"
    for text in (comment.body, run["output"]["summary"]):
        assert f"]({home}/commit/{pull.head.sha})" in text
        assert f"]({home}/actions/runs/5)" in text
        assert "github.com" not in text.replace("mlflow", "")
    assert run["details_url"] == f"{home}/actions/runs/5"
    assert there.asked
    assert all(line.split()[1].startswith(f"{PREFIX}/repos/") for line in there.asked)


def test_our_comment_is_found_beyond_the_first_page(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list's next page is named by an address, which is the server's, too."""
    pull = server.open_pull()
    for number in range(105):
        pull.create_issue_comment(f"talk {number}")
    monkeypatch.setitem(EVENTS, "pull_request", {"pull_request": {"number": pull.number}})
    token = server.token(pull_requests="write")
    with enterprise(server.url, tmp_path / "tls") as there:
        around = addresses(there, SSL_CERT_FILE=str(there.authority))
        for _ in range(2):
            report(tmp_path, monkeypatch, "pull_request", "--github-token", token, **around)
    assert sum("mlgate" in comment.body for comment in pull.get_issue_comments()) == 1


@pytest.mark.parametrize(
    ("trusted", "said"),
    [
        ("", "the certificate of GitHub's API is not trusted"),
        ("none.pem", "GitHub could not be asked"),
        ("summary.md", "the certificate of GitHub's API is not trusted"),
    ],
)
def test_an_authority_that_is_not_trusted_is_a_warning(  # noqa: PLR0917 (fixtures)
    there: Enterprise,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    trusted: str,
    said: str,
) -> None:
    """It says which variable to set, or which file is not there or none; exit code and report stay."""
    (tmp_path / "summary.md").write_text("no certificate\n", encoding="utf-8")
    around = addresses(there, **({"REQUESTS_CA_BUNDLE": str(tmp_path / trusted)} if trusted else {}))
    assert report(tmp_path, monkeypatch, "pull_request", "--check", **around) == 0
    written = capsys.readouterr().out
    for what in ("comment on pull request 1", "check of bbbbbbbbbbbb"):
        assert f"::warning::the {what} was not written: {said}" in written
    assert "REQUESTS_CA_BUNDLE" in written
    assert ANNOTATION in written
    assert (tmp_path / ".mlgate" / "report.html").is_file()

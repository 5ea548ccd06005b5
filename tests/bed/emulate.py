"""A stand-in for GitHub's API: emulate, a real server with real state, on loopback."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import yaml
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from github import Auth, Github, GithubIntegration
from github.PullRequest import PullRequest

from mlgate.adapters.github import GitHub
from tests.bed.processes import free_port, serving

EMULATE = Path(__file__).parents[2] / "node_modules" / "emulate" / "dist" / "index.js"
REPOSITORY = "acme/flight-delay"
APP, INSTALLATION = 15368, 100
_numbers = count(1)


@dataclass(frozen=True, kw_only=True)
class Server:
    """A running emulate, and the key of the App whose tokens it enforces."""

    url: str
    key: str = field(repr=False)

    def token(self, **permissions: str) -> str:
        """Make a token like a job's: the workflow bot's, with exactly these permissions."""
        integration = GithubIntegration(auth=Auth.AppAuth(APP, self.key), base_url=self.url)
        return integration.get_access_token(INSTALLATION, permissions=permissions).token

    def connect(self, token: str) -> GitHub:
        """Connect as mlgate does, without long pauses."""
        return GitHub(self.url, REPOSITORY, token, pause=0.01)

    def person(self, login: str = "acme") -> Github:
        """Connect as someone with a browser would, to set a scene or look at it; tokens are called as their logins."""
        auth = Auth.Token(login)
        return Github(
            base_url=self.url, auth=auth, retry=None, seconds_between_requests=None, seconds_between_writes=None
        )

    def open_pull(self, branch: str = "") -> PullRequest:
        """Open a pull request from a new branch with one commit."""
        repository = self.person().get_repo(REPOSITORY)
        branch = branch or f"change-{next(_numbers)}"
        repository.create_git_ref(f"refs/heads/{branch}", repository.get_branch("main").commit.sha)
        repository.create_file(f"{branch}.txt", "change", "1\n", branch=branch)
        return repository.create_pull(title=branch, body="", head=branch, base="main")

    def open_pull_from_fork(self, branch: str) -> tuple[int, str]:
        """Open a pull request of the outsider's from a fork, and return its number and head."""
        upstream = self.person("outsider").get_repo(REPOSITORY)
        mine = [one for one in self.person("outsider").get_user().get_repos() if one.name == upstream.name]
        fork = mine[0] if mine else upstream.create_fork()
        fork.create_git_ref(f"refs/heads/{branch}", fork.get_branch("main").commit.sha)
        fork.create_file(f"{branch}.txt", "change", "1\n", branch=branch)
        pull = upstream.create_pull(title=branch, body="", head=f"outsider:{branch}", base="main")
        return pull.number, pull.head.sha


def missing() -> str | None:
    """Say what is missing to run it, if anything is."""
    if shutil.which("node") is None:
        return "GitHub's API stand-in needs Node.js 20 or newer on PATH"
    if not EMULATE.is_file():
        return "GitHub's API stand-in is not installed: make tools"
    return None


@contextmanager
def emulate(folder: Path) -> Iterator[Server]:
    """Serve one repository of one user, with an App whose tokens are enforced; state is lost at the end."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()).decode()
    seed = folder / "seed.yaml"
    seed.write_text(yaml.safe_dump(_seed(pem)), encoding="utf-8")
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = ["node", str(EMULATE), "start", "--service", "github", "--port", str(port), "--base-url", url]
    with serving([*command, "--seed", str(seed)], url=f"{url}/repos/{REPOSITORY}", log=folder / "emulate.log"):
        yield Server(url=url, key=pem)


def _seed(key: str) -> dict[str, object]:
    permissions = {"checks": "write", "contents": "read", "issues": "write", "pull_requests": "write"}
    installation = {"installation_id": INSTALLATION, "account": "acme", "repository_selection": "all"}
    app = {"app_id": APP, "slug": "github-actions", "name": "GitHub Actions", "private_key": key}
    return {
        "tokens": {
            "acme": {"login": "acme", "scopes": ["repo"]},
            "outsider": {"login": "outsider", "scopes": ["repo"]},
        },
        "github": {
            "users": [{"login": "acme"}, {"login": "outsider"}],
            "repos": [{"owner": "acme", "name": REPOSITORY.split("/")[1], "auto_init": True}],
            "apps": [{**app, "permissions": permissions, "installations": [installation]}],
        },
    }

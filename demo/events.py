"""What GitHub would tell a job: the event's payload and the variables of the environment."""

from __future__ import annotations

from typing import Any

OWNER = "acme"
REPOSITORY = f"{OWNER}/flight-delay"
SERVER = "https://github.com"
ACTOR = "ada"

Payload = dict[str, Any]


def repository() -> Payload:
    """Describe the repository as every event does."""
    return {
        "name": REPOSITORY.partition("/")[2],
        "full_name": REPOSITORY,
        "default_branch": "main",
        "fork": False,
        "html_url": f"{SERVER}/{REPOSITORY}",
        "owner": {"login": OWNER, "type": "Organization"},
    }


def pull_request(*, number: int, title: str, branch: str, head: str, base: str) -> Payload:
    """Give the event of a pull request that was just opened from `branch` at commit `head`."""
    return {
        "action": "opened",
        "number": number,
        "pull_request": {
            "number": number,
            "title": title,
            "state": "open",
            "html_url": f"{SERVER}/{REPOSITORY}/pull/{number}",
            "user": {"login": ACTOR},
            "head": {"ref": branch, "sha": head, "repo": repository()},
            "base": {"ref": "main", "sha": base, "repo": repository()},
        },
        "repository": repository(),
        "sender": {"login": ACTOR},
    }


def push(*, before: str, after: str, message: str) -> Payload:
    """Give the event of a push to the default branch."""
    return {
        "ref": "refs/heads/main",
        "before": before,
        "after": after,
        "created": set(before) == {"0"},
        "forced": False,
        "head_commit": {"id": after, "message": message, "author": {"username": ACTOR}},
        "pusher": {"name": ACTOR},
        "repository": repository(),
        "sender": {"login": ACTOR},
    }


def dispatch(inputs: dict[str, str], workflow: str = "rollback.yml") -> Payload:
    """Give the event of a workflow that a person starts by hand, with the inputs of its form."""
    return {
        "ref": "refs/heads/main",
        "workflow": f".github/workflows/{workflow}",
        "inputs": inputs,
        "repository": repository(),
        "sender": {"login": ACTOR},
    }

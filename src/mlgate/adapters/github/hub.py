"""One repository on GitHub: our comment on a pull request, which one a commit belongs to, deployments, check runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from github import Auth, Github

from mlgate.adapters.github.answers import ForbiddenError, MissingError, asking, plainly
from mlgate.adapters.github.checks import Checks, Told
from mlgate.adapters.github.comments import Comments, Posted
from mlgate.adapters.github.deployments import Announced, Deployment, Deployments
from mlgate.adapters.github.retry import Patience, Retry
from mlgate.adapters.github.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from github.PullRequest import PullRequest
    from github.Repository import Repository

    from mlgate.adapters.github.comments import Wanted
    from mlgate.report.check import Check

TIMEOUT_SECONDS = 15


@dataclass(frozen=True, kw_only=True)
class NotPermitted:
    """The token may not do it; `sentence` says what, and what to do about it."""

    sentence: str


@dataclass(frozen=True, kw_only=True)
class Resolved:
    """Which pull request a workflow run belongs to; without one, `reason` says why."""

    number: int | None
    reason: str = ""


class GitHub:
    """One repository behind one API address, with retries that end."""

    def __init__(  # noqa: PLR0913 (each says how to reach it)
        self,
        api_url: str,
        repository: str,
        token: str,
        *,
        author: str | None = None,
        pause: float = 1.0,
        trust: str | None = None,
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Connect to nothing yet, and raise GitHubError for an address that cannot be one.

        `author` is who the token writes as, where that need not be found out. `pause` is the seconds before the second
        try of a request; it doubles after that. `trust` is a file of certificates to trust instead of the usual ones.
        `say` hears of every wait for a rate limit.
        """
        self._name = repository
        self._pause = pause
        self._connect: Callable[[Retry], Github] = lambda retry: Github(
            base_url=api_url,
            auth=Auth.Token(token),
            timeout=TIMEOUT_SECONDS,
            per_page=100,
            verify=trust or True,
            retry=retry,
            seconds_between_requests=None,
            seconds_between_writes=None,
            lazy=True,
        )
        self._patience = Patience(say=say)
        with asking("to be reached at the address that GITHUB_API_URL names"):
            self._repository = self._connect(Retry(pause, patience=self._patience))
        self._writer = Writer(self._repository, token, author=author, pause=pause)

    def upsert_comment(self, pull: int, wanted: Wanted) -> Posted | NotPermitted:
        """Make our one comment on the pull request say what is wanted: update it where it is, else create it.

        Raises GitHubError when GitHub cannot be reached, or refuses for another reason than permission.
        """
        place = f"pull request #{pull} of {self._name}"
        try:
            with asking(f"to comment on {place}"):
                target = self._repository.get_repo(self._name).get_issue(pull)  # asks nothing, unlike a pull request
                return Comments(target=target, author=self._writer, pause=self._pause, wanted=wanted).upsert()
        except ForbiddenError as error:
            return NotPermitted(
                sentence=f"the token may not comment on {place} ({error}); grant the job `pull-requests: write`, "
                "or, for pull requests from forks, comment from a second workflow that runs on workflow_run"
            )

    def pull_of_run(self, head_repository: str, head_branch: str, head_sha: str) -> Resolved:
        """Find the open pull request of a workflow run by its head, and check that the head has not moved on.

        Where several have this head, as those into two branches may, nothing says which one it was: none is the answer.
        The arguments come from the run's event, which GitHub writes; what the run uploaded is not believed.
        """
        head = f"{head_repository.split('/', maxsplit=1)[0]}:{head_branch}"
        with plainly(f"for the pull request of {head}"):
            pulls = list(self._repository.get_repo(self._name).get_pulls(state="open", head=head))
        ours = [one for one in pulls if one.head.ref == head_branch and _full_name(one) in {None, head_repository}]
        if not ours:
            return Resolved(number=None, reason=f"no open pull request has the head {head}")
        current = [one.number for one in ours if one.head.sha == head_sha]
        if not current:
            reason = f"the head of pull request #{ours[0].number} is no longer {head_sha[:12]}: a newer run reports"
            return Resolved(number=None, reason=reason)
        if len(current) > 1:
            which = " and ".join(f"#{number}" for number in sorted(current))
            return Resolved(number=None, reason=f"the pull requests {which} have the same head {head}; none is guessed")
        return Resolved(number=current[0])

    def pull_of_commit(self, sha: str) -> int | None:
        """Find the merged pull request that brought commit `sha` to its branch; None when there is none."""
        try:
            with plainly(f"for the pull request of commit {sha[:12]}"):
                pulls = list(self._repository.get_repo(self._name).get_commit(sha).get_pulls())
        except MissingError:
            return None
        merged = sorted(
            (one for one in pulls if one.merged_at is not None),
            key=lambda one: (one.merge_commit_sha != sha, one.number),
        )
        return merged[0].number if merged else None

    def labels(self, pull: int) -> tuple[str, ...]:
        """Read the labels that a pull request has now."""
        with plainly(f"for the labels of pull request #{pull} of {self._name}"):
            return tuple(one.name for one in self._repository.get_repo(self._name).get_pull(pull).labels)

    def file_at(self, commit: str, path: str) -> bytes | None:
        """Read a file as it is at `commit`; None where that commit has no such file."""
        repository = self._repository.get_repo(self._name)
        try:
            with plainly(f"for {path} at {commit[:12]}"):
                found = repository.get_contents(path, ref=commit)
                return None if isinstance(found, list) else found.decoded_content
        except MissingError:
            with plainly(f"for commit {commit[:12]} of {self._name}"):
                _ = repository.get_commit(commit).html_url  # asks; raises where it is the commit that is not there
            return None

    def announce(self, wanted: Deployment) -> Announced | NotPermitted:
        """Show `wanted` among the repository's deployments, once however often it is asked.

        Raises GitHubError when GitHub cannot be reached, or refuses for another reason than permission.
        """
        place = f"the deployments of {self._name}"
        try:
            with asking(f"to write {place}"):
                repository = self._repository.get_repo(self._name)
                return Deployments(requester=repository.requester, repository=self._name, pause=self._pause).announce(
                    wanted
                )
        except ForbiddenError as error:
            return NotPermitted(
                sentence=f"the token may not write {place} ({error}); grant the job `deployments: write`, "
                "or set the input deployment to false"
            )

    def conclude(self, wanted: Sequence[Check]) -> tuple[Told, ...] | NotPermitted:
        """Show checks beside the commit: as check runs, else as commit statuses; a check that is there is updated.

        Raises GitHubError when GitHub cannot be reached, or refuses for another reason than permission.
        """
        # what adds annotations adds them twice when it is sent twice
        retry = Retry(self._pause, once=frozenset({"POST", "PATCH"}), patience=self._patience)
        requester = self._connect(retry).requester
        try:
            return Checks(requester=requester, repository=self._name, pause=self._pause).tell(wanted)
        except ForbiddenError as error:
            return NotPermitted(
                sentence=f"the token may write neither check runs nor commit statuses of {self._name} ({error}); grant "
                "the job `checks: write` (or `statuses: write`), or, for pull requests from forks, report from a "
                "second workflow that runs on workflow_run"
            )


def _full_name(pull: PullRequest) -> str | None:
    """Name the repository of the head; None when it was deleted."""
    repository = cast("Repository | None", pull.head.repo)
    return repository.full_name if repository is not None else None

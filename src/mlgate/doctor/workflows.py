"""What is wrong with workflow files that move production: text in, problems out."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from mlgate.doctor.jobs import Job, Workflow, read_workflow
from mlgate.records import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

# what a job of mlgate's may need to write: comments, a token for a cloud's store, marks on the commit
WRITES = frozenset({"pull-requests", "id-token", "issues", "checks", "statuses", "deployments", "attestations"})
PER_RUN = re.compile(r"github\.(run_id|run_number|run_attempt|sha)\b")
PINNED = re.compile(r"@(sha256:)?[0-9a-f]{40,64}$")
PLACEHOLDER = "@" + "0" * 40
SECRET = re.compile(r"\bsecrets(?:\.|\[')([A-Za-z_][A-Za-z0-9_]*)")
SERIAL = "concurrency: {group: mlgate-production, cancel-in-progress: false}"
ALONE = "concurrency: {group: 'mlgate-rollback-${{ inputs.model }}', cancel-in-progress: false}"


def lint(files: Mapping[str, str]) -> list[Problem]:
    """List what is wrong in workflow files, given by name and text; those without mlgate are read for secrets only."""
    found, workflows = [], []
    for name, text in sorted(files.items()):
        workflow = read_workflow(name, text)
        if isinstance(workflow, Problem):
            found.append(workflow)
        else:
            workflows.append(workflow)
    moving = [job for workflow in workflows for job in workflow.jobs if job.moves_production]
    for workflow in workflows:
        found += _target(workflow)
        for job in workflow.jobs:
            if job.moves_production:
                found += [*_concurrency(job), *_environment(job), *_permissions(job), *_pins(job)]
    jobs = [job for workflow in workflows for job in workflow.jobs]
    return [*found, *_groups(moving), *_dropped(moving), *_secrets(moving, jobs)]


def _target(workflow: Workflow) -> Iterator[Problem]:
    if "pull_request_target" in workflow.events and any(job.uses_mlgate for job in workflow.jobs):
        yield workflow.problem(
            ("on",),
            "pull_request_target",
            "pull_request_target gives a pull request's code the repository's secrets; mlgate refuses to run on it",
            "on: pull_request; for forks, the pair fork-pull-request.yml and fork-report.yml of workflows-examples/",
        )


def _concurrency(job: Job) -> Iterator[Problem]:
    declared, path = job.inherited("concurrency")
    group = declared.get("group") if isinstance(declared, dict) else declared
    write = ALONE if job.only_rolls_back else SERIAL
    if not isinstance(group, str) or not group:
        yield job.workflow.problem(
            job.path,
            "no_concurrency",
            f"the job {job.name} moves production and has no concurrency group: two runs of it meet",
            write,
        )
        return
    if PER_RUN.search(group):
        yield job.workflow.problem(
            path, "own_group", f"the concurrency group of {job.name} is another one for every run: none waits", write
        )
    if isinstance(declared, dict) and str(declared.get("cancel-in-progress", "")).lower() == "true":
        yield job.workflow.problem(
            path,
            "cancelled",
            f"a newer run cancels the job {job.name} while it moves production",
            "cancel-in-progress: false",
        )


def _environment(job: Job) -> Iterator[Problem]:
    if job.environment is None:
        yield job.workflow.problem(
            job.path,
            "no_environment",
            f"the job {job.name} moves production without an environment: no reviewer is asked, and every workflow of "
            "the repository can read its secret",
            "environment: production, with the promoter's password as a secret of that environment",
        )


def _permissions(job: Job) -> Iterator[Problem]:
    declared, path = job.inherited("permissions")
    if declared is None:
        yield job.workflow.problem(
            job.path,
            "no_permissions",
            f"the job {job.name} does not say what its token may do, so it may do what the repository's default is",
            "permissions: {contents: read}",
        )
    elif declared == "write-all":
        yield job.workflow.problem(
            path,
            "wide_permissions",
            f"the token of the job {job.name} may write everything",
            "permissions: {contents: read}",
        )
    elif isinstance(declared, dict):
        wide = sorted(str(one) for one, given in declared.items() if given == "write" and one not in WRITES)
        if wide:
            yield job.workflow.problem(
                path,
                "wide_permissions",
                f"the token of the job {job.name} may write {', '.join(wide)}, which mlgate does not need",
                "; ".join(f"{one}: read" for one in wide),
            )


def _pins(job: Job) -> Iterator[Problem]:
    for path, used in job.uses:
        if used.endswith(PLACEHOLDER):
            yield job.workflow.problem(
                path,
                "placeholder",
                f"{used.partition('@')[0]}@0000… stands for a commit: this job cannot start",
                "the commit of the mlgate release that you trust",
                level="advice",
            )
        elif not used.startswith("./") and not PINNED.search(used):
            yield job.workflow.problem(
                path,
                "not_pinned",
                f"{used} is what its owner makes of that name tomorrow, and it runs beside the promoter's secret",
                f"{used.rpartition('@')[0] or used}@ and the commit's forty digits",
                level="advice",
            )


def _groups(moving: Sequence[Job]) -> list[Problem]:
    """Say where jobs wait for other groups than the rest; groups that an expression makes are not known here."""
    groups = [(job, *_group(job)) for job in moving if not job.only_rolls_back]
    known = Counter(group for _, group, _ in groups if group and "${{" not in group)
    if len(known) < 2:
        return []
    usual = known.most_common(1)[0][0]
    return [
        job.workflow.problem(
            path,
            "other_group",
            f"the job {job.name} waits in the group {group}, others that move production in {usual}: they can meet",
            f"group: {usual}",
            level="advice",
        )
        for job, group, path in groups
        if group in known and group != usual
    ]


def _dropped(moving: Sequence[Job]) -> Iterator[Problem]:
    """Say which rollbacks wait for promotions: of those that wait in a group GitHub keeps the newest one only."""
    promoting = {_group(job)[0] for job in moving if not job.only_rolls_back}
    for job in moving:
        group, path = _group(job)
        if job.only_rolls_back and group is not None and group in promoting:
            yield job.workflow.problem(
                path,
                "dropped_rollback",
                f"the job {job.name} waits in the group {group} of promotions: GitHub keeps one that waits, so that "
                "the next merge cancels a rollback that has not begun",
                ALONE,
            )


def _group(job: Job) -> tuple[str | None, tuple[str, ...]]:
    declared, path = job.inherited("concurrency")
    group = declared.get("group") if isinstance(declared, dict) else declared
    return (group.lower() if isinstance(group, str) else None), path


def _secrets(moving: Sequence[Job], jobs: Sequence[Job]) -> list[Problem]:
    """Say where a pull request's job can read what the promoting jobs log in with.

    The same name in another environment is another secret. Within one environment, or without any, it is the same.
    """
    held = {(name, job.environment) for job in moving for _, text in job.password for name in SECRET.findall(text)}
    found = []
    for job in jobs:
        if not job.on_pull_request or "${{" in (job.environment or ""):
            continue
        for path, text in job.texts:
            for name in dict.fromkeys(SECRET.findall(text)):
                if (name, job.environment) in held:
                    place = f"of the environment {job.environment}" if job.environment else "of the repository"
                    found.append(
                        job.workflow.problem(
                            path,
                            "shared_secret",
                            f"the job {job.name} runs on pull requests with the promoter's secret {name} {place}",
                            "environment: candidates, with the candidate's password as a secret of that environment",
                        )
                    )
    return found

"""A workflow file as jobs: which of them move production, when they run, and what they hold."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import yaml

from mlgate.config.position import KeyPath, Positions, read_positions
from mlgate.records import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ACTION = re.compile(r"^(?:[^@]*/)?mlgate(?:/actions/(?P<part>\w+))?@")
COMMAND = re.compile(r"(?:^|[\s;&|/(`])mlgate\s+(?P<command>promote|rollback|run)\b(?P<rest>[^\n;&|]*)")
OPERATION = re.compile(r"--operation[\s=]+(\S+)")
PULL_REQUEST = frozenset({"pull_request", "pull_request_target"})
CHECKED = PULL_REQUEST | {"merge_group"}  # events on which the whole loop only checks
ELSEWHERE = r"github\.event_name\s*(?:==\s*'(?!{event}')|!=\s*'{event}')|github\.ref(?:_name)?\s*=="
UNCLEAR = re.compile(r"\|\||!\s*\(")  # alternatives, and what is negated as a whole
QUOTES = str.maketrans("", "", "\"'")
PASSWORDS = ("MLFLOW_TRACKING_PASSWORD", "MLFLOW_TRACKING_TOKEN")


@dataclass(frozen=True, kw_only=True)
class Workflow:
    """A workflow file: its events and jobs, and where each key stands."""

    file: str
    document: Mapping[str, Any]
    positions: Positions

    @property
    def events(self) -> frozenset[str]:
        """The events that start it; YAML 1.1 reads the key `on` as true."""
        on: Any = self.document.get("on", self.document.get(True))  # type: ignore[call-overload]
        if isinstance(on, str):
            return frozenset({on})
        return frozenset(str(event) for event in on) if isinstance(on, dict | list) else frozenset()

    @property
    def jobs(self) -> list[Job]:
        """Its jobs, in the order of the file."""
        jobs = _mapping(self.document.get("jobs"))
        return [Job(workflow=self, name=str(name), body=_mapping(body)) for name, body in jobs.items()]

    def problem(
        self,
        path: KeyPath,
        reason: str,
        sentence: str,
        write: str,
        *,
        level: Literal["problem", "advice"] = "problem",
    ) -> Problem:
        """Say what is wrong at `path`."""
        line = self.positions.line(path)
        return Problem(reason=reason, sentence=sentence, level=level, write=write, file=self.file, line=line)


@dataclass(frozen=True, kw_only=True)
class Job:
    """One job of a workflow."""

    workflow: Workflow
    name: str
    body: Mapping[str, Any]

    @property
    def path(self) -> KeyPath:
        """Where it stands."""
        return ("jobs", self.name)

    @property
    def steps(self) -> list[tuple[KeyPath, Mapping[str, Any]]]:
        """Its steps, and where they stand."""
        steps = self.body.get("steps")
        listed = steps if isinstance(steps, list) else []
        return [((*self.path, "steps", str(number)), _mapping(step)) for number, step in enumerate(listed)]

    @property
    def uses(self) -> list[tuple[KeyPath, str]]:
        """The actions and workflows that it uses, and where."""
        named = [((*path, "uses"), step.get("uses")) for path, step in [(self.path, self.body), *self.steps]]
        return [(path, used) for path, used in named if isinstance(used, str)]

    @property
    def uses_mlgate(self) -> bool:
        """Whether it runs anything of mlgate's."""
        commands = any(re.search(r"\bmlgate\s", _script(step)) for _, step in self.steps)
        return commands or any(ACTION.match(used) for _, used in self.uses)

    @property
    def moves_production(self) -> bool:
        """Whether a step of it promotes or rolls back, on some event that starts it."""
        return bool(self._operations)

    @property
    def only_rolls_back(self) -> bool:
        """Whether it moves production, and never by a promotion."""
        return self._operations == {"rollback"}

    @property
    def on_pull_request(self) -> bool:
        """Whether it runs for pull requests; a condition that names another event or branch keeps it from that."""
        condition = self.body.get("if")
        believed = condition if isinstance(condition, str) and not UNCLEAR.search(condition) else ""
        events = self.workflow.events & PULL_REQUEST
        return any(not re.search(ELSEWHERE.format(event=event), believed, re.IGNORECASE) for event in events)

    @property
    def environment(self) -> str | None:
        """Name of its environment."""
        declared = self.body.get("environment")
        named = declared.get("name") if isinstance(declared, dict) else declared
        return named if isinstance(named, str) and named else None

    def inherited(self, key: str) -> tuple[Any, KeyPath]:
        """Return what the job says of `key`, else what the workflow says, and where."""
        if key in self.body:
            return self.body[key], (*self.path, key)
        return self.workflow.document.get(key), (key,)

    @property
    def texts(self) -> list[tuple[KeyPath, str]]:
        """Every text of the job, and of what the workflow gives to all jobs."""
        return [*_texts(("env",), self.workflow.document.get("env")), *_texts(self.path, self.body)]

    @property
    def password(self) -> list[tuple[KeyPath, str]]:
        """The texts that give the registry's password or token."""
        return [(path, text) for path, text in self.texts if path[-1] in PASSWORDS]

    @property
    def _operations(self) -> set[str]:
        """What its steps do to production: promote, rollback, or what an expression says when it runs."""
        return {operation for _, step in self.steps for operation in self._of_step(step)}

    def _of_step(self, step: Mapping[str, Any]) -> Iterator[str]:
        used = ACTION.match(str(step.get("uses", "")))
        if used and used["part"] in {"promote", "rollback"}:
            yield used["part"]
        if used and used["part"] is None:
            yield from self._of_loop(str(_mapping(step.get("with")).get("operation", "auto")))
        for command in COMMAND.finditer(_script(step)):
            asked = OPERATION.search(command["rest"])
            loop = command["command"] == "run"
            yield from self._of_loop(asked[1] if asked else "auto") if loop else (command["command"],)

    def _of_loop(self, operation: str) -> Iterator[str]:
        """Say what the whole loop does to production: what was asked, or what the events mean."""
        if operation == "auto" and self.workflow.events - CHECKED:
            yield "promote"
        elif operation not in {"auto", "check"}:
            yield operation


def read_workflow(file: str, text: str) -> Workflow | Problem:
    """Read a workflow file, or say why it cannot be read."""
    try:
        document, positions = yaml.safe_load(text), read_positions(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        return Problem(
            reason="unreadable_workflow",
            sentence=f"this is not readable as YAML: {getattr(error, 'problem', None) or error}",
            write="a file that GitHub can read, too",
            file=file,
            line=mark.line + 1 if mark else None,
        )
    return Workflow(file=file, document=_mapping(document), positions=positions)


def _script(step: Mapping[str, Any]) -> str:
    """Return what a step runs as a shell reads it: without quotes, each command on one line."""
    run = step.get("run")
    return re.sub(r"\\\n\s*", " ", run).translate(QUOTES) if isinstance(run, str) else ""


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _texts(path: KeyPath, value: object) -> Iterator[tuple[KeyPath, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _texts((*path, str(key)), inner)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _texts((*path, str(number)), inner)

"""The five acts; each checks that what it tells is what happened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from demo import changes, events
from demo.stage import StoryError

if TYPE_CHECKING:
    from pathlib import Path

    from demo.service import Service
    from demo.stage import Job, Stage
    from demo.voice import Voice

# Saturday afternoon, two hours after 0.35 inches of rain: no schedule knows of that.
FLIGHT = "2013-07-13-EV4372EWR"
REASON = "ranks the flights of autumn worse than those of July; going back until that is understood"
SERVED = "models:/flight-delay@production"
IGNORED = ["--ignore", "flight_id", "--ignore", "date"]

Answer = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Story:
    """A stage to play on and a voice to tell with."""

    stage: Stage
    voice: Voice

    def first_model(self) -> Job:
        """Play act 1: nothing is in production."""
        self.voice.act(1, "the first model")
        self.voice.say(
            """A repository holds a training script, its data and a policy. Its first model knows the schedule of a
            flight, and nothing else. Nothing is in production, so it is held to the policy's absolute bounds alone.
            """
        )
        prepare = ["python", "prepare.py"]
        self.voice.typed(prepare)
        self.voice.log(self.stage.run(prepare, self.stage.repository).splitlines())
        changes.edit(self.stage.repository, changes.SCHEDULE_ONLY)
        self._commit("The first model: schedule only")
        self.voice.say("The push to main starts the workflow. Its one step is mlgate's action, which runs:")
        job = self._push("1-first-model", before="0" * 40)
        expect(job, verdict="PASS", production="1")
        return job

    def better(self, service: Service) -> Answer:
        """Play act 2: a pull request that is better is merged and promoted; return what the first model answered."""
        self.voice.act(2, "a better model")
        self.voice.say("Ada opens pull request 1: the model should know the weather two hours before departure.")
        job = self._pull_request(1, "Tell the model about the weather", "weather", "2-better")
        expect(job, verdict="PASS", production="1")
        self.voice.say("On GitHub, the pull request would now have one comment, which later pushes update. It reads:")
        self.voice.comment(job.comment)
        before: Answer = service.ask("chance", FLIGHT)
        self.voice.say("It is reviewed and merged.")
        old = self.stage.git("rev-parse", "main")
        self._git("merge", "--no-ff", "-m", "Merge pull request #1: tell the model about the weather", "weather")
        self.voice.say("On main, the reviewed candidate is promoted: not trained again, and never loaded.")
        job = self._push("2-better-merged", before=old)
        expect(job, verdict="PASS", production="2")
        self._predict(before, service.ask("chance", FLIGHT))
        return before

    def worse(self, service: Service) -> None:
        """Play act 3: a pull request that is worse is stopped."""
        self.voice.act(3, "a worse model")
        self.voice.say(
            "Ada opens pull request 2, to tidy up: with the weather known, the hour of departure looks superfluous."
        )
        job = self._pull_request(2, "Drop the hour of departure", "tidy", "3-worse")
        expect(job, verdict="FAIL", production="2", code=1)
        self.voice.fact("The check is red. It would have met the absolute bounds; production did better.")
        self._untouched(service, "2")

    def broken_data(self, service: Service) -> None:
        """Play act 4: data that breaks the schema is refused before any training."""
        self.voice.act(4, "broken data")
        self.voice.say("Ada opens pull request 3: February as training data, from the airline's new export.")
        prepare = ["python", "prepare.py", "--train", "2", "--held-out", "3"]
        self._git("switch", "--create", "february", "main")
        self.voice.typed(prepare)
        self.voice.log(self.stage.run(prepare, self.stage.repository).splitlines())
        changes.export_differently(self.stage.repository)
        job = self._pull_request(3, "Learn from February", "february", "4-broken-data")
        if job.trained:
            raise StoryError("data that was refused was trained on")
        expect(job, verdict="FAIL", production="", code=1)
        self.voice.fact(
            """Nothing was trained. The new export renamed a column and writes times as text; the wind of 1,048 miles
            an hour is in the original record of 12 February."""
        )
        self.voice.say("What else is February to a model of May and June? What it was trained on is kept beside it.")
        self.stage.git("switch", "february")
        found = self._mlgate(self.stage.repository, "drift", SERVED, "data/train.parquet", *IGNORED, code=1)
        self.stage.git("switch", "main")
        told(found, "temp ", "visib ", "missing now: the reference has it", "of what the model's predictions rest on")
        self._untouched(service, "2")

    def in_use(self, service: Service) -> None:
        """Play the first half of act 5: production is watched for four months, the last without labels."""
        self.voice.act(5, "in use, and back")
        self.voice.say(
            """Autumn. Production has answered for four months; of November, no arrival is known yet. Its answers are
            held against those of July, which it was accepted on: by what was measured, or what its scores promise.
            """
        )
        folder = self.stage.folder / "in-use"
        months = ["--train", "6", "--held-out", "8", "9", "10", "11", "--held-out-rows", "40000", "--out", str(folder)]
        self.stage.run(["python", "prepare.py", *months], self.stage.repository)
        july = self.stage.repository / "data" / "held_out.parquet"
        for flights, answers in ((july, "july"), (folder / "held_out.parquet", "autumn")):
            service.ask("predict", str(flights), str(folder / f"{answers}.parquet"), "2013-11-01")
        policy = str(self.stage.repository / "monitor.yaml")
        watch = ["july.parquet", "autumn.parquet", "--policy", policy, "--time", "date", "--every", "1mo"]
        found = self._mlgate(folder, "monitor", *watch, code=1)
        told(found, "2013-11-01", "(concept drift)", "worse than on the reference")
        self.voice.fact(
            "The weather of autumn is not that of spring: the model ranks October's flights worse than July's."
        )

    def rollback(self, service: Service, first: Answer) -> None:
        """Play the second half of act 5: a person goes back to the version before, whose answer was `first`."""
        self.voice.say("Someone starts the rollback workflow by hand, and gives a reason.")
        folder = self.stage.checkout("5-rollback", "main")
        job = self._job(folder, "workflow_dispatch", events.dispatch({"to": "previous", "reason": REASON}))
        if job.code:
            raise StoryError(f"the rollback ended with code {job.code}")
        answer: Answer = service.ask("chance", FLIGHT)
        if (answer["version"], answer["chance"]) != ("3", first["chance"]):
            raise StoryError(f"after the rollback production is version {answer['version']}: {answer['chance']}")
        self.voice.fact(
            f"models:/flight-delay@production is version 3, which holds the files of version 1. It gives the flight "
            f"of act 2 {answer['chance']:.0%} again."
        )
        self.voice.say("What was production when, and why:")
        self.voice.typed(["mlgate", "history"])
        self.voice.log(self.stage.run(["mlgate", "history"], folder).splitlines())

    def _mlgate(self, folder: Path, *words: str, code: int) -> str:
        """Run one of mlgate's commands by hand, and show what it prints."""
        self.voice.typed(["mlgate", *words])
        found = self.stage.run(["mlgate", *words], folder, code)
        self.voice.log(found.splitlines())
        return found

    def _pull_request(self, number: int, title: str, branch: str, name: str) -> Job:
        if self.stage.git("branch", "--show-current") != branch:
            self._git("switch", "--create", branch, "main")
        if branch in EDITS:
            changes.edit(self.stage.repository, EDITS[branch])
            self.voice.diff(self.stage.git("diff", "--unified=0").splitlines())
        self._commit(title)
        head, base = self.stage.git("rev-parse", branch), self.stage.git("rev-parse", "main")
        self.stage.git("switch", "main")
        folder = self.stage.checkout(name, branch)
        payload = events.pull_request(number=number, title=title, branch=branch, head=head, base=base)
        return self._job(folder, "pull_request", payload)

    def _push(self, name: str, before: str) -> Job:
        after, message = self.stage.git("log", "-1", "--format=%H%n%s").splitlines()
        payload = events.push(before=before, after=after, message=message)
        return self._job(self.stage.checkout(name, "main"), "push", payload)

    def _job(self, folder: Path, event: str, payload: events.Payload) -> Job:
        self.voice.typed(self.stage.words(event, payload))
        return self.stage.job(folder, event, payload, self.voice.log)

    def _commit(self, message: str) -> None:
        self.stage.git("add", "--all")
        self._git("commit", "-m", message)

    def _git(self, *words: str) -> None:
        self.voice.typed(["git", *words])
        self.stage.git(*words)

    def _predict(self, before: Answer, after: Answer) -> None:
        if (before["version"], after["version"]) != ("1", "2"):
            raise StoryError(f"the alias went from {before['version']} to {after['version']}, not from 1 to 2")
        flight = after["flight"]
        self.voice.fact(
            f"models:/flight-delay@production is version 2 now. Asked about {FLIGHT} to {flight['dest']} at "
            f"{flight['hour']}:00, {flight['precip']} inches of rain: version 1 gave it a chance of "
            f"{before['chance']:.0%} to be late, version 2 gives {after['chance']:.0%}. "
            f"It was {'late' if flight['late'] else 'on time'}."
        )

    def _untouched(self, service: Service, expected: str) -> None:
        if service.version != expected:
            raise StoryError(f"production moved to version {service.version}")
        self.voice.fact(f"models:/flight-delay@production is still version {expected}.")


EDITS = {"weather": changes.WITH_WEATHER, "tidy": changes.WITHOUT_HOUR}


def told(found: str, *parts: str) -> None:
    """Hold what a command printed to what the story tells; raises StoryError with what is missing."""
    lost = [part for part in parts if part not in found]
    if lost:
        raise StoryError(f"nothing is said of {lost[0]!r} in:\n{found}")


def expect(job: Job, *, verdict: str, production: str, code: int = 0) -> None:
    """Hold a job to what the story tells; raises StoryError with what it said instead."""
    told = {"verdict": verdict, "passed": str(verdict == "PASS").lower(), "production-version": production}
    found = {name: job.outputs.get(name, "nothing") for name in told}
    if found != told or job.code != code:
        raise StoryError(f"the job gave {found} and exit code {job.code}; the story tells {told} and {code}")

"""Time how long models take to answer one row, alternating between them, so that a busy machine is unfair to neither.

Usage: latency.py QUESTION ANSWER. The question is that of score.py, with the number of `rows` to time and of `warmup`
rows before them; each job names a model folder. The answer has the seconds of each row by job, or a problem.
"""

from __future__ import annotations

import json
import os
import sys
import time

from score import load, predict, read  # type: ignore[import-not-found]


def main(question_path, answer_path):
    """Time every job on the same rows."""
    with open(question_path, encoding="utf-8") as file:
        question = json.load(file)
    sys.path.insert(0, os.getcwd())
    try:
        answer = {"seconds": measure(question)}
    except (Exception, SystemExit) as error:  # noqa: BLE001 (whatever the user's model raises is an answer)
        answer = {"problem": "%s: %s" % (type(error).__name__, error)}
    with open(answer_path, "w", encoding="utf-8") as file:
        json.dump(answer, file)


def measure(question):
    """Return the seconds of each row, by job."""
    frame = read(question["data"])
    models = {name: load(job["model"], frame, question) for name, job in question["jobs"].items()}
    seconds: dict[str, list[float]] = {name: [] for name in models}
    wanted = question["rows"] + question["warmup"]
    for number in range(wanted):
        place = number % len(frame)
        row = frame.iloc[place : place + 1]
        # who goes first alternates, too: the second finds warmer caches
        for name in sorted(models, reverse=number % 2 == 1):
            model, features = models[name]
            given = row[features]
            started = time.perf_counter()
            predict(model, given, question)
            seconds[name].append(time.perf_counter() - started)
    return {name: taken[question["warmup"] :] for name, taken in seconds.items()}


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])

"""How much a model's predictions rest on each of its columns: permutation importance (Breiman 2001, Random forests).

A column's values are shuffled among sampled rows, and the model is asked again: the growth of its mean loss says what
the column was worth to it. Fisher, Rudin and Dominici (2019, JMLR 20:177) call it model reliance.
"""

from __future__ import annotations

import time

ROWS = 2000
ROUNDS = 3
SECONDS = 30.0
SEED = 0


def measure(answer, frame, features, question):
    """Return the loss, its mean on the sampled rows, and by how much it grows without each column.

    `answer(rows)` gives the model's columns of answers: `score`, and of several classes `probability:CLASS`; the
    question is that of score.py. The means are of ROUNDS shuffles, fewer where time runs out; raises ValueError where
    it runs out before every column had one.
    """
    import numpy as np

    label = question["label"]
    labelled = frame[frame[label].notna()]
    sample = labelled.sample(min(ROWS, len(labelled)), random_state=SEED)
    if len(sample) < 2:
        raise ValueError("there are too few rows with a label")
    truth, rows = sample[label].to_numpy(), sample[features]
    first = answer(rows)
    name, loss = loss_of(first, truth, question["task"])
    base = mean_of(loss, first, len(rows))
    generator = np.random.default_rng(SEED)
    started = time.monotonic()
    grown: dict[str, list[float]] = {column: [] for column in features}
    for done in range(ROUNDS):
        for column in features:
            if time.monotonic() - started > SECONDS:
                if done:
                    return report(name, base, len(rows), grown)
                raise ValueError("%d columns take longer than %g s" % (len(features), SECONDS))
            shuffled = rows.copy()
            # as a Series, so that categories and missing whole numbers stay what the model knows
            shuffled[column] = rows[column].iloc[generator.permutation(len(rows))].set_axis(rows.index)
            grown[column].append(mean_of(loss, answer(shuffled), len(rows)) - base)
    return report(name, base, len(rows), grown)


def mean_of(loss, answers, rows):
    """Return the mean loss of the answers to so many rows; raises ValueError where they are none."""
    import numpy as np

    if len(answers["score"]) != rows:
        raise ValueError("the model returned %d predictions for %d rows" % (len(answers["score"]), rows))
    found = float(np.mean(loss(answers)))
    if not np.isfinite(found):
        raise ValueError("the model's predictions have no finite loss")
    return found


def report(name, base, rows, grown):
    """Return what was measured as plain values."""
    columns = {str(column): sum(values) / len(values) for column, values in grown.items() if values}
    return {"loss": name, "base": base, "rows": rows, "columns": columns}


def loss_of(answers, truth, task):
    """Return the name of the loss that fits the answers, and the function that gives it row by row."""
    import numpy as np

    score = answers["score"]
    if task == "multiclass":
        names = np.array([name_of(value) for value in truth.tolist()], dtype=object)
        known = {column.partition(":")[2] for column in answers if column.startswith("probability:")}
        if known >= set(names.tolist()):
            return "log loss", lambda found: -np.log(np.clip(chosen(found, names), 1e-15, 1))
        return "error rate", lambda found: (np.asarray(found["score"], dtype=object) != names).astype(float)
    numbers = truth.astype(float)
    if task == "binary":
        if float(score.min()) >= 0 and float(score.max()) <= 1:
            return "log loss", lambda found: log_loss(np.clip(found["score"], 1e-15, 1 - 1e-15), numbers)
        return "misrankings", lambda found: misranked(found["score"], numbers)
    if task == "ranking":
        return "change of the score", lambda found: np.abs(found["score"] - score)
    return "squared error", lambda found: (found["score"] - numbers) ** 2


def log_loss(probability, truth):
    """Return minus the logarithm of what was given to the truth, row by row."""
    import numpy as np

    return -np.log(np.where(truth == 1, probability, 1 - probability))


def misranked(score, truth):
    """Return one minus the ROC AUC, for scores that are no probabilities (Mann and Whitney's ranks)."""
    import numpy as np
    import pandas as pd

    ranks = pd.Series(score).rank().to_numpy()
    positives = truth == 1
    n, m = int(positives.sum()), int((~positives).sum())
    if not n or not m:
        raise ValueError("the sampled rows hold one class only")
    return np.array([1 - (ranks[positives].sum() - n * (n + 1) / 2) / (n * m)])


def chosen(answers, names):
    """Return the probability that each row's true class was given."""
    import numpy as np

    found = np.zeros(len(names))
    for name in set(names.tolist()):
        mask = names == name
        found[mask] = answers["probability:%s" % name][mask]
    return found


def name_of(value):
    """Return a class's name as text, a whole number without a point."""
    if isinstance(value, bool) or (isinstance(value, float) and value.is_integer()):
        value = int(value)
    return str(value)

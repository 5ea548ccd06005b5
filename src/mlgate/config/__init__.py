"""`mlgate.yaml` -> frozen Config."""

"""The gate: paired predictions in, findings with their numbers out; pure."""

"""Reading, digesting, validating and profiling data files."""

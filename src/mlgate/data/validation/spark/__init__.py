"""Validation where the data is: Apache Spark counts, and only sums and examples come back."""

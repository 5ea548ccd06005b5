"""What doctor looks for: a history that does not fit its registry, credentials and workflows that may do too much."""

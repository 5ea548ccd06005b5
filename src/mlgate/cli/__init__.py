"""The command line; the only exits."""

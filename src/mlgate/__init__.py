"""CI/CD for models: validate, train, compare, report, promote."""

__version__ = "0.1.0"

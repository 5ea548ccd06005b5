"""What runs in the user's Python: plain scripts, Python >= 3.9, MLflow >= 2.9, no import of mlgate."""

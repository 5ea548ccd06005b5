"""The story of a model repository, played with real parts: git, MLflow and the commands that the actions run."""

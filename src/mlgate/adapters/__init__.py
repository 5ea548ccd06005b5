"""The only places that touch the world: MLflow, GitHub, git, files, processes, the runner."""

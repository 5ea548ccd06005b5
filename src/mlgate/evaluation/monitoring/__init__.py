"""How a model does later: by its labels where they have come, by its own scores where they have not."""

"""What a training run is told, and what is read back from it; pure."""

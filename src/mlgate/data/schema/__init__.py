"""What data must look like: schema files, models and checks."""

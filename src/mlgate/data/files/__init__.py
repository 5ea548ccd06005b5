"""Reading and digesting data files."""

"""Data contracts of the Open Data Contract Standard, read as schemas of ours."""

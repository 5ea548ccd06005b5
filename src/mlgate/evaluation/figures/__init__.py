"""Figures of both models for the report's pictures, made of the paired rows and holding none of them."""

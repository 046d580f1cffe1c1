"""Copies of the data directory in one file, made while costbot runs, and the way back."""

"""Accuracy and speed of detection, forecasts and trends, each a command."""

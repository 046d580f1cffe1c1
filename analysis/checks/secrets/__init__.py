"""Savings checks on Secrets Manager."""

"""Savings checks on Lambda functions."""

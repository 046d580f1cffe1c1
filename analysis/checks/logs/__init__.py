"""Savings checks on CloudWatch Logs."""

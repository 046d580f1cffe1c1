"""Savings checks on CloudWatch's metrics."""

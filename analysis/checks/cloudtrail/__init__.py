"""Savings checks on CloudTrail."""

"""Savings checks on WorkSpaces."""

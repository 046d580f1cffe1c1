"""Savings checks on RDS and Aurora databases."""

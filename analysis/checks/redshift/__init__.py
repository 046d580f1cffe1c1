"""Savings checks on Redshift."""

"""Savings checks on ElastiCache nodes."""

"""Savings checks on EC2 instances."""

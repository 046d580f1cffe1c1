"""Savings checks on EC2 Auto Scaling groups."""

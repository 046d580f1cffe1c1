"""Checks on Reserved Instances and Savings Plans: what is unused, what usage is not covered, what ends when."""

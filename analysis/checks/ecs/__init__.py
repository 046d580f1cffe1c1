"""Savings checks on Amazon ECS services."""

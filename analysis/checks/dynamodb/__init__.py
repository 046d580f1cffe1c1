"""Savings checks on DynamoDB tables."""

"""Savings checks on the Key Management Service."""

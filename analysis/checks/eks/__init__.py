"""Savings checks on Amazon EKS clusters."""

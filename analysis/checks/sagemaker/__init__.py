"""Savings checks on SageMaker."""

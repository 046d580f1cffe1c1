"""Savings checks on EBS volumes and snapshots."""

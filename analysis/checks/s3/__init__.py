"""Savings checks on S3 buckets."""

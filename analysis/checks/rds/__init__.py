"""Savings checks on RDS and Aurora databases."""

from __future__ import annotations

#: A line for the shell that fails where RDS does not offer `{target}` for the engine and version there.
ORDERABLE = (
    'test "$(aws rds describe-orderable-db-instance-options --engine {engine} --engine-version '
    "{engine_version} --db-instance-class {target} --query 'OrderableDBInstanceOptions[0].DBInstanceClass' "
    '--output text --region {region} | head -n 1)" = {target}'
)

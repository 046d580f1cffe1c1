"""Which checks say what usage they move: all whose saving is hours that commitments may cover."""

from __future__ import annotations

from analysis.checks import checks

#: Their rows are of usage that commitments may cover.
COMPUTE = {
    "ec2_instances", "autoscaling_groups", "rds_instances", "elasticache_clusters", "redshift_clusters",
    "sagemaker_endpoints", "sagemaker_notebooks", "ecs_services", "lambda_functions",
}  # fmt: skip
#: Savings that are no such hours, and why.
NO_HOURS = {
    "autoscaling.thrash": "a notice",
    "ec2.drained_credits": "a notice",
    "ec2.stopped_instance": "volumes and addresses of what does not run",
    "ec2.undersized": "a notice",
    "governance.memory_blind_spot": "a notice",
    "lambda.errors": "runs that fail: which of them go nobody knows",
    "network.public_ipv4": "addresses",
    "rds.extended_support": "a surcharge that nothing covers",
    "rds.over_allocated_storage": "storage",
    "rds.storage_type": "storage",
    "sagemaker.always_on_notebook": "a notice",
}


def test_every_check_of_compute_says_what_it_moves_or_why_it_moves_nothing() -> None:
    silent = {one.id for one in checks().values() if one.tables[0] in COMPUTE and one.moves is None}

    assert silent <= set(NO_HOURS), "add what it moves, or here why it moves nothing"
    assert all(one.tables[0] in COMPUTE for one in checks().values() if one.moves is not None)

"""Which metrics AWS publishes for the organisation, account by account."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from bot.demo.aws.cloudwatch_ec2 import group_metrics, instance_metrics, volume_metrics
from bot.demo.aws.cloudwatch_metric import Known, Metric
from bot.demo.aws.cloudwatch_services import (
    bucket_metrics,
    cache_metrics,
    database_metrics,
    function_metrics,
    load_balancer_metrics,
    log_group_metrics,
    nat_gateway_metrics,
)
from bot.demo.aws.cloudwatch_shop import PLACE, shop_metrics
from bot.demo.aws.cloudwatch_tables import table_metrics
from bot.demo.aws.resources import Kind, resources
from bot.demo.aws.resources_times import ids_of

_METRICS: dict[Kind, Callable[[Known], Iterator[Metric]]] = {
    Kind.INSTANCE: instance_metrics,
    Kind.AUTO_SCALING_GROUP: group_metrics,
    Kind.NAT_GATEWAY: nat_gateway_metrics,
    Kind.LOAD_BALANCER: load_balancer_metrics,
    Kind.DATABASE: database_metrics,
    Kind.CACHE: cache_metrics,
    Kind.BUCKET: bucket_metrics,
    Kind.FUNCTION: function_metrics,
    Kind.LOG_GROUP: log_group_metrics,
    Kind.TABLE: table_metrics,
}


def metrics_by_place(seed: int, today: date) -> dict[tuple[str, str], list[Metric]]:
    """All metrics of the organisation by (account id, region)."""
    ids = ids_of(seed)
    by_key = {resource.key: resource for resource in resources(seed)}
    places: dict[tuple[str, str], list[Metric]] = {}
    for resource in by_key.values():
        found = places.setdefault((resource.account_id, resource.region), [])
        known = Known(resource, ids, seed, today)
        if resource.kind is Kind.VOLUME:
            found += volume_metrics(known, by_key)
        elif resource.kind in _METRICS:
            found += _METRICS[resource.kind](known)
    places.setdefault(PLACE, []).extend(shop_metrics(seed, today))
    return places

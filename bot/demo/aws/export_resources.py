"""Which resources stand behind a line of the ledger, and their shares of its quantity and cost, day by day.

The ledger sums the resources of one usage type and owner; an export with resources shows each. A resource that took
over from another has that one's charges before its launch: they carry an id that no inventory knows any more. Of what a
commitment covers only some resources are known; the rest of such a line is nobody's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from bot.demo.aws.commitments import COMMITMENTS_BY_ARN
from bot.demo.aws.ledger import Statement
from bot.demo.aws.ledger_noise import Days, Floats
from bot.demo.aws.ledger_resources import billed_parts, hours_before, hours_run, line_of, units_an_hour
from bot.demo.aws.resources_model import Kind, Resource
from bot.demo.aws.resources_times import balancer_path, digest, id_of


@dataclass(frozen=True, slots=True)
class Behind:
    """One of those that a line sums.

    Attributes:
        service: as Cost Explorer calls it; of a tax line the one that is taxed.
        resource_id: as the CUR has it: an id, a name or an ARN, by service; None where no resource is known.
        quantity, cost: shares of the line's quantity and cost on each day of the statement; over a line they add up
            to 1, or to 0 on a day without charges.
    """

    service: str
    resource: Resource | None
    resource_id: str | None
    quantity: Floats
    cost: Floats


def resources_behind(statement: Statement) -> dict[int, list[Behind]]:
    """Index of a line → the resources behind it; lines of whole services are missing."""
    days = np.arange(statement.shares.shape[1]) + statement.first_day.toordinal()
    # A line of the catalogue can equal one of the resources; theirs come later in the ledger.
    index = {line: row for row, line in enumerate(statement.lines)}
    hours: dict[int, list[tuple[Resource, str, Floats]]] = defaultdict(list)
    for resource in billed_parts(statement.resources):
        if resource.hourly_rate <= 0:
            continue
        row = index[line_of(resource)]
        ran = hours_run(resource, days, statement.start)
        before = hours_before(resource, days, statement.start)
        hours[row].append((resource, resource_id(resource, statement.seed), ran))
        if before.any():
            predecessor = _predecessor(resource)
            hours[row].append((resource, resource_id(predecessor, statement.seed), before))
    return {row: _shared(behind) for row, behind in hours.items()} | _covered(statement, days)


def _covered(statement: Statement, days: Days) -> dict[int, list[Behind]]:
    """Behind the lines of what a commitment covers, and of the same usage once it has ended: the resources it pays."""
    paid: dict[tuple[str, str, str, str], list[Resource]] = defaultdict(list)
    for resource in statement.resources:
        if resource.commitment:
            usage_type = COMMITMENTS_BY_ARN[resource.commitment].usage_type
            paid[resource.account_id, resource.region, usage_type, resource.team or ""].append(resource)
    rows: dict[tuple[str, str, str, str], list[int]] = defaultdict(list)
    for row, line in enumerate(statement.lines):
        key = (line.account_id, line.region, line.usage_type, line.team)
        if key in paid:
            rows[key].append(row)
    known = statement.shares > 0
    whole = np.divide(statement.values["UsageQuantity"], statement.shares, out=np.zeros(known.shape), where=known)
    found: dict[int, list[Behind]] = {}
    for key, resources in paid.items():
        # On a day either the commitment's line has hours or the one on demand.
        hours = whole[rows[key]].sum(axis=0)
        own = [_part_of(hours, hours_run(resource, days, statement.start)) for resource in resources]
        rest = np.clip(1.0 - np.sum(own, axis=0), 0.0, 1.0)
        named: list[tuple[Resource | None, Floats]] = [*zip(resources, own, strict=True), (None, rest)]
        for row in rows[key]:
            service = statement.lines[row].service
            found[row] = [
                Behind(service, one, None if one is None else resource_id(one, statement.seed), share, share)
                for one, share in named
            ]
    return found


def _part_of(hours: Floats, ran: Floats) -> Floats:
    share: Floats = np.divide(ran, hours, out=np.zeros_like(hours), where=hours > 0)
    return np.minimum(share, 1.0)


def resource_id(resource: Resource, seed: int) -> str:
    """What the exports call a resource."""
    name = id_of(resource, seed)
    arn = _ARNS.get(resource.kind)
    if arn is None:
        return name
    if resource.kind is Kind.LOAD_BALANCER:
        name = balancer_path(resource, seed)
    return arn.format(region=resource.region, account=resource.account_id, name=name)


_ARNS: Mapping[Kind, str] = {
    Kind.SNAPSHOT: "arn:aws:ec2:{region}:{account}:snapshot/{name}",
    Kind.NAT_GATEWAY: "arn:aws:ec2:{region}:{account}:natgateway/{name}",
    Kind.ELASTIC_IP: "arn:aws:ec2:{region}:{account}:elastic-ip/{name}",
    Kind.LOAD_BALANCER: "arn:aws:elasticloadbalancing:{region}:{account}:loadbalancer/{name}",
    Kind.DATABASE: "arn:aws:rds:{region}:{account}:db:{name}",
    Kind.CACHE: "arn:aws:elasticache:{region}:{account}:cluster:{name}",
    Kind.LOG_GROUP: "arn:aws:logs:{region}:{account}:log-group:{name}",
    Kind.FUNCTION: "arn:aws:lambda:{region}:{account}:function:{name}",
}


def _predecessor(resource: Resource) -> Resource:
    return replace(resource, key=f"{resource.key}-{digest(resource.key, 4)}")


def _shared(behind: list[tuple[Resource, str, Floats]]) -> list[Behind]:
    hours = np.stack([ran for _, _, ran in behind])
    units = hours * np.array([[units_an_hour(resource)] for resource, _, _ in behind])
    dollars = hours * np.array([[resource.hourly_rate] for resource, _, _ in behind])
    return [
        Behind(resource.service, resource, name, quantity, cost)
        for (resource, name, _), quantity, cost in zip(behind, _shares(units), _shares(dollars), strict=True)
    ]


def _shares(amounts: Floats) -> Floats:
    total = amounts.sum(axis=0)
    shares: Floats = np.divide(amounts, total, out=np.zeros_like(amounts), where=total > 0)
    return shares

"""Puts NAT gateways, Elastic IPs and load balancers into moto."""

from __future__ import annotations

from datetime import date
from typing import Any

from moto.ec2.models import ec2_backends
from moto.elbv2.models import elbv2_backends

from bot.demo.aws.resources import Kind, Resource, resources
from bot.demo.aws.resources_network import NAT_CLIENTS
from bot.demo.aws.resources_times import balancer_path, digest, ids_of, launched_at, target_group_path


def seed_network(seed: int, today: date) -> None:
    """Needs the instances of `seed_ec2`: addresses and targets point at them."""
    ids = ids_of(seed)
    for resource in resources(seed):
        if resource.kind is Kind.NAT_GATEWAY:
            _make_nat_gateway(resource, ids, today)
            _make_clients(resource, ids)
        elif resource.kind is Kind.ELASTIC_IP:
            _make_address(resource, ids)
        elif resource.kind is Kind.LOAD_BALANCER:
            _make_load_balancer(resource, seed, today)


def _subnet(resource: Resource, zone: str) -> Any:
    backend = ec2_backends[resource.account_id][resource.region]
    return backend.get_default_subnets()[zone]


def _make_nat_gateway(resource: Resource, ids: dict[str, str], today: date) -> None:
    backend = ec2_backends[resource.account_id][resource.region]
    subnet = _subnet(resource, str(resource.zone))
    gateway: Any = backend.create_nat_gateway(subnet.id, allocation_id="", tags={})
    del backend.nat_gateways[gateway.id]
    gateway.id = ids[resource.key]
    gateway._created_at = launched_at(resource, today)
    backend.nat_gateways[gateway.id] = gateway
    gateway.add_tags(resource.tags)


def _make_clients(resource: Resource, ids: dict[str, str]) -> None:
    """Private subnets whose way out is the gateway: in its own zone or, as nobody noticed, in another."""
    backend = ec2_backends[resource.account_id][resource.region]
    for zone, block in NAT_CLIENTS.get(resource.name, ()):
        subnet: Any = backend.create_subnet(
            _subnet(resource, zone).vpc_id, block, availability_zone=zone, tags={"subnet": {"Name": f"private-{zone}"}}
        )
        table: Any = backend.create_route_table(subnet.vpc_id)
        backend.create_route(table.id, "0.0.0.0/0", nat_gateway_id=ids[resource.key])
        backend.associate_route_table(table.id, None, subnet.id)


def _make_address(resource: Resource, ids: dict[str, str]) -> None:
    backend = ec2_backends[resource.account_id][resource.region]
    address: Any = backend.allocate_address("vpc")
    address.id = address.allocation_id = ids[resource.key]
    # A block set aside for documentation: the demo shows nobody's real address.
    address.public_ip = f"203.0.113.{10 + len(backend.addresses)}"
    address.add_tags(resource.tags)
    owner = resource.attributes["associated_with"]
    if owner is not None:
        backend.associate_address(instance=backend.get_instance(ids[owner]), allocation_id=address.id)
        address.association_id = f"eipassoc-0{digest(address.id)}"


def _make_load_balancer(resource: Resource, seed: int, today: date) -> None:
    backend = elbv2_backends[resource.account_id][resource.region]
    subnets = [_subnet(resource, f"{resource.region}{letter}") for letter in "ab"]
    balancer: Any = backend.create_load_balancer(
        resource.name,
        security_groups=[],
        subnet_ids=[subnet.id for subnet in subnets],
        loadbalancer_type=resource.type,
    )
    del backend.load_balancers[balancer.arn]
    balancer.arn = _arn(resource, f"loadbalancer/{balancer_path(resource, seed)}")
    balancer.created_time = launched_at(resource, today).isoformat()
    balancer.state = "active"
    backend.load_balancers[balancer.arn] = balancer
    backend.tagging_service.tag_resource(balancer.arn, _pairs(resource))
    _make_target_group(resource, seed, balancer, subnets[0].vpc_id)


def _make_target_group(resource: Resource, seed: int, balancer: Any, vpc_id: str) -> None:
    """What the balancer sends its traffic to; an idle one has a group without targets."""
    backend = elbv2_backends[resource.account_id][resource.region]
    protocol = "TCP" if resource.type == "network" else "HTTP"
    group: Any = backend.create_target_group(
        resource.name, vpc_id=vpc_id, protocol=protocol, port="80", target_type="instance"
    )
    del backend.target_groups[group.arn]
    group.arn = _arn(resource, target_group_path(resource, seed))
    backend.target_groups[group.arn] = group
    group.load_balancer_arns.append(balancer.arn)
    targets = [machine.id for machine in ec2_backends[resource.account_id][resource.region].all_running_instances()][
        : resource.attributes["targets"]
    ]
    group.register([{"Id": target, "Port": 80} for target in targets])


def _arn(resource: Resource, path: str) -> str:
    return f"arn:aws:elasticloadbalancing:{resource.region}:{resource.account_id}:{path}"


def _pairs(resource: Resource) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in resource.tags.items()]

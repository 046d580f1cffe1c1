"""NAT gateways, Elastic IPs and load balancers of the demo organisation."""

from __future__ import annotations

from bot.demo.aws.resources_model import (
    DATA_PLATFORM,
    EC2_OTHER,
    MAIN_REGION,
    PROD,
    SANDBOX,
    SHARED_SERVICES,
    STAGING,
    Kind,
    Resource,
)
from bot.demo.aws.resources_rates import LOAD_BALANCER, NAT_GATEWAY, PUBLIC_IPV4

# Tables read by rows.
# fmt: off

# account, zone, name, team, env, age, profile
_NATS: tuple[tuple[str, str, str, str | None, str | None, int, str], ...] = (
    (PROD, "us-east-1a", "prod-nat-a", "platform", "prod", 390, "nat-busy"),
    (PROD, "us-east-1b", "prod-nat-b", "platform", "prod", 390, "nat-busy"),
    (DATA_PLATFORM, "us-east-1a", "data-nat", "platform", "prod", 340, "nat-busy"),
    (STAGING, "us-east-1a", "staging-nat", "platform", "staging", 360, "nat-light"),
    (SANDBOX, "us-east-1a", "sandbox-nat", None, "dev", 240, "nat-idle"),
)

#: Private subnets that leave by each gateway: zone and addresses. Subnets cost nothing.
NAT_CLIENTS: dict[str, tuple[tuple[str, str], ...]] = {
    "prod-nat-a": (("us-east-1a", "172.31.128.0/20"),),
    "prod-nat-b": (("us-east-1c", "172.31.144.0/20"),),
    "data-nat": (("us-east-1a", "172.31.128.0/20"),),
    "staging-nat": (("us-east-1a", "172.31.128.0/20"),),
}

# account, name, team, env, age, what it is associated with
_ADDRESSES: tuple[tuple[str, str, str | None, str | None, int, str | None], ...] = (
    (PROD, "edge-address", "platform", "prod", 250, f"{Kind.INSTANCE}/edge-proxy"),
    (SHARED_SERVICES, "wiki-address", "platform", "prod", 390, f"{Kind.INSTANCE}/wiki"),
    (PROD, "old-partner-whitelist", "payments", "prod", 370, None),
    (SANDBOX, "demo-day", None, None, 130, None),
    (STAGING, "switch-over", "platform", "staging", 0, None),
)

# account, name, type, team, env, age, profile, targets
_BALANCERS: tuple[tuple[str, str, str, str, str, int, str, int], ...] = (
    (PROD, "checkout-public", "application", "payments", "prod", 330, "balancer-busy", 3),
    (PROD, "search-internal", "application", "search", "prod", 300, "balancer-busy", 3),
    (STAGING, "staging-public", "application", "platform", "staging", 310, "balancer-light", 2),
    (PROD, "spring-campaign", "application", "growth", "prod", 230, "balancer-idle", 0),
    (DATA_PLATFORM, "ingest", "network", "data", "prod", 280, "balancer-busy", 2),
)
# fmt: on


def nat_gateways() -> tuple[Resource, ...]:
    """NAT gateways by their hours; the bytes they process are not in `hourly_rate`."""
    return tuple(
        Resource(
            kind=Kind.NAT_GATEWAY,
            key=f"{Kind.NAT_GATEWAY}/{name}",
            account_id=account,
            region=MAIN_REGION,
            zone=zone,
            type="public",
            team=team,
            env=env,
            created_days_ago=age,
            stopped_days_ago=None,
            profile=profile,
            attributes={},
            service=EC2_OTHER,
            usage_type="NatGateway-Hours",
            hourly_rate=NAT_GATEWAY,
        )
        for account, zone, name, team, env, age, profile in _NATS
    )


def addresses() -> tuple[Resource, ...]:
    """Elastic IPs, in use or idle; both are billed."""
    return tuple(
        Resource(
            kind=Kind.ELASTIC_IP,
            key=f"{Kind.ELASTIC_IP}/{name}",
            account_id=account,
            region=MAIN_REGION,
            zone=None,
            type="",
            team=team,
            env=env,
            created_days_ago=age,
            stopped_days_ago=None,
            profile="",
            attributes={"associated_with": owner},
            service="Amazon Virtual Private Cloud",
            usage_type="PublicIPv4:InUseAddress" if owner else "PublicIPv4:IdleAddress",
            hourly_rate=PUBLIC_IPV4,
        )
        for account, name, team, env, age, owner in _ADDRESSES
    )


def load_balancers() -> tuple[Resource, ...]:
    """Load balancers by their hours; capacity units are not in `hourly_rate`."""
    return tuple(
        Resource(
            kind=Kind.LOAD_BALANCER,
            key=f"{Kind.LOAD_BALANCER}/{name}",
            account_id=account,
            region=MAIN_REGION,
            zone=None,
            type=balancer,
            team=team,
            env=env,
            created_days_ago=age,
            stopped_days_ago=None,
            profile=profile,
            attributes={"targets": targets},
            service="Amazon Elastic Load Balancing",
            usage_type="LoadBalancerUsage",
            hourly_rate=LOAD_BALANCER,
        )
        for account, name, balancer, team, env, age, profile, targets in _BALANCERS
    )

"""Who made what is planted in the ledger, as literal expected values: what CloudTrail must be found to say of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.demo.aws.planted_costs import NAT_SPIKE, NEW_SERVICE, PlantedCost


@dataclass(frozen=True, slots=True)
class PlantedChange:
    """One recorded call that made, or ended, a planted cost.

    Attributes:
        days_ago: the day, counted back like those of the cost. after: time of that day, UTC.
        resources: (type, name) as CloudTrail lists them.
        role: who called. via: the service that called for them, "" for none.
        error: AWS's code where it was refused, and so changed nothing.
        is_cause: whether it is what a hint must name.
    """

    of: PlantedCost
    days_ago: int
    after: timedelta
    source: str
    event: str
    resources: tuple[tuple[str, str], ...]
    role: str
    via: str = ""
    error: str = ""
    is_cause: bool = False


_VPC = ("AWS::EC2::VPC", "vpc-0d3adb33f0c05b071")
_ENDPOINT = ("AWS::EC2::VPCEndpoint", "vpce-0a1b2c3d4e5f60718")

PLANTED_CHANGES = (
    PlantedChange(
        # Without the gateway endpoint, traffic to S3 goes through the NAT gateways.
        of=NAT_SPIKE,
        days_ago=NAT_SPIKE.first_day_ago + 1,
        after=timedelta(hours=23, minutes=41),
        source="ec2.amazonaws.com",
        event="DeleteVpcEndpoints",
        resources=(_ENDPOINT, _VPC),
        role="network-deploy",
        via="cloudformation.amazonaws.com",
        is_cause=True,
    ),
    PlantedChange(
        of=NAT_SPIKE,
        days_ago=NAT_SPIKE.first_day_ago + 1,
        after=timedelta(hours=23, minutes=52),
        source="ec2.amazonaws.com",
        event="CreateNatGateway",
        resources=(_VPC,),
        role="contractor",
        error="Client.UnauthorizedOperation",
    ),
    PlantedChange(
        of=NAT_SPIKE,
        days_ago=NAT_SPIKE.last_day_ago - 1,
        after=timedelta(minutes=6),
        source="ec2.amazonaws.com",
        event="CreateVpcEndpoint",
        resources=(("AWS::EC2::VPCEndpoint", "vpce-0f9e8d7c6b5a43210"), _VPC),
        role="network-deploy",
        via="cloudformation.amazonaws.com",
    ),
    PlantedChange(
        of=NEW_SERVICE,
        days_ago=NEW_SERVICE.first_day_ago + 1,
        after=timedelta(hours=17, minutes=20),
        source="bedrock.amazonaws.com",
        event="CreateFoundationModelAgreement",
        resources=(("AWS::Bedrock::FoundationModel", "amazon.nova-pro-v1:0"),),
        role="model-access",
        is_cause=True,
    ),
)

"""`network.cross_zone_nat`: subnets that pay for another zone on their way to the NAT gateway."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pandas import DataFrame

from analysis.checks import Fact, Words, check
from analysis.daily_metrics import KEY, daily_charts
from analysis.figures import written
from analysis.models import Action, Chart, Effort, Group, Risk
from analysis.nat_traffic import monthly_traffic
from analysis.pricing import HOURS_A_MONTH, PriceBook, unpriced
from analysis.verdicts import Verdicts, verdicts

_NETWORK = ["account_id", "region", "vpc_id"]
#: Between zones each gigabyte is billed to the one who sends it and to the one who takes it.
_SIDES = 2


def _charts(rows: DataFrame, tables: Mapping[str, Any]) -> list[Chart | None]:
    lines = {"From subnets": ("BytesInFromSource", "Sum"), "To subnets": ("BytesOutToSource", "Sum")}
    return daily_charts(rows, tables["nat_metrics"], lines, title="Between subnets and gateway", unit="GB", scale=1e-9)


@check(
    catalogue="N05",
    groups=(Group.NETWORK,),
    resource="NAT gateway",
    action=Action.UPGRADE,
    effort=Effort.MEDIUM,
    risk=Risk.MEDIUM,
    reason="All {gb_to_clients:,.0f} GB a month come to the gateway in {zone} from other zones: {foreign}",
    source="AWS, NAT gateways: reduce data transfer between Availability Zones",
    words=Words(
        current="NAT in {zone} for {foreign}",
        proposed="a NAT gateway in the same zone",
        how="{gb_to_clients:,.0f} GB a month × 2 × ${between_usd:g}, less {new_gateways:.0f} new gateways × 730 h × "
        "${nat_hour_usd:g}.",
        ignores="The gateways that would then be idle, and the addresses of new ones.",
        risk="Open connections break when a route changes, and the address that others see changes with the gateway.",
        effect="The subnets reach the internet through a gateway of their own zone, and no longer depend on {zone}.",
        steps="For each of {foreign}: make a NAT gateway there, unless there is one, then point the default route of "
        "its subnets ({route_tables}) to it: aws ec2 replace-route --region {region} --route-table-id … "
        "--destination-cidr-block 0.0.0.0/0 --nat-gateway-id …; the way back is the same with {resource_id}.",
    ),
    evidence=(
        Fact("Between subnets and gateway", "gb_to_clients", "GB a month", "CloudWatch AWS/NATGateway", "Sum"),
        Fact("New gateways", "new_gateways", "needed", "EC2 DescribeNatGateways"),
    ),
    chart=_charts,
)
def cross_zone_nat(
    nat_gateways: DataFrame,
    nat_metrics: DataFrame,
    nat_routes: DataFrame,
    prices: PriceBook,
    *,
    min_gb: float = 100,
    min_days: float = 7,
) -> Verdicts:
    """NAT gateway that serves subnets of other zones.

    What crosses a zone is billed on both sides. Where only subnets of other zones send to a gateway, all of its
    traffic with them crosses; where its own zone sends too, the share of either is not known. A zone without a gateway
    needs one, whose hours are taken off.
    """
    gateways = nat_gateways
    traffic = monthly_traffic(gateways, nat_metrics)
    ways = _ways(gateways, nat_routes)
    between = prices.unit(gateways, "transfer.between_zones.gb")
    hour = prices.unit(gateways, "vpc.nat_gateway.hour")["usd"]
    needed = ways["new_gateways"] * hour * HOURS_A_MONTH
    most = traffic["gb_to_clients"] * _SIDES * between["usd"] - needed
    measured = traffic["days"].ge(min_days)
    crossing = written(traffic["gb_to_clients"], ",.0f")
    zonal = ways["zone"].ne("")
    return verdicts(
        gateways,
        saves=most,
        fine=[
            (gateways["availability"].eq("regional"), "A regional gateway: it is in the zones of its subnets."),
            (ways["known"] & ways["foreign"].eq(""), "No subnet of another zone sends to it."),
            (measured & traffic["gb_to_clients"].lt(min_gb), "It has " + crossing + " GB a month with its subnets."),
            (measured & most.le(0), "A gateway in each zone would cost more than the " + crossing + " GB that cross."),
        ],
        insufficient=[
            (~ways["known"] | ~zonal, "Its zone and routes: ec2:DescribeRouteTables and ec2:DescribeSubnets."),
            (~measured, f"{min_days:.0f} days of its bytes: wait, or allow cloudwatch:GetMetricData."),
            unpriced(gateways, most, "of traffic between zones, or of a NAT gateway,"),
            (
                ways["own"],
                "How much of its " + crossing + " GB a month comes from " + ways["foreign"] + ": flow logs of its "
                "network interface, by the subnets' addresses.",
            ),
        ],
        details=traffic.join(ways[["zone", "foreign", "route_tables", "new_gateways"]]).assign(
            between_usd=between["usd"],
            nat_hour_usd=hour,
            monthly_cost=traffic["gb_to_clients"] * _SIDES * between["usd"],
            price_source=between["price_source"],
            price_date=between["price_date"],
        ),
    )


def _ways(gateways: DataFrame, nat_routes: DataFrame) -> DataFrame:
    """Who sends to each gateway.

    Returns:
        Same index: `known`; `zone` of the gateway; `foreign` zones that send to it and their `route_tables`, with a
        comma between; `own`: its own zone sends too; `new_gateways`: foreign zones of its network that have none.
    """
    has_gateway = {
        (*network, zone)
        for *network, zone in nat_routes.merge(gateways[[*KEY, "vpc_id"]], on=KEY)[[*_NETWORK, "zone"]].to_numpy()
    }
    by_gateway: dict[Any, DataFrame] = dict(list(nat_routes.groupby(KEY)))
    found: list[dict[str, object]] = []
    for row in gateways[[*KEY, "vpc_id"]].to_dict("records"):
        ways = by_gateway.get(tuple(row[name] for name in KEY))
        if ways is None:
            found.append({"known": False, "zone": "", "foreign": "", "route_tables": "", "own": False})
            continue
        zone = str(ways["zone"].iloc[0])
        sending = ways[ways["subnet_id"].ne("")]
        far = sending[sending["subnet_zone"].ne(zone)]
        zones = sorted(set(far["subnet_zone"]))
        lacking = [one for one in zones if (*(row[name] for name in _NETWORK), one) not in has_gateway]
        found.append(
            {
                "known": True,
                "zone": zone,
                "foreign": ", ".join(zones),
                "route_tables": ", ".join(sorted(set(far["route_table_id"]))),
                "own": bool(sending["subnet_zone"].eq(zone).any()),
                "new_gateways": float(len(lacking)),
            }
        )
    columns = {"known": "bool", "zone": "str", "foreign": "str", "route_tables": "str", "own": "bool"}
    table = DataFrame(found, columns=[*columns, "new_gateways"], index=gateways.index)
    return table.astype(columns | {"new_gateways": "float64"})

"""Who changed what: CloudTrail's events of one account and region, asked for narrowly, read into `Change`s.

LookupEvents keeps 90 days of management events, costs nothing, and answers two requests a second for an account and
region, whoever asks; so each is waited for, and few are made.
"""

from __future__ import annotations

import json
import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from analysis.models import Change
from bot.aws import Aws, reading

ACTIONS = ("cloudtrail:LookupEvents",)

#: How long CloudTrail keeps events, and how many it gives at a time.
KEPT = timedelta(days=90)
EVENTS_A_PAGE = 50
#: Pages of one look-up; the newest come first, and what lies beyond is left out.
MOST_PAGES = 2
#: Between two requests for one account and region; two a second is AWS's limit.
SECONDS_BETWEEN = 0.55
#: Resources of one event that are kept, and characters of a text in it.
MOST_RESOURCES, MAX_TEXT = 5, 300

#: Services by whose hand people change things, as CloudTrail spells their hosts.
_TOOLS = {
    "cloudformation": "CloudFormation", "autoscaling": "Auto Scaling", "eks": "EKS", "ecs": "ECS",
    "elasticbeanstalk": "Elastic Beanstalk", "servicecatalog": "Service Catalog", "ssm": "Systems Manager",
    "backup": "Backup", "controltower": "Control Tower", "lambda": "Lambda", "spotfleet": "Spot Fleet",
}  # fmt: skip
_AGENTS = {"terraform": "Terraform", "opentofu": "OpenTofu", "pulumi": "Pulumi", "aws-cdk": "CDK"}
_HOST = ".amazonaws.com"
#: How roles of IAM Identity Center are named; the session's name is the person's.
_SSO = "AWSReservedSSO_"


def fetch(
    aws: Aws, account_id: str, region: str, *, key: str, value: str, start: datetime, end: datetime
) -> list[dict[str, Any]]:
    """The events of an account in a region from `start` to `end`, the newest first.

    Args:
        key, value: the one attribute to look up: "EventName" or "ResourceName", and what it is.
    Raises:
        SourceUnavailable: CloudTrail gave no answer.
    """
    asked: dict[str, Any] = {
        "LookupAttributes": [{"AttributeKey": key, "AttributeValue": value}],
        "StartTime": start,
        "EndTime": end,
        "MaxResults": EVENTS_A_PAGE,
    }
    events: list[dict[str, Any]] = []
    with reading(ACTIONS[0], account_id, region):
        client = aws.client("cloudtrail", account_id=account_id, region=region)
        for _ in range(MOST_PAGES):
            _turns[account_id, region].wait()
            page = client.lookup_events(**asked)
            events += page.get("Events", ())
            if not page.get("NextToken"):
                break
            asked["NextToken"] = page["NextToken"]
    return events


def parse(events: Iterable[Mapping[str, Any]]) -> list[Change]:
    """What was changed: what only read, and what failed, is left out."""
    return [_change(event, detail) for event in events if _has_written(event, detail := _detail(event))]


def caller(event: Mapping[str, Any]) -> str:
    """Who made a call, also one that only read: "role scanner", "user ana"."""
    return _who(_detail(event), str(event.get("Username") or ""))[:MAX_TEXT]


def source_of(event: Mapping[str, Any]) -> str:
    """The service an event is of, as in `analysis.causes.changes`: `ec2`."""
    return str(event.get("EventSource") or "").removesuffix(_HOST)


class _Turn:
    """Lets requests pass one after another, `SECONDS_BETWEEN` apart."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._free_at = 0.0

    def wait(self) -> None:
        with self._lock:
            now = time.monotonic()
            pause = max(0.0, self._free_at - now)
            self._free_at = now + pause + SECONDS_BETWEEN
        time.sleep(pause)


_turns: defaultdict[tuple[str, str], _Turn] = defaultdict(_Turn)


def _has_written(event: Mapping[str, Any], detail: Mapping[str, Any]) -> bool:
    is_read = str(event.get("ReadOnly", "")).lower() == "true"
    return not is_read and not detail.get("errorCode") and isinstance(event.get("EventTime"), datetime)


def _detail(event: Mapping[str, Any]) -> Mapping[str, Any]:
    """The event as CloudTrail recorded it, which is not kept, as it holds all that was asked; {} if unreadable."""
    try:
        found = json.loads(str(event.get("CloudTrailEvent") or "{}"))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _change(event: Mapping[str, Any], detail: Mapping[str, Any]) -> Change:
    by_service = _text(detail, "userIdentity", "type") == "AWSService"
    return Change(
        at=event["EventTime"].astimezone(UTC),
        event=str(event.get("EventName") or "a change")[:MAX_TEXT],
        resources=_resources(event),
        who=_who(detail, str(event.get("Username") or ""))[:MAX_TEXT],
        via="" if by_service else _via(detail)[:MAX_TEXT],
        by_service=by_service,
    )


def _resources(event: Mapping[str, Any]) -> tuple[str, ...]:
    """What it is about: those of the kind that its name tells, else all; `CreateNatGateway` also names a network."""
    name = str(event.get("EventName", "")).lower()
    named = [
        (str(one.get("ResourceType") or "").rpartition("::")[2].lower(), str(one["ResourceName"])[:MAX_TEXT])
        for one in event.get("Resources", ())
        if one.get("ResourceName")
    ]
    # The longest: `DeleteVpcEndpoints` is about endpoints, not about the VPC that they lie in.
    about = max((kind for kind, _ in named if kind and kind in name), key=len, default="")
    told = [text for kind, text in named if not about or kind == about]
    return tuple(dict.fromkeys(told))[:MOST_RESOURCES]


def _who(detail: Mapping[str, Any], username: str) -> str:
    kind = _text(detail, "userIdentity", "type")
    if kind == "Root":
        return "the root user"
    if kind == "AWSService":
        return f"AWS ({_tool(_text(detail, 'userIdentity', 'invokedBy')) or 'one of its services'})"
    role = _text(detail, "userIdentity", "sessionContext", "sessionIssuer", "userName")
    if kind == "AssumedRole" and role:
        session = _text(detail, "userIdentity", "arn").rpartition("/")[2]
        if role.startswith(_SSO) and session:
            return f"{session} (SSO role {role.removeprefix(_SSO).rpartition('_')[0] or role})"
        return f"role {role}"
    name = _text(detail, "userIdentity", "userName") or username
    return f"user {name}" if name else "somebody who is not named"


def _via(detail: Mapping[str, Any]) -> str:
    for host in (_text(detail, "userIdentity", "invokedBy"), _text(detail, "sourceIPAddress")):
        if host.endswith(_HOST):
            return _tool(host)
    agent = _text(detail, "userAgent").lower()
    known = next((name for word, name in _AGENTS.items() if word in agent), "")
    return known or ("the console" if _text(detail, "sessionCredentialFromConsole").lower() == "true" else "")


def _tool(host: str) -> str:
    word = host.removesuffix(_HOST)
    return _TOOLS.get(word, word)


def _text(detail: Mapping[str, Any], *path: str) -> str:
    """The text at a path; "" where there is none, whatever else stands there."""
    found: Any = detail
    for name in path:
        found = found.get(name) if isinstance(found, Mapping) else None
    return " ".join(found.split()) if isinstance(found, str) else ""

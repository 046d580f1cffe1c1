"""Findings, settings and fakes for the tests of decisions, subscriptions and the digest."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, cast

from slack_sdk.errors import SlackApiError

from analysis.models import (
    Action,
    Anomaly,
    AnomalyKind,
    Chart,
    Contribution,
    Direction,
    Effort,
    Evidence,
    Recommendation,
    Risk,
    Series,
    Severity,
)
from bot.commands import Block, Reply
from bot.context import Context
from bot.cost_files import CostFiles
from bot.errors import CostbotError
from bot.settings import Settings
from bot.store import Store

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


def anomaly(**changed: Any) -> Anomaly:
    """NAT gateways in prod, six times what they cost."""
    values: dict[str, Any] = {
        "service": "vpc",
        "service_name": "Amazon Virtual Private Cloud",
        "account_id": "111122223333",
        "account_name": "prod",
        "region": "us-east-1",
        "owner": "platform",
        "kind": AnomalyKind.SPIKE,
        "direction": Direction.UP,
        "severity": Severity.HIGH,
        "first_day": date(2026, 11, 17),
        "last_day": date(2026, 11, 19),
        "actual": 412.5,
        "expected": 68.0,
        "impact_per_day": 344.5,
        "impact_total": 1033.5,
        "pct": 5.07,
        "currency": "USD",
        "cost_view": "effective",
        "top_usage_types": (Contribution("NatGateway-Bytes", 320.0),),
        "chart": Chart("NAT", ("Nov 18", "Nov 19"), (Series("actual", (400.0, 412.5)),)),
        "data_until": date(2026, 11, 19),
        "explanation": "NAT gateway bytes",
    }
    return Anomaly(**(values | changed))


def recommendation(**changed: Any) -> Recommendation:
    """An instance twice as large as it needs to be."""
    values: dict[str, Any] = {
        "check_id": "ec2.rightsizing",
        "action": Action.RIGHTSIZE,
        "effort": Effort.LOW,
        "risk": Risk.MEDIUM,
        "risk_reason": "the instance restarts",
        "resource_type": "EC2 instance",
        "resource_id": "i-0abc1234def567890",
        "resource_name": "search-api-1",
        "account_id": "111122223333",
        "account_name": "prod",
        "region": "us-east-1",
        "owner": "search",
        "current": "m5.4xlarge",
        "proposed": "m5.2xlarge",
        "monthly_cost": 560.64,
        "monthly_savings": 280.32,
        "currency": "USD",
        "price_source": "AWS price list",
        "price_date": date(2026, 11, 1),
        "how_computed": "730 h × ($0.768 − $0.384)",
        "ignores": "commitments",
        "reason": "CPU p95 of 14 % leaves room",
        "evidence": (Evidence("CPUUtilization", "p95", 14.0, "Percent", "CloudWatch"),),
        "chart": None,
        "command": "aws ec2 modify-instance-attribute --instance-id i-0abc1234def567890 --instance-type m5.2xlarge",
        "undo": "aws ec2 modify-instance-attribute --instance-id i-0abc1234def567890 --instance-type m5.4xlarge",
        "effect": "stops and starts the instance",
        "data_until": datetime(2026, 11, 20, 6, 0, tzinfo=UTC),
    }
    return Recommendation(**(values | changed))


@dataclass
class FakeClock:
    """A clock that stands still until it is moved."""

    at: datetime = NOW

    def now(self) -> datetime:
        return self.at

    def today(self, zone: Any = None) -> date:
        return self.at.astimezone(zone or UTC).date()

    def pass_time(self, **amount: float) -> None:
        self.at += timedelta(**amount)


@dataclass
class FakeDirectory:
    """Slack's look-ups: people by e-mail address, user groups by handle, names by user id."""

    emails: dict[str, str] = field(default_factory=dict)
    handles: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def users_lookupByEmail(self, *, email: str) -> dict[str, Any]:
        self.asked.append(email)
        if email not in self.emails:
            raise SlackApiError("no", {"error": "users_not_found"})
        return {"user": {"id": self.emails[email]}}

    def usergroups_list(self, *, include_count: bool) -> dict[str, Any]:
        self.asked.append("groups")
        return {"usergroups": [{"id": one, "handle": handle, "date_delete": 0} for handle, one in self.handles.items()]}

    def users_info(self, *, user: str) -> dict[str, Any]:
        self.asked.append(user)
        return {"user": {"id": user, "name": user.lower(), "real_name": self.names.get(user, "")}}


@dataclass
class FakeSlack:
    """A Poster that records its calls; `refuses` maps a method or a channel to the error it raises."""

    groups: dict[str, frozenset[str]] = field(default_factory=dict)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    refuses: dict[str, CostbotError] = field(default_factory=dict)
    lock: Any = field(default_factory=threading.Lock)
    directory: FakeDirectory = field(default_factory=FakeDirectory)

    def ask(self, doing: str, call: Callable[[Any], Any]) -> Any:
        if "ask" in self.refuses:
            raise self.refuses["ask"]
        try:
            return call(self.directory)
        except SlackApiError as error:
            raise CostbotError(f"Slack refused to let costbot {doing}.") from error

    def _record(self, method: str, **arguments: Any) -> int:
        for key in (method, arguments.get("channel")):
            if key in self.refuses:
                raise self.refuses[key]
        with self.lock:
            self.calls.append((method, arguments))
            return len(self.calls)

    def of(self, method: str) -> list[dict[str, Any]]:
        return [arguments for name, arguments in self.calls if name == method]

    def post(self, channel: str, text: str, blocks: list[Block], *, thread_ts: str | None = None) -> str:
        number = self._record("post", channel=channel, text=text, blocks=blocks, thread_ts=thread_ts)
        return f"1700000000.{number:06d}"

    def update(self, channel: str, ts: str, text: str, blocks: list[Block]) -> None:
        self._record("update", channel=channel, ts=ts, text=text, blocks=blocks)

    def ephemeral(self, channel: str, user: str, text: str, blocks: list[Block]) -> None:
        self._record("ephemeral", channel=channel, user=user, text=text)

    def respond(self, response_url: str, reply: Reply, *, replace: bool = False, channel: str = "") -> None:
        self._record("respond", url=response_url, text=reply.text, blocks=reply.blocks, replace=replace)

    def open_view(self, trigger_id: str, view: Block) -> str:
        self._record("open_view", trigger_id=trigger_id, view=view)
        return "V1"

    def publish_home(self, user_id: str, view: Block) -> None:
        self._record("publish_home", user_id=user_id, view=view)

    def group_members(self, group_id: str) -> frozenset[str]:
        self._record("group_members", group_id=group_id)
        return self.groups.get(group_id, frozenset())


class DirectWork:
    """Runs what is handed over at once, in the same thread."""

    def submit(self, function: Callable[..., Any], *args: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(function(*args))
        return future

    compute = submit

    def computed(self, function: Callable[..., Any], *args: Any) -> Any:
        return function(*args)

    computed_alone = computed

    def waiting(self) -> Any:
        """Nobody is served here."""
        return None


def context(tmp_path: Path, **parts: Any) -> Context:
    """A context with a real store and cost files, all else faked; ana approves through the group, ben does not."""
    settings = {"data_dir": tmp_path, "approvers": ("S0FINOPS",), "cloudtrail": False} | parts.pop("settings", {})
    slack = FakeSlack(groups={"S0FINOPS": frozenset({"U0ANA"})})
    values = {
        "settings": Settings(**settings),
        "clock": FakeClock(),
        "store": Store(tmp_path / "costbot.db"),
        "costs": CostFiles(tmp_path),
        "aws": None,
        "work": DirectWork(),
        "slack": slack,
    } | parts
    return Context(**values)


def slack_of(context: Context) -> FakeSlack:
    """The recording stand-in of a context."""
    return cast(FakeSlack, context.slack)


def clock_of(context: Context) -> FakeClock:
    """The movable clock of a context."""
    return cast(FakeClock, context.clock)

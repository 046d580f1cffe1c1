"""/metrics: what Prometheus reads, without accounts and money unless it sends the token."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.exceptions import EndpointConnectionError
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr
from slack_sdk.errors import SlackApiError

from bot.aws import Aws
from bot.charges import Charge, Unit
from bot.context import Context
from bot.data_lock import sole_owner
from bot.metrics import REGISTRY, acknowledged, slack_call
from bot.settings import Settings
from bot.watch.scrape import Metrics
from bot.web import WebServer, wsgi_app
from tests.bot.decisions_factories import NOW, recommendation
from tests.bot.watch.watch_factories import running

TOKEN = "a-token-of-the-metrics"


def samples(text: str) -> dict[str, float]:
    """Every figure by its name and labels."""
    return {
        f"{one.name}{json.dumps(one.labels, sort_keys=True) if one.labels else ''}": one.value
        for family in text_string_to_metric_families(text)
        for one in family.samples
    }


@pytest.fixture
def bot(tmp_path: Path) -> Iterator[Context]:
    made = running(tmp_path)
    made.store.record(recommendation(), NOW)
    for at in (NOW, NOW - timedelta(days=25)):  # the other one is of October
        made.store.book(Charge("ce", "GetCostAndUsage", Unit.REQUEST, 1, 0.01), at, requests_a_day=None, cap_usd=None)
    made.store.note_source("ec2", "111122223333", "us-east-1", False, "No.", NOW)
    made.store.note_source("export s3://payroll-bucket/x", None, None, True, "", NOW)
    made.store.claim_job("costs_refresh", NOW, NOW)
    made.store.finish_job("costs_refresh", NOW, NOW + timedelta(seconds=5), None)
    with sole_owner(tmp_path):
        yield made
    made.store.close()


def with_token(bot: Context) -> Context:
    settings = bot.settings.model_copy(update={"metrics_token": SecretStr(TOKEN)})
    return Context(settings, bot.clock, bot.store, bot.costs, bot.aws, bot.work, bot.slack)


def test_figures_are_those_of_the_store(bot: Context) -> None:
    status, kind, body = Metrics(bot)("")
    found = samples(body.decode())
    assert status == "200 OK"
    assert kind.startswith("text/plain")
    assert found['costbot_job_last_success_timestamp_seconds{"job": "costs_refresh"}'] == NOW.timestamp() + 5
    assert found['costbot_job_failures_in_a_row{"job": "anomaly_scan"}'] == 0
    assert found['costbot_data_age_seconds{"provider": "AWS", "source": "focus"}'] == 34 * 3600
    assert found['costbot_source_failing_places{"source": "ec2"}'] == 1
    assert found['costbot_findings{"kind": "recommendation", "state": "open"}'] == 1
    assert found['costbot_troubles{"severity": "warning"}'] == 1
    assert found['costbot_queue{"kind": "answers"}'] == 0
    assert found["costbot_held_alerts"] == 0
    assert found["costbot_disk_free_bytes"] > 0
    assert 'costbot_job_last_success_timestamp_seconds{"job": "anomaly_scan"}' not in found, "it never ran"


def test_no_account_no_bucket_and_no_money_without_a_token(bot: Context) -> None:
    text = Metrics(bot)("")[2].decode()
    for secret in ("111122223333", "payroll", "usd", "C0COSTS"):
        assert secret not in text.lower()


def test_with_a_token_only_who_sends_it_gets_all(bot: Context) -> None:
    metrics = Metrics(with_token(bot))
    for wrong in ("", "Bearer", f"Bearer {TOKEN}x", TOKEN, "Bearer ü"):
        assert metrics(wrong)[0] == "401 Unauthorized"
    found = samples(metrics(f"Bearer {TOKEN}")[2].decode())
    labels = '{"operation": "GetCostAndUsage", "service": "ce", "unit": "request"}'
    assert found[f"costbot_api_spend_month_usd{labels}"] == 0.01
    assert 'costbot_account_newest_cost_timestamp_seconds{"account": "111122223333"}' in found


def test_it_is_served_beside_the_health(bot: Context) -> None:
    server = WebServer("127.0.0.1", 0, wsgi_app(lambda: {"ok": True}, None, Metrics(with_token(bot))))
    server.start()
    try:
        address = f"http://127.0.0.1:{server.port}/metrics"
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(address, timeout=5)
        assert refused.value.code == 401
        refused.value.close()
        asked = urllib.request.Request(address, headers={"Authorization": f"Bearer {TOKEN}"})
        with urllib.request.urlopen(asked, timeout=5) as answer:
            assert "costbot_troubles" in answer.read().decode()
    finally:
        server.stop()


def value(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


def test_calls_to_slack_are_counted_by_what_came_of_them() -> None:
    before = value("costbot_slack_calls_total", method="chat.test", outcome="is_archived")
    with pytest.raises(SlackApiError), slack_call("chat.test"):
        raise SlackApiError("no", {"ok": False, "error": "is_archived"})
    with pytest.raises(OSError), slack_call("chat.test"):
        raise OSError
    with slack_call("chat.test"):
        pass
    assert value("costbot_slack_calls_total", method="chat.test", outcome="is_archived") == before + 1
    assert value("costbot_slack_calls_total", method="chat.test", outcome="unreachable") == 1
    assert value("costbot_slack_calls_total", method="chat.test", outcome="ok") == 1
    assert value("costbot_slack_call_seconds_count", method="chat.test") == 3


def test_calls_to_aws_are_counted_by_what_came_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, given in (("AWS_ACCESS_KEY_ID", "k"), ("AWS_SECRET_ACCESS_KEY", "s"), ("AWS_MAX_ATTEMPTS", "1")):
        monkeypatch.setenv(name, given)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")  # nobody listens there
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    client = Aws(Settings()).client("sqs", region="us-east-1")
    asked: dict[str, Any] = {"service": "sqs", "operation": "ListQueues"}
    answers = iter([(200, b"{}"), (403, b'{"__type": "AccessDenied"}')])

    def answer(request: Any, **_: Any) -> Any:
        status, body = next(answers)
        made = AWSResponse("http://127.0.0.1", status, {}, None)
        made._content = body
        return made

    client.meta.events.register("before-send.sqs.*", answer)
    client.list_queues()
    with pytest.raises(client.exceptions.ClientError):
        client.list_queues()
    client.meta.events.unregister("before-send.sqs.*", answer)
    with pytest.raises(EndpointConnectionError):
        client.list_queues()
    outcomes = ("ok", "AccessDenied", "unanswered")
    assert [value("costbot_aws_calls_total", **asked, outcome=one) for one in outcomes] == [1, 1, 1]


def test_acknowledgements_are_timed() -> None:
    before = value("costbot_ack_seconds_count", way="socket")
    with acknowledged("socket"):
        pass
    assert value("costbot_ack_seconds_count", way="socket") == before + 1

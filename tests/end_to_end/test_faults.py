"""What people see when AWS or Slack has a bad day: one sentence, a remedy, a reference; and the rest still works."""

import json
import urllib.request

import pytest

from tests import forked
from tests.few_checks import OFF

#: One worker for all of them: they share the running demo.
pytestmark = pytest.mark.xdist_group("demo")

COSTS = "C0COSTS"


@pytest.fixture
def aws_fault(demo):
    """Switches faults of the AWS stand-in on, and all of them off at the end."""

    def send(method, body=None):
        data = json.dumps(body).encode() if body else None
        request = urllib.request.Request(f"{demo.aws_url}/costbot-demo/faults", data, method=method)
        urllib.request.urlopen(request, timeout=60).close()

    yield lambda **fault: send("POST", fault)
    send("DELETE")


def costbot(demo, *arguments, **environment):
    return forked.costbot(*arguments, environment=demo.environment | {"AWS_MAX_ATTEMPTS": "2"} | environment)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        ("expired", "The AWS credentials for ce:GetCostAndUsage have expired."),
        ("throttle", "throttles ce:GetCostAndUsage"),
        ("access_denied", "ce:GetCostAndUsage"),
        ("http500", "unavailable"),
    ],
)
def test_a_refresh_that_fails_is_one_sentence_and_exit_code_1(demo, aws_fault, error, said, tmp_path):
    aws_fault(service="ce", error=error)
    # By Cost Explorer alone, which the demo's export leaves nothing to tell.
    ended = costbot(demo, "refresh", COSTBOT_EXPORTS="", COSTBOT_DATA_DIR=str(tmp_path))
    assert ended.returncode == 1
    assert said in ended.stderr, ended.stderr
    assert ended.stderr.count("\n") == 1
    assert "Traceback" not in ended.stderr + ended.stdout


def test_one_account_that_cannot_be_read_is_named_and_the_others_are_looked_at(demo, aws_fault, ana):
    aws_fault(service="ec2", error="access_denied", account_id="444455556666")
    scanned = costbot(demo, "scan", "--json", COSTBOT_CHECKS_OFF=OFF)
    assert scanned.returncode == 0, scanned.stderr
    result = json.loads(scanned.stdout)
    assert "444455556666" in json.dumps(result["not_looked_at"])
    assert {row["account_id"] for row in result["verdicts"]} >= {"111122223333", "777788889999"}
    assert "444455556666" not in {row["account_id"] for row in result["verdicts"]}
    ana.say(COSTS, "/cost digest now")
    digest = ana.wait_for_message(COSTS, "staging")
    assert "staging" in json.dumps(digest)


def test_the_doctor_names_the_account_and_what_to_add(demo, aws_fault):
    aws_fault(service="monitoring", error="access_denied", account_id="777788889999")
    # Where the day's requests are used, it would tell of the refreshes that failed above.
    examined = costbot(demo, "doctor", COSTBOT_CE_REQUESTS_A_DAY="1000")
    assert examined.returncode == 1
    failing = [line for line in examined.stdout.splitlines() if line.startswith("✗")]
    assert len(failing) == 1, failing
    assert "data-platform" in failing[0]
    assert "cloudwatch:ListMetrics" in failing[0]


def test_questions_are_answered_from_stored_costs_while_aws_is_away(demo, aws_fault, ana):
    aws_fault(service="*", error="http500")
    ana.say(COSTS, "/cost trend lambda --days 14")
    ana.wait_for_message(COSTS, "Lambda ")


def test_a_slack_that_asks_to_slow_down_still_gets_the_answer(ana):
    ana.fault("rate_limit_next", method="response_url", times=1, retry_after=1)
    ana.say(COSTS, "/cost help approvers")
    ana.wait_for_message(COSTS, "/cost approvers")

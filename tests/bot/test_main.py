"""Exit codes and errors of the command line."""

import json
import subprocess
import sys

import pytest

from bot.cost_files import CostFiles
from bot.slack_manifest import PATH
from tests import forked
from tests.bot.costs.cost_factories import full, store

BASE = {"PATH": "/usr/bin:/bin", "AWS_EC2_METADATA_DISABLED": "true"}


def costbot(*arguments, **environment):
    return forked.costbot(*arguments, environment=BASE | environment)


def test_a_fresh_interpreter_answers_and_ends_with_the_exit_code():
    ended = [
        subprocess.run([sys.executable, "-m", "bot", *words], env=BASE, capture_output=True, text=True, timeout=60)
        for words in (["manifest"], ["dance"])
    ]
    assert [one.returncode for one in ended] == [0, 2]
    assert ended[0].stdout == PATH.read_text("utf-8")
    assert "Usage: " in ended[1].stderr


@pytest.mark.parametrize("arguments", [["dance"], ["demo", "--port", "many"], ["ask"], ["run", "--data"]])
def test_wrong_usage_exits_with_2_and_no_traceback(arguments):
    ended = costbot(*arguments)
    assert ended.returncode == 2
    assert "Traceback" not in ended.stderr
    assert "Usage: " in ended.stderr


def test_run_without_a_token_says_where_to_get_one(tmp_path):
    ended = costbot("run", "--data-dir", str(tmp_path))
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == (
        "costbot: SLACK_BOT_TOKEN is not set. Copy it (xoxb-…) from the app's “OAuth & Permissions” page.\n"
    )


def test_a_wrong_setting_stops_every_command_with_a_sentence(tmp_path):
    ended = costbot("ask", "/cost help", COSTBOT_DATA_DIR=str(tmp_path), COSTBOT_TIME_ZONE="Mars")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith("costbot: COSTBOT_TIME_ZONE is wrong: 'Mars' is no IANA time zone")


def test_help_is_answered_in_a_terminal_without_slack_or_aws(tmp_path):
    ended = costbot("ask", "/cost help", "--data-dir", str(tmp_path))
    assert ended.returncode == 0, ended.stderr
    assert "/cost trend" in ended.stdout
    assert "*" not in ended.stdout


def test_a_question_that_cannot_be_read_exits_with_2(tmp_path):
    ended = costbot("ask", "/cost tredn", "--data-dir", str(tmp_path))
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert ended.stderr == "costbot: There is no command “tredn”. Did you mean /cost trend?\n"


def test_an_answer_that_is_not_there_is_one_sentence_on_standard_error(tmp_path):
    ended = costbot("ask", "/cost trend", "--data-dir", str(tmp_path))
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith("costbot: ")
    assert ended.stderr.count("\n") == 1


def test_a_terminal_cannot_subscribe_but_can_for_a_channel(tmp_path):
    ended = costbot("ask", "/cost subscribe digest", "--data-dir", str(tmp_path))
    assert ended.returncode == 2
    assert "--channel C0123ABCD" in ended.stderr
    ended = costbot(
        "ask", "/cost subscribe digest", "--channel", "C0COSTS", "--as", "U0ANA", "--data-dir", str(tmp_path)
    )
    assert ended.returncode == 0, ended.stderr
    assert "This channel now gets the daily digest at 09:00" in ended.stdout


def test_the_manifest_for_http_names_the_address():
    assert "https://bot.example.com/slack/events" in costbot("manifest", "--http", "https://bot.example.com").stdout


def test_a_manifest_for_plain_http_is_refused():
    ended = costbot("manifest", "--http", "http://bot.example.com")
    assert ended.returncode == 2
    assert "https" in ended.stderr


def test_an_exported_file_goes_to_standard_output_and_the_words_beside_it_to_the_other(tmp_path):
    store(CostFiles(tmp_path), [full("2026-11-20", 1.5, tags={"team": "=1+1"})], "focus")
    ended = costbot("ask", "/cost export csv", "--data-dir", str(tmp_path))
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.splitlines() == [
        "date (UTC),provider,account id,account name,service,region,tag team,charge category,"
        "cost (USD),currency,cost view,estimated",
        "2026-11-20,AWS,111122223333,,Amazon Simple Storage Service,us-east-1,'=1+1,Usage,1.5,USD,effective,no",
    ]
    assert ended.stderr.startswith("$1.50 in 1 row of daily costs")
    as_json = json.loads(costbot("ask", "/cost export csv", "--json", "--data-dir", str(tmp_path)).stdout)
    assert as_json["file"]["name"] == "costs_2026-11-20_2026-11-20.csv"
    assert as_json["file"]["content"].splitlines() == ended.stdout.splitlines()

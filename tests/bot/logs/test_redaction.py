"""No secret is in a log line, whoever logs it and wherever it stands: a message, a field, a traceback, foreign bytes.

The tokens are made up, in the shape of real ones.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest

from bot.logs.formats import JsonLines, TextLines
from bot.logs.redaction import know_secrets, redacted

BOT = "xoxb-" + "2147483647-4294967295-" + "AbCdEfGhIjKlMnOpQrStUvWx"
APP = "xapp-1-" + "A0123456789-9876543210-" + "0f" * 32
ROTATED = "xoxe.xoxb-1-" + "MS0yLTIxNDc0ODM2NDctNDI5NDk2NzI5NQ"
REFRESH = "xoxe-1-" + "My0xLTIxNDc0ODM2NDctNDI5NDk2NzI5NQ"
KEY_ID, SESSION_ID = "AKIA" + "IOSFODNN7EXAMPLE", "ASIA" + "Y34FZKBOKMUTVV7A"
SECRET = "wJalrXUtnFEMI/K7MDENG/" + "bPxRfiCYEXAMPLEKEY"
SESSION = "IQoJb3JpZ2luX2VjEH4aCXVzLWVhc3QtMSJH" + "MEUCIQDx/T0k+9w=="
SIGNING = "8f742231b10e8888abcd99yyyzzz85a5"
HOOK = "https://hooks.slack.com/commands/T024BE7LD/" + "1234567890/abcdefGHIJKL"
DEMO_HOOK = "http://127.0.0.1:8899/response/" + "6f9619ff8b86d011b42d00cf4fc964ff"
SIGNATURE = "fe5f80f77d5fa3beca038a248ff027d0445342fe2855ddc963176630326f1024"
BODIES = {
    *(SECRET, SESSION, SIGNING, SIGNATURE, KEY_ID[4:], SESSION_ID[4:]),
    *(token[12:] for token in (BOT, APP, ROTATED, REFRESH)),
    *("T024BE7LD", "6f9619ff8b86d011b42d00cf4fc964ff"),
}

#: Texts as they are met: slack_sdk's debug lines, botocore's, requests' errors, settings, headers, addresses.
MET = [
    f"token {BOT}",
    f"Authorization: Bearer {APP}",
    f"headers: {{'Authorization': 'Bearer {ROTATED}', 'User-Agent': 'Bolt/1.30'}}",
    f"refresh_token={REFRESH}&grant_type=refresh_token",
    f"key {KEY_ID} of {SESSION_ID}",
    f"aws_secret_access_key = {SECRET}",
    f'{{"SecretAccessKey": "{SECRET}", "SessionToken": "{SESSION}"}}',
    f"<Credentials><SecretAccessKey>{SECRET}</SecretAccessKey><SessionToken>{SESSION}</SessionToken></Credentials>",
    f"b'<AccessKeyId>{SESSION_ID}</AccessKeyId><SecretAccessKey>{SECRET}</SecretAccessKey>'",
    f"Settings(slack_signing_secret={SIGNING!r})",
    f"SLACK_SIGNING_SECRET={SIGNING} AWS_SECRET_ACCESS_KEY={SECRET} AWS_SESSION_TOKEN={SESSION}",
    f"X-Slack-Signature: v0={SIGNATURE}",
    f"AWS4-HMAC-SHA256 Credential={KEY_ID}/20261120/us-east-1/s3/aws4_request, Signature={SIGNATURE}",
    f"https://b.s3.amazonaws.com/k?X-Amz-Credential={KEY_ID}%2F20261120&X-Amz-Security-Token={SESSION}"
    f"&X-Amz-Signature={SIGNATURE}",
    f"posting to {HOOK}",
    f"Max retries exceeded with url: {HOOK} (Caused by ...)",
    f'{{"response_url": "{DEMO_HOOK}", "trigger_id": "13345224609.738474920.{SIGNATURE}"}}',
    f"'response_url': '{DEMO_HOOK}'",
    f"wss://wss-primary.slack.com/link/?ticket={SIGNATURE}&app_id=x",
    f"http://costbot:{SIGNING}@proxy.example.com:3128",
]


@pytest.fixture(autouse=True)
def _own_secrets(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr("bot.logs.redaction._known", frozenset())
    yield
    monkeypatch.undo()


def raised(text: str) -> BaseException:
    try:
        try:
            raise ValueError(text)
        except ValueError as inner:
            raise RuntimeError(f"outer {text}") from inner
    except RuntimeError as error:
        return error


def written(logger: str, formatter: logging.Formatter, text: str) -> str:
    """What is written of one text in every place of a record."""
    error = raised(text)
    record = logging.LogRecord(
        logger, logging.ERROR, "f.py", 1, "said %s", (text,), (type(error), error, error.__traceback__)
    )
    record.stack_info = f"Stack:\n{text}"
    record.given = {"body": text}
    return formatter.format(record)


@pytest.mark.parametrize("text", MET)
@pytest.mark.parametrize("formatter", [TextLines(), JsonLines()], ids=["text", "json"])
@pytest.mark.parametrize("logger", ["costbot", "slack_sdk.web", "botocore.endpoint"])
def test_no_part_of_a_secret_is_in_a_line(logger: str, formatter: logging.Formatter, text: str) -> None:
    line = written(logger, formatter, text)
    assert [body for body in BODIES if body in line] == []
    assert "***" in line
    if isinstance(formatter, JsonLines):
        assert json.loads(line)["logger"] == logger, "it is still one JSON object"


@pytest.mark.parametrize(
    "text",
    [
        "the token of SLACK_BOT_TOKEN was revoked",
        "Copy the bot token (xoxb-…) again from the app's “OAuth & Permissions” page.",
        "anomalies: 3 new, 1 changed, 0 over, 2 cards posted",
        "S-M35A: 10.0 % of signature i-0abc1234def567890 in arn:aws:iam::123456789012:role/costbot-read",
        "https://docs.slack.dev/tools is read; http://127.0.0.1:8080/healthz answers",
        "Cost Explorer's NextPageToken is missing",
    ],
)
def test_ordinary_words_stay(text: str) -> None:
    assert redacted(text) == text


def test_a_secret_of_the_settings_is_taken_out_wherever_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    know_secrets([SIGNING, "abc"])
    assert redacted(f"a{SIGNING}b and {SECRET}; abc") == "a***b and ***; abc", "a short value would be found in words"

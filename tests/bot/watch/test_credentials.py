"""When AWS credentials end: those of the environment and of a sign-in do; those of a role renew themselves."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

import botocore.session
import pytest

from bot.aws.credentials import credentials_end

END = datetime(2035, 11, 20, 12, tzinfo=UTC)
CONFIG = """
[profile legacy]
sso_start_url = https://example.awsapps.com/start
sso_region = eu-west-1
sso_account_id = 111122223333
sso_role_name = read
[profile renewing]
sso_session = work
sso_account_id = 111122223333
sso_role_name = read
[sso-session work]
sso_start_url = https://example.awsapps.com/start
sso_region = eu-west-1
[profile lasting]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = secret
"""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    (tmp_path / "config").write_text(CONFIG)
    return tmp_path


def signed_in(home: Path, name: str, **more: str) -> None:
    folder = home / ".aws" / "sso" / "cache"
    folder.mkdir(parents=True)
    token = {"accessToken": "t", "expiresAt": END.isoformat().replace("+00:00", "Z")} | more
    (folder / f"{hashlib.sha1(name.encode()).hexdigest()}.json").write_text(json.dumps(token))


def end(profile: str | None = None) -> datetime | None:
    return credentials_end(botocore.session.Session(profile=profile))


def test_none_at_all_and_lasting_ones_have_no_end() -> None:
    assert end() is None
    assert end("lasting") is None


def test_those_of_the_environment_end_when_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "ASIAIOSFODNN7EXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "token")
    assert end() is None, "it does not say"
    monkeypatch.setenv("AWS_CREDENTIAL_EXPIRATION", "2035-11-20T13:00:00+01:00")
    assert end() == END


def test_a_sign_in_ends_unless_it_can_be_renewed(home: Path) -> None:
    signed_in(home, "https://example.awsapps.com/start")
    assert end("legacy") == END
    assert end("renewing") is None, "nobody signed in"


def test_a_sign_in_that_renews_itself_has_no_end(home: Path) -> None:
    signed_in(home, "work", refreshToken="r")
    assert end("renewing") is None

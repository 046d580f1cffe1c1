"""manifest.yml and its variant for HTTP mode."""

import pytest
import yaml

from bot.doctor.slack import wanted_scopes
from bot.errors import UsageError
from bot.slack_manifest import manifest_text


def test_the_address_must_be_https():
    with pytest.raises(UsageError):
        manifest_text("http://costbot.example.com")


def test_socket_mode_is_the_default():
    manifest = yaml.safe_load(manifest_text())
    assert manifest["settings"]["socket_mode_enabled"] is True
    assert "url" not in manifest["features"]["slash_commands"][0]


def test_http_mode_names_the_address_in_all_three_places():
    manifest = yaml.safe_load(manifest_text("https://costbot.example.com/"))
    address = "https://costbot.example.com/slack/events"
    assert manifest["settings"]["socket_mode_enabled"] is False
    assert manifest["features"]["slash_commands"][0]["url"] == address
    assert manifest["settings"]["interactivity"]["request_url"] == address
    assert manifest["settings"]["event_subscriptions"]["request_url"] == address


def test_the_limits_of_slacks_manifest_are_kept():
    manifest = yaml.safe_load(manifest_text())
    assert len(manifest["display_information"]["name"]) <= 35
    assert len(manifest["display_information"]["description"]) <= 140
    assert manifest["features"]["slash_commands"][0]["should_escape"] is True


def test_the_doctor_reads_the_scopes_from_it():
    assert wanted_scopes() == frozenset(yaml.safe_load(manifest_text())["oauth_config"]["scopes"]["bot"])

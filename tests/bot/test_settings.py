"""Settings: defaults, wrong values in one sentence, the optional file."""

import pytest

from bot.errors import SettingsError
from bot.settings import Settings, load_settings, setting_name


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch):
    import os

    for name in list(os.environ):
        if name.startswith(("COSTBOT_", "SLACK_")) or name == "PORT":
            monkeypatch.delenv(name)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("COSTBOT_TIME_ZONE", "Berlin", "COSTBOT_TIME_ZONE is wrong: 'Berlin' is no IANA time zone"),
        ("COSTBOT_APPROVERS", "@ana", "COSTBOT_APPROVERS is wrong: '@ana' is no Slack id"),
        ("COSTBOT_DEFAULT_OWNER", "@ana", "COSTBOT_DEFAULT_OWNER is wrong: '@ana' is no Slack id"),
        ("COSTBOT_ESCALATION_CONTACT", "ops", "COSTBOT_ESCALATION_CONTACT is wrong: 'ops' is no Slack id"),
        ("COSTBOT_ACCOUNTS", "123", "COSTBOT_ACCOUNTS is wrong: '123' is no AWS account id"),
        ("COSTBOT_HISTORY_DAYS", "many", "COSTBOT_HISTORY_DAYS is wrong: it must be a whole number"),
        ("COSTBOT_COST_VIEW", "blended", "COSTBOT_COST_VIEW is wrong: input should be 'effective' or 'billed'"),
        ("SLACK_API_BASE_URL", "http://example.com", "SLACK_API_BASE_URL is wrong: only https:// is safe for tokens"),
        (
            "SLACK_API_BASE_URL",
            "http://127.0.0.1.example.com/api/",
            "SLACK_API_BASE_URL is wrong: only https:// is safe",
        ),
        ("COSTBOT_ALERT_CHANNEL", "#costs", "COSTBOT_ALERT_CHANNEL is wrong: '#costs' is no channel id"),
        ("COSTBOT_REGIONS", "moon-1", "COSTBOT_REGIONS is wrong: 'moon-1' is no AWS region"),
        ("COSTBOT_HOST", "999.1.1.1", "COSTBOT_HOST is wrong: '999.1.1.1' is no IP address"),
        ("COSTBOT_LOG_LEVEL", "loud", "COSTBOT_LOG_LEVEL is wrong: it must be DEBUG, INFO, WARNING or ERROR"),
        ("COSTBOT_TIMEZONE", "UTC", "COSTBOT_TIMEZONE is no setting of costbot"),
        ("COSTBOT_CONFIG", "missing.toml", "COSTBOT_CONFIG names missing.toml, which is no file"),
    ],
)
def test_a_wrong_value_stops_the_start_with_a_sentence(monkeypatch, name, value, sentence):
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as refused:
        load_settings()
    assert str(refused.value).startswith(sentence)
    assert refused.value.remedy


def test_lists_are_separated_by_commas(monkeypatch):
    monkeypatch.setenv("COSTBOT_APPROVERS", "U0ANA, S0FINOPS,")
    assert load_settings().approvers == ("U0ANA", "S0FINOPS")


def test_the_environment_wins_over_the_file(monkeypatch, tmp_path):
    path = tmp_path / "costbot.toml"
    path.write_text('time_zone = "Europe/Berlin"\nmin_monthly_savings = 20\n')
    monkeypatch.setenv("COSTBOT_CONFIG", str(path))
    monkeypatch.setenv("COSTBOT_MIN_MONTHLY_SAVINGS", "50")
    settings = load_settings()
    assert (settings.time_zone, settings.min_monthly_savings) == ("Europe/Berlin", 50)


def test_a_misspelt_key_in_the_file_is_named(monkeypatch, tmp_path):
    path = tmp_path / "costbot.toml"
    path.write_text('timezone = "UTC"\n')
    monkeypatch.setenv("COSTBOT_CONFIG", str(path))
    with pytest.raises(SettingsError, match="timezone is wrong: costbot has no such setting"):
        load_settings()


def test_a_broken_file_is_named_with_its_line(monkeypatch, tmp_path):
    path = tmp_path / "costbot.toml"
    path.write_text("time_zone = \n")
    monkeypatch.setenv("COSTBOT_CONFIG", str(path))
    with pytest.raises(SettingsError) as refused:
        load_settings()
    assert str(refused.value).startswith(f"{path} is no valid TOML:")
    assert "line 1" in str(refused.value)


def test_tokens_are_never_printed(monkeypatch):
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-very-secret")
    assert "very-secret" not in repr(load_settings())


def test_every_setting_says_what_it_is_for():
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_the_slack_and_port_settings_keep_their_usual_names():
    assert setting_name("slack_bot_token") == "SLACK_BOT_TOKEN"
    assert setting_name("port") == "PORT"
    assert setting_name("data_dir") == "COSTBOT_DATA_DIR"

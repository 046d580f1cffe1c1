"""Every setting of costbot: typed, frozen, with its unit, checked once at the start."""

from __future__ import annotations

import os
import re
import tomllib
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from bot.clock import zone_names
from bot.errors import SettingsError

Words = Annotated[tuple[str, ...], NoDecode]


class CostView(StrEnum):
    """Which cost is shown: amortised after discounts, or as invoiced."""

    EFFECTIVE = "effective"
    BILLED = "billed"


class LogFormat(StrEnum):
    """How log lines are written: for people, or for a log store."""

    TEXT = "text"
    JSON = "json"


class FileEngine(StrEnum):
    """What reads the files of billing exports; tables are read by Athena."""

    DUCKDB = "duckdb"
    SPARK = "spark"


class Who(StrEnum):
    """Whom something is open to."""

    ANYONE = "anyone"
    APPROVERS = "approvers"


class Settings(BaseSettings):
    """All of costbot's settings; `docs/install.md` lists each and a test keeps it complete."""

    model_config = SettingsConfigDict(
        env_prefix="COSTBOT_",
        frozen=True,
        extra="forbid",
        env_ignore_empty=True,
        validate_default=True,
        populate_by_name=True,
    )

    slack_bot_token: SecretStr | None = Field(
        None, validation_alias="SLACK_BOT_TOKEN", description="Bot token of the Slack app (`xoxb-…`)."
    )
    slack_app_token: SecretStr | None = Field(
        None,
        validation_alias="SLACK_APP_TOKEN",
        description="App-level token with `connections:write` (`xapp-…`): Socket Mode.",
    )
    slack_signing_secret: SecretStr | None = Field(
        None, validation_alias="SLACK_SIGNING_SECRET", description="Signing secret: HTTP mode, on `PORT`."
    )
    slack_api_base_url: str = Field(
        "https://slack.com/api/", validation_alias="SLACK_API_BASE_URL", description="Where the Slack Web API lives."
    )
    port: int = Field(
        8080,
        ge=0,
        le=65535,
        validation_alias=AliasChoices("PORT", "COSTBOT_PORT"),
        description="Port of `/healthz` and, in HTTP mode, of Slack's requests; 0 picks a free one.",
    )

    host: str = Field("0.0.0.0", description="Address `PORT` listens on.")

    metrics_token: SecretStr | None = Field(
        None,
        description="Bearer token that `/metrics` then asks for; with it accounts and dollars are told too.",
    )

    data_dir: Path = Field(Path("data"), description="Folder of all that costbot keeps; it must survive restarts.")
    time_zone: str = Field("UTC", description="IANA time zone of digests and dates, such as `Europe/Berlin`.")
    cost_view: CostView = Field(
        CostView.EFFECTIVE,
        description="`effective` (net amortised) or `billed` (unblended): the cost every message shows.",
    )
    alert_channel: str | None = Field(
        None, description="Channel id that gets alerts and savings as long as no channel has subscribed to them."
    )
    admin_channel: str | None = Field(
        None, description="Channel id that is told when something is wrong with costbot itself; else the alert channel."
    )
    approvers: Words = Field(
        (), description="Who may approve: Slack user ids (`U…`) and user group ids (`S…`), separated by commas."
    )
    budgets_by: Who = Field(Who.ANYONE, description="Who may set and remove budgets: `anyone` or `approvers`.")
    owner_tag: str = Field("team", description="Tag that names the owner of a resource.")
    tag_keys: Words = Field(
        ("team", "env"),
        description="Cost allocation tags to store costs by; each costs one Cost Explorer request a refresh, and those "
        "that are too many for a day take turns.",
    )
    allocation_file: Path | None = Field(
        None, description="TOML file that says who owns which cost; `docs/allocation.md` explains it."
    )
    owners_file: Path | None = Field(
        None,
        description="TOML or CSV file that says who in Slack owns which tag value, account or service; "
        "`docs/owners.md` explains it.",
    )
    default_owner: str | None = Field(
        None, description="Who owns what nobody else does: a Slack user id (`U…`) or user group id (`S…`)."
    )
    escalation_contact: str | None = Field(
        None, description="Who is told when an owner does not react: a Slack user id (`U…`) or user group id (`S…`)."
    )
    escalate_after_hours: float = Field(
        8.0,
        ge=0,
        le=200,
        description="Working hours (Monday to Friday, 9 to 17 in the channel's time zone) without a reaction until the "
        "owner of an urgent finding is told again, and then the escalation contact; 0: never.",
    )
    escalate_from: float = Field(
        1000.0,
        ge=0,
        description="Dollars a month at stake from which on a finding is urgent; an anomaly of severity critical or "
        "high always is.",
    )

    units_file: Path | None = Field(
        None,
        description="TOML file that says what one order, user or request is, for the cost of each; `docs/report.md` "
        "explains it.",
    )

    read_role: str = Field("costbot-read", description="Name of the read-only role in every member account.")
    external_id: SecretStr | None = Field(None, description="External id that the read-only roles ask for.")
    accounts: Words = Field((), description="Account ids to look at; empty: all that AWS Organizations lists.")
    regions: Words = Field((), description="Regions to look at; empty: all that are enabled.")
    exports: Words = Field(
        (),
        description="Billing exports that `costbot refresh` and the schedule read, separated by commas: "
        "`focus=s3://bucket/prefix`, `cur=/path`, `cur=athena://workgroup/database/table`; "
        "AWS's is then not asked of Cost Explorer.",
    )
    cost_explorer: bool = Field(
        True, description="Whether Cost Explorer may be asked; off where exports tell all there is, as without AWS."
    )
    cloudtrail: bool = Field(
        True,
        description="Whether CloudTrail may be asked who changed what, when a cost is explained, and since when an "
        "address is idle (`cloudtrail:LookupEvents`; it costs nothing).",
    )
    detail_months: int = Field(
        3, ge=0, le=14, description="Newest months of a billing export kept by resource and by hour too; 0 for none."
    )
    engine: FileEngine = Field(
        FileEngine.DUCKDB,
        description="What reads the files of billing exports: `duckdb`, within costbot, or `spark`.",
    )
    athena_output: str | None = Field(
        None, description="`s3://bucket/prefix` for results of Athena, where the workgroup has no place of its own."
    )
    history_days: int = Field(400, ge=30, le=425, description="Days of cost history fetched the first time.")
    ce_requests_a_day: int = Field(
        12,
        ge=0,
        le=1000,
        description="Cost Explorer requests a day (UTC) at most, $0.01 each; a query's further pages come on top.",
    )
    monthly_api_cap: float = Field(
        20.0,
        ge=0,
        description="Dollars a month (UTC) that costbot may spend on billed AWS calls, over all sources; 0: no cap.",
    )
    refresh_hours: float = Field(6, ge=1, le=48, description="Hours between two refreshes of costs.")
    scan_hours: float = Field(24, ge=1, le=168, description="Hours between two scans for savings.")
    stale_hours: float = Field(
        96, ge=24, le=24 * 30, description="Hours after the last complete day from which on costs count as old."
    )
    jobs: bool = Field(True, description="Whether scheduled jobs run; off, only commands answer.")

    anomaly_min_impact: float = Field(
        10.0,
        ge=0,
        description="Money a day, in the bill's currency, below which nothing is an anomaly; raise it for yen or won.",
    )
    anomaly_min_percent: float = Field(
        20.0, ge=0, description="Per cent off expectation below which nothing is an anomaly."
    )
    min_monthly_savings: float = Field(5.0, ge=0, description="Dollars a month below which a saving is not shown.")
    check_thresholds: Words = Field(
        (),
        description="Thresholds of savings checks that differ from `docs/checks.md`: "
        "`ebs.unattached_volume.min_detached_days=14`, separated by commas.",
    )
    checks_off: Words = Field((), description="Ids of savings checks that do not run, separated by commas.")
    ignore_resources: str | None = Field(
        None, description="Regular expression: resources whose id or name it finds are left alone."
    )
    rightsizing_days: int = Field(14, ge=7, le=60, description="Days of metrics that right-sizing looks at.")
    rightsizing_headroom: float = Field(20.0, ge=0, le=60, description="Per cent of a new instance kept free.")
    worker_niceness: int = Field(
        10,
        ge=0,
        le=19,
        description="How far arithmetic yields to acknowledgements, as `nice` counts; 0: not at all.",
    )
    max_cards: int = Field(5, ge=1, le=50, description="Cards one scan posts to a channel; the digest counts the rest.")

    alerts_a_day: int = Field(
        10,
        ge=0,
        le=200,
        description="Alerts a day that a channel is told one by one; the rest is one line with their number and sum. "
        "`/cost settings --alerts 5` sets another number for one channel.",
    )

    keep_job_days: int = Field(30, ge=7, description="Days that runs of jobs are kept; the latest of each always is.")
    keep_alert_days: int = Field(90, ge=30, description="Days that it is kept what was told and what was held back.")
    keep_api_days: int = Field(400, ge=62, description="Days that it is kept what AWS calls cost.")
    keep_audit_days: int = Field(
        0, ge=0, description="Days that the audit of settled findings is kept, 730 at least; 0 is for ever."
    )

    log_level: str = Field("INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$", description="DEBUG, INFO, WARNING or ERROR.")
    log_format: LogFormat = Field(
        LogFormat.TEXT, description="`text`, or `json`: an object a line, for a log store; secrets are in neither."
    )
    clock_offset: float = Field(0.0, description="For the demo and tests: seconds ahead of real time.")

    @field_validator(
        "approvers", "tag_keys", "accounts", "regions", "exports", "check_thresholds", "checks_off", mode="before"
    )
    @classmethod
    def _split_words(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        return tuple(word.strip() for word in value.split(",") if word.strip())

    @field_validator("approvers")
    @classmethod
    def _slack_ids(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for word in value:
            _check_slack_id(word)
        return value

    @field_validator("default_owner", "escalation_contact")
    @classmethod
    def _slack_id(cls, value: str | None) -> str | None:
        if value is not None:
            _check_slack_id(value)
        return value

    @field_validator("keep_audit_days")
    @classmethod
    def _audit_floor(cls, value: int) -> int:
        if 0 < value < 730:
            raise ValueError("decisions are kept for 730 days at least; 0 keeps them for ever")
        return value

    @field_validator("exports")
    @classmethod
    def _known_exports(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for word in value:
            source, _, place = word.partition("=")
            if source not in ("focus", "cur") or not place:
                raise ValueError(f"{word!r} is no export; write focus=s3://bucket/prefix or cur=/path")
        return value

    @field_validator("ignore_resources")
    @classmethod
    def _regular_expression(cls, value: str | None) -> str | None:
        try:
            re.compile(value or "")
        except re.error as error:
            raise ValueError(f"{value!r} is no regular expression: {error}") from None
        return value

    @field_validator("accounts")
    @classmethod
    def _account_ids(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for word in value:
            if len(word) != 12 or not word.isdigit():
                raise ValueError(f"{word!r} is no AWS account id; write its 12 digits")
        return value

    @field_validator("alert_channel", "admin_channel")
    @classmethod
    def _channel_id(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"[CG][A-Z0-9]{2,}", value):
            raise ValueError(f"{value!r} is no channel id; copy it (C…) from the channel's details in Slack")
        return value

    @field_validator("regions")
    @classmethod
    def _region_names(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for word in value:
            if not re.fullmatch(r"[a-z]{2}(-[a-z]+){1,3}-\d", word):
                raise ValueError(f"{word!r} is no AWS region; write one such as eu-west-1")
        return value

    @field_validator("athena_output")
    @classmethod
    def _s3_address(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/.*)?", value):
            raise ValueError(f"{value!r} is no S3 address; write s3://bucket/prefix")
        return value

    @field_validator("host")
    @classmethod
    def _address(cls, value: str) -> str:
        if value == "localhost":
            return "127.0.0.1"
        try:
            return str(ip_address(value))
        except ValueError:
            raise ValueError(f"{value!r} is no IP address; write 0.0.0.0 or 127.0.0.1") from None

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value not in zone_names():
            raise ValueError(f"{value!r} is no IANA time zone; write one such as Europe/Berlin")
        return value

    @field_validator("slack_api_base_url")
    @classmethod
    def _trailing_slash(cls, value: str) -> str:
        parts = urlsplit(value)
        on_this_machine = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost")
        if not parts.hostname or not (parts.scheme == "https" or on_this_machine):
            raise ValueError("only https:// is safe for tokens (http:// only on this machine)")
        return value if value.endswith("/") else value + "/"

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        path = os.environ.get("COSTBOT_CONFIG")
        if not path:
            return init_settings, env_settings
        if not Path(path).is_file():
            raise SettingsError(f"COSTBOT_CONFIG names {path}, which is no file.", "Create it or unset COSTBOT_CONFIG.")
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, Path(path))


def _check_slack_id(word: str) -> None:
    if word[:1] not in "UWS" or not word.isalnum() or word != word.upper():
        raise ValueError(f"{word!r} is no Slack id; copy the member id (U…) or user group id (S…) from Slack")


def setting_name(field: str) -> str:
    """The environment variable of a field of `Settings`."""
    alias = Settings.model_fields[field].validation_alias
    if isinstance(alias, AliasChoices):
        return str(alias.choices[0])
    return str(alias) if alias else f"COSTBOT_{field.upper()}"


def load_settings(**overrides: Any) -> Settings:
    """Read the settings from the environment and the file `COSTBOT_CONFIG` names.

    Args:
        overrides: fields that a command-line option sets; they win.
    Raises:
        SettingsError: the first wrong value, in one sentence with the next step.
    """
    unknown = sorted(
        name
        for name in os.environ
        if name.startswith("COSTBOT_")
        and name != "COSTBOT_CONFIG"
        and name not in {setting_name(field) for field in Settings.model_fields}
        and name != "COSTBOT_PORT"
    )
    if unknown:
        raise SettingsError(
            f"{unknown[0]} is no setting of costbot.", "Correct its spelling; docs/install.md lists all."
        )
    try:
        return Settings(**overrides)
    except tomllib.TOMLDecodeError as error:
        path = os.environ["COSTBOT_CONFIG"]
        raise SettingsError(f"{path} is no valid TOML: {error}.", "Correct that line and start again.") from None
    except ValidationError as error:
        raise _sentence(error) from None


#: Pydantic's kinds of error in a person's words; the others bring a sentence of their own.
WORDS = {
    "extra_forbidden": "costbot has no such setting",
    "int_parsing": "it must be a whole number",
    "float_parsing": "it must be a number",
    "bool_parsing": "it must be true or false",
    "string_pattern_mismatch": "it must be DEBUG, INFO, WARNING or ERROR",
}


def _sentence(error: ValidationError) -> SettingsError:
    first = error.errors()[0]
    where = str(first["loc"][0]) if first["loc"] else "settings"
    name = setting_name(where) if where in Settings.model_fields else where
    said = WORDS.get(first["type"], first["msg"].removeprefix("Value error, "))
    problem = said[:1].lower() + said[1:]
    return SettingsError(
        f"{name} is wrong: {problem}.", "Correct it and start again; docs/install.md lists every setting."
    )

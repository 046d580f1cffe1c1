"""Which savings checks run, and with which thresholds: the registry's, as the settings change it."""

from __future__ import annotations

from analysis.checks import Check, checks
from bot.errors import SettingsError
from bot.settings import Settings


def checks_to_run(settings: Settings) -> tuple[Check, ...]:
    """The checks that are not switched off.

    Raises:
        SettingsError: COSTBOT_CHECKS_OFF names a check that does not exist.
    """
    for id_ in settings.checks_off:
        if id_ not in checks():
            raise SettingsError(
                f"COSTBOT_CHECKS_OFF names {id_}, which is no check.", "`costbot checks` lists them with their ids."
            )
    return tuple(check for check in checks().values() if check.id not in settings.checks_off)


def thresholds_of(settings: Settings) -> dict[str, dict[str, float]]:
    """Thresholds by check and name, where they are not the check's own.

    Raises:
        SettingsError: COSTBOT_CHECK_THRESHOLDS names what does not exist, or no number.
    """
    found: dict[str, dict[str, float]] = {}
    found["ec2.rightsizing"] = {
        "headroom_percent": settings.rightsizing_headroom,
        "min_days": settings.rightsizing_days,
        "min_monthly_savings": settings.min_monthly_savings,
    }
    for word in settings.check_thresholds:
        path, equals, number = word.partition("=")
        id_, _, name = path.strip().rpartition(".")
        if not equals or id_ not in checks() or name not in checks()[id_].thresholds:
            raise SettingsError(
                f"COSTBOT_CHECK_THRESHOLDS: {word} is no threshold of a check.",
                "Write ebs.unattached_volume.min_detached_days=14; `costbot checks` lists checks and thresholds.",
            )
        try:
            found.setdefault(id_, {})[name] = float(number)
        except ValueError:
            raise SettingsError(
                f"COSTBOT_CHECK_THRESHOLDS: {number.strip()} is no number in {word}.", "Write a number after the =."
            ) from None
    return found

"""What API calls cost, small facts, and which sources answered."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from sqlite_utils import Database

from bot.charges import Booking, Charge, Unit
from bot.store.rows import ApiSpend, Booked, SourceHealth, moment, read, written

#: Dollars are summed as floats: a sum that reaches the cap exactly must not count as above it.
_HALF_A_MICRODOLLAR = 5e-7


def book(db: Database, charge: Charge, at: datetime, *, requests_a_day: int | None, cap_usd: float | None) -> Booked:
    """Count a call before it is made, if both limits allow it; the caller's transaction makes that one step.

    Args:
        at: its UTC day and month are the ones that count.
        requests_a_day: most calls a day of the charge's service that are counted as requests; None is no limit.
        cap_usd: most dollars a month over all services; None is no limit.
    """
    day = written(at)[:10]
    requests = requests_of(db, charge.service, at)
    spent = spent_in_month(db, at)
    has_request = requests_a_day is None or charge.unit is not Unit.REQUEST or requests < requests_a_day
    has_money = cap_usd is None or spent + charge.usd <= cap_usd + _HALF_A_MICRODOLLAR
    granted = has_request and has_money
    if granted:
        _add(db, day, charge, calls=1)
    return Booked(Booking(day, charge) if granted else None, requests, spent, has_request, has_money)


def take_back(db: Database, booking: Booking) -> None:
    """The call cost nothing."""
    charge = booking.charge
    negative = replace(charge, units=-charge.units, usd=-charge.usd)
    _add(db, booking.day, negative, calls=-1)


def requests_of(db: Database, service: str, at: datetime) -> int:
    """Calls of a service that were counted as requests on the UTC day of `at`."""
    sql = "SELECT COALESCE(SUM(calls), 0) FROM api_spend WHERE day = ? AND service = ? AND unit = ?"
    return int(db.execute(sql, [written(at)[:10], service, Unit.REQUEST.value]).fetchone()[0])


def spent_in_month(db: Database, at: datetime) -> float:
    """Dollars of the UTC month of `at`."""
    sql = "SELECT COALESCE(SUM(usd), 0) FROM api_spend WHERE substr(day, 1, 7) = ?"
    return float(db.execute(sql, [written(at)[:7]]).fetchone()[0])


def api_spend(db: Database, since: date, until: date) -> list[ApiSpend]:
    """Calls, units and dollars per operation of the UTC days [since, until), dearest first."""
    rows = db.query(
        "SELECT service, operation, unit, SUM(calls) AS calls, SUM(units) AS units, SUM(usd) AS usd FROM api_spend "
        "WHERE day >= ? AND day < ? GROUP BY service, operation, unit HAVING SUM(calls) > 0 "
        "ORDER BY usd DESC, service, operation, unit",
        [since.isoformat(), until.isoformat()],
    )
    return [
        ApiSpend(row["service"], row["operation"], Unit(row["unit"]), row["calls"], row["units"], row["usd"])
        for row in rows
    ]


def spend_by_day(db: Database, since: date) -> dict[date, float]:
    """Dollars of each UTC day from `since` on that has any calls."""
    rows = db.query(
        "SELECT day, SUM(usd) AS usd FROM api_spend WHERE day >= ? GROUP BY day HAVING SUM(calls) > 0 ORDER BY day",
        [since.isoformat()],
    )
    return {date.fromisoformat(row["day"]): row["usd"] for row in rows}


def _add(db: Database, day: str, charge: Charge, *, calls: int) -> None:
    db.execute(
        "INSERT INTO api_spend (day, service, operation, unit, calls, units, usd) VALUES (?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (day, service, operation, unit) DO UPDATE SET "
        "calls = calls + excluded.calls, units = units + excluded.units, usd = usd + excluded.usd",
        (day, charge.service, charge.operation, charge.unit.value, calls, charge.units, charge.usd),
    )


def remember(db: Database, key: str, value: str, now: datetime) -> None:
    """Keep a small fact."""
    db.execute("INSERT OR REPLACE INTO facts (key, value, at) VALUES (?, ?, ?)", (key, value, written(now)))


def recall(db: Database, key: str) -> str | None:
    """A fact, or None."""
    row = next(iter(db.query("SELECT value FROM facts WHERE key = ?", [key])), None)
    return row["value"] if row else None


def forget(db: Database, key: str) -> None:
    """Drop a fact."""
    db.execute("DELETE FROM facts WHERE key = ?", (key,))


def note_source(
    db: Database, source: str, account_id: str | None, region: str | None, ok: bool, sentence: str, at: datetime
) -> None:
    """How a source answered; `since` stays while the condition stays."""
    db.execute(
        "INSERT INTO source_health (source, account_id, region, ok, sentence, since, checked_at, last_ok_at) "
        "VALUES (:source, :account, :region, :ok, :sentence, :at, :at, CASE WHEN :ok THEN :at END) "
        "ON CONFLICT (source, account_id, region) DO UPDATE SET "
        "since = CASE WHEN ok = excluded.ok THEN since ELSE excluded.since END, ok = excluded.ok, "
        "sentence = excluded.sentence, checked_at = excluded.checked_at, "
        "last_ok_at = COALESCE(excluded.last_ok_at, last_ok_at)",
        {
            "source": source,
            "account": account_id or "",
            "region": region or "",
            "ok": int(ok),
            "sentence": sentence,
            "at": written(at),
        },
    )


def source_health(db: Database) -> list[SourceHealth]:
    """Every source that was ever asked, failing ones first."""
    return [
        SourceHealth(
            source=row["source"],
            account_id=row["account_id"] or None,
            region=row["region"] or None,
            ok=bool(row["ok"]),
            sentence=row["sentence"],
            since=moment(row["since"]),
            checked_at=moment(row["checked_at"]),
            last_ok_at=read(row["last_ok_at"]),
        )
        for row in db.query("SELECT * FROM source_health ORDER BY ok, source, account_id, region")
    ]

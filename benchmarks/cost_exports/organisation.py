"""The organisation behind the generated export, as DuckDB tables: what it can buy, and what it runs."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from benchmarks.cost_exports.draws import draw
from benchmarks.cost_exports.services import SERVICES

#: Accounts besides the payer's.
MEMBERS = 49
REGIONS = ("us-east-1", "eu-west-1", "us-west-2", "eu-central-1", "ap-southeast-2", "ap-south-1")
TEAMS = (
    "payments",
    "checkout",
    "search",
    "catalog",
    "platform",
    "data",
    "identity",
    "mobile",
    "ads",
    "risk",
    "web",
    "ml",
)
#: How long the oldest resources of a moment have lived; they are drawn evenly from younger ones.
LIFE_HOURS = 5 * 7 * 24
PAYER = "100000000001"


def create_organisation(database: duckdb.DuckDBPyConnection, *, seed: int, resources: int, hours: int) -> None:
    """Tables `skus` and `resources`; a resource belongs to one service, account, team and region."""
    _catalogue(database)
    # Those that were born before the first month have negative numbers.
    old = resources * LIFE_HOURS // hours + 2
    database.execute(
        f"""
        CREATE TABLE resources AS
        WITH drawn AS (
            SELECT k, hash(k, {int(seed)}) AS h, hash(k, {int(seed)}, 1) AS g
            FROM range(-{old}, {int(resources)} + 1) r(k)
        ), placed AS (
            SELECT k, h, g, s.*, {draw("h", 40)} AS tagged, (g & 1)::INTEGER AS half,
                least({MEMBERS - 1}, floor({MEMBERS} * pow({draw("h", 20)}, 1.5)))::INTEGER AS account
            FROM drawn JOIN services s ON {draw("h", 0)} >= s.low AND {draw("h", 0)} < s.high
        ), owned AS (
            SELECT *,
                1 + ((hash(service, account) + half * 5) % {len(TEAMS)})::INTEGER AS team_number,
                CASE WHEN {draw("g", 1)} < 0.8 THEN account % 3 ELSE 3 + account % 3 END AS region_number,
                ['dev', 'stage', 'prod', 'prod', 'prod'][1 + account % 5] AS env
            FROM placed
        ), named AS (
            SELECT *, {_texts(REGIONS)}[1 + region_number] AS region,
                CASE WHEN tagged > 0.2 THEN {_texts(TEAMS)}[team_number] END AS team,
                (200000000000 + account)::VARCHAR AS account_id
            FROM owned
        )
        SELECT k, name, code, category, subcategory, region, account_id,
            env || '-' || lpad(account::VARCHAR, 2, '0') AS account_name,
            -- A team uses few of a service's meters, and all use its last one.
            8 * (64 * service + hash(service, account, team, half) % greatest(1, meter_count - 1)) + region_number
                AS main_sku,
            8 * (64 * service + meter_count - 1) + region_number AS shared_sku,
            CASE WHEN g % 2 = 0 THEN region || chr((97 + g % 3)::INTEGER) END AS zone,
            CASE WHEN {draw("g", 21)} >= 0.2 THEN kind END AS kind,
            CASE WHEN {draw("g", 21)} >= 0.2 THEN replace(replace(replace(arn, '<region>', region),
                '<account>', account_id), '<id>', lower(printf('%016x', h))) END AS resource_id,
            code || '-' || k AS resource_name,
            CASE WHEN {draw("g", 41)} < 0.35 THEN commitment END AS committed,
            coalesce(commitment, 'Savings Plan') AS commitment,
            CASE commitment WHEN 'Reserved' THEN 'Usage' ELSE 'Spend' END AS commitment_category,
            'arn:aws:savingsplans::{PAYER}:savingsplan/' || lower(printf('%016x', hash(service, g % 4))) AS plan_id,
            CASE WHEN team IS NULL
                THEN MAP {{'env': env, 'app': 'app-' || (h % 40), 'cost-center': 'cc-0000', 'managed-by': 'terraform'}}
                ELSE MAP {{'team': team, 'env': env, 'app': team || '-' || (h % 4),
                    'cost-center': 'cc-' || (hash(team) % 9000),
                    'managed-by': CASE WHEN half = 0 THEN 'terraform' ELSE 'helm' END}}
            END AS tags
        FROM named
        """
    )


def _catalogue(database: duckdb.DuckDBPyConnection) -> None:
    """Tables `services`, with the range of 0 … 1 that draws each, and `skus`, a row per meter and region."""
    database.execute(
        """CREATE TABLE services (service INTEGER, name VARCHAR, code VARCHAR, category VARCHAR, subcategory VARCHAR,
               kind VARCHAR, arn VARCHAR, low DOUBLE, high DOUBLE, meter_count INTEGER, commitment VARCHAR)"""
    )
    database.execute(
        """CREATE TABLE meters (service INTEGER, meter INTEGER, usage_type VARCHAR, operation VARCHAR, unit VARCHAR,
               price DOUBLE, amount DOUBLE)"""
    )
    edges = [sum(service.weight for service in SERVICES[:index]) for index in range(len(SERVICES) + 1)]
    for number, service in enumerate(SERVICES):
        low, high = edges[number] / edges[-1], edges[number + 1] / edges[-1]
        row = (
            number, service.name, service.code, service.category, service.subcategory, service.kind, service.arn,
            low, high, len(service.meters), service.commitment,
        )  # fmt: skip
        database.execute("INSERT INTO services VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        for index, meter in enumerate(service.meters):
            database.execute(
                "INSERT INTO meters VALUES (?, ?, ?, ?, ?, ?, ?)",
                (number, index, meter.usage_type, meter.operation, meter.unit, meter.price, meter.amount),
            )
    # Texts are made once a meter and region, not once a row.
    database.execute(
        f"""
        CREATE TABLE skus AS
        SELECT 8 * (64 * service + meter) + number AS sku, usage_type, operation, unit, price, amount,
            CASE WHEN number IN (0, 2) THEN 1.0 ELSE 0.97 END AS agreed,
            CASE WHEN operation LIKE '%:SV' THEN 'Dynamic' ELSE 'Standard' END AS pricing,
            '$' || price || ' per ' || unit || ' ' || usage_type AS description,
            upper(printf('%016x', hash(usage_type, number))) AS sku_id,
            upper(printf('%016x', hash(usage_type, number))) || '.JRTCKXETXF.6YS6EN2CT7' AS sku_price_id,
            MAP {{'Meter': usage_type, 'Operation': operation, 'Location': {_texts(REGIONS)}[1 + number]}} AS details
        FROM meters, range({len(REGIONS)}) r(number)
        """
    )


def _texts(words: Sequence[str]) -> str:
    return "[" + ", ".join(f"'{word}'" for word in words) + "]"

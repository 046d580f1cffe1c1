"""The schema of costbot's SQLite file, one step after the other; a step that was released is never changed."""

from __future__ import annotations

from sqlite_utils import Database, Migrations

migrations = Migrations("costbot")


def known_steps() -> set[str]:
    """The names of the steps that this costbot knows."""
    empty = Database(memory=True)
    try:
        return {step.name for step in migrations.pending(empty)}
    finally:
        empty.close()


@migrations(name="0001_findings_posts_jobs")
def _findings_posts_jobs(db: Database) -> None:
    """Findings with their state, the append-only audit, posts, subscriptions and job runs.

    Times are ISO 8601 in UTC with microseconds, so that text order is time order.
    """
    db.execute(
        """
        CREATE TABLE findings (
            id TEXT PRIMARY KEY,
            fingerprint TEXT NOT NULL UNIQUE,
            kind TEXT NOT NULL CHECK (kind IN ('anomaly', 'recommendation')),
            state TEXT NOT NULL CHECK (
                state IN ('open', 'acknowledged', 'approved', 'dismissed', 'snoozed', 'resolved')
            ),
            value TEXT NOT NULL,
            version INTEGER NOT NULL,
            created_at TEXT NOT NULL,
            updated_at TEXT NOT NULL,
            decided_by TEXT,
            decided_at TEXT,
            reason TEXT,
            note TEXT,
            until TEXT
        )
        """
    )
    db.execute("CREATE INDEX findings_by_state ON findings (kind, state)")
    db.execute(
        """
        CREATE TABLE audit (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            at TEXT NOT NULL,
            finding_id TEXT NOT NULL REFERENCES findings (id),
            actor TEXT NOT NULL,
            verb TEXT NOT NULL,
            from_state TEXT,
            to_state TEXT NOT NULL,
            reason TEXT,
            note TEXT,
            until TEXT,
            channel TEXT,
            ts TEXT,
            value_hash TEXT NOT NULL
        )
        """
    )
    for verb in ("UPDATE", "DELETE"):
        db.execute(
            f"CREATE TRIGGER audit_refuses_{verb.lower()} BEFORE {verb} ON audit "
            "BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END"
        )
    db.execute(
        """
        CREATE TABLE posts (
            subject TEXT NOT NULL,
            channel TEXT NOT NULL,
            ts TEXT,
            claimed_at TEXT NOT NULL,
            claimed_by TEXT,
            attempts INTEGER NOT NULL,
            posted_at TEXT,
            PRIMARY KEY (subject, channel)
        )
        """
    )
    db.execute(
        """
        CREATE TABLE subscriptions (
            channel TEXT NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('digest', 'anomalies', 'savings')),
            at TEXT,
            min_impact REAL,
            by TEXT NOT NULL,
            since TEXT NOT NULL,
            PRIMARY KEY (channel, kind)
        )
        """
    )
    db.execute(
        """
        CREATE TABLE job_runs (
            job TEXT NOT NULL,
            due_at TEXT NOT NULL,
            started_at TEXT NOT NULL,
            claimed_by TEXT NOT NULL,
            attempts INTEGER NOT NULL,
            finished_at TEXT,
            error TEXT,
            PRIMARY KEY (job, due_at)
        )
        """
    )


@migrations(name="0002_redraws_spend_health")
def _redraws_spend_health(db: Database) -> None:
    """Cards to redraw, what API calls cost, small facts, source health, and why a subscription does not arrive."""
    db.execute("ALTER TABLE subscriptions ADD COLUMN problem TEXT")
    db.execute("CREATE TABLE redraws (finding_id TEXT PRIMARY KEY REFERENCES findings (id), due_at TEXT NOT NULL)")
    # A decision of the first version may have been made in a process that ended before its card was redrawn.
    db.execute("INSERT INTO redraws SELECT id, decided_at FROM findings WHERE decided_at IS NOT NULL")
    db.execute(
        """
        CREATE TABLE api_spend (
            day TEXT NOT NULL,
            service TEXT NOT NULL,
            operation TEXT NOT NULL,
            calls INTEGER NOT NULL,
            usd REAL NOT NULL,
            PRIMARY KEY (day, service, operation)
        )
        """
    )
    db.execute("CREATE TABLE facts (key TEXT PRIMARY KEY, value TEXT NOT NULL, at TEXT NOT NULL)")
    db.execute(
        """
        CREATE TABLE source_health (
            source TEXT NOT NULL,
            account_id TEXT NOT NULL,
            region TEXT NOT NULL,
            ok INTEGER NOT NULL,
            sentence TEXT NOT NULL,
            since TEXT NOT NULL,
            checked_at TEXT NOT NULL,
            last_ok_at TEXT,
            PRIMARY KEY (source, account_id, region)
        )
        """
    )


@migrations(name="0003_spend_by_unit")
def _spend_by_unit(db: Database) -> None:
    """Billed calls by what their price counts; until now a Cost Explorer query and its pages were one row."""
    db.execute("ALTER TABLE api_spend RENAME TO api_spend_without_unit")
    db.execute(
        """
        CREATE TABLE api_spend (
            day TEXT NOT NULL,
            service TEXT NOT NULL,
            operation TEXT NOT NULL,
            unit TEXT NOT NULL,
            calls INTEGER NOT NULL,
            units REAL NOT NULL,
            usd REAL NOT NULL,
            PRIMARY KEY (day, service, operation, unit)
        )
        """
    )
    db.execute(
        """
        INSERT INTO api_spend
        SELECT day, service, operation,
               CASE WHEN operation = 'GetMetricData' THEN 'metric' ELSE 'request' END,
               calls, CASE WHEN operation = 'GetMetricData' THEN round(usd / 0.00001) ELSE calls END, usd
        FROM api_spend_without_unit
        """
    )
    db.execute("DROP TABLE api_spend_without_unit")


@migrations(name="0004_restatements")
def _restatements(db: Database) -> None:
    """What sources told of a day's usage and when, while it was open; and the days that changed after they counted."""
    db.execute(
        """
        CREATE TABLE observations (
            source TEXT NOT NULL,
            provider TEXT NOT NULL,
            day TEXT NOT NULL,
            observed_at TEXT NOT NULL,
            confirmed_at TEXT NOT NULL,
            billed_cost REAL NOT NULL,
            effective_cost REAL NOT NULL,
            currency TEXT NOT NULL,
            is_complete INTEGER NOT NULL,
            PRIMARY KEY (source, provider, day, observed_at)
        )
        """
    )
    db.execute(
        """
        CREATE TABLE restatements (
            source TEXT NOT NULL,
            provider TEXT NOT NULL,
            day TEXT NOT NULL,
            noted_at TEXT NOT NULL,
            billed_before REAL NOT NULL,
            billed_after REAL,
            effective_before REAL NOT NULL,
            effective_after REAL,
            currency TEXT NOT NULL,
            PRIMARY KEY (source, provider, day, noted_at)
        )
        """
    )
    db.execute("CREATE INDEX restatements_by_time ON restatements (noted_at)")


@migrations(name="0005_thresholds_and_known_changes")
def _thresholds_and_known_changes(db: Database) -> None:
    """Who set which alert thresholds and what they were; what people said will change, and who took it back."""
    db.execute(
        """
        CREATE TABLE threshold_changes (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            at TEXT NOT NULL,
            actor TEXT NOT NULL,
            verb TEXT NOT NULL CHECK (verb IN ('save', 'reset')),
            min_impact_before REAL NOT NULL,
            min_percent_before REAL NOT NULL,
            min_impact REAL NOT NULL,
            min_percent REAL NOT NULL,
            channel TEXT
        )
        """
    )
    db.execute(
        """
        CREATE TABLE known_changes (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            at TEXT NOT NULL,
            actor TEXT NOT NULL,
            target TEXT NOT NULL,
            label TEXT NOT NULL,
            dimension TEXT,
            keys TEXT NOT NULL,
            pattern TEXT,
            per_day REAL NOT NULL,
            currency TEXT NOT NULL,
            first_day TEXT NOT NULL,
            last_day TEXT,
            why TEXT,
            channel TEXT
        )
        """
    )
    db.execute(
        """
        CREATE TABLE known_change_removals (
            known_change_id INTEGER PRIMARY KEY REFERENCES known_changes (id),
            at TEXT NOT NULL,
            actor TEXT NOT NULL,
            channel TEXT
        )
        """
    )
    for table in ("threshold_changes", "known_changes", "known_change_removals"):
        for verb in ("UPDATE", "DELETE"):
            db.execute(
                f"CREATE TRIGGER {table}_refuses_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )


@migrations(name="0006_assignees")
def _assignees(db: Database) -> None:
    """Who is to look after a finding; who assigned it, and when, stands in the audit."""
    db.execute("ALTER TABLE findings ADD COLUMN assignee TEXT")


@migrations(name="0007_subscription_filters")
def _subscription_filters(db: Database) -> None:
    """Two more kinds of subscriptions, of one team or account and of changes only; how channels want to be told."""
    db.execute("ALTER TABLE subscriptions RENAME TO subscriptions_of_everything")
    db.execute(
        """
        CREATE TABLE subscriptions (
            channel TEXT NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('digest', 'anomalies', 'savings', 'budgets', 'weekly')),
            team TEXT NOT NULL,
            account TEXT NOT NULL,
            at TEXT,
            min_impact REAL,
            least_change REAL,
            by TEXT NOT NULL,
            since TEXT NOT NULL,
            problem TEXT,
            PRIMARY KEY (channel, kind, team, account)
        )
        """
    )
    db.execute(
        """
        INSERT INTO subscriptions (channel, kind, team, account, at, min_impact, by, since, problem)
        SELECT channel, kind, '', '', at, min_impact, by, since, problem FROM subscriptions_of_everything
        """
    )
    db.execute("DROP TABLE subscriptions_of_everything")
    db.execute(
        """
        CREATE TABLE channel_settings (
            channel TEXT PRIMARY KEY,
            time_zone TEXT,
            mentions INTEGER NOT NULL,
            threads INTEGER NOT NULL,
            numbers TEXT NOT NULL,
            alerts_a_day INTEGER,
            by TEXT NOT NULL,
            at TEXT NOT NULL
        )
        """
    )


@migrations(name="0008_budgets")
def _budgets(db: Database) -> None:
    """Budgets that people set, and who set, changed or removed one when."""
    db.execute(
        """
        CREATE TABLE budgets (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            label TEXT NOT NULL,
            typed TEXT NOT NULL,
            scope TEXT NOT NULL,
            pattern TEXT NOT NULL,
            cadence TEXT NOT NULL CHECK (cadence IN ('month', 'quarter', 'year')),
            amount REAL NOT NULL CHECK (amount > 0),
            currency TEXT NOT NULL,
            by TEXT NOT NULL,
            channel TEXT NOT NULL,
            is_removed INTEGER NOT NULL
        )
        """
    )
    db.execute("CREATE UNIQUE INDEX budgets_once ON budgets (scope, pattern, cadence) WHERE is_removed = 0")
    db.execute(
        """
        CREATE TABLE budget_changes (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            budget INTEGER NOT NULL REFERENCES budgets (id),
            at TEXT NOT NULL,
            actor TEXT NOT NULL,
            verb TEXT NOT NULL CHECK (verb IN ('set', 'change', 'remove', 'restore')),
            amount_before REAL,
            amount REAL,
            channel TEXT,
            undoes INTEGER
        )
        """
    )
    for verb in ("UPDATE", "DELETE"):
        db.execute(
            f"CREATE TRIGGER budget_changes_refuses_{verb.lower()} BEFORE {verb} ON budget_changes "
            "BEGIN SELECT RAISE(ABORT, 'budget_changes is append-only'); END"
        )


@migrations(name="0009_quiet")
def _quiet(db: Database) -> None:
    """What channels were told each day and what was held back of it; patterns that nobody wants to hear of for now.

    A held alert keeps its row: `told_at` when it was posted after all, `folded_at` when a digest counted it. A mute
    that was taken back keeps its row too.
    """
    db.execute(
        """
        CREATE TABLE told_alerts (
            channel TEXT NOT NULL,
            subject TEXT NOT NULL,
            kind TEXT NOT NULL,
            day TEXT NOT NULL,
            dollars REAL NOT NULL,
            told_at TEXT NOT NULL,
            PRIMARY KEY (channel, subject)
        )
        """
    )
    db.execute("CREATE INDEX told_alerts_by_day ON told_alerts (channel, day)")
    db.execute(
        """
        CREATE TABLE held_alerts (
            channel TEXT NOT NULL,
            subject TEXT NOT NULL,
            kind TEXT NOT NULL,
            day TEXT NOT NULL,
            dollars REAL NOT NULL,
            title TEXT NOT NULL,
            finding_id TEXT,
            held_at TEXT NOT NULL,
            told_at TEXT,
            folded_at TEXT,
            PRIMARY KEY (channel, subject)
        )
        """
    )
    db.execute("CREATE INDEX held_alerts_by_day ON held_alerts (channel, day)")
    db.execute(
        "CREATE TABLE held_lines (channel TEXT NOT NULL, day TEXT NOT NULL, said TEXT NOT NULL, "
        "PRIMARY KEY (channel, day))"
    )
    db.execute(
        """
        CREATE TABLE mutes (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            at TEXT NOT NULL,
            by TEXT NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('anomaly', 'recommendation')),
            patterns TEXT NOT NULL,
            accounts TEXT NOT NULL,
            direction TEXT,
            label TEXT NOT NULL,
            until TEXT NOT NULL,
            reason TEXT NOT NULL,
            finding_id TEXT,
            channel TEXT
        )
        """
    )
    db.execute(
        "CREATE TABLE unmutes (mute_id INTEGER PRIMARY KEY REFERENCES mutes (id), at TEXT NOT NULL, "
        "by TEXT NOT NULL, channel TEXT)"
    )
    for table in ("mutes", "unmutes"):
        for verb in ("UPDATE", "DELETE"):
            db.execute(
                f"CREATE TRIGGER {table}_refuses_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )


@migrations(name="0010_owners")
def _owners(db: Database) -> None:
    """What Slack said about owners, who opened the Home tab, and which savings an owner was told of where."""
    db.execute(
        """
        CREATE TABLE owner_lookups (
            kind TEXT NOT NULL,
            key TEXT NOT NULL,
            answer TEXT,
            at TEXT NOT NULL,
            PRIMARY KEY (kind, key)
        )
        """
    )
    db.execute("CREATE TABLE home_tabs (user_id TEXT PRIMARY KEY, since TEXT NOT NULL)")
    db.execute(
        """
        CREATE TABLE told_savings (
            channel TEXT NOT NULL,
            finding_id TEXT NOT NULL REFERENCES findings (id),
            subject TEXT NOT NULL,
            at TEXT NOT NULL,
            PRIMARY KEY (channel, finding_id)
        )
        """
    )


@migrations(name="0011_watch")
def _watch(db: Database) -> None:
    """costbot's own timetable, channels that refuse it, and troubles that are told and not over."""
    db.execute(
        """
        CREATE TABLE timetable (
            job TEXT PRIMARY KEY,
            words TEXT NOT NULL,
            every_seconds REAL,
            after TEXT,
            noted_at TEXT NOT NULL
        )
        """
    )
    db.execute(
        """
        CREATE TABLE channel_refusals (
            channel TEXT PRIMARY KEY,
            code TEXT NOT NULL,
            sentence TEXT NOT NULL,
            since TEXT NOT NULL
        )
        """
    )
    db.execute(
        """
        CREATE TABLE troubles (
            key TEXT PRIMARY KEY,
            sentence TEXT NOT NULL,
            since TEXT NOT NULL,
            told_at TEXT,
            times_told INTEGER NOT NULL
        )
        """
    )


@migrations(name="0012_unit_counts")
def _unit_counts(db: Database) -> None:
    """How many units there were, by day or month, and where each unit's counts came from."""
    db.execute(
        """
        CREATE TABLE unit_loads (
            unit TEXT PRIMARY KEY,
            every TEXT NOT NULL CHECK (every IN ('day', 'month')),
            source TEXT NOT NULL,
            loaded_at TEXT NOT NULL
        )
        """
    )
    db.execute(
        """
        CREATE TABLE unit_counts (
            unit TEXT NOT NULL,
            start TEXT NOT NULL,
            count REAL NOT NULL,
            PRIMARY KEY (unit, start)
        )
        """
    )

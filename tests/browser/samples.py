"""Messages and views as costbot sends them, written out: everything the page has to draw."""

from __future__ import annotations

from typing import Any

Block = dict[str, Any]

HOSTILE = "<!channel> <img src=x onerror=alert(1)>"
ESCAPED = HOSTILE.replace("<", "&lt;").replace(">", "&gt;")
DAYS = [f"Oct {day}" for day in range(20, 32)] + ["Nov 1", "Nov 2"]
COSTS = [812.4, 790.1, 801.7, 822.0, 640.3, 611.8, 803.9, 815.2, 1211.0, 1248.7, 1259.9, 1102.4, 1090.0, 1231.6]
EXPECTED = [805.0, 800.0, 803.0, 810.0, 640.0, 620.0, 806.0, 809.0, 812.0, 814.0, 816.0, 641.0, 622.0, 811.0]


def section(text: str, **more: Any) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def context(text: str) -> Block:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": text}]}


def plain(text: str) -> Block:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Block:
    return {"type": "mrkdwn", "text": text}


def header(text: str) -> Block:
    return {"type": "header", "text": plain(text)}


def button(text: str, action_id: str, value: str = "v", **more: Any) -> Block:
    return {"type": "button", "text": plain(text), "action_id": action_id, "value": value, **more}


def option(text: str, value: str) -> Block:
    return {"text": plain(text), "value": value}


def chart(title: str, kind: str, labels: list[str], **series: list[float]) -> Block:
    drawn = [
        {"name": name, "data": [{"label": label, "value": value} for label, value in zip(labels, values, strict=True)]}
        for name, values in series.items()
    ]
    axes = {"categories": labels, "x_label": "day (UTC)", "y_label": "USD per day"}
    return {"type": "data_visualization", "title": title, "chart": {"type": kind, "series": drawn, "axis_config": axes}}


def table(*rows: tuple[str, ...]) -> Block:
    cells = [[{"type": "raw_text", "text": text} for text in row] for row in rows]
    settings = [{"align": "left"}, *[{"align": "right"}] * (len(rows[0]) - 1)]
    return {"type": "table", "column_settings": settings, "rows": cells}


MOVERS = table(
    ("Service", "Last 14 days", "Before", "Change"),
    ("EC2 - Other", "$9,812", "$6,120", "+$3,692 (+60 %)"),
    ("Amazon Simple Storage Service", "$1,240", "$1,180", "+$60 (+5.1 %)"),
    ("AmazonCloudWatch", "$402", "$431", "−$29 (−6.7 %)"),
    (HOSTILE, "$12.40", "$0.00", "new"),
)


def trend(days: int = 14) -> dict[str, Any]:
    blocks = [
        section(f"*EC2 +41 % (+$312/day) in the last {days} days*, mostly NAT gateways in us-east-1"),
        chart(f"EC2, daily, {days} days", "line", DAYS, actual=[*COSTS], before=[*EXPECTED]),
        MOVERS,
        {
            "type": "actions",
            "block_id": "ranges",
            "elements": [
                button("7 days", "run.1", "/cost trend ec2 --days 7"),
                button("30 days", "run.2", "/cost trend ec2 --days 30"),
                button("90 days", "run.3", "/cost trend ec2 --days 90"),
                button("Share", "share.1", "/cost trend ec2", style="primary"),
            ],
        },
        context(
            "Amortised net cost, USD · ec2 means compute plus EC2 - Other · "
            "data until <!date^1762074000^{date_short_pretty} {time}|Nov 2, 09:00 UTC>"
        ),
    ]
    return {"text": f"EC2 +41 % (+$312/day) in the last {days} days.", "blocks": blocks}


def anomaly() -> dict[str, Any]:
    blocks = [
        header("EC2 +$437/day in prod (critical)"),
        section(
            "Expected *$812*, actual *$1,249* (+54 %) since <!date^1761700800^{date_short}|Oct 29>. "
            f"Owner: <@U0BEN>, team `{ESCAPED}`"
        ),
        chart("Actual against expected", "area", DAYS, actual=[*COSTS], expected=[*EXPECTED]),
        table(
            ("Usage type", "Expected", "Actual"),
            ("NatGateway-Bytes", "$61", "$402"),
            ("DataTransfer-Out-Bytes", "$20", "$112"),
        ),
        {
            "type": "actions",
            "block_id": "anomaly",
            "elements": [
                button("Acknowledge", "decide.acknowledge", "A-7K2M", style="primary"),
                {
                    "type": "static_select",
                    "action_id": "decide.snooze",
                    "placeholder": plain("Snooze for…"),
                    "options": [option("1 day", "1d"), option("7 days", "7d"), option("until month end", "month")],
                },
                button("Dismiss…", "decide.dismiss", "A-7K2M"),
            ],
        },
        context("A-7K2M · account prod (111122223333) · us-east-1 · <#C0COSTS> · :warning: confidence 93 %"),
    ]
    return {"text": "EC2 costs $437 a day more than expected in prod.", "blocks": blocks}


def rightsizing() -> dict[str, Any]:
    blocks = [
        header("Save $128/month: m5.4xlarge → m5.2xlarge"),
        section(
            "i-0aa11bb22cc33dd44 *search-indexer-3* in staging uses a quarter of its CPU and memory.",
            fields=[
                mrkdwn("*CPU p95*\n21 %"),
                mrkdwn("*Memory p95*\n34 %"),
                mrkdwn("*Effort*\nlow"),
                mrkdwn("*Risk*\nrestart needed"),
            ],
        ),
        chart("CPU and memory, p95", "line", DAYS, cpu=[21.0, 20.4, 19.9, *[21.5] * 11], memory=[34.0] * 14),
        {
            "type": "actions",
            "block_id": "saving",
            "elements": [
                button(
                    "Approve",
                    "decide.approve",
                    "S-4Q9X",
                    style="primary",
                    confirm={
                        "title": plain("Approve this saving?"),
                        "text": mrkdwn("*i-0aa11bb22cc33dd44* in *staging* becomes m5.2xlarge. Nothing is executed."),
                        "confirm": plain("Yes, approve"),
                        "deny": plain("Not now"),
                    },
                ),
                button("Dismiss…", "decide.dismiss", "S-4Q9X", style="danger"),
                button("Open in AWS", "open.console", "S-4Q9X", url="https://console.aws.amazon.com/ec2"),
            ],
        },
        context("S-4Q9X · price: us-east-1, on demand, 2025-11-01"),
    ]
    return {"text": "Save $128 a month: make search-indexer-3 an m5.2xlarge.", "blocks": blocks}


def digest() -> dict[str, Any]:
    teams = ["payments", "search", "data", "platform", "growth", "untagged, shared"]
    blocks = [
        header("Monday digest: $31,204 yesterday, 8 % over a usual Sunday"),
        {
            "type": "section",
            "fields": [
                mrkdwn("*Yesterday*\n$31,204"),
                mrkdwn("*Month to date*\n$61,870"),
                mrkdwn("*Forecast*\n$934,000 ± 21,000"),
            ],
        },
        chart("Cost per team", "bar", teams, yesterday=[9120.0, 7310.5, 6020.0, 5144.0, 2410.0, 1199.5]),
        MOVERS,
        {"type": "divider"},
        section(
            "*Open decisions*\n• 2 anomalies, 1 critical\n• 14 savings worth *$2,310/month*",
            accessory={
                "type": "overflow",
                "action_id": "digest.more",
                "options": [option("Show all anomalies", "anomalies"), option("Show all savings", "savings")],
            },
        ),
        context("Missing: account *sandbox* since Nov 1 · `/cost subscribe digest --at 09:00`"),
    ]
    return {"text": "Yesterday cost $31,204, 8 % over a usual Sunday.", "blocks": blocks}


def help_card() -> dict[str, Any]:
    blocks = [
        section(
            "*What I can tell you*\n`/cost trend ec2 --days 30` how EC2 developed\n"
            "`/cost savings` what could be saved :moneybag:"
        ),
        {
            "type": "actions",
            "elements": [
                button("Trend", "run.10", "/cost trend"),
                button("Savings", "run.11", "/cost savings"),
            ],
        },
    ]
    return {"text": "What I can tell you.", "blocks": blocks}


def data_table() -> Block:
    def cell(value: str | float) -> Block:
        return {"type": "raw_text", "text": value} if isinstance(value, str) else {"type": "raw_number", "value": value}

    rows: list[tuple[str | float, ...]] = [
        ("Instance", "USD per month"),
        ("i-0aa11bb22cc33dd44", 1234.5),
        ("i-0bb", 12.0),
    ]
    cells = [[cell(value) for value in row] for row in rows]
    return {"type": "data_table", "caption": "Most expensive instances", "rows": cells}


def loading() -> dict[str, Any]:
    return {
        "type": "modal",
        "callback_id": "dismiss",
        "title": plain("Dismiss"),
        "close": plain("Cancel"),
        "blocks": [section("Loading…")],
    }


def dismiss_modal(finding: str) -> dict[str, Any]:
    reasons = [
        option("Expected", "expected"),
        option("False positive", "false_positive"),
        option("Duplicate", "duplicate"),
    ]
    return {
        "type": "modal",
        "callback_id": "dismiss",
        "private_metadata": finding,
        "title": plain("Dismiss"),
        "submit": plain("Dismiss"),
        "close": plain("Cancel"),
        "blocks": [
            section(f"*{finding}* will not be shown again."),
            {
                "type": "input",
                "block_id": "reason",
                "label": plain("Reason"),
                "element": {"type": "radio_buttons", "action_id": "reason", "options": reasons},
            },
            {
                "type": "input",
                "block_id": "note",
                "optional": True,
                "label": plain("Note"),
                "hint": plain("Shown in the thread."),
                "element": {"type": "plain_text_input", "action_id": "note", "multiline": True, "max_length": 200},
            },
        ],
    }


def input_block(block_id: str, label: str, element: Block, **more: Any) -> Block:
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "element": {"action_id": "it", **element},
        **more,
    }


def form_modal() -> dict[str, Any]:
    kinds = [option("Digest", "digest"), option("Anomalies", "anomalies"), option("Savings", "savings")]
    days = [option("Monday", "mon"), option("Friday", "fri")]
    return {
        "type": "modal",
        "callback_id": "form",
        "title": plain("Subscribe"),
        "submit": plain("Subscribe"),
        "close": plain("Not now"),
        "blocks": [
            input_block("channel", "Channel", {"type": "conversations_select", "initial_conversation": "C0COSTS"}),
            input_block("owner", "Owner", {"type": "users_select"}),
            input_block("kind", "Kind", {"type": "static_select", "options": kinds, "initial_option": kinds[0]}),
            input_block("kinds", "Also", {"type": "multi_static_select", "options": kinds}, optional=True),
            input_block("days", "Weekdays", {"type": "checkboxes", "options": days}, optional=True),
            input_block(
                "least",
                "Minimum amount",
                {
                    "type": "number_input",
                    "is_decimal_allowed": False,
                    "min_value": "1",
                },
            ),
            input_block("mail", "Email", {"type": "email_text_input"}, optional=True),
            input_block("link", "Runbook", {"type": "url_text_input"}, optional=True),
            input_block("from", "From", {"type": "datepicker", "initial_date": "2025-11-03"}),
            input_block("at", "At", {"type": "timepicker", "initial_time": "09:00"}),
        ],
    }


def home(user: str) -> dict[str, Any]:
    return {
        "type": "home",
        "blocks": [
            header("Waiting for you"),
            section(
                f"<@{user}>, one saving waits for a decision: *$128/month*",
                accessory=button("Look at it", "home.look", "S-4Q9X"),
            ),
            {"type": "divider"},
            chart("Month to date", "line", DAYS, actual=[*COSTS]),
        ],
    }

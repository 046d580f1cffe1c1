"""The Home tab: drawn when somebody opens it, turns its pages, or has done something that it shows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from slack_bolt import Ack, App

from bot.blocks.home import home_view
from bot.blocks.waiting_sections import ACTION, page_asked
from bot.budgets import budget_states, known_budget_states
from bot.context import Context
from bot.errors import NotEnoughData, report
from bot.workflows.home_facts import home_facts
from bot.workflows.month_end import computed_month_end, known_month_end


def register(app: App, context: Context) -> None:
    """Listen to people opening the Home tab."""

    @app.event("app_home_opened")
    def opened(ack: Ack, event: dict[str, Any]) -> None:
        ack()
        if event.get("tab", "home") == "home":
            context.work.submit(answer_opened, context, event["user"])

    @app.action(re.compile(rf"^{re.escape(ACTION)}\.\d$"))
    def turned(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        starts = page_asked(str(body["actions"][0].get("value", "")))
        context.work.submit(answer_turned, context, body["user"]["id"], starts)


def answer_opened(context: Context, user_id: str) -> None:
    """Draw the tab; when that fails there is nobody to tell but the log."""
    try:
        context.store.home_tabs.note(user_id, context.clock.now())
        publish(context, user_id)
        # The forecast of costs that have just come in takes seconds: the tab is there before.
        window = context.costs.window(view=context.settings.cost_view)
        has_news = known_month_end(context, window) is None and computed_month_end(context, window) is not None
        if known_budget_states(context) is None:
            has_news = bool(budget_states(context)) or has_news
        if has_news:
            publish(context, user_id)
    except NotEnoughData:
        return
    except Exception as error:  # noqa: BLE001 - the catch-all for the Home tab: report() logs it
        report(error, "drawing the Home tab")


def answer_turned(context: Context, user_id: str, starts: Mapping[str, int]) -> None:
    """Show the next findings of a section."""
    try:
        publish(context, user_id, starts=starts)
    except Exception as error:  # noqa: BLE001 - the catch-all for the Home tab: report() logs it
        report(error, "turning a page of the Home tab")


def refresh(context: Context, user_id: str) -> None:
    """Draw the tab of somebody who has opened it once anew, behind whatever they are being answered."""
    context.work.submit(_answer_refresh, context, user_id)


def _answer_refresh(context: Context, user_id: str) -> None:
    try:
        if context.store.home_tabs.is_known(user_id):
            publish(context, user_id)
    except Exception as error:  # noqa: BLE001 - the catch-all for the Home tab: report() logs it
        report(error, "drawing the Home tab anew")


def publish(
    context: Context, user_id: str, *, notice: str | None = None, starts: Mapping[str, int] | None = None
) -> None:
    """Draw one person's Home tab, with the last news on top."""
    if context.slack is not None:
        context.slack.publish_home(user_id, home_view(home_facts(context, user_id, notice, starts=starts)))

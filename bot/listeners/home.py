"""The Home tab: drawn when somebody opens it, and again after they decided there."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App

from bot.blocks.home import home_view
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


def answer_opened(context: Context, user_id: str) -> None:
    """Draw the tab; when that fails there is nobody to tell but the log."""
    try:
        publish(context, user_id)
        # The forecast of costs that have just come in takes seconds: the tab is there before.
        window = context.costs.window(view=context.settings.cost_view)
        if known_month_end(context, window) is None and computed_month_end(context, window) is not None:
            publish(context, user_id)
    except NotEnoughData:
        return
    except Exception as error:  # noqa: BLE001 - the catch-all for the Home tab: report() logs it
        report(error, "drawing the Home tab")


def publish(context: Context, user_id: str, *, notice: str | None = None) -> None:
    """Draw one person's Home tab, with the last news on top."""
    if context.slack is not None:
        context.slack.publish_home(user_id, home_view(home_facts(context, user_id, notice)))

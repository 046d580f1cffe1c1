"""Errors as people and logs see them."""

import logging

from bot.errors import CostbotError, report


def test_an_error_for_people_keeps_its_words_and_gets_a_reference(caplog):
    told = report(CostbotError("No ce:GetCostAndUsage.", "Add it to the role."), "refreshing costs")
    assert told.sentence == "No ce:GetCostAndUsage. Add it to the role."
    assert str(told).endswith(f"(reference {told.correlation_id})")
    assert told.correlation_id in caplog.text


def test_an_unexpected_error_shows_no_inside_but_logs_all_of_it(caplog):
    with caplog.at_level(logging.ERROR):
        told = report(ZeroDivisionError("secret detail"), "answering /cost trend")
    assert "secret detail" not in told.sentence
    assert told.sentence.startswith("Something unexpected stopped answering /cost trend; nothing was lost.")
    assert "secret detail" in caplog.text
    assert told.correlation_id in caplog.text

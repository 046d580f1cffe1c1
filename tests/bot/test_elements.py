"""Money, percentages, escaping and the limits of blocks."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.models import Chart, Series
from bot.blocks import elements


@pytest.mark.parametrize(
    ("amount", "signed", "shown"),
    [
        (1240.4, False, "$1,240"),
        (99.996, False, "$100"),
        (3.1, True, "+$3.10"),
        (-0.42, True, "−$0.42"),
        (-312.0, False, "−$312"),
        (0.0, True, "$0.00"),
        (-0.001, True, "$0.00"),
        (None, False, "unknown"),
        (float("nan"), True, "unknown"),
    ],
)
def test_money_reads_as_a_person_writes_it(amount, signed, shown):
    assert elements.money(amount, signed=signed) == shown


def test_money_of_another_currency_names_it():
    assert elements.money(12.5, "EUR") == "€12.50"
    assert elements.money(1234.0, "CHF") == "1,234 CHF"


@pytest.mark.parametrize(
    ("fraction", "shown"), [(0.41, "+41 %"), (-0.031, "−3.1 %"), (0.0, "0 %"), (float("inf"), "n/a"), (None, "n/a")]
)
def test_percent_has_no_false_precision(fraction, shown):
    assert elements.percent(fraction, signed=True) == shown


@given(st.text())
def test_escaped_text_can_neither_mention_nor_break_the_line(text):
    escaped = elements.escape(text)
    assert "<" not in escaped
    assert ">" not in escaped
    assert "\n" not in escaped


def test_a_tag_that_shouts_stays_a_word():
    assert elements.escape("<!channel>") == "&lt;!channel&gt;"


@pytest.mark.parametrize("unseen", ["\u202e", "\u2066", "\u200b", "\u200f", "\ufeff", "\x00", "\x1b", "\x9f", "\udcff"])
def test_what_is_not_seen_is_taken_out(unseen):
    assert elements.escape(f"pay{unseen}ments") == "payments"
    assert elements.table(["a"], [[f"pay{unseen}ments"]])["rows"][1][0]["text"] == "payments"


def test_what_was_typed_is_quoted_escaped_and_clipped():
    assert elements.quoted("<!here>\n now") == "“&lt;!here&gt; now”"
    assert elements.quoted("a" * 300) == "“" + "a" * 39 + "…”"


def test_days_name_both_ends():
    assert elements.days(date(2026, 11, 3), date(2026, 11, 3)) == "Nov 3"
    assert elements.days(date(2026, 11, 3), date(2026, 11, 9)) == "Nov 3–9"
    assert elements.days(date(2026, 10, 28), date(2026, 11, 3)) == "Oct 28 – Nov 3"


def test_slack_dates_carry_a_fallback():
    moment = datetime(2026, 11, 20, 9, 5, tzinfo=UTC)
    assert elements.slack_date(moment) == "<!date^1795165500^{date_short_pretty} {time}|Nov 20 09:05 UTC>"


def test_a_chart_leaves_a_label_out_where_a_value_is_missing_instead_of_drawing_zero():
    picture = Chart("Cost", ("a", "b", "c"), (Series("x", (1.0, None, 2.0)), Series("rare", (None, None, 1.0))))
    block = elements.chart(picture)
    assert block["chart"]["series"] == [
        {"name": "x", "data": [{"label": "a", "value": 1.0}, {"label": "c", "value": 2.0}]}
    ]
    assert block["chart"]["axis_config"]["categories"] == ["a", "c"]


def test_a_chart_with_nothing_to_draw_is_refused():
    with pytest.raises(ValueError, match="nothing to draw"):
        elements.chart(Chart("Cost", ("a",), (Series("x", (float("nan"),)),)))


@pytest.mark.parametrize("labels", [tuple(str(i) for i in range(21)), ("same", "same")])
def test_a_chart_that_slack_would_refuse_is_refused_here(labels):
    picture = Chart("Cost", labels, (Series("x", (1.0,) * len(labels)),))
    with pytest.raises(ValueError):
        elements.chart(picture)


def test_a_table_has_no_empty_cell():
    assert elements.table(["a"], [[""]])["rows"][1] == [{"type": "raw_text", "text": "–"}]

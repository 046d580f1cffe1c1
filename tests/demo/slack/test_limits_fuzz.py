"""Whatever a bot sends, the limits answer; they never stumble."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.demo.slack.limits import BLOCK_TYPES, MessageProblems, check_message, check_view

WORDS = [
    "accessory",
    "action_id",
    "actions",
    "axis_config",
    "block_id",
    "blocks",
    "categories",
    "chart",
    "child_blocks",
    "column_settings",
    "confirm",
    "data",
    "element",
    "elements",
    "fields",
    "image_url",
    "initial_option",
    "label",
    "option_groups",
    "options",
    "rows",
    "segments",
    "series",
    "slack_file",
    "tasks",
    "text",
    "title",
    "type",
    "value",
]
TYPES = [*BLOCK_TYPES, "plain_text", "button", "static_select", "overflow", "raw_text", "line", "pie"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(TYPES),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=6),
    max_leaves=12,
)
QUICK = settings(max_examples=40, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
OTHERS = {word: JSON for word in WORDS if word != "type"}
BLOCK = st.fixed_dictionaries({"type": st.sampled_from(TYPES)}, optional=OTHERS)


@settings(QUICK)
@given(st.lists(BLOCK | JSON, max_size=3), JSON, JSON)
def test_no_message_makes_the_limits_stumble(blocks, text, attachments):
    body = {"blocks": blocks, "text": text, "attachments": attachments}
    assert bool(check_message(body)) == bool(MessageProblems(body).error)


@settings(QUICK)
@given(st.sampled_from(["modal", "home"]), st.lists(BLOCK | JSON, max_size=3) | JSON, JSON)
def test_no_view_makes_the_limits_stumble(kind, blocks, title):
    for problem in check_view({"type": kind, "blocks": blocks, "title": title}):
        assert problem.startswith("[ERROR] ")
        assert "[json-pointer:/view" in problem

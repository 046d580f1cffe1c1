"""Block Kit's limits: what Slack refuses, one case for each line of its reference."""

import json

import pytest

from bot.demo.slack.limits import BLOCK_TYPES, check_message, check_view
from tests.demo.slack.slack_factories import button, section


def plain(text):
    return {"type": "plain_text", "text": text}


def actions(*elements, **more):
    return {"type": "actions", "elements": list(elements), **more}


def option(text="one", value="1"):
    return {"text": plain(text), "value": value}


def select(**more):
    return {"type": "static_select", "action_id": "s", "options": [option()], **more}


def confirm(**more):
    return {"title": plain("t"), "text": plain("t"), "confirm": plain("yes"), "deny": plain("no"), **more}


def cell(text="x"):
    return {"type": "raw_text", "text": text}


def table(rows=1, columns=1, **more):
    return {"type": "table", "rows": [[cell() for _ in range(columns)] for _ in range(rows)], **more}


def data_table(rows=2, text="x", **more):
    return {"type": "data_table", "caption": "c", "rows": [[cell(text)] for _ in range(rows)], **more}


def points(labels):
    return [{"label": label, "value": 1} for label in labels]


def line(series=1, labels=("a", "b"), *, name="s", **axis):
    return {
        "type": "data_visualization",
        "title": "t",
        "chart": {
            "type": "line",
            "series": [{"name": f"{name}{n}", "data": points(labels)} for n in range(series)],
            "axis_config": {"categories": list(labels), **axis},
        },
    }


def pie(*values):
    segments = [{"label": f"l{n}", "value": value} for n, value in enumerate(values)]
    return {"type": "data_visualization", "title": "t", "chart": {"type": "pie", "segments": segments}}


def input_block(element=None, **more):
    return {"type": "input", "label": plain("l"), "element": element or {"type": "plain_text_input"}, **more}


def card(**more):
    return {"type": "card", "title": plain("t"), **more}


IMAGE = {"type": "image", "alt_text": "a", "image_url": "https://example.com/i.png"}
ALERT = {"type": "alert", "text": plain("a")}
TASK = {"type": "task_card", "task_id": "1", "title": "t", "status": "complete"}

GOOD_BLOCKS = {
    "header": {"type": "header", "text": plain("h" * 150)},
    "section of 3000": section("x" * 3000),
    "ten fields": {"type": "section", "fields": [plain("x" * 2000)] * 10},
    "accessory": section("x", accessory=button("b", "a")),
    "context": {"type": "context", "elements": [plain("x"), {**IMAGE}] * 5},
    "25 actions": actions(*(button("x" * 75, f"a{n}", "v" * 2000) for n in range(25))),
    "confirm": actions({**button("b", "a"), "confirm": confirm(title=plain("t" * 100), text=plain("t" * 300))}),
    "image": {**IMAGE, "title": plain("t")},
    "image from a file": {"type": "image", "alt_text": "a", "slack_file": {"id": "F1"}},
    "table": table(100, 20, column_settings=[{"align": "right"}, None]),
    "data_table": data_table(101, page_size=100),
    "numbers": {"type": "table", "rows": [[{"type": "raw_number", "value": 1.5}]]},
    "line": line(6, [f"d{n}" for n in range(20)], x_label="x" * 50),
    "pie": pie(1, 2, 3, 4, 5, 6),
    "markdown": {"type": "markdown", "text": "m" * 12_000},
    "card": card(body=plain("b" * 200), actions=[button("b", "a")]),
    "carousel": {"type": "carousel", "elements": [card()] * 10},
    "container": {"type": "container", "title": plain("t"), "child_blocks": [section("x")] * 10},
    "plan": {"type": "plan", "title": "t", "tasks": [TASK] * 50},
    "rich_text": {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": []}]},
    "select": actions(select(initial_option=option(), options=[option(value=str(n)) for n in range(1, 101)])),
    "input": input_block(),
    "divider": {"type": "divider"},
    "task_card": TASK,
    "video": {
        "type": "video",
        "alt_text": "a",
        "title": plain("t"),
        "video_url": "https://example.com/v",
        "thumbnail_url": "https://example.com/t.png",
    },
    "context_actions": {
        "type": "context_actions",
        "elements": [{"type": "icon_button", "icon": "trash", "text": plain("Delete"), "action_id": "d"}],
    },
}
BAD_BLOCKS = {
    "no type": ({"text": "x"}, "/blocks/0/type"),
    "unknown type": ({"type": "sction", "text": plain("x")}, "/blocks/0/type"),
    "file": ({"type": "file", "external_id": "x", "source": "remote"}, "/blocks/0/type"),
    "no object": ("section", "/blocks/0"),
    "unknown key": (section("x", colour="red"), "/blocks/0"),
    "block_id": (section("x", block_id="b" * 256), "/blocks/0/block_id"),
    "header of 151": ({"type": "header", "text": plain("h" * 151)}, "/blocks/0/text/text"),
    "header in mrkdwn": ({"type": "header", "text": {"type": "mrkdwn", "text": "h"}}, "/blocks/0/text/type"),
    "emoji in mrkdwn": ({"type": "section", "text": {"type": "mrkdwn", "text": "h", "emoji": True}}, "/blocks/0/text"),
    "empty section": ({"type": "section"}, "/blocks/0"),
    "empty text": (section(""), "/blocks/0/text/text"),
    "section of 3001": (section("x" * 3001), "/blocks/0/text/text"),
    "text is no object": ({"type": "section", "text": "x"}, "/blocks/0/text"),
    "eleven fields": ({"type": "section", "fields": [plain("x")] * 11}, "/blocks/0/fields"),
    "field of 2001": ({"type": "section", "fields": [plain("x" * 2001)]}, "/blocks/0/fields/0/text"),
    "input as accessory": (section("x", accessory={"type": "plain_text_input"}), "/blocks/0/accessory/type"),
    "eleven in context": ({"type": "context", "elements": [plain("x")] * 11}, "/blocks/0/elements"),
    "button in context": ({"type": "context", "elements": [button("b", "a")]}, "/blocks/0/elements/0/type"),
    "no actions": (actions(), "/blocks/0/elements"),
    "26 actions": (actions(*(button("b", f"a{n}") for n in range(26))), "/blocks/0/elements"),
    "doubled action_id": (actions(button("b", "a"), button("c", "a")), "/blocks/0/elements"),
    "action_id of 256": (actions(button("b", "a" * 256)), "/blocks/0/elements/0/action_id"),
    "button text of 76": (actions(button("b" * 76, "a")), "/blocks/0/elements/0/text/text"),
    "button value of 2001": (actions(button("b", "a", "v" * 2001)), "/blocks/0/elements/0/value"),
    "button url of 3001": (actions({**button("b", "a"), "url": "u" * 3001}), "/blocks/0/elements/0/url"),
    "button style": (actions({**button("b", "a"), "style": "default"}), "/blocks/0/elements/0/style"),
    "button label of 76": (
        actions({**button("b", "a"), "accessibility_label": "l" * 76}),
        "/blocks/0/elements/0/accessibility_label",
    ),
    "confirm title of 101": (
        actions({**button("b", "a"), "confirm": confirm(title=plain("t" * 101))}),
        "/blocks/0/elements/0/confirm/title/text",
    ),
    "confirm text of 301": (
        actions({**button("b", "a"), "confirm": confirm(text=plain("t" * 301))}),
        "/blocks/0/elements/0/confirm/text/text",
    ),
    "confirm yes of 31": (
        actions({**button("b", "a"), "confirm": confirm(confirm=plain("t" * 31))}),
        "/blocks/0/elements/0/confirm/confirm/text",
    ),
    "confirm no of 31": (
        actions({**button("b", "a"), "confirm": confirm(deny=plain("t" * 31))}),
        "/blocks/0/elements/0/confirm/deny/text",
    ),
    "101 options": (actions(select(options=[option()] * 101)), "/blocks/0/elements/0/options"),
    "no options": (actions(select(options=[])), "/blocks/0/elements/0/options"),
    "option text of 76": (actions(select(options=[option("t" * 76)])), "/blocks/0/elements/0/options/0/text/text"),
    "option value of 151": (actions(select(options=[option("t", "v" * 151)])), "/blocks/0/elements/0/options/0/value"),
    "foreign initial_option": (
        actions(select(initial_option=option("other", "9"))),
        "/blocks/0/elements/0/initial_option",
    ),
    "101 groups": (
        actions({"type": "static_select", "option_groups": [{"label": plain("g"), "options": [option()]}] * 101}),
        "/blocks/0/elements/0/option_groups",
    ),
    "six in overflow": (actions({"type": "overflow", "options": [option()] * 6}), "/blocks/0/elements/0/options"),
    "eleven radio buttons": (
        actions({"type": "radio_buttons", "options": [option()] * 11}),
        "/blocks/0/elements/0/options",
    ),
    "eleven checkboxes": (actions({"type": "checkboxes", "options": [option()] * 11}), "/blocks/0/elements/0/options"),
    "placeholder of 151": (actions(select(placeholder=plain("p" * 151))), "/blocks/0/elements/0/placeholder/text"),
    "input label of 2001": (input_block(label=plain("l" * 2001)), "/blocks/0/label/text"),
    "input hint of 2001": (input_block(hint=plain("l" * 2001)), "/blocks/0/hint/text"),
    "max_length of 3001": (
        input_block({"type": "plain_text_input", "max_length": 3001}),
        "/blocks/0/element/max_length",
    ),
    "button in input": (input_block(button("b", "a")), "/blocks/0/element/type"),
    "e-mail input outside modals": (input_block({"type": "email_text_input"}), "/blocks/0/element/type"),
    "image without alt_text": ({"type": "image", "image_url": "https://example.com/i.png"}, "/blocks/0"),
    "image of nothing": ({"type": "image", "alt_text": "a"}, "/blocks/0"),
    "image of two": ({**IMAGE, "slack_file": {"id": "F1"}}, "/blocks/0"),
    "image url of 3001": ({**IMAGE, "image_url": "https://" + "u" * 3000}, "/blocks/0/image_url"),
    "image from nowhere": ({**IMAGE, "image_url": "i.png"}, "/blocks/0/image_url"),
    "alt_text of 2001": ({**IMAGE, "alt_text": "a" * 2001}, "/blocks/0/alt_text"),
    "101 rows": (table(101), "/blocks/0/rows"),
    "21 columns": (table(1, 21), "/blocks/0/rows/0"),
    "empty cell": ({"type": "table", "rows": [[cell("")]]}, "/blocks/0/rows/0/0/text"),
    "cell of text": ({"type": "table", "rows": [["x"]]}, "/blocks/0/rows/0/0"),
    "number that is none": (
        {"type": "table", "rows": [[{"type": "raw_number", "value": "1"}]]},
        "/blocks/0/rows/0/0/value",
    ),
    "one row of data": (data_table(1), "/blocks/0/rows"),
    "102 rows of data": (data_table(102), "/blocks/0/rows"),
    "data of 10,001 characters": (data_table(100, "x" * 101), "/blocks/0/rows"),
    "data without caption": ({**data_table(), "caption": None}, "/blocks/0"),
    "ragged data": ({**data_table(), "rows": [[cell()], [cell(), cell()]]}, "/blocks/0/rows"),
    "rich header": (
        {**data_table(), "rows": [[{"type": "rich_text", "elements": [{"type": "rich_text_section"}]}], [cell()]]},
        "/blocks/0/rows/0/0/type",
    ),
    "chart title of 51": ({**line(), "title": "t" * 51}, "/blocks/0/title"),
    "seven series": (line(7), "/blocks/0/chart/series"),
    "21 points": (line(1, [f"d{n}" for n in range(21)]), "/blocks/0/chart/series/0/data"),
    "series name of 21": (line(name="n" * 20), "/blocks/0/chart/series/0/name"),
    "label of 21": (line(1, ["l" * 21]), "/blocks/0/chart/axis_config/categories/0"),
    "axis label of 51": (line(x_label="x" * 51), "/blocks/0/chart/axis_config/x_label"),
    "a point is missing": (
        {**line(), "chart": {**line()["chart"], "axis_config": {"categories": ["a", "b", "c"]}}},
        "/blocks/0/chart/series/0/data",
    ),
    "doubled series": (
        {**line(), "chart": {**line()["chart"], "series": [{"name": "s", "data": points("ab")}] * 2}},
        "/blocks/0/chart/series",
    ),
    "value that is none": (
        {
            **line(1, ["a"]),
            "chart": {
                **line(1, ["a"])["chart"],
                "series": [{"name": "s", "data": [{"label": "a", "value": float("nan")}]}],
            },
        },
        "/blocks/0/chart/series/0/data/0/value",
    ),
    "seven segments": (pie(*range(1, 8)), "/blocks/0/chart/segments"),
    "segment of zero": (pie(1, 0), "/blocks/0/chart/segments/1/value"),
    "unknown chart": ({"type": "data_visualization", "title": "t", "chart": {"type": "radar"}}, "/blocks/0/chart/type"),
    "markdown of 12,001": ({"type": "markdown", "text": "m" * 12_001}, "/blocks/0/text"),
    "alert in a message": (ALERT, "/blocks/0/type"),
    "card title of 151": (card(title=plain("t" * 151)), "/blocks/0/title/text"),
    "card body of 201": (card(body=plain("t" * 201)), "/blocks/0/body/text"),
    "card with four buttons": (card(actions=[button("b", f"a{n}") for n in range(4)]), "/blocks/0/actions"),
    "eleven cards": ({"type": "carousel", "elements": [card()] * 11}, "/blocks/0/elements"),
    "section in a carousel": ({"type": "carousel", "elements": [section("x")]}, "/blocks/0/elements/0/type"),
    "eleven children": (
        {"type": "container", "title": plain("t"), "child_blocks": [section("x")] * 11},
        "/blocks/0/child_blocks",
    ),
    "nested container": (
        {
            "type": "container",
            "title": plain("t"),
            "child_blocks": [{"type": "container", "title": plain("t"), "child_blocks": [section("x")]}],
        },
        "/blocks/0/child_blocks/0/type",
    ),
    "51 tasks": ({"type": "plan", "title": "t", "tasks": [TASK] * 51}, "/blocks/0/tasks"),
    "unknown part of rich_text": (
        {"type": "rich_text", "elements": [{"type": "text", "text": "x"}]},
        "/blocks/0/elements/0/type",
    ),
}


@pytest.mark.parametrize(("block", "pointer"), BAD_BLOCKS.values(), ids=BAD_BLOCKS)
def test_a_block_over_its_limit_is_refused_with_a_pointer(block, pointer):
    found = check_message({"text": "t", "blocks": [block]})
    assert {problem.partition(":")[0] for problem in found} == {"invalid_blocks"}
    assert any(f"[json-pointer:{pointer}]" in problem for problem in found)


@pytest.mark.parametrize("block", GOOD_BLOCKS.values(), ids=GOOD_BLOCKS)
def test_a_block_at_its_limit_is_fine(block):
    assert check_message({"text": "t", "blocks": [block]}) == []


def test_every_block_type_has_a_good_case():
    assert {block["type"] for block in GOOD_BLOCKS.values()} | {"alert"} == set(BLOCK_TYPES)


BAD_MESSAGES = {
    "nothing": ({}, "no_text"),
    "empty": ({"text": "", "blocks": []}, "no_text"),
    "text of 40,001": ({"text": "x" * 40_001}, "msg_too_long"),
    "51 blocks": ({"text": "t", "blocks": [section("x")] * 51}, "invalid_blocks"),
    "blocks are no list": ({"text": "t", "blocks": {"type": "divider"}}, "invalid_blocks"),
    "blocks are no JSON": ({"text": "t", "blocks": "[{"}, "invalid_blocks"),
    "doubled block_id": ({"text": "t", "blocks": [section("x", block_id="b")] * 2}, "invalid_blocks"),
    "two tables": ({"text": "t", "blocks": [table(), table()]}, "only_one_table_allowed"),
    "a table and a data_table": ({"text": "t", "blocks": [table(), data_table()]}, "only_one_table_allowed"),
    "three charts": ({"text": "t", "blocks": [line(), line(), pie(1)]}, "invalid_blocks"),
    "markdown summed": ({"text": "t", "blocks": [{"type": "markdown", "text": "m" * 6001}] * 2}, "invalid_blocks"),
    "101 attachments": ({"attachments": [{"text": "x"}] * 101}, "invalid_blocks"),
    "bad block in an attachment": ({"attachments": [{"blocks": [{"type": "x"}]}]}, "invalid_blocks"),
}


@pytest.mark.parametrize(("body", "error"), BAD_MESSAGES.values(), ids=BAD_MESSAGES)
def test_a_message_over_its_limit_is_refused(body, error):
    assert check_message(body)[0].partition(":")[0] == error


def test_a_native_chart_is_invalid_until_it_is_rolled_out():
    body = {"text": "t", "blocks": [line()]}
    assert check_message(body) == []
    assert check_message(body, native_charts=False) == [
        "invalid_blocks: [ERROR] unsupported type: data_visualization [json-pointer:/blocks/0/type]"
    ]


def test_blocks_may_come_as_json_text():
    assert check_message({"text": "t", "blocks": json.dumps([section("x")])}) == []
    assert check_message({"text": "t", "blocks": json.dumps([section("")])}) != []


def modal(*blocks, **more):
    return {"type": "modal", "title": plain("t"), "blocks": list(blocks), **more}


def home(*blocks, **more):
    return {"type": "home", "blocks": list(blocks), **more}


GOOD_VIEWS = {
    "modal": modal(*[section("x")] * 100, submit=plain("Save"), close=plain("x" * 24), private_metadata="p" * 3000),
    "modal with input": modal(input_block({"type": "email_text_input"}), ALERT, submit=plain("Save")),
    "home": home(*[section("x")] * 100),
    "home with card": home(card(), line()),
}
BAD_VIEWS = {
    "unknown type": ({"type": "page", "blocks": []}, "/view/type"),
    "no title": ({"type": "modal", "blocks": []}, "/view"),
    "title of 25": (modal(title=plain("t" * 25)), "/view/title/text"),
    "submit of 25": (modal(submit=plain("t" * 25)), "/view/submit/text"),
    "close of 25": (modal(close=plain("t" * 25)), "/view/close/text"),
    "input without submit": (modal(input_block()), "/view"),
    "101 blocks": (modal(*[section("x")] * 101), "/view/blocks"),
    "101 blocks at home": (home(*[section("x")] * 101), "/view/blocks"),
    "private_metadata of 3001": (modal(private_metadata="p" * 3001), "/view/private_metadata"),
    "callback_id of 256": (modal(callback_id="c" * 256), "/view/callback_id"),
    "external_id of 256": (modal(external_id="c" * 256), "/view/external_id"),
    "title at home": (home(title=plain("t")), "/view"),
    "table in a modal": (modal(table()), "/view/blocks/0/type"),
    "table at home": (home(table()), "/view/blocks/0/type"),
    "container at home": (
        home({"type": "container", "title": plain("t"), "child_blocks": [section("x")]}),
        "/view/blocks/0/type",
    ),
    "markdown at home": (home({"type": "markdown", "text": "x"}), "/view/blocks/0/type"),
    "alert at home": (home(ALERT), "/view/blocks/0/type"),
    "alert of 201": (modal({"type": "alert", "text": plain("a" * 201)}), "/view/blocks/0/text/text"),
    "chart in a modal": (modal(line()), "/view/blocks/0/type"),
    "card in a modal": (modal(card()), "/view/blocks/0/type"),
    "plan at home": (home({"type": "plan", "title": "t"}), "/view/blocks/0/type"),
    "three charts at home": (home(line(), line(), line()), "/view/blocks"),
    "datetimepicker at home": (
        home(actions({"type": "datetimepicker", "action_id": "d"})),
        "/view/blocks/0/elements/0/type",
    ),
    "e-mail input at home": (home(input_block({"type": "email_text_input"})), "/view/blocks/0/element/type"),
}


@pytest.mark.parametrize(("view", "pointer"), BAD_VIEWS.values(), ids=BAD_VIEWS)
def test_a_view_over_its_limit_is_refused_with_a_pointer(view, pointer):
    assert any(f"[json-pointer:{pointer}]" in problem for problem in check_view(view))


@pytest.mark.parametrize("view", GOOD_VIEWS.values(), ids=GOOD_VIEWS)
def test_a_view_at_its_limit_is_fine(view):
    assert check_view(view) == []

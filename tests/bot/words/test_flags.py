"""Words and flags after `/cost <name>`."""

import pytest

from bot.errors import UsageError
from bot.words.flags import parse, split


def test_an_unknown_flag_names_the_nearest():
    with pytest.raises(UsageError) as refused:
        parse(["--day", "7"], flags=["days", "by"])
    assert str(refused.value) == "--day is not known here. Did you mean --days?"


def test_a_flag_without_its_value_is_refused():
    with pytest.raises(UsageError) as refused:
        parse(["--days", "--by", "region"], flags=["days", "by"])
    assert str(refused.value) == "--days needs a value. Write it as --days VALUE."


@pytest.mark.parametrize("words", [["--days", "7", "--days=14"], ["--mine", "--mine"]])
def test_a_flag_given_twice_is_refused(words):
    with pytest.raises(UsageError, match="is given twice"):
        parse(words, flags=["days"], switches=["mine"])


def test_an_empty_value_is_no_value():
    with pytest.raises(UsageError, match="needs a value"):
        parse(["--days="], flags=["days"])


def test_an_open_quote_is_refused():
    with pytest.raises(UsageError):
        split('trend "ec2')


def test_flags_may_stand_anywhere_and_with_an_equals_sign():
    parsed = parse(["--by=tag:team", "ec2", "--days", "30", "--mine"], flags=["days", "by"], switches=["mine"])
    assert parsed.positional == ("ec2",)
    assert parsed.flags == {"by": "tag:team", "days": "30", "mine": ""}


def test_a_phones_long_dash_and_quotes_are_read_as_typed():
    assert split("trend —days 7 “Amazon Route 53”") == ("trend", "--days", "7", "Amazon Route 53")

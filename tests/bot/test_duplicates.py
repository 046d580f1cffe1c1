"""A delivery that comes twice passes once."""

from concurrent.futures import ThreadPoolExecutor

from bot.listeners.duplicates import Seen, delivery_id


def test_a_second_delivery_is_not_new_and_another_is():
    seen = Seen()
    assert [seen.is_new(found) for found in ("a", "a", "b", "a")] == [True, False, True, False]


def test_only_the_last_ones_are_remembered():
    seen = Seen(most=2)
    for found in ("a", "b", "c"):
        seen.is_new(found)
    assert seen.is_new("a")
    assert not seen.is_new("c")


def test_of_many_at_once_one_passes():
    seen = Seen()
    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(lambda _: seen.is_new("click"), range(64))) == 1


def test_events_commands_and_clicks_are_told_by_their_ids():
    assert delivery_id({"event_id": "Ev1", "trigger_id": None}) == "Ev1"
    assert delivery_id({"command": "/cost", "trigger_id": "1.2.x"}) == "1.2.x"
    assert delivery_id({"type": "url_verification"}) is None

"""A key that goes on under another name is neither new nor gone; what only looks like it is told as ever."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.anomalies import detect

DAYS = pd.date_range("2025-06-02", periods=78, freq="D")
AT = 63
NOISE = np.random.default_rng(3).normal(0, 0.05, len(DAYS))


def one(key: str, level: float = 300.0, *, noise: float = 1.0, weekend: float = 0.6) -> pd.DataFrame:
    weekday = np.where(DAYS.day_of_week >= 5, weekend, 1.0)
    return pd.DataFrame({"date": DAYS, "key": key, "cost": level * weekday * np.exp(noise * NOISE)})


def renamed(at: int = AT, *, split: float = 0.0, times: float = 1.0, **like: float) -> pd.DataFrame:
    """`old` until day `at`, `new` from it on; `split` of that day still, or already, under the other name."""
    whole = one("old", **like)
    day = np.arange(len(DAYS))
    share = np.where(day < at, 1.0, np.where(day == at, split, 0.0))
    old = whole.assign(cost=whole["cost"] * share)
    new = whole.assign(key="new", cost=whole["cost"] * (1 - share) * times)
    both = pd.concat([old, new], ignore_index=True)
    return both[both["cost"] != 0]


def told(frame: pd.DataFrame, **options: object) -> list[tuple[str, int, int, str]]:
    """Key, day, day of the alert, kind."""
    found = detect(frame, **options)  # type: ignore[arg-type]
    days, alerts = (((found[name] - DAYS[0]).dt.days) for name in ("date", "alert_date"))
    return list(zip(found["key"], days, alerts, found["kind"], strict=True))


@pytest.mark.parametrize("at", [AT, AT + 6], ids=["Monday", "Sunday"])
def test_a_renamed_key_is_silent(at: int) -> None:
    assert DAYS[AT].day_of_week == 0
    assert told(renamed(at)) == []


@pytest.mark.parametrize("split", [0.05, 0.6])
def test_a_hand_over_day_may_be_split_between_both(split: float) -> None:
    assert told(renamed(split=split)) == []


@pytest.mark.parametrize("noise", [0.0, 2.5])
def test_a_flat_key_and_a_noisy_one_are_known_again(noise: float) -> None:
    assert told(renamed(noise=noise)) == []


def expected_of_new(frame: pd.DataFrame) -> pd.Series[float]:
    """By day, from the hand-over on."""
    found = detect(frame, return_all=True)
    return found[found["key"] == "new"].set_index("date")["expected"]


def test_the_new_key_is_held_against_the_history_of_the_old_one() -> None:
    whole = detect(one("new"), return_all=True).set_index("date")["expected"]
    pd.testing.assert_series_equal(expected_of_new(renamed()), whole[AT:])


def test_a_split_day_is_held_against_the_part_that_is_left() -> None:
    whole, split = expected_of_new(renamed()), expected_of_new(renamed(split=0.4))
    assert split.iloc[0] == pytest.approx(whole.iloc[0] - 0.4 * one("old")["cost"].iloc[AT])
    pd.testing.assert_series_equal(split[1:], whole[1:])


def test_a_fall_right_after_the_hand_over_is_one_of_the_new_key() -> None:
    frame = renamed()
    frame.loc[(frame["key"] == "new") & (frame["date"] > DAYS[AT]), "cost"] *= 0.3
    found = told(frame)
    assert found[0] == ("new", AT + 1, AT + 3, "drop")
    assert {key for key, _, _, _ in found} == {"new"}


@pytest.mark.parametrize("times", [0.4, 2.0])
def test_another_level_is_a_new_key_and_a_drop(times: float) -> None:
    found = told(renamed(times=times, noise=0.2))
    assert ("new", "new") in {(key, kind) for key, _, _, kind in found}
    assert ("old", AT, AT + 2, "drop") in found


def test_a_key_that_starts_a_day_after_another_stopped_is_new() -> None:
    frame = renamed(noise=0.2)
    found = told(frame[(frame["key"] == "old") | (frame["date"] != DAYS[AT])])
    assert ("new", AT + 1, AT + 1, "new") in found


def test_a_free_tier_that_begins_again_was_not_renamed() -> None:
    free = one("free").assign(cost=lambda frame: np.where(frame["date"].dt.day <= 5, 0.0, frame["cost"]))
    august = DAYS.get_loc(pd.Timestamp("2025-08-01"))
    late = one("late").iloc[august:]
    assert ("late", august, august, "new") in told(pd.concat([free, late]))


@pytest.mark.parametrize("keys", [("ec2\x1f1111", "s3\x1f2222"), (("ec2", "a"), ("s3", "b"))])
def test_keys_of_another_service_and_another_account_are_not_one(keys: tuple[object, object]) -> None:
    names = dict(zip(("old", "new"), keys, strict=True))
    other = renamed(noise=0.2).assign(key=lambda frame: frame["key"].map(names))
    assert (keys[1], AT, AT, "new") in told(other)
    same = renamed(noise=0.2).assign(key=lambda frame: frame["key"].map({"old": keys[0], "new": _in_place_of(keys)}))
    assert told(same) == []


def _in_place_of(keys: tuple[object, object]) -> object:
    """The service of the second key in the account of the first."""
    old, new = keys
    return (new[0], old[1]) if isinstance(old, tuple) and isinstance(new, tuple) else "s3\x1f1111"


def test_a_key_that_starts_while_the_other_one_goes_on_is_new() -> None:
    late = one("new").iloc[AT:]
    assert told(pd.concat([one("old"), late])) == [("new", AT, AT, "new")]


def test_an_old_key_that_comes_back_was_not_renamed_and_the_new_one_is_told_that_morning() -> None:
    frame = renamed(noise=0.2)
    back = one("old", noise=0.2).iloc[AT + 2 :]
    found = told(pd.concat([frame, back]))
    assert ("new", AT, AT + 2, "new") in found
    assert ("old", AT, AT + 2, "drop") in found
    assert told(frame, as_of=DAYS[AT + 1]) == []


def test_the_newest_morning_may_be_incomplete() -> None:
    frame = renamed()
    frame.loc[(frame["key"] == "new") & (frame["date"] == DAYS[AT]), "cost"] *= 0.4
    assert told(frame, as_of=DAYS[AT]) == []


def test_a_name_that_changes_twice_is_one_cost() -> None:
    once, twice = renamed(), renamed(35)
    later = (twice["key"] == "new") & (twice["date"] >= DAYS[AT])
    twice["key"] = twice["key"].where(later | (twice["key"] == "old"), "between").mask(later, "new")
    assert list(twice["key"].unique()) == ["old", "between", "new"]
    assert told(twice) == []
    pd.testing.assert_series_equal(expected_of_new(twice), expected_of_new(once))


def test_many_keys_renamed_on_one_day_each_find_their_own() -> None:
    levels = [20, 45, 90, 300, 1500]
    frames = [
        renamed(level=level, noise=0.5).assign(key=lambda frame, level=level: frame["key"] + f" {level}")
        for level in levels
    ]
    assert told(pd.concat(frames)) == []


@pytest.mark.parametrize("split", [0.0, 0.4])
def test_truncating_the_future_changes_no_verdict_on_a_rename(split: float) -> None:
    comes_back = pd.concat([renamed(split=split), one("old").iloc[AT + 2 :]])
    both = [renamed(split=split), comes_back.assign(key="another " + comes_back["key"])]
    frame = pd.concat(both)
    every = detect(frame, return_all=True)
    for day in range(AT, AT + 4):
        then = detect(frame, as_of=DAYS[day], return_all=True)
        before, after = (one[one["alert_date"] <= DAYS[day]].reset_index(drop=True) for one in (then, every))
        pd.testing.assert_frame_equal(before, after)


@pytest.mark.parametrize("days", [0, 4])
def test_since_changes_no_verdict_on_a_rename(days: int) -> None:
    frame = renamed(AT, noise=0.5)
    frame.loc[(frame["key"] == "new") & (frame["date"] == DAYS[AT + 3]), "cost"] *= 3
    as_of = DAYS[AT + 4]
    since = as_of - pd.Timedelta(days=days)
    every = detect(frame, as_of=as_of)
    expected = every[every["date"] >= since].reset_index(drop=True)
    pd.testing.assert_frame_equal(expected, detect(frame, as_of=as_of, since=since))


def test_unrelated_keys_change_no_verdict_on_a_rename() -> None:
    alone = detect(renamed(), return_all=True)
    others = [one("a", 310.0), one("z", 290.0, noise=2.0), one("later", 50.0).iloc[AT - 1 :]]
    among = detect(pd.concat([renamed(), *others]), return_all=True)
    mine = among[among["key"].isin(["old", "new"])].reset_index(drop=True)
    pd.testing.assert_frame_equal(alone, mine)

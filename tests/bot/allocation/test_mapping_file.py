"""The mapping file: every mistake is one sentence with the next step, and none of them stops the bot."""

from __future__ import annotations

import os
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as fuzzed
from hypothesis import strategies as st

from analysis.allocation import ChargeRule, Dimension, Match, Rules, Shared, Split
from analysis.costs import ChargeCategory
from bot.allocation.mapping_file import allocation_rules, parse
from bot.allocation.mapping_values import MappingError
from bot.doctor import Status
from bot.doctor import allocation as doctor
from bot.settings import Settings

TEAM = Dimension.TEAM
EXAMPLE = (Path(__file__).parents[3] / "docs" / "allocation.md").read_text("utf-8")


def refused(text: str) -> str:
    with pytest.raises(MappingError) as caught:
        parse(text, "owners.toml")
    assert caught.value.remedy
    return str(caught.value)


def shared(rest: str) -> str:
    return f'[[shared]]\nname = "network"\n{rest}\n'


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("default = \n", "owners.toml is no valid TOML: Invalid value (at line 1, column 11). Correct that line."),
        ('defualt = "x"', "owners.toml: “defualt” means nothing. Did you mean default?"),
        ('colour = "x"', "owners.toml: “colour” means nothing. It may hold default, charges, untagged, tags, "),
        ('default = ""', 'owners.toml: default is empty. Write a name in quotation marks: default = "…".'),
        ("default = 3", "owners.toml: default is a number. Write a name"),
        ('charges = "even"', 'owners.toml: charges cannot be “even”. Write "proportional" or "owner".'),
        ("untagged = [1]", 'owners.toml: untagged is a list with more than texts. Write a list of texts: untagged = ['),
        ('default = "n/a"\nuntagged = ["N/A"]', "owners.toml: untagged lists the default, “n/a”. Leave it out there."),
        ('[tags]\nteams = ["team"]', "owners.toml: “teams” in tags means nothing. Did you mean team?"),
        ("[tags]\nteam = []", 'owners.toml: tags.team names no tag. Write tags.team = ["team"], or leave it out.'),
        ('accounts = "x"', 'owners.toml: accounts is a text, not a table. Write [accounts."111122223333"]'),
        ('[accounts]\n"1" = "payments"', 'owners.toml: accounts."1" is a text, not a table.'),
        ('[accounts."1"]\nteam = true', 'owners.toml: accounts."1".team is true or false. Write a name'),
        ('[accounts."1"]\ntaem = "x"', 'owners.toml: “taem” in accounts."1" means nothing. Did you mean team?'),
        (
            '[aliases.team]\npayments = ["pay"]\nsearch = ["PAY"]',
            "owners.toml: aliases.team.search and aliases.team.payments both take “PAY”. Leave it in one of them.",
        ),
        (
            '[aliases.team]\npayments = ["pay"]\npay = ["p"]',
            "owners.toml: aliases.team.pay is itself an alias of payments. Write its spellings under payments.",
        ),
        (
            '[aliases.team]\npayments = ["pay"]\n[accounts."1"]\nteam = "Payments"',
            "owners.toml: team is spelled “payments” and “Payments”. Spell it in one way.",
        ),
        ('shared = "x"', "owners.toml: shared is no list of tables. Write [[shared]], in two brackets, above each."),
        ('[shared]\nname = "x"', "owners.toml: shared is no list of tables."),
        ('[[shared]]\nsplit = "even"', 'owners.toml: the first shared cost has no name. Write name = "network".'),
        (shared('split = "even"'), "owners.toml: the shared cost “network” has no match. Write match = { service"),
        (shared('match = { service = "eks" }'), 'the shared cost “network” has no split. Write split = "even".'),
        (shared('match = {}\nsplit = "even"'), "the shared cost “network” matches everything. Write match = {"),
        (
            shared('match = { region = "x" }\nsplit = "even"'),
            "“region” in match of the shared cost “network” means nothing. It may hold account, service, tag, usage, ",
        ),
        (
            shared('match = { tag = "team" }\nsplit = "even"'),
            'tag of the shared cost “network” is “team”. Write tag = "key=value".',
        ),
        (
            shared('match = { charge = "usage" }\nsplit = "even"'),
            "charge of the shared cost “network” cannot be “usage”. Write \"purchase\" or ",
        ),
        (
            shared('match = { charge = "tax", account = "1" }\nsplit = "even"'),
            "charge of the shared cost “network” stands beside account. Write charge alone or with service",
        ),
        (
            shared('match = { service = "eks" }\nsplit = "half"'),
            'split of the shared cost “network” cannot be “half”. Write "even" or "proportional" or "fixed".',
        ),
        (
            shared('match = { service = "eks" }\nsplit = "even"\nshares = { a = 100 }'),
            'the shared cost “network” has shares, but its split is even. Write split = "fixed".',
        ),
        (
            shared('match = { service = "eks" }\nsplit = "fixed"'),
            "the shared cost “network” is fixed and has no shares. Write shares = { payments = 60, search = 40 }.",
        ),
        (
            shared('match = { service = "eks" }\nsplit = "fixed"\nshares = { a = 60, b = 39.5 }'),
            "the shares of the shared cost “network” add up to 99.5 %. Make them 100 % together.",
        ),
        (
            shared('match = { service = "eks" }\nsplit = "fixed"\nshares = { a = 33.33333, b = 66.66666 }'),
            "the shares of the shared cost “network” add up to 99.99999 %.",
        ),
        (
            shared('match = { service = "eks" }\nsplit = "fixed"\nshares = { a = 120, b = -20 }'),
            "the share of b in the shared cost “network” is -20 %. Write it above 0.",
        ),
        (
            shared('match = { service = "eks" }\nsplit = "fixed"\nshares = { a = "half" }'),
            "the share of a in the shared cost “network” is no number.",
        ),
        (
            shared('match = { service = "eks" }\nsplit = "fixed"\namong = ["a"]\nshares = { a = 100 }'),
            "the shared cost “network” is fixed and has among.",
        ),
        (
            shared('match = { service = "eks" }\nsplit = "even"')
            + '[[shared]]\nname = "again"\nmatch = { service = "kubernetes" }\nsplit = "even"',
            "the shared costs “network” and “again” match the same charges. The first takes them all",
        ),
        (
            shared('match = { service = "eks" }\nsplit = "even"') + shared('match = { usage = "x" }\nsplit = "even"'),
            "the name “network” of a shared cost is taken. Give it another one.",
        ),
        (
            '[aliases.team]\npayments = ["pay"]\n'
            + shared('match = { service = "eks" }\nsplit = "even"\namong = ["pay"]'),
            "the shared cost “network” names “pay”, an alias of payments. Write payments.",
        ),
    ],
)  # fmt: skip
def test_a_mistake_is_a_sentence_with_the_file_the_key_and_what_to_write(text: str, sentence: str) -> None:
    assert sentence in refused(text)
    assert refused(text).startswith("owners.toml")


def test_an_empty_file_is_the_same_as_none() -> None:
    assert parse("", "owners.toml") == Rules()


def test_the_owner_tag_of_the_settings_names_teams_unless_the_file_does() -> None:
    assert parse("", "owners.toml", "Squad").tags[TEAM] == ("squad",)
    assert parse('[tags]\nteam = ["user:Team", "squad", "SQUAD"]', "f", "x").tags[TEAM] == ("team", "squad")


def test_a_shared_cost_is_read_whole() -> None:
    found = parse(
        shared(
            'match = { account = ["1", "2"], service = "kubernetes", usage = "NatGateway", tag = "Env = Shared" }\n'
            'split = "fixed"\nshares = { payments = 33.4, search = 66.6 }\nby = "env"'
        ),
        "owners.toml",
    )
    match = Match(frozenset({"1", "2"}), frozenset({"eks"}), frozenset({("env", "shared")}), ("NatGateway",))
    shares = {"payments": Fraction(334, 1000), "search": Fraction(666, 1000)}
    assert found.shared == (Shared("network", match, Split.FIXED, (), shares, Dimension.ENV),)


def test_the_example_of_the_documentation_is_a_mapping_file() -> None:
    text = EXAMPLE.split("```toml\n")[1].split("```")[0]
    found = parse(text, "allocation.toml")
    assert found.tags[TEAM] == ("team", "squad")
    assert found.aliases[TEAM] == {"payment": "payments", "payments team": "payments"}
    assert found.accounts["111122223333"] == {TEAM: "payments", Dimension.ENV: "prod", Dimension.OWNER: "Ana"}
    assert [(one.name, one.split) for one in found.shared] == [
        ("network", Split.PROPORTIONAL),
        ("platform", Split.EVEN),
        ("support", Split.FIXED),
    ]
    assert found.shared[2].match.charges == {ChargeCategory.SUPPORT}
    assert found.charges is ChargeRule.PROPORTIONAL


@fuzzed(max_examples=150, deadline=None)
@given(st.integers(0, 2000), st.integers(0, 60), st.sampled_from(["", '"', "[", "]", "=", "x", "\n", "7", "{", "é"]))
def test_a_file_with_a_slip_of_the_hand_is_rules_or_a_sentence(at: int, length: int, typed: str) -> None:
    text = EXAMPLE.split("```toml\n")[1].split("```")[0]
    found: Rules | MappingError
    try:
        found = parse(text[:at] + typed + text[at + length :], "owners.toml")
    except MappingError as error:
        found = error
    assert isinstance(found, Rules) or (found.cause.startswith("owners.toml") and found.remedy)


def settings(path: Path | None, tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path, allocation_file=path)


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    read = allocation_rules(settings(None, tmp_path))
    assert (read.rules, read.problem) == (Rules(), None)


def test_a_missing_file_is_told_and_the_defaults_hold(tmp_path: Path) -> None:
    read = allocation_rules(settings(tmp_path / "owners.toml", tmp_path))
    assert read.rules == Rules()
    assert str(read.problem).startswith("owners.toml cannot be read: No such file or directory.")
    assert "COSTBOT_ALLOCATION_FILE" in str(read.problem)


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    path = tmp_path / "owners.toml"
    path.write_bytes(b"default = '\xff'")
    assert "owners.toml is no UTF-8 text. Save it as UTF-8." in str(allocation_rules(settings(path, tmp_path)).problem)


def test_the_file_is_read_again_when_it_changes_and_a_broken_one_is_told(tmp_path: Path) -> None:
    path = tmp_path / "owners.toml"
    path.write_text('default = "nobody"')
    bot = settings(path, tmp_path)
    assert allocation_rules(bot).rules.default == "nobody"
    path.write_text('default = "no one"')
    os.utime(path, ns=(1, 1))
    assert allocation_rules(bot).rules.default == "no one"
    path.write_text("default = ")
    broken = allocation_rules(bot)
    assert broken.rules == Rules()
    assert "owners.toml is no valid TOML" in str(broken.problem)
    path.write_text('default = "somebody"')
    assert (allocation_rules(bot).rules.default, allocation_rules(bot).problem) == ("somebody", None)


def test_the_doctor_says_whether_the_file_can_be_used(tmp_path: Path) -> None:
    path = tmp_path / "owners.toml"
    assert list(doctor.examine(settings(None, tmp_path))) == []
    path.write_text('[accounts."1"]\nteam = "x"\n')
    (good,) = doctor.examine(settings(path, tmp_path))
    assert (good.status, good.sentence) == (
        Status.OK,
        "owners.toml can be used: 1 account with owners, 0 shared costs.",
    )
    path.write_text('[acounts."1"]\nteam = "x"\n')
    (bad,) = doctor.examine(settings(path, tmp_path))
    assert (bad.status, bad.sentence, bad.remedy) == (
        Status.WARNING,
        "owners.toml: “acounts” means nothing.",
        "Did you mean accounts?",
    )

"""The mapping file of `COSTBOT_ALLOCATION_FILE`: TOML in, rules out; whatever is wrong is one sentence.

The file is read again when it changes. A broken one stops nothing: what holds without a file holds until it is mended.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from analysis.allocation import ChargeRule, Dimension, Rules, Shared, folded, tag_key
from bot.allocation.mapping_shared import shared_costs
from bot.allocation.mapping_values import MappingError, a_table, a_text, choice, known_keys, texts
from bot.settings import Settings, setting_name

SETTING = setting_name("allocation_file")
KEYS = ("default", "charges", "untagged", "tags", "aliases", "accounts", "shared")


@dataclass(frozen=True, slots=True)
class ReadRules:
    """The rules that hold; `problem` says why the file is not among them."""

    rules: Rules
    problem: MappingError | None = None


def allocation_rules(settings: Settings) -> ReadRules:
    """The rules of the mapping file as it is now; without one, or with a broken one, what holds without it."""
    tags = {**Rules().tags, Dimension.TEAM: (tag_key(settings.owner_tag),)}
    without = Rules(tags=tags)
    path = settings.allocation_file
    if path is None:
        return ReadRules(without)
    try:
        stat = path.stat()
        return ReadRules(_kept(path, settings.owner_tag, stat.st_mtime_ns, stat.st_size))
    except OSError as error:
        problem = MappingError(f"{path.name} cannot be read: {error.strerror}.", f"Correct {SETTING} or the file.")
    except MappingError as error:
        problem = error
    return ReadRules(without, problem)


@lru_cache(maxsize=4)
def _kept(path: Path, owner_tag: str, mtime_ns: int, size: int) -> Rules:
    """One version of the file, parsed once."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise MappingError(f"{path.name} is no UTF-8 text.", "Save it as UTF-8.") from None
    return parse(text, path.name, owner_tag)


def parse(text: str, file: str, owner_tag: str = "team") -> Rules:
    """The rules that a mapping file's text states.

    Args:
        file: its name, for sentences.
        owner_tag: the tag that names a team where the file does not.
    Raises:
        MappingError: the first thing that is wrong: the file, the key, and what to write.
    """
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise MappingError(f"{file} is no valid TOML: {error}.", "Correct that line.") from None
    known_keys(said, KEYS, file, "")
    default = a_text(said.get("default", Rules().default), file, "default")
    rules = Rules(
        default=default,
        charges=ChargeRule(choice(said.get("charges", "proportional"), [*ChargeRule], file, "charges")),
        tags={**Rules().tags, Dimension.TEAM: (tag_key(owner_tag),), **_tags(said.get("tags", {}), file)},
        aliases=_aliases(said.get("aliases", {}), file),
        untagged=frozenset(folded(text) for text in texts(said.get("untagged", []), file, "untagged")),
        accounts=_accounts(said.get("accounts", {}), file),
        shared=shared_costs(said.get("shared", []), file),
    )
    return _checked(rules, file)


def _tags(said: Any, file: str) -> dict[Dimension, tuple[str, ...]]:
    found = {}
    for name, keys in _by_dimension(said, file, "tags").items():
        where = f"tags.{name}"
        listed = texts(keys, file, where)
        if not listed:
            raise MappingError(f"{file}: {where} names no tag.", f'Write {where} = ["{name}"], or leave it out.')
        found[name] = tuple(dict.fromkeys(map(tag_key, listed)))
    return found


def _aliases(said: Any, file: str) -> dict[Dimension, dict[str, str]]:
    """Folded spelling → the name it stands for."""
    found: dict[Dimension, dict[str, str]] = {}
    for dimension, names in _by_dimension(said, file, "aliases").items():
        own: dict[str, str] = {}
        listed = a_table(names, file, f"aliases.{dimension}", f'payments = ["pay"] under [aliases.{dimension}]')
        for name, spellings in listed.items():
            where = f"aliases.{dimension}.{name}"
            for spelling in texts(spellings, file, where):
                value = folded(spelling)
                if own.get(value, name) != name:
                    raise MappingError(
                        f"{file}: {where} and aliases.{dimension}.{own[value]} both take “{spelling}”.",
                        "Leave it in one of them.",
                    )
                own[value] = name
        chained = next((name for name in listed if folded(own.get(folded(name), name)) != folded(name)), None)
        if chained is not None:
            raise MappingError(
                f"{file}: aliases.{dimension}.{chained} is itself an alias of {own[folded(chained)]}.",
                f"Write its spellings under {own[folded(chained)]}.",
            )
        found[dimension] = own
    return found


def _accounts(said: Any, file: str) -> dict[str, dict[Dimension, str]]:
    example = '[accounts."111122223333"] with team = "payments" under it'
    found = {}
    for account, owners in a_table(said, file, "accounts", example).items():
        where = f'accounts."{account}"'
        a_table(owners, file, where, example)
        known_keys(owners, [*Dimension], file, where)
        found[account] = {Dimension(name): a_text(owner, file, f"{where}.{name}") for name, owner in owners.items()}
    return found


def _by_dimension(said: Any, file: str, where: str) -> dict[Dimension, Any]:
    table = a_table(said, file, where, f"[{where}.team]" if where == "aliases" else f'[{where}] with team = ["team"]')
    known_keys(table, [*Dimension], file, where)
    return {Dimension(name): value for name, value in table.items()}


def _checked(rules: Rules, file: str) -> Rules:
    """Rules that do not contradict each other.

    Raises:
        MappingError: they do.
    """
    if folded(rules.default) in rules.untagged:
        raise MappingError(f"{file}: untagged lists the default, “{rules.default}”.", "Leave it out there.")
    for dimension in Dimension:
        first: dict[str, str] = {}
        for name in rules.spelled(dimension):
            if first.setdefault(folded(name), " ".join(name.split())) != " ".join(name.split()):
                raise MappingError(
                    f"{file}: {dimension} is spelled “{first[folded(name)]}” and “{name}”.", "Spell it in one way."
                )
        _among_aliases(rules, dimension, file)
    return rules


def _among_aliases(rules: Rules, dimension: Dimension, file: str) -> None:
    """A shared cost names a team, not an alias of one: else it would name two."""
    aliases = rules.aliases.get(dimension, {})
    for shared in rules.shared_by(dimension):
        for name in _named(shared):
            owner = aliases.get(folded(name), name)
            if folded(owner) != folded(name):
                raise MappingError(
                    f"{file}: the shared cost “{shared.name}” names “{name}”, an alias of {owner}.", f"Write {owner}."
                )


def _named(shared: Shared) -> tuple[str, ...]:
    return (*shared.among, *shared.shares)

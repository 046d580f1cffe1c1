"""The owners file: every mistake names its line; a broken newer version changes nothing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.owners.mapping import Kind, OwnersFileError, check_owners_file, owners_file, read
from bot.settings import Settings

TOML = """
# who owns what
[tags]
payments = "U0BEN"
"big data" = "ben@example.com"

[accounts]
"111122223333" = "S0FINOPS"

[services]
"Amazon Relational Database Service" = "@dba"
"""
CSV = "kind,value,owner\n# a remark\n\ntag, Payments ,U0BEN\naccount,111122223333,S0FINOPS\nservice,rds,@dba\n"


def written(tmp_path: Path, text: str, name: str = "owners.toml") -> Path:
    path = tmp_path / name
    path.write_text(text)
    return path


@pytest.mark.parametrize(("text", "name"), [(TOML, "owners.toml"), (CSV, "owners.csv")])
def test_both_forms_say_the_same(tmp_path: Path, text: str, name: str) -> None:
    found = read(written(tmp_path, text, name))

    assert found.owner(Kind.TAG, " PAYMENTS") == "U0BEN"
    assert found.owner(Kind.ACCOUNT, "111122223333") == "S0FINOPS"
    assert found.owner(Kind.SERVICE, "rds") == found.owner(Kind.SERVICE, "Amazon Relational Database Service") == "@dba"
    assert found.owner(Kind.TAG, "111122223333") is None


@pytest.mark.parametrize(
    ("text", "name", "told"),
    [
        ("[tags]\npayments = 'U0BEN'\n\nsearch = 'ben'\n", "o.toml", "o.toml, line 4: “ben” is nobody in Slack."),
        ("[tags]\n\n'a=b' = 'u0ben'\n", "o.toml", "o.toml, line 3: “u0ben” is nobody in Slack."),
        ("tags.search = 'x y'\n", "o.toml", "o.toml, line 1: “x y” is nobody in Slack."),
        ("[tags]\nx = ['U0BEN']\n", "o.toml", "o.toml, line 2: the owner of “x” is no text."),
        ("[tags]\n' ' = 'U0BEN'\n", "o.toml", "o.toml, line 2: the tag is empty."),
        ("[tags]\npay = 'U0BEN'\n'Pay' = 'U0ANA'\n", "o.toml", "o.toml, line 3: the tag “Pay” has two owners."),
        ("\n[acounts]\n", "o.toml", "o.toml, line 2: “acounts” means nothing. Did you mean [accounts]?"),
        ("tags = 1\n", "o.toml", "o.toml, line 1: tags is no table."),
        ("[tags\n", "o.toml", "o.toml is no valid TOML"),
        ("tag,value,who\n", "o.csv", "o.csv, line 1: the columns are “tag,value,who”."),
        ("kind,value,owner\n\nteam,a,U0BEN\n", "o.csv", "o.csv, line 3: “team” is no kind."),
        ("kind,value,owner\ntag,a\n", "o.csv", "o.csv, line 2 has 2 cells, not 3."),
        ("kind,value,owner\ntag,a,<!channel>\n", "o.csv", "o.csv, line 2: “&lt;!channel&gt;” is nobody in Slack."),
        pytest.param(
            'kind,value,owner\ntag,"a,U0BEN\n' + "tag,b,U0ANA\n" * 12_000,
            "o.csv",
            "o.csv is no valid CSV: field larger than field limit",
            id="a quotation mark is open",
        ),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, text: str, name: str, told: str) -> None:
    with pytest.raises(OwnersFileError) as refused:
        read(written(tmp_path, text, name))
    assert str(refused.value).startswith(told)
    assert refused.value.remedy


def test_a_file_that_is_not_there_or_not_text_stops_the_start(tmp_path: Path) -> None:
    binary = tmp_path / "binary.csv"
    binary.write_bytes(b"\xff\xfe\x00")
    for path in (tmp_path / "none.toml", binary):
        with pytest.raises(SettingsError):
            check_owners_file(Settings(owners_file=path))
    check_owners_file(Settings())


def test_it_is_read_again_when_it_changes_and_a_broken_one_changes_nothing(tmp_path: Path) -> None:
    path = written(tmp_path, "[tags]\na = 'U0BEN'\n")
    settings = Settings(owners_file=path)
    assert owners_file(settings).owner(Kind.TAG, "a") == "U0BEN"

    path.write_text("[tags]\na = 'U0ANA'\n")
    os.utime(path, (1, 1))
    assert owners_file(settings).owner(Kind.TAG, "a") == "U0ANA"

    path.write_text("[tags]\na = 'nobody at all'\n")
    broken = owners_file(settings)
    assert broken.owner(Kind.TAG, "a") == "U0ANA"
    assert "line 2" in str(broken.problem)
    path.unlink()
    assert owners_file(settings).owner(Kind.TAG, "a") == "U0ANA"

    path.write_text("[tags]\na = 'U0BEN'\nb = 'U0BEN'\n")
    assert owners_file(settings).owner(Kind.TAG, "b") == "U0BEN"
    assert owners_file(settings).problem is None

"""Small phrases of Trino text that both sources use."""

from __future__ import annotations

#: Usage types that a reservation or a Savings Plan can cover. Source: AWS, "What are Savings Plans?", and the
#: reservation pages of RDS, ElastiCache, OpenSearch and Redshift.
ELIGIBLE_USAGE = (
    "(^|-)(BoxUsage|DedicatedUsage|HostUsage|UnusedBox|UnusedDed|InstanceUsage|Multi-AZ(Cluster)?Usage|NodeUsage"
    "|ESInstance|Node:|Lambda-GB-Second|Lambda-Provisioned|Fargate-|([A-Za-z]+:)?ml[.])"
)


def clean(key: str) -> str:
    """A key's text without surrounding spaces; NULL where an export wrote nothing, or the word for nothing.

    Engines differ in what `trim` takes away besides spaces, and in whether `$` stands before a last line end.
    """
    text = f"regexp_replace({{{key}}}, '^ +| +\\z', '')"
    return f"nullif(nullif(nullif({text}, ''), 'NULL'), 'null')"


def quoted(text: str) -> str:
    """A literal inside a template, whose braces stand for columns."""
    return "'" + text.replace("'", "''").replace("{", "{{").replace("}", "}}") + "'"


def quoted_name(name: str) -> str:
    """A column's name as an identifier."""
    return '"' + name.replace('"', '""') + '"'

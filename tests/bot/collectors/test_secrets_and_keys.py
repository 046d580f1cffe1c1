"""The tables `secrets` and `kms_keys`: all pages, and a refusal for one key stays its own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.collectors import kms_keys, secrets
from tests.bot.collectors.fake_aws import ACCOUNT, HERE, NOW, FakeAws, refused


def secret(name: str, **more: Any) -> dict[str, Any]:
    arn = f"arn:aws:secretsmanager:us-east-1:{ACCOUNT}:secret:{name}-AbCdEf"
    return {"ARN": arn, "Name": name, "CreatedDate": NOW - timedelta(days=400)} | more


def test_reads_all_pages_of_secrets_and_leaves_out_what_is_being_deleted() -> None:
    read = {"LastAccessedDate": NOW - timedelta(days=5), "Tags": [{"Key": "team", "Value": "search"}]}
    pages = [
        {"SecretList": [secret("a", **read), secret("gone", DeletedDate=NOW)], "NextToken": "1"},
        {"SecretList": [secret("b", OwningService="rds"), secret("c", PrimaryRegion="eu-west-1")]},
    ]
    aws: Any = FakeAws({"secretsmanager:ListSecrets": pages})

    found = secrets.parse(secrets.fetch(aws, ACCOUNT, "us-east-1"), HERE).set_index("name")

    assert found.index.tolist() == ["a", "b", "c"]
    assert found.loc["a", ["owner", "unread_days", "age_days"]].tolist() == ["search", 5.0, 400.0]
    assert found["unread_days"].isna().tolist() == [False, True, True]
    assert (found.loc["b", "owning_service"], found["is_replica"].tolist()) == ("rds", [False, False, True])


def about(key_id: str, **more: Any) -> dict[str, Any]:
    created = NOW - timedelta(days=700)
    known = {"KeyId": key_id, "KeyManager": "CUSTOMER", "KeyState": "Enabled", "CreationDate": created}
    return {"KeyMetadata": known | more}


def test_no_keys_are_one_call() -> None:
    aws: Any = FakeAws({"kms:ListKeys": {"Keys": []}})

    assert kms_keys.fetch(aws, ACCOUNT, "us-east-1") == []
    assert aws.asked == ["kms:ListKeys"]


def test_asks_about_ones_own_keys_only() -> None:
    aws: Any = FakeAws(
        {
            "kms:ListKeys": {"Keys": [{"KeyId": "aws"}, {"KeyId": "used"}, {"KeyId": "shut"}, {"KeyId": "ended"}]},
            "kms:ListAliases": {
                "Aliases": [
                    {"AliasName": "alias/aws/ebs", "TargetKeyId": "aws"},
                    {"AliasName": "alias/orders", "TargetKeyId": "used"},
                    {"AliasName": "alias/aws/s3"},
                ]
            },
            "kms:DescribeKey": [about("used"), about("shut"), about("ended", KeyState="PendingDeletion")],
            "kms:ListResourceTags": [{"Tags": [{"TagKey": "team", "TagValue": "payments"}]}, refused()],
            "kms:GetKeyLastUsage": {
                "KeyLastUsage": {"Operation": "Decrypt", "Timestamp": NOW - timedelta(days=3)},
                "TrackingStartDate": NOW - timedelta(days=200),
            },
        }
    )

    found = kms_keys.parse(kms_keys.fetch(aws, ACCOUNT, "us-east-1"), HERE).set_index("resource_id")

    assert found.index.tolist() == ["used", "shut", "ended"]
    told = found.loc["used", ["name", "owner", "unused_days", "tracked_days"]].tolist()
    assert told == ["orders", "payments", 3.0, 200.0]
    assert "kms:ListResourceTags" in found.loc["shut", "problem"]
    assert found.loc["ended", ["state", "problem"]].tolist() == ["PendingDeletion", ""]

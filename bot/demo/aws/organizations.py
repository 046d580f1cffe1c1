"""Creates the organisation in moto, with the demo's own ids, and refuses member accounts what AWS refuses them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from types import ModuleType

from bot.demo.aws.answers import AwsError
from bot.demo.aws.calls import Call
from bot.demo.aws.organisation import ACCOUNT_TAGS, ACCOUNTS, ORGANIZATION_ID, PAYER, ROOT_ID

#: What a member account may ask AWS Organizations.
_FOR_MEMBERS = frozenset({"DescribeOrganization"})


def create_organization(now: datetime) -> None:
    """Fills moto's backend of AWS Organizations; moto is imported here, when it is first needed.

    Args:
        now: time of the stand-in's clock, from which the accounts' ages count back.
    """
    from moto.organizations import utils
    from moto.organizations.models import organizations_backends

    backend = organizations_backends[PAYER.id]["aws"]
    ids = iter([account.id for account in ACCOUNTS])
    with _replaced(
        utils,
        make_random_account_id=lambda: next(ids),
        make_random_org_id=lambda: ORGANIZATION_ID,
        make_random_root_id=lambda: ROOT_ID,
    ):
        backend.create_organization("us-east-1", FeatureSet="ALL")
        for account in ACCOUNTS:
            if account is not PAYER:
                backend.create_account(AccountName=account.name, Email=account.email)
    if backend.org is not None:
        backend.org.master_account_email = PAYER.email
    for made, account in zip(backend.accounts, ACCOUNTS, strict=True):
        made.name, made.email = account.name, account.email
        # moto's times are naive and mean UTC.
        made.create_time = (now - timedelta(days=account.joined_days_ago)).replace(tzinfo=None)
    for account_id, tags in ACCOUNT_TAGS.items():
        listed = [{"Key": key, "Value": value} for key, value in tags.items()]
        backend.tag_resource(ResourceId=account_id, Tags=listed)


def refused(call: Call) -> AwsError | None:
    """What AWS answers a member account that asks about the others."""
    if call.service != "organizations" or call.account_id == PAYER.id or call.operation in _FOR_MEMBERS:
        return None
    return AwsError("AccessDeniedException", "You don't have permissions to access this resource.")


@contextmanager
def _replaced(module: ModuleType, **functions: Callable[..., str]) -> Iterator[None]:
    """moto draws ids at random; for a moment it draws these."""
    originals = {name: getattr(module, name) for name in functions}
    for name, function in functions.items():
        setattr(module, name, function)
    try:
        yield
    finally:
        for name, original in originals.items():
            setattr(module, name, original)

"""Every way AWS says no, as one sentence with the next step."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,
    CredentialRetrievalError,
    EndpointConnectionError,
    HTTPClientError,
    NoCredentialsError,
    PartialCredentialsError,
    ProfileNotFound,
    ReadTimeoutError,
    SSOTokenLoadError,
    TokenRetrievalError,
    UnauthorizedSSOTokenError,
)
from botocore.parsers import ResponseParserError

from bot.aws.clients import ENTERED_AS, EXPIRED, Entry
from bot.errors import SourceUnavailable

DENIED = frozenset(
    {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "UnauthorizedException", "AuthorizationError",
     "NotAuthorized", "Client.UnauthorizedOperation"}
)  # fmt: skip
REJECTED = frozenset(
    {"InvalidClientTokenId", "UnrecognizedClientException", "SignatureDoesNotMatch", "AuthFailure",
     "InvalidAccessKeyId", "MissingAuthenticationToken", "MissingAuthenticationTokenException"}
)  # fmt: skip
THROTTLED = frozenset(
    {"Throttling", "ThrottlingException", "ThrottledException", "RequestLimitExceeded", "TooManyRequestsException",
     "LimitExceededException", "RequestThrottled", "SlowDown", "PriorRequestNotComplete"}
)  # fmt: skip


@contextmanager
def reading(action: str, account_id: str | None = None, region: str | None = None) -> Iterator[None]:
    """Turn what boto3 raises into a `SourceUnavailable` that a person can act on.

    Args:
        action: the IAM action, as "ce:GetCostAndUsage".
        account_id, region: where; left out of the sentence when None.
    """
    where = "".join((f" in account {account_id}" if account_id else "", f" ({region})" if region else ""))
    try:
        yield
    except ClientError as error:
        raise _refused(error, action, where) from error
    except ResponseParserError as error:
        raise _no_such_service(action, where) from error
    except (NoCredentialsError, PartialCredentialsError, ProfileNotFound) as error:
        raise SourceUnavailable(
            f"There are no AWS credentials for {action}.",
            "Give costbot a role, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; `costbot doctor` checks them.",
        ) from error
    except (CredentialRetrievalError, TokenRetrievalError, SSOTokenLoadError, UnauthorizedSSOTokenError) as error:
        raise _expired(action) from error
    except ReadTimeoutError as error:
        raise SourceUnavailable(
            f"AWS did not answer {action}{where} in time.", "costbot tries again at the next run; nothing is lost."
        ) from error
    except (EndpointConnectionError, ConnectionError, HTTPClientError) as error:
        raise SourceUnavailable(
            f"AWS cannot be reached for {action}{where}.",
            "Check the network and AWS_ENDPOINT_URL; costbot tries again at the next run.",
        ) from error
    except BotoCoreError as error:
        raise SourceUnavailable(
            f"{action}{where} could not be asked: {error}.", "Correct the AWS_* settings; `costbot doctor` checks them."
        ) from error


def not_listed(error: SourceUnavailable, own: str) -> SourceUnavailable:
    """Why only costbot's own account is looked at, and how to change that.

    Args:
        error: how AWS Organizations refused or failed.
        own: id of the account whose credentials costbot has.
    """
    if isinstance(error, Denied):
        reason = "AWS refuses organizations:ListAccounts to costbot's own credentials"
        remedy = "Add organizations:ListAccounts to the policy of its user or role, or set COSTBOT_ACCOUNTS."
    else:
        reason = error.cause.removeprefix("This source is unavailable: ").rstrip(".")
        remedy = "costbot asks again at the next run; where COSTBOT_ACCOUNTS is set, it need not ask."
    return SourceUnavailable(
        f"Accounts of the organisation could not be listed: {reason}. Of them only {own}, costbot's own, is looked at.",
        remedy,
    )


class Denied(SourceUnavailable):
    """A policy does not let costbot ask this."""


def _refused(error: ClientError, action: str, where: str) -> SourceUnavailable:
    answer = error.response.get("Error", {})
    code = str(answer.get("Code", ""))
    message = " ".join(str(answer.get("Message", "")).split())
    status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0) or 0)
    entry: Entry | None = answer.get(ENTERED_AS)
    if error.operation_name == "AssumeRole":
        action = "sts:AssumeRole"
    if code in EXPIRED:
        return _expired(action, entry)
    if code in REJECTED:
        return SourceUnavailable(
            f"AWS does not accept the credentials ({code}) for {action}.",
            "Renew them where costbot gets its AWS_* variables from, then restart it.",
        )
    if code in DENIED and "not enabled" in message.lower():
        return SourceUnavailable(f"{action}{where} is not switched on.", "Enable it in the AWS console.")
    if code in DENIED or status == 403:
        return _denied(action, where, entry, explicit="explicit deny" in message)
    if code in THROTTLED or status == 429:
        return SourceUnavailable(
            f"AWS throttles {action}{where} even after retries.",
            "costbot tries again at the next run; nothing is lost.",
        )
    if code == "500" or (status >= 500 and message.startswith("<")):
        return _no_such_service(action, where)
    if status >= 500:
        return SourceUnavailable(
            f"AWS failed to answer {action}{where} ({code}).", "costbot tries again at the next run; nothing is lost."
        )
    if code == "OptInRequired" or code.endswith("NotEnabledException"):
        return SourceUnavailable(f"{action}{where} is not switched on.", "Enable it in the AWS console.")
    return SourceUnavailable(
        f"AWS refused {action}{where}: {code}: {message[:300]}",
        "If it names a setting, correct it; else report it with costbot's log.",
    )


def _denied(action: str, where: str, entry: Entry | None, *, explicit: bool) -> Denied:
    """
    Args:
        entry: the role that asks, or is to be assumed; None for costbot's own credentials.
        explicit: AWS says that a policy forbids it, so that allowing it elsewhere does not help.
    """
    if entry and action == "sts:AssumeRole":
        external = " and ask for the external id of COSTBOT_EXTERNAL_ID" if entry.has_external_id else ""
        return Denied(
            f"costbot may not assume role {entry.role} in account {entry.account_id}.",
            f"The role must exist there and its trust policy must name costbot's identity {entry.identity}{external}; "
            "costbot's own policy must allow sts:AssumeRole on it.",
        )
    who = f"role {entry.role}" if entry else "costbot's own credentials"
    cause = f"AWS refuses {action}{where} to {who}."
    if explicit:
        return Denied(cause, "A policy denies it explicitly, perhaps one of the organisation: lift it there.")
    holder = f"that role in account {entry.account_id}" if entry else "its user or role"
    return Denied(cause, f"Add it to the policy of {holder}; `{_policy_for(action)}` prints all that is needed.")


def _policy_for(action: str) -> str:
    """The command that prints a policy with an action."""
    options = {"s3": " --bucket NAME", "athena": " --athena-results NAME", "glue": " --athena-results NAME"}
    return f"costbot iam read{options.get(action.partition(':')[0], '')}"


def _expired(action: str, entry: Entry | None = None) -> SourceUnavailable:
    if entry is not None and action != "sts:AssumeRole":
        return SourceUnavailable(
            f"AWS calls the session of role {entry.role} in account {entry.account_id} expired, though it was renewed.",
            "Check this machine's clock, and whether somebody revokes the role's sessions.",
        )
    return SourceUnavailable(
        f"The AWS credentials for {action} have expired.",
        "Sign in again or renew AWS_SESSION_TOKEN, then restart costbot; a role on the machine renews itself.",
    )


def _no_such_service(action: str, where: str) -> SourceUnavailable:
    service = action.partition(":")[0]
    return SourceUnavailable(
        f"This source is unavailable: {service} does not answer {action}{where}.",
        "Nothing is read from it; the other sources go on.",
    )

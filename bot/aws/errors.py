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
    SSOTokenLoadError,
    TokenRetrievalError,
    UnauthorizedSSOTokenError,
)
from botocore.parsers import ResponseParserError

from bot.errors import SourceUnavailable

DENIED = frozenset(
    {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "UnauthorizedException", "AuthorizationError",
     "NotAuthorized", "Client.UnauthorizedOperation"}
)  # fmt: skip
EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"})
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
    except (EndpointConnectionError, ConnectionError, HTTPClientError) as error:
        raise SourceUnavailable(
            f"AWS cannot be reached for {action}{where}.",
            "Check the network and AWS_ENDPOINT_URL; costbot tries again at the next run.",
        ) from error
    except BotoCoreError as error:
        raise SourceUnavailable(
            f"{action}{where} could not be asked: {error}.", "Correct the AWS_* settings; `costbot doctor` checks them."
        ) from error


def _refused(error: ClientError, action: str, where: str) -> SourceUnavailable:
    code = str(error.response.get("Error", {}).get("Code", ""))
    message = " ".join(str(error.response.get("Error", {}).get("Message", "")).split())
    status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0) or 0)
    assuming = error.operation_name == "AssumeRole" and not action.startswith("sts:")
    if code in EXPIRED:
        return _expired(action)
    if code in REJECTED:
        return SourceUnavailable(
            f"AWS does not accept the credentials ({code}) for {action}.",
            "Renew them where costbot gets its AWS_* variables from, then restart it.",
        )
    if assuming:
        return SourceUnavailable(
            f"costbot may not enter its read role{where}: {code}.",
            "Create the role there, and let its trust policy name costbot's own role and external id.",
        )
    if code in DENIED or status == 403:
        return SourceUnavailable(f"No {action}{where}.", "Add it to role costbot-read.")
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


def _expired(action: str) -> SourceUnavailable:
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

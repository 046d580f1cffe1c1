"""Buckets whose requests are counted, and the configuration that says so: moto forgets it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

ENTIRE_BUCKET = "EntireBucket"


@dataclass(frozen=True, slots=True)
class Requests:
    """What is asked of a bucket in five minutes, and gigabytes that are read in a day."""

    requests_a_slot: float
    reads_a_slot: float
    read_gb_a_day: float


#: By bucket; the requests of all others are not counted, as is usual.
REQUESTS = {
    "example-search-dumps": Requests(requests_a_slot=2, reads_a_slot=1, read_gb_a_day=2),
    "example-org-trail": Requests(requests_a_slot=30, reads_a_slot=0, read_gb_a_day=0),
}


def install() -> None:
    """From now on GetBucketMetricsConfiguration of this process answers for the buckets of `REQUESTS`."""
    from moto.core.exceptions import ServiceException
    from moto.core.responses import ActionResult
    from moto.s3.responses import S3Response

    others: Callable[..., Any] = S3Response._bucket_response_get

    def respond(response: Any, bucket_name: str, querystring: dict[str, Any]) -> Any:
        if "metrics" not in querystring or "id" not in querystring:
            return others(response, bucket_name, querystring)
        response.data["Action"] = "GetBucketMetricsConfiguration"
        response.backend.head_bucket(bucket_name)
        if bucket_name not in REQUESTS or querystring["id"] != [ENTIRE_BUCKET]:
            missing = ServiceException("The specified configuration does not exist.")
            missing.code = "NoSuchConfiguration"
            raise missing
        return response.serialized(ActionResult({"MetricsConfiguration": {"Id": ENTIRE_BUCKET}}))

    if not getattr(others, "of_the_demo", False):
        respond.of_the_demo = True  # type: ignore[attr-defined]
        S3Response._bucket_response_get = respond  # type: ignore[method-assign, assignment]

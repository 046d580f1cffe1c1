"""Puts databases, caches, buckets, log groups and functions into moto."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from moto.awslambda.models import lambda_backends
from moto.elasticache.models import elasticache_backends
from moto.iam.models import iam_backends
from moto.logs.models import logs_backends
from moto.rds.models import rds_backends
from moto.s3.models import s3_backends

from bot.demo.aws.resources import Kind, Resource, resources
from bot.demo.aws.resources_times import digest, launched_at

_ENGINE_VERSIONS = {"postgres": "16.4", "mysql": "8.0.39"}
_GB = 10**9
_GIB = 2**30
#: Uploads of a bucket that were never finished.
_UPLOADS = 8
_ROLE = "functions"
_LAMBDA_MAY = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"},
    ],
}
# An empty archive: the functions are looked at, never run.
_EMPTY_ZIP = "UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA=="


def seed_data(seed: int, today: date) -> None:
    """All that is neither EC2 nor network."""
    for resource in resources(seed):
        make = _MAKERS.get(resource.kind)
        if make is not None:
            make(resource, today)


def _pairs(resource: Resource) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in resource.tags.items() if key != "Name"]


def _make_database(resource: Resource, today: date) -> None:
    attributes = resource.attributes
    engine = attributes["engine"]
    database: Any = rds_backends[resource.account_id][resource.region].create_db_instance(
        {
            "db_instance_identifier": resource.name,
            "db_instance_class": resource.type,
            "engine": engine,
            "engine_version": _ENGINE_VERSIONS[engine],
            "allocated_storage": attributes["size_gib"],
            "multi_az": attributes["multi_az"],
            "storage_type": "gp3",
            "master_username": "demo",
            "license_model": "postgresql-license" if engine == "postgres" else "general-public-license",
            "tags": _pairs(resource),
        }
    )
    database.instance_create_time = launched_at(resource, today)


def _make_cache(resource: Resource, today: date) -> None:
    backend = elasticache_backends[resource.account_id][resource.region]
    given = {
        "cache_cluster_id": resource.name,
        "cache_node_type": resource.type,
        "engine": resource.attributes["engine"],
        "engine_version": "7.1",
        "num_cache_nodes": 1,
        "preferred_availability_zone": resource.zone,
        "port": 6379,
        "tags": _pairs(resource),
    }
    # moto wants each of its thirty arguments named.
    names = [name for name in inspect.signature(backend.create_cache_cluster).parameters if name != "self"]
    arguments: dict[str, Any] = {name: given.get(name) for name in names}
    cluster: Any = backend.create_cache_cluster(**arguments)
    cluster.cache_cluster_create_time = launched_at(resource, today)
    cluster.cache_cluster_status = "available"


def _make_bucket(resource: Resource, today: date) -> None:
    backend = s3_backends[resource.account_id]["aws"]
    bucket = backend.create_bucket(resource.name, resource.region)
    bucket.creation_date = launched_at(resource, today)
    tags = {key: value for key, value in resource.tags.items() if key != "Name"}
    if tags:
        backend.put_bucket_tagging(resource.name, tags)
    if resource.attributes["lifecycle"]:
        backend.put_bucket_lifecycle_configuration(
            resource.name,
            [
                {
                    "ID": "expire",
                    "Status": "Enabled",
                    "Filter": {"Prefix": "tmp/"},
                    "Expiration": {"Days": "365"},
                }
            ],
        )
    if resource.attributes["unfinished_gb"]:
        sizes = _part_sizes(resource.attributes["unfinished_gb"])
        for n in range(_UPLOADS):
            upload: Any = backend.create_multipart_upload(
                resource.name,
                f"landing/part-{n:04}.parquet",
                metadata={},  # type: ignore[arg-type]
                storage_type="STANDARD",
                tags={},
                acl=None,
                sse_encryption="",
                kms_key_id="",
            )
            del bucket.multiparts[upload.id]
            upload.id = digest(f"{resource.key}/{n}", 40)
            upload.parts = {number: _Part(number, size, bucket.creation_date) for number, size in sizes.items()}
            upload.partlist = sorted(sizes)
            bucket.multiparts[upload.id] = upload


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of an upload as S3 lists it; nobody can read it, so that its bytes need not be there."""

    name: int
    size: int
    since: datetime

    @property
    def etag(self) -> str:
        return f'"{digest(str(self.name), 32)}"'

    @property
    def last_modified_ISO8601(self) -> str:
        return f"{self.since:%Y-%m-%dT%H:%M:%S.000Z}"

    def dispose(self) -> None:
        """Nothing is held."""


def _part_sizes(unfinished_gb: int) -> dict[int, int]:
    """The parts of one upload, of a GiB at most, by number."""
    sizes: dict[int, int] = {}
    left = unfinished_gb * _GIB // _UPLOADS
    while left:
        sizes[len(sizes) + 1] = size = min(left, _GIB)
        left -= size
    return sizes


def _make_log_group(resource: Resource, today: date) -> None:
    backend = logs_backends[resource.account_id][resource.region]
    tags = {key: value for key, value in resource.tags.items() if key != "Name"}
    group: Any = backend.create_log_group(resource.name, tags)
    group.retention_in_days = resource.attributes["retention_days"]
    # moto keeps this one without a zone.
    group.creation_time = launched_at(resource, today).replace(tzinfo=None)
    group.create_log_stream("all")
    group.streams["all"].stored_bytes = resource.attributes["stored_gb"] * _GB


def _make_function(resource: Resource, today: date) -> None:
    attributes = resource.attributes
    roles = iam_backends[resource.account_id]["aws"]
    if _ROLE not in {role.name for role in roles.get_roles()}:
        roles.create_role(_ROLE, json.dumps(_LAMBDA_MAY), "/", None, "", [], "3600")
    function: Any = lambda_backends[resource.account_id][resource.region].create_function(
        {
            "FunctionName": resource.name,
            "Runtime": "python3.12",
            "Handler": "main.handle",
            "Role": f"arn:aws:iam::{resource.account_id}:role/{_ROLE}",
            "MemorySize": attributes["memory_mib"],
            "Timeout": 60,
            "Architectures": [resource.type],
            "Code": {"ZipFile": _EMPTY_ZIP},
            "Tags": {key: value for key, value in resource.tags.items() if key != "Name"},
        }
    )
    function.last_modified = f"{launched_at(resource, today):%Y-%m-%dT%H:%M:%S.000+0000}"


_MAKERS: dict[Kind, Callable[[Resource, date], None]] = {
    Kind.DATABASE: _make_database,
    Kind.CACHE: _make_cache,
    Kind.BUCKET: _make_bucket,
    Kind.LOG_GROUP: _make_log_group,
    Kind.FUNCTION: _make_function,
}

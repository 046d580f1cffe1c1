"""Puts instances, volumes, snapshots, images and groups into moto's EC2 and Auto Scaling."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from moto.autoscaling.models import InstanceState, autoscaling_backends
from moto.ec2.models import ec2_backends
from moto.ec2.models.amis import Ami
from moto.ec2.models.elastic_block_store import Snapshot, Volume

from bot.demo.aws.resources import Kind, Resource, resources
from bot.demo.aws.resources_times import PUBLIC_IMAGES, digest, ids_of, image_of, launched_at, stopped_at

_AMAZON = "137112412989"
_IMAGE_GIB = 15


def seed_ec2(seed: int, today: date) -> None:
    """All of EC2's compute and storage, in every account and region."""
    by_kind: dict[Kind, list[Resource]] = {}
    for resource in resources(seed):
        by_kind.setdefault(resource.kind, []).append(resource)
    ids = ids_of(seed)
    _make_images(by_kind[Kind.IMAGE], by_kind[Kind.INSTANCE], ids, today)
    machines = {resource.key: _launch(resource, ids, today) for resource in by_kind[Kind.INSTANCE]}
    volumes = {resource.key: _make_volume(resource, machines, ids, today) for resource in by_kind[Kind.VOLUME]}
    image_snapshots = {image.attributes["snapshot"] for image in by_kind[Kind.IMAGE]}
    for resource in by_kind[Kind.SNAPSHOT]:
        if resource.key not in image_snapshots:
            _make_snapshot(resource, volumes, ids, today)
    for resource in by_kind[Kind.AUTO_SCALING_GROUP]:
        _make_group(resource, machines, ids, today)


def _make_images(images: list[Resource], instances: list[Resource], ids: dict[str, str], today: date) -> None:
    for account_id, region in sorted({(instance.account_id, instance.region) for instance in instances}):
        backend = ec2_backends[account_id][region]
        for name, image_id in PUBLIC_IMAGES.items():
            system, _, architecture = name.partition("-")
            backend.amis[image_id] = image = Ami(
                backend,
                image_id,
                name=f"demo-{name}",
                owner_id=_AMAZON,
                owner_alias="amazon",
                public=True,
                virtualization_type="hvm",
                architecture=architecture,
                hypervisor="xen",
                root_device_type="ebs",
                root_device_name="/dev/xvda",
                region_name=f"{region}a",
                platform="windows" if system == "windows" else None,
            )
            # A public image's snapshot belongs to Amazon: no account lists it as its own.
            del backend.snapshots[image.ebs_snapshot.id]
    for resource in images:
        backend = ec2_backends[resource.account_id][resource.region]
        image_id, snapshot_id = ids[resource.key], ids[resource.attributes["snapshot"]]
        backend.amis[image_id] = image = Ami(
            backend,
            image_id,
            name=resource.name,
            virtualization_type="hvm",
            architecture="x86_64",
            hypervisor="xen",
            root_device_type="ebs",
            root_device_name="/dev/xvda",
            region_name=f"{resource.region}a",
            creation_date=launched_at(resource, today),
            tags=resource.tags,
        )
        snapshot = backend.snapshots.pop(image.ebs_snapshot.id)
        snapshot.id, snapshot.start_time = snapshot_id, launched_at(resource, today)
        snapshot.volume.size = _IMAGE_GIB
        backend.snapshots[snapshot_id] = snapshot
        snapshot.add_tags(resource.tags)


def _launch(resource: Resource, ids: dict[str, str], today: date) -> Any:
    backend = ec2_backends[resource.account_id][resource.region]
    reservation = backend.run_instances(
        image_of(resource, ids),
        1,
        None,
        [],
        instance_type=resource.type,
        is_instance_type_default=False,
        placement=resource.zone,
        region_name=resource.region,
        ebs_optimized=True,
        block_device_mappings=[],
        tags={},
    )
    [machine] = reservation.instances
    del backend.reservations[reservation.id]
    reservation.id = f"r-0{digest(ids[resource.key])}"
    backend.reservations[reservation.id] = reservation
    machine.id = ids[resource.key]
    machine.placement.tenancy = resource.attributes["tenancy"]
    machine.launch_time = launched_at(resource, today)
    tags = resource.tags
    if resource.attributes["group"] is not None:
        tags["aws:autoscaling:groupName"] = resource.attributes["group"]
    machine.add_tags(tags)
    stopped = stopped_at(resource, today)
    if stopped is not None:
        machine.stop()
        machine._reason = f"User initiated ({stopped:%Y-%m-%d %H:%M:%S} GMT)"
    return machine


def _make_volume(resource: Resource, machines: dict[str, Any], ids: dict[str, str], today: date) -> Volume:
    backend = ec2_backends[resource.account_id][resource.region]
    attributes = resource.attributes
    created = launched_at(resource, today)
    owner = machines.get(attributes["attached_to"])
    volume = _new_volume(backend, ids[resource.key], resource)
    volume.create_time = created
    backend.volumes[volume.id] = volume
    volume.add_tags(resource.tags)
    if owner is not None:
        _attach(volume, owner, created, root=attributes["root"])
    return volume


def _new_volume(backend: Any, volume_id: str, resource: Resource) -> Volume:
    """A volume that no list shows yet."""
    volume: Volume = backend.create_volume(
        resource.attributes["size_gib"],
        resource.zone or f"{resource.region}a",
        volume_type=resource.type or "gp2",
        iops=resource.attributes.get("iops"),
    )
    del backend.volumes[volume.id]
    volume.id = volume_id
    volume.iops, volume.throughput = _iops(resource), _throughput(resource)
    return volume


def _attach(volume: Volume, machine: Any, at: datetime, *, root: bool) -> None:
    device = "/dev/xvda" if root else f"/dev/sd{'fghijklmnop'[len(machine.block_device_mapping)]}"
    machine.ec2_backend.attach_volume(volume.id, machine.id, device, delete_on_termination=root)
    if volume.attachment is not None:
        volume.attachment.attach_time = at
    machine.block_device_mapping[device].attach_time = at


def _iops(resource: Resource) -> int | None:
    """As AWS shows it: provisioned, included with gp3, or growing with the size of gp2."""
    if resource.type == "gp2":
        return int(min(16_000, max(100, 3 * resource.attributes["size_gib"])))
    given: int | None = resource.attributes.get("iops")
    return 3000 if resource.type == "gp3" and given is None else given


def _throughput(resource: Resource) -> int | None:
    given: int | None = resource.attributes.get("throughput_mibps")
    return 125 if resource.type == "gp3" and given is None else given


def _make_snapshot(resource: Resource, volumes: dict[str, Volume], ids: dict[str, str], today: date) -> None:
    backend = ec2_backends[resource.account_id][resource.region]
    source = volumes.get(resource.attributes["volume"] or "")
    if source is None:
        # Its volume was deleted long ago; AWS goes on naming it.
        source = _new_volume(backend, f"vol-0{digest(resource.key)}", resource)
    snapshot = Snapshot(backend, ids[resource.key], source, f"Copy of {source.id}")
    snapshot.start_time = launched_at(resource, today)
    backend.snapshots[snapshot.id] = snapshot
    snapshot.add_tags(resource.tags)


def _make_group(resource: Resource, machines: dict[str, Any], ids: dict[str, str], today: date) -> None:
    attributes = resource.attributes
    template = ec2_backends[resource.account_id][resource.region].create_launch_template(
        name=resource.name,
        description="",
        tag_spec={},
        template_data={"ImageId": ids[attributes["image"]], "InstanceType": resource.type},
    )
    group = autoscaling_backends[resource.account_id][resource.region].create_auto_scaling_group(
        name=resource.name,
        availability_zones=[f"{resource.region}{letter}" for letter in "abc"],
        desired_capacity=0,
        max_size=attributes["max"],
        min_size=0,
        launch_config_name="",
        launch_template={"LaunchTemplateId": template.id, "Version": "1"},
        vpc_zone_identifier=None,
        default_cooldown=None,
        health_check_period=None,
        health_check_type=None,
        load_balancers=[],
        target_group_arns=[],
        placement_group=None,
        termination_policies=[],
        tags=[
            {
                "Key": key,
                "Value": value,
                "ResourceId": resource.name,
                "ResourceType": "auto-scaling-group",
                "PropagateAtLaunch": "true",
            }
            for key, value in resource.tags.items()
        ],
    )
    group.min_size, group.desired_capacity = attributes["min"], attributes["desired"]
    group.created_time = launched_at(resource, today).isoformat()
    group.instance_states = [InstanceState(machines[key], autoscaling_group=group) for key in attributes["members"]]

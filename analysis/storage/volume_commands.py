"""How a volume is deleted so that it can come back: a snapshot first, and the way back from the newest one."""

from __future__ import annotations

_SNAPSHOT = (
    "snapshot=$(aws ec2 create-snapshot --volume-id {resource_id} --description 'before deletion' "
    "--query SnapshotId --output text --region {region})",
    'aws ec2 wait snapshot-completed --snapshot-ids "$snapshot"',
)
_DETACH = (
    "aws ec2 detach-volume --volume-id {resource_id}",
    "aws ec2 wait volume-available --volume-ids {resource_id}",
)
_DELETE = ("aws ec2 delete-volume --volume-id {resource_id}",)

#: Lines for rows with `resource_id`, `region`, `az`, `volume_type`; where it is attached also `instance_id`, `device`.
DELETE_UNATTACHED = (*_SNAPSHOT, *_DELETE)
DELETE_ATTACHED = (*_SNAPSHOT, *_DETACH, *_DELETE)
RESTORE = (
    "snapshot=$(aws ec2 describe-snapshots --owner-ids self --filters Name=volume-id,Values={resource_id} "
    "--query 'max_by(Snapshots, &StartTime).SnapshotId' --output text --region {region})",
    'volume=$(aws ec2 create-volume --snapshot-id "$snapshot" --availability-zone {az} --volume-type '
    "{volume_type} --query VolumeId --output text --region {region})",
    'aws ec2 wait volume-available --volume-ids "$volume"',
)
RESTORE_ATTACHED = (
    *RESTORE,
    'aws ec2 attach-volume --volume-id "$volume" --instance-id {instance_id} --device {device}',
)

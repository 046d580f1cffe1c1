"""Lines for a card that changes an instance's type, as templates of its row."""

from __future__ import annotations

_STOP = (
    "aws ec2 stop-instances --instance-ids {resource_id}",
    "aws ec2 wait instance-stopped --instance-ids {resource_id}",
)
_START = (
    "aws ec2 start-instances --instance-ids {resource_id}",
    "aws ec2 wait instance-status-ok --instance-ids {resource_id}",
)

#: Stop, take the type of the row's `target`, start.
CHANGE = (
    *_STOP,
    "aws ec2 modify-instance-attribute --instance-id {resource_id} --instance-type Value={target}",
    *_START,
)
#: The same, back to the type it has.
CHANGE_BACK = (
    *_STOP,
    "aws ec2 modify-instance-attribute --instance-id {resource_id} --instance-type Value={instance_type}",
    *_START,
)
EFFECT = "It stops for some minutes and starts again as {target}.{address}"
HOW = "730 h × (${hourly_usd:.4f} − ${target_hourly_usd:.4f}) an hour."
IGNORES = "That a smaller type may do: ec2.rightsizing looks at that."
ADDRESS_CHANGES = " Its public IP address changes, because it is no Elastic IP."

"""The exact commands of a change of type and of its undo; costbot shows them and runs none."""

from __future__ import annotations

import shlex


def resize_command(account_id: str, region: str, instance_id: str, instance_type: str) -> str:
    """Stop the instance, change its type, start it; each step only if the one before worked."""
    place = f"--region {shlex.quote(region)}"
    instance = shlex.quote(instance_id)
    return " && \\\n".join(
        (
            f'test "$(aws sts get-caller-identity --query Account --output text)" = {shlex.quote(account_id)}',
            f"aws ec2 stop-instances {place} --instance-ids {instance}",
            f"aws ec2 wait instance-stopped {place} --instance-ids {instance}",
            f"aws ec2 modify-instance-attribute {place} --instance-id {instance} "
            f"--instance-type {shlex.quote('Value=' + instance_type)}",
            f"aws ec2 start-instances {place} --instance-ids {instance}",
            f"aws ec2 wait instance-status-ok {place} --instance-ids {instance}",
        )
    )


def resize_effect(label: str, account: str, proposed: str, *, loses_public_ip: bool) -> str:
    """What the change does to the instance, for the person who confirms it."""
    address = " Its public IP address changes, because it is no Elastic IP." if loses_public_ip else ""
    return f"{label} in account {account} stops for some minutes and starts again as {proposed}.{address}"

"""The registry of block types: a check for each, with the surfaces it may stand on and the keys it has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.demo.slack.limits.problems import Node, Problems

Check = Callable[[Problems, Node, str], None]
EVERYWHERE = ("message", "modal", "home")
MAX_BLOCKS = {"message": 50, "modal": 100, "home": 100}


@dataclass(frozen=True, slots=True)
class BlockType:
    """One type of block."""

    check: Check
    surfaces: tuple[str, ...]
    required: tuple[str, ...]
    optional: tuple[str, ...]


BLOCK_TYPES: dict[str, BlockType] = {}


def block_type(
    name: str,
    *,
    surfaces: tuple[str, ...] = EVERYWHERE,
    required: tuple[str, ...] = (),
    optional: tuple[str, ...] = (),
) -> Callable[[Check], Check]:
    """Declare the check of a block type; surface, keys and block_id are looked at before it is called."""

    def declare(check: Check) -> Check:
        BLOCK_TYPES[name] = BlockType(check, surfaces, required, optional)
        return check

    return declare


def check_blocks(problems: Problems, blocks: Any, pointer: str, maximum: int | None = None) -> None:
    """A list of blocks."""
    most = maximum or MAX_BLOCKS[problems.surface]
    for index, block in enumerate(problems.items(blocks, pointer, most, minimum=0)):
        check_block(problems, block, f"{pointer}/{index}")


def check_block(problems: Problems, block: Any, pointer: str) -> None:
    """One block."""
    if not problems.is_object(block, pointer):
        return
    kind = block.get("type")
    known = BLOCK_TYPES.get(kind) if isinstance(kind, str) else None
    if known is None:
        problems.add(f"{pointer}/type", f"unsupported type: {kind}")
        return
    if problems.surface not in known.surfaces:
        problems.add(f"{pointer}/type", f"{kind} is not supported on this surface: {problems.surface}")
        return
    _check_block_id(problems, block.get("block_id"), pointer)
    problems.keys(block, pointer, required=known.required, optional=(*known.optional, "block_id"))
    known.check(problems, block, pointer)


def _check_block_id(problems: Problems, block_id: Any, pointer: str) -> None:
    problems.string(block_id, f"{pointer}/block_id", 255)
    if not isinstance(block_id, str):
        return
    if block_id in problems.block_ids:
        problems.add(f"{pointer}/block_id", f"block_id must be unique, {block_id!r} is not")
    problems.block_ids.add(block_id)

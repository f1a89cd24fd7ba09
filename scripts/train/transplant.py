"""Carries a student's weights over into one of another shape: smaller, larger, or smaller here and larger there."""

from dataclasses import dataclass

import torch
from torch import nn

from student import Block, Shape, Student

STAGES = {"encode_4": "at_4", "encode_8": "at_8", "body": None, "decode_8": "at_8", "decode_4": "at_4", "decode_2": "at_2"}


@dataclass(frozen=True)
class Place:
    """A convolution of a student: the groups of channels that it reads and writes, None for the picture's.

    All that adds up shares a group: the skips of a stride, and what its blocks add. Before a pixel shuffle there are
    `spread` outputs for each channel.
    """

    name: str
    reads: str | None
    writes: str | None
    spread: int = 1


def places(shape: Shape) -> list[Place]:
    two, four, eight, sixteen = "at_2", "at_4", "at_8", "at_16"
    listed = [Place("stem", None, two), Place("down_4", two, four)]
    if shape.at_8:
        listed += [Place("down_8", four, eight), Place("up_4", eight, four, 4)]
    if shape.at_16:
        listed += [Place("down_16.0", eight, eight), Place("down_16.1", eight, sixteen), Place("up_8", sixteen, eight, 4)]
    last = shape.decode_2 is not None
    listed += [Place("up_2", four, two, 4)] if last else []
    listed.append(Place("head", two if last else four, None))
    for stage in STAGES:
        for index in range(len(getattr(shape, stage) or ())):
            outside, inside = trunk(shape, stage), f"{stage}.{index}"
            ends = [(outside, inside), (inside, inside), (inside, outside)]
            if shape.block != "inverted" or stage == "decode_2":
                ends.pop(1)
            listed += [Place(f"{inside}.body.{part}", *end) for part, end in enumerate(ends)]
    return listed


def trunk(shape: Shape, stage: str) -> str:
    return STAGES[stage] or next(name for name in ("at_16", "at_8", "at_4") if getattr(shape, name))


def widths(shape: Shape) -> dict[str, int]:
    """How many channels each group has."""
    groups = {name: getattr(shape, name) for name in ("at_2", "at_4", "at_8", "at_16") if getattr(shape, name)}
    for stage in STAGES:
        groups |= {f"{stage}.{index}": width for index, width in enumerate(getattr(shape, stage) or ())}
    return groups


@torch.no_grad()
def transplanted(source: Student, shape: Shape, kept: dict[str, list[int]], blocks: dict[str, list[int]]) -> Student:
    """A student of `shape`. `kept` names for each group of the source the channels that live on, in order; `blocks`, for
    each stage, the blocks that do.

    Channels beyond those begin with random weights that nothing listens to, and blocks beyond those begin by adding
    nothing: a student that only grows paints as before (Net2Net, arXiv:1511.05641).
    """
    result = Student(shape)
    from_block = {f"{stage}.{index}": f"{stage}.{old}" for stage, olds in blocks.items() for index, old in enumerate(olds)}
    rename = lambda name: ".".join([from_block[key], *name.split(".")[2:]]) if (key := ".".join(name.split(".")[:2])) in from_block else name
    known = {place.name for place in places(source.shape)}
    for place in places(shape):
        old = rename(place.name)
        if place.name.split(".")[0] in STAGES and ".".join(place.name.split(".")[:2]) not in from_block:
            continue  # a new block
        if old not in known:
            continue
        new_layer, old_layer = result.get_submodule(place.name), source.get_submodule(old)
        convolution = new_layer if isinstance(new_layer, nn.Conv2d) else new_layer[0]
        before = old_layer if isinstance(old_layer, nn.Conv2d) else old_layer[0]
        rows = channels(kept, rename(place.writes) if place.writes else None, place.spread, before.out_channels)
        if before.groups > 1:
            convolution.weight[:len(rows)] = before.weight[rows]
        else:
            columns = channels(kept, rename(place.reads) if place.reads else None, 1, before.in_channels)
            convolution.weight[:, len(columns):] = 0
            convolution.weight[:len(rows), :len(columns)] = before.weight[rows][:, columns]
        if convolution.bias is not None:
            convolution.bias[:len(rows)] = before.bias[rows]
        else:
            for name in ("weight", "bias", "running_mean", "running_var"):
                getattr(new_layer[1], name)[:len(rows)] = getattr(old_layer[1], name)[rows]
    for stage in STAGES:
        for index, block in enumerate(getattr(result, stage, ())):
            if isinstance(block, Block) and f"{stage}.{index}" not in from_block:
                nn.init.zeros_(block.body[-1][1].weight)
    return result.eval()


def channels(kept: dict[str, list[int]], group: str | None, spread: int, count: int) -> list[int]:
    return list(range(count)) if group is None else [spread * channel + part for channel in kept[group] for part in range(spread)]

"""Carries a student's weights over into one of another shape: smaller, larger, or smaller here and larger there."""

from dataclasses import dataclass

import torch
from torch import nn

from student import Shape, Student

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


def lineage(old: Shape, new: Shape) -> dict[str, str]:
    """Which block of an old shape becomes which of a new one that is at least as large: new name to old name."""
    if bool(old.at_16) == bool(new.at_16):
        return {name: name for name in widths(old) if "." in name}
    # What was the deepest stage is now on the way down to a deeper one and on the way up from it.
    homes = [f"{stage}.{index}" for stage in ("encode_8", "decode_8") for index in range(len(getattr(new, stage)))]
    result = {name: name for name in widths(old) if "." in name and not name.startswith("body")}
    return result | {home: f"body.{index}" for index, home in enumerate(homes[:len(old.body)])}


@torch.no_grad()
def transplanted(source: Student, shape: Shape, kept: dict[str, list[int]], blocks: dict[str, str]) -> Student:
    """A student of `shape`. `kept` names for each group of the source the channels that live on, in order; `blocks`, for
    each block of the result, the block of the source that it was.

    Channels beyond those begin with random weights that nothing listens to, blocks and strides beyond those begin by
    adding nothing: a student that only grows paints as before (Net2Net, arXiv:1511.05641).
    """
    result = type(source)(shape)
    known = {place.name for place in places(source.shape)}

    def old_name(name: str | None) -> str | None:
        """Of a place or a group; None for one that the source does not have."""
        if name is None or name.split(".")[0] not in STAGES:
            return name
        block = ".".join(name.split(".")[:2])
        return name.replace(block, blocks[block], 1) if block in blocks else None

    for place in places(shape):
        new_layer, old = result.get_submodule(place.name), old_name(place.name)
        if old not in known:
            if place.spread > 1 or (place.writes and "." in place.name and place.writes.startswith("at_")
                                    and place.name.split(".")[0] in STAGES):
                nn.init.zeros_(new_layer[1].weight)  # it adds to what was there before
            continue
        old_layer = source.get_submodule(old)
        convolution = new_layer if isinstance(new_layer, nn.Conv2d) else new_layer[0]
        before = old_layer if isinstance(old_layer, nn.Conv2d) else old_layer[0]
        rows = channels(kept, old_name(place.writes), place.spread, before.out_channels)
        if before.groups > 1:
            convolution.weight[:len(rows)] = before.weight[rows]
        else:
            columns = channels(kept, old_name(place.reads), 1, before.in_channels)
            convolution.weight[:, len(columns):] = 0
            convolution.weight[:len(rows), :len(columns)] = before.weight[rows][:, columns]
        if convolution.bias is not None:
            convolution.bias[:len(rows)] = before.bias[rows]
        else:
            for name in ("weight", "bias", "running_mean", "running_var"):
                getattr(new_layer[1], name)[:len(rows)] = getattr(old_layer[1], name)[rows]
    return result.eval()


def channels(kept: dict[str, list[int]], group: str | None, spread: int, count: int) -> list[int]:
    if group is None:
        return list(range(count))
    return [spread * channel + part for channel in kept[group] for part in range(spread)]

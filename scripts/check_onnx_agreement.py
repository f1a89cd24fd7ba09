"""check_onnx_agreement.py ANIMESNAP SAMPLE NET.onnx... [PHOTO.jpg...] [LOW..HIGH]: compares the float32 executor with ONNX
Runtime, output by output.

Runs `ANIMESNAP model float NET.onnx INPUT HEIGHT WIDTH OUTPUT`, where INPUT is height x width x 3 little-endian float32
numbers and OUTPUT what the network makes, on an artificial picture and on the photos (SAMPLE when none is given), whose
samples stand for LOW..HIGH (-1..1). Fails when a number differs by more than 1e-4 of the largest, or 1e-3 for a network that
normalizes: the mean over a picture depends on the order in which it is added.
"""

import os
import re
import subprocess
import sys
import tempfile

import numpy
import onnx
import onnxruntime
from PIL import Image

# One square, two that are not, one of them no multiple of 16, and one that is as small as some networks take.
SIZES = [(256, 256), (192, 320), (264, 328), (8, 24)]
NORMALIZING = {"InstanceNormalization", "GroupNormalization", "GlobalAveragePool", "ReduceMean"}


def smooth_and_rough(height, width):
    """Gradients, edges and noise in [-1, 1]."""
    numbers = numpy.random.default_rng(height * width)
    y, x = numpy.mgrid[0:height, 0:width] / max(height, width)
    waves = [numpy.sin(20 * (k + 1) * x + 13 * y) * 0.5 + numpy.sign(numpy.sin(31 * y - 7 * k * x)) * 0.3 for k in range(3)]
    picture = numpy.stack(waves, -1) + numbers.uniform(-0.3, 0.3, (height, width, 3))
    return numpy.clip(picture, -1, 1).astype("<f4")


def read_photo(path, height, width):
    """The photo, stretched to the size, in [-1, 1]."""
    with Image.open(path) as photo:
        small = photo.convert("RGB").resize((width, height), Image.Resampling.LANCZOS)
    return (numpy.asarray(small, "<f4") / 127.5 - 1).astype("<f4")


def run_float(command, network, picture):
    """What animesnap makes of the picture, or the sentence with which it refuses its size."""
    height, width, _ = picture.shape
    with tempfile.TemporaryDirectory() as folder:
        source, result = os.path.join(folder, "in"), os.path.join(folder, "out")
        picture.tofile(source)
        arguments = [command, "model", "float", network, source, str(height), str(width), result]
        done = subprocess.run(arguments, capture_output=True, text=True)
        if done.returncode == 0:
            return split(numpy.fromfile(result, "<f4"), done.stdout)
    if "multiples of" in done.stderr or "too small" in done.stderr:
        return done.stderr.strip()
    sys.exit(f"{network}: {done.stderr.strip()}")


def split(numbers, shapes):
    """The outputs, height x width x channels, of which `shapes` has a line each."""
    outputs, first = [], 0
    for line in shapes.splitlines():
        height, width, channels = (int(word) for word in line.split()[-3:])
        outputs.append(numbers[first : first + height * width * channels].reshape(height, width, channels))
        first += height * width * channels
    return outputs


def run_reference(session, picture):
    entry = session.get_inputs()[0]
    is_last = entry.shape[3] == 3 and entry.shape[1] != 3
    return session.run(None, {entry.name: (picture if is_last else picture.transpose(2, 0, 1))[None]})


def differences(made, wanted):
    """For every output the largest difference, in parts of the largest number or of 1."""
    for ours, theirs in zip(made, wanted, strict=True):
        height, width, channels = ours.shape
        if theirs.shape[1:] == (channels, height, width):
            theirs = theirs.transpose(0, 2, 3, 1)
        yield float(numpy.abs(ours.ravel() - theirs.ravel()).max() / max(1, numpy.abs(theirs).max()))


def check(command, network, photos, low, high):
    """The largest difference, and the largest that is allowed."""
    operators = {node.op_type for node in onnx.load(network, load_external_data=False).graph.node}
    session = onnxruntime.InferenceSession(network, providers=["CPUExecutionProvider"])
    stated = session.get_inputs()[0].shape
    fixed = [side for side in stated[1:] if isinstance(side, int) and side != 3]
    worst, compared = 0.0, 0
    for height, width in [tuple(fixed)] if len(fixed) == 2 else SIZES:
        pictures = [("artificial", smooth_and_rough(height, width))]
        pictures += [(os.path.basename(path), read_photo(path, height, width)) for path in photos]
        for name, picture in pictures:
            picture = ((picture + 1) / 2 * (high - low) + low).astype("<f4")
            made = run_float(command, network, picture)
            if isinstance(made, str):
                print(f"{os.path.basename(network)} {height}x{width}: left out: {made}")
                break
            difference = max(differences(made, run_reference(session, picture)))
            print(f"{os.path.basename(network)} {height}x{width} {name}: largest difference {difference:.2e}")
            # A number that is none would otherwise pass for a small difference.
            worst = max(worst, difference if difference == difference else float("inf"))
            compared += 1
    if not compared:
        sys.exit(f"{network} took none of the sizes")
    return worst, 1e-3 if operators & NORMALIZING else 1e-4


def main(command, sample, arguments):
    networks = [path for path in arguments if path.endswith(".onnx")]
    ranges = [re.fullmatch(r"(-?[0-9.]+?)\.\.(-?[0-9.]+)", word) for word in arguments]
    low, high = next(((float(found[1]), float(found[2])) for found in ranges if found), (-1, 1))
    photos = [word for word, found in zip(arguments, ranges) if word not in networks and not found] or [sample]
    failed = []
    for network in networks:
        worst, limit = check(command, network, photos, low, high)
        if not worst <= limit:
            failed.append(f"on {network} the float32 executor differs from ONNX Runtime by {worst:.2e}, and {limit:.0e} is allowed")
    if failed:
        sys.exit("\n".join(failed))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])

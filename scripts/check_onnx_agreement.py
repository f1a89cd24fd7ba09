"""check_onnx_agreement.py ANIMESNAP SAMPLE NET.onnx|MODEL.safetensors... [PHOTO.jpg...] [LOW..HIGH]: compares animesnap with
ONNX Runtime, output by output, on an artificial picture and on the photos (SAMPLE when none is given).

Of an ONNX file it is the float32 executor: runs `ANIMESNAP model float NET.onnx INPUT HEIGHT WIDTH OUTPUT`, where INPUT is
height x width x 3 little-endian float32 numbers and OUTPUT what the network makes; samples stand for LOW..HIGH (-1..1).
Fails when a number differs by more than 1e-4 of the largest, or 1e-3 for a network that normalizes: the mean over a picture
depends on the order in which it is added.

Of a model file it is the engine: writes it with `ANIMESNAP model export`, for integers (--fused) and not, and compares what
ONNX Runtime makes of both, and of the second without its optimizations too, with what `ANIMESNAP model numbers` makes of the
model. Fails when less than 99.9 % of an output's samples lie within one level, a 255th of its range where it is no 8-bit one.
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


def levels(network, name):
    """What one level of the output is, per channel; nothing for numbers that are not 8-bit."""
    constants = {tensor.name: onnx.numpy_helper.to_array(tensor) for tensor in network.graph.initializer}
    makers = {node.output[0]: node for node in network.graph.node}
    node = makers[name]
    if node.op_type == "Add":
        node = makers.get(node.input[0], node)
    return constants[node.input[1]].reshape(-1, 1, 1) if node.op_type == "DequantizeLinear" else None


def exported(command, model, folder):
    """The network as ONNX, and sessions of ONNX Runtime by how they compute it."""
    sessions = []
    for how, option, level in (("fused", ["--fused"], "ORT_ENABLE_ALL"), ("exact", [], "ORT_ENABLE_ALL"),
                               ("exact, as written", [], "ORT_DISABLE_ALL")):
        path = os.path.join(folder, "net.onnx")
        subprocess.run([command, "model", "export", *option, model, path], check=True, stdout=subprocess.DEVNULL)
        onnx.checker.check_model(path)
        options = onnxruntime.SessionOptions()
        options.graph_optimization_level = getattr(onnxruntime.GraphOptimizationLevel, level)
        # Where 16 bits are not enough for the sums of a processor without VNNI.
        options.add_session_config_entry("session.x64quantprecision", "1")
        sessions.append((how, onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])))
    return onnx.load(path), sessions


def run_engine(command, model, samples, folder):
    """The engine's outputs, channels first, or the sentence with which it refuses the size."""
    height, width, _ = samples.shape
    source, result = os.path.join(folder, "in"), os.path.join(folder, "out")
    samples.tofile(source)
    done = subprocess.run([command, "model", "numbers", model, source, str(height), str(width), result],
                          capture_output=True, text=True)
    if done.returncode:
        return done.stderr.strip()
    return [part.transpose(2, 0, 1)[None] for part in split(numpy.fromfile(result, "<f4"), done.stdout)]


def check_export(command, model, photos):
    """The smallest share of samples within one level, over all outputs and pictures."""
    worst = 1.0
    with tempfile.TemporaryDirectory() as folder:
        network, sessions = exported(command, model, folder)
        said = {entry.key: entry.value for entry in network.metadata_props}
        low, high = (float(end) for end in said["input_range"].split(".."))
        multiple = int(said["side_multiple"])
        for height, width in sorted({tuple(-(-side // multiple) * multiple for side in size) for size in SIZES}):
            pictures = [("artificial", smooth_and_rough(height, width))]
            pictures += [(os.path.basename(photo), read_photo(photo, height, width)) for photo in photos]
            for name, picture in pictures:
                samples = ((picture + 1) * 127.5).round().astype(numpy.uint8)
                wanted = run_engine(command, model, samples, folder)
                if isinstance(wanted, str):
                    print(f"{os.path.basename(model)} {height}x{width}: left out: {wanted}")
                    break
                numbers = (samples.astype("<f4") / 255 * (high - low) + low).transpose(2, 0, 1)[None].astype("<f4")
                for how, session in sessions:
                    made = session.run(None, {session.get_inputs()[0].name: numbers})
                    shares, same = [], []
                    for port, ours, theirs in zip(network.graph.output, wanted, made, strict=True):
                        level = levels(network, port.name)
                        if level is None:
                            level = max(float(ours.max() - ours.min()), 1e-6) / 255
                        off = numpy.abs(ours - theirs.reshape(ours.shape)) / level
                        shares.append(float((off <= 1.001).mean()))
                        same.append(float((off <= 0.5).mean()))
                    print(f"{os.path.basename(model)} {height}x{width} {name}, {how}: {100 * min(shares):.3f} % within one level, "
                          f"{100 * min(same):.3f} % the same")
                    worst = min(worst, *shares)
    return worst


def main(command, sample, arguments):
    networks = [path for path in arguments if path.endswith(".onnx")]
    models = [path for path in arguments if path.endswith(".safetensors")]
    ranges = [re.fullmatch(r"(-?[0-9.]+?)\.\.(-?[0-9.]+)", word) for word in arguments]
    low, high = next(((float(found[1]), float(found[2])) for found in ranges if found), (-1, 1))
    photos = [word for word, found in zip(arguments, ranges) if word not in networks + models and not found] or [sample]
    failed = []
    for network in networks:
        worst, limit = check(command, network, photos, low, high)
        if not worst <= limit:
            failed.append(f"on {network} the float32 executor differs from ONNX Runtime by {worst:.2e}, and {limit:.0e} is allowed")
    for model in models:
        share = check_export(command, model, photos)
        if not share >= 0.999:
            failed.append(f"ONNX Runtime makes {100 * share:.3f} % of {model} within one level, and 99.9 % are needed")
    if failed:
        sys.exit("\n".join(failed))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])

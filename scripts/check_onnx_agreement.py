"""check_onnx_agreement.py ANIMESNAP NET.onnx...: compares the float32 executor with ONNX Runtime on random pictures.

Runs `ANIMESNAP model float NET.onnx INPUT HEIGHT WIDTH OUTPUT`, where INPUT and OUTPUT are height x width x 3 little-endian
float32 numbers, and fails when a number differs by more than 1e-4.
"""

import os
import subprocess
import sys
import tempfile

import numpy
import onnxruntime

LIMIT = 1e-4
# One square, one neither square nor a multiple of 32, one as small as the network takes.
SIZES = [(256, 256), (264, 328), (8, 24)]


def smooth_and_rough(height, width):
    """Gradients, edges and noise in [-1, 1]."""
    numbers = numpy.random.default_rng(height * width)
    y, x = numpy.mgrid[0:height, 0:width] / max(height, width)
    waves = [numpy.sin(20 * (k + 1) * x + 13 * y) * 0.5 + numpy.sign(numpy.sin(31 * y - 7 * k * x)) * 0.3 for k in range(3)]
    picture = numpy.stack(waves, -1) + numbers.uniform(-0.3, 0.3, (height, width, 3))
    return numpy.clip(picture, -1, 1).astype("<f4")


def main(command, networks):
    worst = 0.0
    for network in networks:
        session = onnxruntime.InferenceSession(network, providers=["CPUExecutionProvider"])
        name = session.get_inputs()[0].name
        for height, width in SIZES:
            picture = smooth_and_rough(height, width)
            with tempfile.TemporaryDirectory() as folder:
                source, result = os.path.join(folder, "in"), os.path.join(folder, "out")
                picture.tofile(source)
                subprocess.run([command, "model", "float", network, source, str(height), str(width), result], check=True)
                made = numpy.fromfile(result, "<f4").reshape(height, width, 3)
            wanted = session.run(None, {name: picture.transpose(2, 0, 1)[None]})[0][0].transpose(1, 2, 0)
            difference = float(numpy.abs(made - wanted).max())
            worst = max(worst, difference)
            print(f"{os.path.basename(network)} {height}x{width}: largest difference {difference:.2e}")
    if not worst <= LIMIT:
        sys.exit(f"the float32 executor differs from ONNX Runtime by {worst:.2e}, and {LIMIT:.0e} is allowed")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])

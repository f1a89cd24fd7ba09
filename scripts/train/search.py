#!/usr/bin/env python3
"""Architecture search in the small: trains students of several shapes alike and compares what they cost.

Each learns for the same number of steps from the same crops; its quality is the PSNR to the teacher on pairs kept out.
The cost is what a picture of 256x256 takes in instructions of the engine, counted under emulation. Prints a Markdown table
and writes a plot. Goes on where it was interrupted.
"""

import argparse
import json
import subprocess
import sys
from html import escape
from pathlib import Path

import torch

from student import SEARCHED, Shape
from styles import STYLES

here = Path(__file__).parent
WHAT = {
    "s": "the small size", "m": "the medium size", "l": "the large size", "m-stride-8": "nothing at stride 16",
    "m-stride-4": "nothing at strides 8 and 16", "m-plain": "plain convolutions in place of depthwise ones",
    "m-last-at-4": "the picture made at stride 4", "m-narrow-deep": "fewer channels, more blocks",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("style", choices=STYLES)
    parser.add_argument("--work", type=Path, required=True, help="folder of the pairs and of what is made")
    parser.add_argument("--photos", type=Path, required=True, help="folder of photos to calibrate with")
    parser.add_argument("--plot", type=Path, required=True, help="the SVG file to write")
    parser.add_argument("--only", nargs="*", choices=SEARCHED, help="these shapes (default: all)")
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--threads", type=int)
    chosen = parser.parse_args()

    rows = []
    for name in chosen.only or SEARCHED:
        file = chosen.work / f"search-{name}.pt"
        threads = ["--threads", str(chosen.threads)] if chosen.threads else []
        run(sys.executable, here / "distill.py", chosen.style, "--size", name, "--name", file.stem, "--work", chosen.work,
            "--steps", chosen.steps, *threads)
        network, model = file.with_suffix(".onnx"), file.with_suffix(".safetensors")
        counts = file.with_suffix(".json")
        if not counts.exists():
            run(sys.executable, here / "export.py", file, network)
            model.unlink(missing_ok=True)
            run(here.parent / "run", "model", "import", network, "--calibrate", chosen.photos, "--limit", 16, "--size", 256,
                "--style", chosen.style, "-o", model)
            counts.write_text(run(here.parent / "check-performance", "--arm", "--count", model).splitlines()[-1])
        kept = torch.load(file, map_location="cpu", weights_only=True)
        shape = Shape.from_json(kept["shape"])
        instructions = json.loads(counts.read_text())["instructions"]
        rows.append((name, shape.macs() / 1e9, model.stat().st_size / 1e6, kept["quality"],
                     instructions["cortex-a53"] / 1e6, instructions["cortex-a76"] / 1e6))
    print("| shape | | GMAC at 512 | file, MB | A53, million | A76, million | PSNR, dB |")
    print("|---|---|---|---|---|---|---|")
    for name, macs, size, quality, a53, a76 in sorted(rows, key=lambda row: row[4]):
        print(f"| `{name}` | {WHAT[name]} | {macs:.2f} | {size:.2f} | {a53:.0f} | {a76:.0f} | {quality:.2f} |")
    chosen.plot.write_text(plot([(name, a53, quality) for name, _, _, quality, a53, _ in rows], chosen))


def run(*command) -> str:
    finished = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE, text=True)
    if finished.returncode != 0:
        raise SystemExit(f"{command[0]} failed")
    return finished.stdout


def plot(points: list[tuple[str, float, float]], chosen: argparse.Namespace) -> str:
    """Quality over cost, with the line of those that none beats in both."""
    width, height, left, bottom = 640, 360, 56, 312
    xs, ys = [x for _, x, _ in points], [y for _, _, y in points]
    low, high = min(ys) - 0.3, max(ys) + 0.3
    place = lambda x, y: (left + 16 + (width - left - 140) * x / max(xs), bottom - (bottom - 48) * (y - low) / (high - low))
    front = [point for point in points if not any(x <= point[1] and y > point[2] for _, x, y in points)]
    title = (f"{chosen.style}: PSNR to the teacher after {chosen.steps} steps, over million instructions of a Cortex-A53 "
             "at 256x256")
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">',
        f"<title>{escape(title)}</title>",
        "<style>text { font: 12px system-ui, sans-serif; fill: #24292f } .page { fill: #ffffff } "
        ".line { stroke: #d0d7de; fill: none } .front { stroke: #d6336c; fill: none } circle { fill: #8c9baf } "
        "circle.front { fill: #d6336c } @media (prefers-color-scheme: dark) { text { fill: #e6edf3 } "
        ".page { fill: #0d1117 } .line { stroke: #30363d } }</style>",
        f'<rect class="page" width="{width}" height="{height}" rx="6"/>',
        f'<text x="12" y="22">{escape(title)}</text>', f'<path class="line" d="M{left} 40V{bottom}H{width - 12}"/>']
    for tick in range(int(low) + 1, int(high) + 1):
        parts.append(f'<text x="{left - 8}" y="{place(0, tick)[1] + 4:.0f}" text-anchor="end">{tick} dB</text>')
    for tick in range(0, int(max(xs)) + 1, 100):
        parts.append(f'<text x="{place(tick, 0)[0]:.0f}" y="{bottom + 18}" text-anchor="middle">{tick}</text>')
    path = " ".join(f"{x:.0f},{y:.0f}" for x, y in (place(x, y) for _, x, y in sorted(front, key=lambda point: point[1])))
    parts.append(f'<polyline class="front" points="{path}"/>')
    for point in points:
        x, y = place(*point[1:])
        kind = ' class="front"' if point in front else ""
        parts.append(f'<circle{kind} cx="{x:.0f}" cy="{y:.0f}" r="4"/>')
        parts.append(f'<text x="{x + 8:.0f}" y="{y + 4:.0f}">{escape(point[0])}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


if __name__ == "__main__":
    main()

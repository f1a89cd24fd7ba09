"""Compares instruction counts and peak memory with the kept ones; scripts/check-performance describes it."""

import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

root = Path(os.environ["ROOT"])
kept_file = root / "scripts" / "performance.json"
models = sorted((root / "weights").glob("*.safetensors"))

SIDE, PROCESSORS, KERNELS = 64, ("cortex-a53", "cortex-a72", "cortex-a76"), ("reference", "avx2")
# Counts of one build differ a little from run to run: the figures that `bench` prints have more or fewer digits.
# Memory differs from machine to machine by what the system maps in at once.
SAME_COMPILER, OTHER_COMPILER, MEMORY = 0.0005, 0.01, 0.10


def output(command: list[str]) -> tuple[str, str]:
    # Without it the order of dictionaries, and with it the count, would change from run to run.
    environment = os.environ | {"SWIFT_DETERMINISTIC_HASHING": "1"}
    finished = subprocess.run(command, capture_output=True, text=True, env=environment)
    if finished.returncode != 0:
        lines = (finished.stderr.strip() or finished.stdout.strip()).splitlines()
        sys.exit(f"'{' '.join(command)}' failed: {lines[-1] if lines else finished.returncode}")
    return finished.stdout, finished.stderr


def per_picture(count) -> int:
    """What two more pictures add, halved: loading and printing cancel out."""
    return (count(3) - count(1)) // 2


def bench(command: str, model: Path, repeats: int, side: int = SIDE) -> list[str]:
    # The strip's height depends on the machine's cache unless it is given.
    return [command, "bench", "--model", str(model), "--size", str(side), "--threads", "1", "--strip-rows", "32",
            "--repeat", str(repeats), "--json"]


def under_valgrind(model: Path, kernels: str, repeats: int) -> int:
    valgrind = ["valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"]
    errors = output(valgrind + bench(os.environ["ANIMESNAP"], model, repeats) + ["--isa", kernels])[1]
    return int(re.search(r"I\s+refs:\s+([\d,]+)", errors)[1].replace(",", ""))


def emulated(model: Path, processor: str, repeats: int, side: int = SIDE) -> int:
    emulator = [*os.environ["EMULATOR"].split(), "-cpu", processor, "-plugin", os.environ["PLUGIN"],
                "-L", os.environ["SYSROOT"]]
    errors = output(emulator + bench(os.environ["ANIMESNAP_ARM"], model, repeats, side))[1]
    return int(re.search(r"instructions in all (\d+)", errors)[1])


def peak_memory(model: Path) -> float:
    """The median of nine: the system counts pages in steps, and one run differs from the next by up to 1 %."""
    with tempfile.TemporaryDirectory() as folder:
        command = [
            os.environ["ANIMESNAP"], "convert", os.environ["SAMPLE_PHOTO"], "-o", f"{folder}/anime.jpg", "--model",
            str(model), "--threads", "1", "--strip-rows", "32", "--isa", "avx2", "--json"]
        return statistics.median(json.loads(output(command)[0].splitlines()[-1])["peak_rss_mb"] for _ in range(9))


def measured(arm: bool) -> dict:
    figures = {
        "x86-64": {
            "compiler": os.environ["COMPILER"],
            "instructions": {
                f"{model.stem} {kernels}": per_picture(lambda repeats: under_valgrind(model, kernels, repeats))
                for model in models for kernels in KERNELS},
            "peak_mb": {f"{model.stem} convert 1280": peak_memory(model) for model in models}}}
    if arm:
        figures["arm"] = {
            "compiler": os.environ["ARM_COMPILER"],
            "instructions": {
                f"{model.stem} {processor}": per_picture(lambda repeats: emulated(model, processor, repeats))
                for model in models for processor in PROCESSORS}}
    return figures


def grown(part: str, now: dict, kept: dict) -> int:
    """Prints each figure beside the kept one; returns how many grew by more than they may."""
    same = now["compiler"] == kept.get("compiler")
    if not same:
        print(f"{part}: compiler {now['compiler']}, the kept figures are from {kept.get('compiler', 'none')}")
    count = 0
    for key, tolerance in (("instructions", SAME_COMPILER if same else OTHER_COMPILER), ("peak_mb", MEMORY)):
        for name, value in now.get(key, {}).items():
            before = kept.get(key, {}).get(name)
            change = value / before - 1 if before else 0
            verdict = "new" if not before else "GREW" if change > tolerance else \
                "shrank, worth keeping" if change < -tolerance else "as kept"
            print(f"{part:7} {key:13} {name:24} {value:>14,} {change:+9.3%}  {verdict}")
            count += verdict == "GREW"
    return count


def count(files: list[str]) -> None:
    """Prints the instructions of a picture of 256x256 for each of these models and each processor, as JSON."""
    for file in files:
        counts = {processor: per_picture(lambda repeats: emulated(Path(file), processor, repeats, 256))
                  for processor in PROCESSORS}
        print(json.dumps({"model": Path(file).stem, "side": 256, "instructions": counts}), flush=True)


def main() -> None:
    if sys.argv[1:3] == ["--arm", "--count"]:
        return count(sys.argv[3:])
    unknown = set(sys.argv[1:]) - {"--arm", "--update"}
    if unknown:
        sys.exit(f"{' '.join(sorted(unknown))} is not an option; --arm and --update are")
    kept = json.loads(kept_file.read_text()) if kept_file.exists() else {}
    now = measured("--arm" in sys.argv)
    failures = sum(grown(part, figures, kept.get(part, {})) for part, figures in now.items())
    if "--update" in sys.argv:
        kept_file.write_text(json.dumps(kept | now, indent=1) + "\n")
        print(f"kept in {kept_file.relative_to(root)}")
    elif failures:
        sys.exit(f"{failures} of the figures grew; if that is meant, run scripts/check-performance --update"
                 + (" --arm" if "arm" in now else "") + " and commit scripts/performance.json with the reason")


if __name__ == "__main__":
    main()

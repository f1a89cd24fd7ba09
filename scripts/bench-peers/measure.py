"""One measurement: a fresh process that paints one size of picture several times."""

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

from peers import NotPossible, Peer, here


def animesnap(command: str, weights: Path, size: int, threads: int, repeats: int) -> dict:
    def bench(count: int) -> tuple[dict, float, float]:
        started, used = time.monotonic(), _processor_time()
        line = json.loads(_output([
            command, "bench", "--model", str(weights), "--size", str(size), "--threads", str(threads),
            "--repeat", str(count), "--json"]))
        return line, (time.monotonic() - started) * 1e3, (_processor_time() - used) * 1e3

    # `bench` paints one picture, then those that it times: less the one timed, this is the start and the first one.
    first, elapsed, used_once = bench(1)
    line, _, used = bench(repeats)
    return {
        "median_ms": line["median_ms"], "min_ms": line["min_ms"], "cold_ms": elapsed - first["min_ms"],
        "processor_ms": (used - used_once) / (repeats - 1), "peak_mb": line["peak_rss_mb"], "isa": line["isa"]}


def _processor_time() -> float:
    """Seconds of processor time of all child processes that have ended, all threads together."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def peer(peer: Peer, folder: Path, size: int, threads: int, repeats: int, photo: str = "", save: str = "") -> dict:
    environment = os.environ | peer.environment | {"OMP_NUM_THREADS": str(threads)}
    if save:
        environment |= {"PHOTO": photo, "SAVE_PICTURE": save}
    return json.loads(_output([
        sys.executable, str(here / "worker.py"), peer.worker, str(folder), str(size), str(threads), str(repeats),
        repr(time.monotonic())], environment))


def _output(command: list[str], environment: dict | None = None) -> str:
    try:
        finished = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=600)
    except subprocess.TimeoutExpired:
        raise NotPossible("it took more than ten minutes") from None
    lines = finished.stdout.strip().splitlines()
    if finished.returncode != 0 or not lines:
        reasons = finished.stderr.strip().splitlines()
        raise NotPossible(reasons[-1] if reasons else f"it ended with status {finished.returncode}")
    return lines[-1]


def free_cores(wanted: int) -> float:
    """How many of `wanted` cores this program gets when it asks for them, from 0 to `wanted`."""
    children, seconds = [], 0.1
    for _ in range(wanted):
        child = os.fork()
        if child == 0:
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                pass
            os._exit(0)
        children.append(child)
    used = [os.wait4(child, 0)[2] for child in children]
    return sum(usage.ru_utime + usage.ru_stime for usage in used) / seconds


def wait_for_cores(wanted: int, patience: float) -> float:
    """Waits until `wanted` cores are nearly free, at most `patience` seconds; returns how many were."""
    end = time.monotonic() + patience
    while (free := free_cores(wanted)) < 0.9 * wanted and time.monotonic() < end:
        time.sleep(0.5)
    return free

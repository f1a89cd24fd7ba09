"""A server that the tests start and stop: the stand-in of this folder, or the real one."""

import os
import pathlib
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

# In seconds: what is broken fails late, and nothing fails because the machine is slow.
PATIENCE = 120

STAND_IN = pathlib.Path(__file__).with_name("stand_in_server.py")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def stand_in(**options):
    """The stand-in on a port of its own; options: pictures, pace."""
    port = free_port()
    words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
    return ServerProcess([sys.executable, str(STAND_IN), "--port", str(port), *words], f"http://127.0.0.1:{port}")


class ServerProcess:
    def __init__(self, command, address):
        self.command = command
        self.address = address
        self.process = None

    def start(self):
        # A session of its own, so that stopping reaches what a shell started.
        self.process = subprocess.Popen(self.command, shell=isinstance(self.command, str), start_new_session=True)
        deadline = time.monotonic() + PATIENCE
        while self.process.poll() is None and time.monotonic() < deadline:
            try:
                urllib.request.urlopen(f"{self.address}/api/session", timeout=PATIENCE).close()
                return self
            except (urllib.error.URLError, OSError):
                time.sleep(0.2)
        self.stop()
        raise RuntimeError(f"the server did not answer at {self.address}")

    def stop(self):
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()

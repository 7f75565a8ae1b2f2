"""ringi's real binary beside the sandbox, each a process of its own: what the demo and the tests drive."""

import contextlib
import json
import os
import secrets
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from . import aws_world as world
from .stack_files import write_all

ROOT = Path(__file__).resolve().parents[3]
OWN_ROUNDS = ("reconcile", "region.look", "reconcile.sweep")


def free_port():
    """Below those that the system gives to whoever asks for any, and each pytest worker has a range of its own: a port
    that is free again while ringi restarts is nobody else's."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    while True:
        port = 10_000 + 5_000 * (worker % 4) + secrets.randbelow(5_000)
        with socket.socket() as s, contextlib.suppress(OSError):
            s.bind(("127.0.0.1", port))
            return port


def get(url, context=None, timeout=5.0):
    with urllib.request.urlopen(url, context=context, timeout=timeout) as answer:
        return answer.status, answer.read()


def post(url, given, timeout=30.0):
    request = urllib.request.Request(url, json.dumps(given).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=timeout) as answer:
        return json.loads(answer.read())


class Stack:
    """REQUIRES: stop() is called. `directory` keeps keys, store and logs; a second Stack on it goes on with them."""

    def __init__(self, directory, binary=None, ports=None, store=None, mode="act", speed=1.0,
                 refresh=None):
        self.directory = Path(directory).resolve()
        self.binary = Path(binary or os.environ.get("RINGI") or ROOT / "build/release/bin/ringi").resolve()
        names = ("public_port", "admin_port", "slack_port", "aws_port")
        self.ports = ports or dict(zip(names, _distinct_ports(len(names))))
        self.speed = speed
        self.credentials = {"AWS_ACCESS_KEY_ID": world.BASE_KEY, "AWS_SECRET_ACCESS_KEY": world.BASE_SECRET,
                            "AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null"}  # ringi's own
        self.ringi = self.sandbox = None
        write_all(self.directory, self.ports, store, mode, refresh)
        self.config = self.directory / "ringi.toml"
        self.public = f"https://127.0.0.1:{self.ports['public_port']}"
        self.admin = f"http://127.0.0.1:{self.ports['admin_port']}"
        self.slack = f"http://127.0.0.1:{self.ports['slack_port']}"
        self.aws = f"http://127.0.0.1:{self.ports['aws_port']}"
        self.tls = ssl.create_default_context(cafile=str(self.directory / "tls/certificate.pem"))

    # --- processes -------------------------------------------------------------------------------
    def start(self):
        self.start_sandbox()
        self.start_ringi()
        self.subscribe()
        return self

    def subscribe(self):
        """From now on AWS tells ringi what happens."""
        post(f"{self.aws}/control/subscribe", {"topics": [world.EVENTS_TOPIC, world.APPROVALS_TOPIC]})
        self.wait("topics confirmed", lambda: len(self.aws_state()["confirmed"]) == 2)

    def start_sandbox(self):
        command = [sys.executable, "-m", "sandbox", "--slack-port", str(self.ports["slack_port"]),
                   "--aws-port", str(self.ports["aws_port"]), "--ringi", self.public,
                   "--directory", str(self.directory), "--speed", str(self.speed)]
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "tests/sandbox"), "PYTHONUNBUFFERED": "1"}
        self.sandbox = self._spawn(command, environment, "sandbox.log")
        self.wait("the sandbox", lambda: self._answers(f"{self.slack}/control/health"))

    def start_ringi(self, ready=True, arguments=()):
        environment = {**os.environ, **self.environment()}
        self.ringi = self._spawn([self.binary, "serve", "--config", self.config, *arguments], environment, "ringi.log")
        if ready:
            self.wait("ringi", self.is_ready)

    def environment(self):
        """Of ringi. The sandbox is its proxy: what is not on this machine is refused there, and noted."""
        return {"HTTPS_PROXY": self.slack, "NO_PROXY": "", "AWS_ENDPOINT_URL": self.aws, **self.credentials}

    def _spawn(self, command, environment, log):
        # A session of its own: Ctrl-C is ours alone, and ringi's last words find the sandbox still there.
        with open(self.directory / log, "ab") as out:
            return subprocess.Popen([str(c) for c in command], stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                                    env=environment, cwd=self.directory, start_new_session=True)

    def is_ready(self):
        if self.ringi.poll() is not None:
            raise RuntimeError(f"ringi ended with {self.ringi.returncode}:\n{self.log_tail()}")
        return self._answers(f"{self.admin}/readyz")

    @staticmethod
    def _answers(url):
        try:
            return get(url, timeout=2)[0] == 200
        except (OSError, urllib.error.URLError):
            return False

    def wait(self, what, condition, limit=30.0):
        end = time.monotonic() + limit
        while not condition():
            if time.monotonic() > end:
                raise TimeoutError(f"{what}: not within {limit} s\n{self.log_tail()}")
            time.sleep(0.02)

    def log_tail(self, lines=40):
        path = self.directory / "ringi.log"
        return "\n".join(path.read_text(errors="replace").splitlines()[-lines:]) if path.exists() else ""

    def stop_ringi(self, how=signal.SIGTERM):
        if self.ringi and self.ringi.poll() is None:
            self.ringi.send_signal(how)
            try:
                self.ringi.wait(20)
            except subprocess.TimeoutExpired:
                self.ringi.kill()
                self.ringi.wait()
        return self.ringi.returncode if self.ringi else None

    def kill_ringi(self):
        return self.stop_ringi(signal.SIGKILL)

    def stop(self):
        code = self.stop_ringi()
        if self.sandbox and self.sandbox.poll() is None:
            self.sandbox.terminate()
            try:
                self.sandbox.wait(10)
            except subprocess.TimeoutExpired:
                self.sandbox.kill()
                self.sandbox.wait()
        return code

    # --- what can be asked -----------------------------------------------------------------------
    def aws_state(self):
        return json.loads(get(f"{self.aws}/control/state")[1])

    def aws_control(self, verb, **given):
        return post(f"{self.aws}/control/{verb}", given)

    def cli(self, *arguments, timeout=60):
        """Runs the binary; returns (exit code, stdout, stderr)."""
        done = subprocess.run([str(self.binary), *map(str, arguments)], capture_output=True, text=True,
                              timeout=timeout, env={**os.environ, **self.environment(),
                                                    "RINGI_CONFIG": str(self.config)})
        return done.returncode, done.stdout, done.stderr

    def open_jobs(self):
        """The lines of `ringi jobs list` for what people and AWS asked for; ringi's own rounds never end."""
        code, out, err = self.cli("jobs", "list")
        if code != 0:
            raise RuntimeError(err)
        return [line for line in out.splitlines()[1:] if line.strip() and line.split()[2] not in OWN_ROUNDS]

    def metrics(self):
        return get(f"{self.admin}/metrics")[1].decode()


def _distinct_ports(count):
    found = set()
    while len(found) < count:
        found.add(free_port())
    return list(found)

"""The protocols of server/aws, driven a case a line, beside the facts that server/aws/models/generate makes."""

import base64
import json
import os
import select
import subprocess
from datetime import datetime, timezone
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = ROOT / "build/release/bin"


def load_generator():
    loader = SourceFileLoader("generate", str(ROOT / "server/aws/models/generate"))
    module = module_from_spec(spec_from_loader("generate", loader))
    loader.exec_module(module)
    return module


generate = load_generator()


class Lines:
    """A program that is asked and answers a line of JSON at a time."""

    def __init__(self, program, environment=None):
        self._process = subprocess.Popen([PROGRAMS / program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                         env={**os.environ, **(environment or {})})

    def ask(self, **asked):
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        ready, _, _ = select.select([self._process.stdout], [], [], 60)
        line = self._process.stdout.readline() if ready else ""
        assert line, f"{self._process.args} ended, or gave no answer, at {asked}"
        return json.loads(line)

    def close(self):
        self._process.stdin.close()
        assert self._process.wait(10) == 0


class Driver(Lines):
    def request(self, facts, operation, given):
        made = self.ask(facts=facts, operation=operation, input=given)
        if "body" in made:
            made["body"] = base64.b64decode(made["body"])
        return made

    def read(self, facts, operation, status, headers, body):
        answer = {"status": status, "headers": {k.lower(): v for k, v in headers.items()},
                  "body": base64.b64encode(body).decode()}
        return self.ask(facts=facts, operation=operation, answer=answer)


def ours(value):
    """A value of botocore as ringi has it."""
    if isinstance(value, dict):
        return {k: ours(v) for k, v in value.items() if k != "ResponseMetadata"}
    if isinstance(value, list):
        return [ours(v) for v in value]
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, datetime):
        moment = value.astimezone(timezone.utc)
        spec = "seconds" if moment.microsecond < 1000 else "milliseconds"
        return moment.isoformat(timespec=spec).replace("+00:00", "Z")
    return value


@pytest.fixture(scope="session")
def driver():
    driver = Driver("wire_driver")
    yield driver
    driver.close()

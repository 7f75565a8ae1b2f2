"""The real binary beside the sandbox. Tests of one class share one stack; a test outside a class has its own."""

import json
import re

import pytest
from sandbox import aws_world as world
from sandbox.client import SlackSandbox
from sandbox.stack import Stack

SPEED = 20.0  # of the pipelines: a build of 8 s takes 0.4 s
RESPONSE_URL = re.compile(r"/(commands|actions)/T[A-Z0-9]+/\d+/")


@pytest.fixture(scope="session")
def running():
    """Every stack that runs now: what the checks after each test look at."""
    return []


@pytest.fixture(scope="class")
def make_stack(tmp_path_factory, running):
    """make_stack(start=True, **arguments of Stack); everything is stopped in the end."""
    made = []

    def make(start=True, directory=None, **given):
        stack = Stack(directory or tmp_path_factory.mktemp("stack"), **{"speed": SPEED, **given})
        made.append(stack)
        running.append(stack)
        return stack.start() if start else stack

    yield make
    for stack in reversed(made):
        stack.stop()
        running.remove(stack)


@pytest.fixture(scope="class")
def stack(make_stack, request):
    """A class may say `stack_arguments = {...}` for its own."""
    return make_stack(**getattr(request.cls, "stack_arguments", {}))


@pytest.fixture(scope="class")
def slack(stack):
    return SlackSandbox(stack.slack)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.failed:
        for stack in item.funcargs.get("running", []):
            report.sections.append((f"ringi.log in {stack.directory}", stack.log_tail()))
    return report


@pytest.fixture(autouse=True)
def nothing_secret_is_logged(running):
    yield
    for stack in running:
        log = (stack.directory / "ringi.log")
        found = secrets_in(log.read_text(errors="replace"), stack) if log.exists() else []
        assert not found, f"{log} holds {found}"


@pytest.fixture(autouse=True)
def nothing_leaves_this_machine(running):
    """A test that wants ringi to try says what in `stack.outside`."""
    yield
    for stack in running:
        if stack.sandbox and stack.sandbox.poll() is None:
            tried = set(SlackSandbox(stack.slack).counters()["outside"])
            assert tried == getattr(stack, "outside", set())


def secrets_in(log, stack):
    """The names of the secrets that stand in `log`."""
    found = [name for name, value in secrets_of(stack).items() if value in log]
    return found + ["a response_url"] * bool(RESPONSE_URL.search(log))


def secrets_of(stack):
    values = {name: (stack.directory / name).read_text().strip()
              for name in ("signing-secret", "bot-token", "external-id")}
    values["AWS secret key"] = world.BASE_SECRET
    if stack.sandbox and stack.sandbox.poll() is None:
        values |= {f"approval token {token}": token for token in stack.aws_state()["tokens"]}
    return values


class Ledger:
    """The ledger of a stack as the CLI tells it."""

    def __init__(self, stack):
        self._stack = stack

    def entries(self, kind=None):
        arguments = ["audit", "list", "--json"] + (["--kind", kind] if kind else [])
        code, out, err = self._stack.cli(*arguments)
        assert code == 0, err
        return sorted((json.loads(line) for line in out.splitlines()), key=lambda entry: entry["seq"])

    def of(self, execution, kind=None):
        return [e for e in self.entries(kind) if e.get("target", {}).get("execution") == execution]

    def kinds_of(self, execution):
        return [e["kind"] for e in self.of(execution)]

    def holds(self):
        code, out, err = self._stack.cli("audit", "verify")
        assert code == 0 and out.startswith("ok: "), out + err


@pytest.fixture(scope="session")
def ledger_of():
    """For a stack that a test made itself; `holds` is its to ask."""
    return Ledger


@pytest.fixture(scope="class")
def ledger(stack):
    """`audit verify` must hold at the end of whatever used it."""
    told = Ledger(stack)
    yield told
    told.holds()

"""One step: runs commands, counts what they tested, shows what failed and how to repeat it."""

import os
import re
import time
import xml.etree.ElementTree as xml
from pathlib import Path

import command as limited

ROOT = Path(__file__).resolve().parents[2]
OUTPUT = ROOT / "build" / "test-output"
PYTHON = ROOT / "build" / "venv" / "bin" / "python"


class Step:
    def __init__(self, name):
        self.name, self.passed, self.failed, self.fatal = name, 0, 0, False
        self.skipped = []  # "test: why"
        self.started = time.monotonic()

    def seconds(self):
        return time.monotonic() - self.started

    def run(self, command, limit, env=None):
        """Returns (exit code, output); a command that outlives `limit` seconds has failed."""
        shown = " ".join(str(c).replace(str(ROOT) + "/", "") for c in command)
        print(f"  {self.name}: {shown[:160]}{' …' if len(shown) > 160 else ''}", flush=True)
        return limited.run(command, limit, ROOT, {**os.environ, **(env or {})})

    def check(self, what, command, limit=300, env=None, fatal=False, tell=False):
        """One command that counts as one test; `tell` shows what it printed even where all is well."""
        code, output = self.run(command, limit, env)
        if code == 0:
            self.passed += 1
            if tell:
                print(output, flush=True)
            return True
        self._fail(what, command, output)
        self.fatal = self.fatal or fatal
        return False

    def needs(self, what, command, limit=1800):
        """What has to be there before the tests; it counts only where it fails."""
        code, output = self.run(command, limit)
        if code != 0:
            self._fail(what, command, output)
        return code == 0

    def gtest(self, program, limit=300, env=None, before=()):
        report = OUTPUT / f"{self.name}-{program.name}.xml"
        report.unlink(missing_ok=True)
        command = [*before, program, f"--gtest_output=xml:{report}", "--gtest_brief=1"]
        self._counted(program.name, command, report, limit, env)

    def pytest(self, folder, limit=600, env=None, before=(), workers=0):
        """`workers` share the classes among them: for tests that wait more than they compute."""
        report = OUTPUT / f"{self.name}-{folder.replace('/', '-')}.xml"
        report.unlink(missing_ok=True)
        shared = [f"-n{workers}", "--dist=loadscope"] if workers else []
        command = [*before, PYTHON, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={report}", *shared,
                   folder]
        self._counted(folder, command, report, limit, env)

    def _counted(self, what, command, report, limit, env):
        code, output = self.run(command, limit, env)
        passed, failed, skipped = counts(report)
        self.passed, self.failed, self.skipped = self.passed + passed, self.failed + failed, self.skipped + skipped
        for line in output.splitlines():
            if line.startswith("summary: "):  # figures that are wanted of a green run too
                print(f"  {self.name}: {line.removeprefix('summary: ')}", flush=True)
        if failed:
            self._show(what, command, output)
        elif code != 0:  # died, or failed outside a test
            self._fail(what, command, output)
        elif not passed and not skipped:
            self._fail(what, command, output + "\nno test ran")

    def _fail(self, what, command, output):
        self.failed += 1
        self._show(what, command, output)

    def _show(self, what, command, output):
        lines = [line for line in output.splitlines() if not re.match(r"\[\s+(OK|RUN)\s", line)]
        print(f"--- {self.name}: {what} FAILED", *lines[-120:], sep="\n")
        print(f"--- repeat with: {' '.join(str(c) for c in command)}", flush=True)


def counts(report):
    """(passed, failed, skipped) of a JUnit file of GoogleTest or pytest; what was skipped with its reason."""
    if not report.exists():
        return 0, 0, []
    cases = list(xml.parse(report).iter("testcase"))
    failed = sum(1 for c in cases if c.find("failure") is not None or c.find("error") is not None)
    skipped = [f"{c.get('classname')}.{c.get('name')}: {_reason(c)}" for c in cases
               if c.find("skipped") is not None or c.get("status") == "notrun"]
    return len(cases) - failed - len(skipped), failed, skipped


def _reason(case):
    skipped = case.find("skipped")
    lines = (skipped.get("message") or skipped.text or "").strip().splitlines() if skipped is not None else []
    return lines[-1] if lines else "not run"  # GoogleTest says the place first

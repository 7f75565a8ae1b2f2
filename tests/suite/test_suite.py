"""tests/run must be able to fail: its own rules, with small programs in place of the real ones."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

import address_space  # noqa: E402
import command  # noqa: E402
import main  # noqa: E402
import steps  # noqa: E402
from step import Step, counts  # noqa: E402


@pytest.fixture
def step():
    return Step("here")


def program(tmp_path, name, text):
    path = tmp_path / name
    path.write_text("#!/bin/sh\n" + text)
    path.chmod(0o755)
    return path


def reporting(tmp_path, cases, code=0):
    """A GoogleTest program's manners: it writes the report that it is told to."""
    return program(tmp_path, "unit_some_room", f'''
for word in "$@"; do case "$word" in --gtest_output=xml:*) report=${{word#--gtest_output=xml:}} ;; esac; done
echo '<testsuites><testsuite name="S">{cases}</testsuite></testsuites>' >"$report"
exit {code}
''')


GOOD = '<testcase classname="Signature" name="Holds" status="run"/>'
BAD = '<testcase classname="Signature" name="Lies" status="run"><failure message="no"/></testcase>'
SKIPPED = ('<testcase classname="Vectors" name="AllHold" status="run">'
           '<skipped message="here.cpp:12&#x0A;no corpora"/></testcase>')


@pytest.mark.parametrize("cases, code, expected", [
    (GOOD, 0, (1, 0)), (GOOD + BAD, 1, (1, 1)), (GOOD, 139, (1, 1)), ("", 0, (0, 1)), (SKIPPED, 0, (0, 0))],
    ids=["passes", "one fails", "dies after its report", "has no test", "only skips"])
def test_what_a_program_counts(tmp_path, monkeypatch, step, cases, code, expected):
    monkeypatch.setattr("step.OUTPUT", tmp_path)
    step.gtest(reporting(tmp_path, cases, code))
    assert (step.passed, step.failed) == expected


def test_a_program_that_is_not_there_has_failed(tmp_path, monkeypatch, step):
    monkeypatch.setattr("step.OUTPUT", tmp_path)
    step.gtest(tmp_path / "unit_gone")
    assert (step.passed, step.failed) == (0, 1)


def test_a_report_of_an_earlier_run_counts_nothing(tmp_path, monkeypatch, step):
    monkeypatch.setattr("step.OUTPUT", tmp_path)
    (tmp_path / "here-unit_dies.xml").write_text(f"<testsuite>{GOOD}</testsuite>")
    step.gtest(program(tmp_path, "unit_dies", "exit 1"))
    assert (step.passed, step.failed) == (0, 1)


def test_skipped_tests_are_named_above_the_closing_line(tmp_path, capsys, step):
    (tmp_path / "report.xml").write_text(f"<testsuite>{GOOD}{SKIPPED}</testsuite>")
    step.passed, step.failed, step.skipped = counts(tmp_path / "report.xml")
    assert main.close([step], no_skips=False) == 0
    assert capsys.readouterr().out.splitlines() == ["skipped: here Vectors.AllHold: no corpora", "1 passed, 0 failed"]


def test_where_nothing_may_be_skipped_it_fails(capsys, step):
    step.passed, step.skipped = 1, ["Vectors.AllHold: no corpora"]
    assert main.close([step], no_skips=True) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "1 passed, 1 failed"


def test_a_run_without_a_test_fails(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr("main.OUTPUT", tmp_path)
    monkeypatch.setitem(steps.STEPS, "fuzz", lambda step: None)
    monkeypatch.setattr("sys.argv", ["tests/run", "fuzz"])
    assert main.main() == 1
    assert capsys.readouterr().out.splitlines()[-1] == "0 passed, 1 failed"


class Unreadable:
    def read_text(self):
        raise PermissionError


def test_address_randomization_that_only_root_may_read_is_taken_for_too_much(tmp_path):
    (tmp_path / "few").write_text("28\n")
    (tmp_path / "many").write_text("32\n")
    given = [Unreadable(), tmp_path / "few", tmp_path / "many", tmp_path / "none"]
    assert [address_space.randomizes_too_much(bits) for bits in given] == [True, False, True, False]


def test_a_build_that_fails_is_counted_once_and_ends_its_step(tmp_path, monkeypatch, step):
    monkeypatch.setattr("steps.ROOT", tmp_path)
    monkeypatch.setattr("steps.steady_addresses", lambda step: True)
    (tmp_path / "deploy").mkdir()
    program(tmp_path / "deploy", "build", 'echo "no such target: $*"; exit 1')
    for name in ("unit", "flow", "e2e", "kills", "asan", "tsan", "fuzz", "tidy"):
        step = Step(name)
        steps.STEPS[name](step)
        assert (name, step.passed, step.failed) == (name, 0, 1)


def test_every_room_with_tests_is_run():
    folders = {p.parent for p in (Path(__file__).parents[1] / "unit").rglob("*_test.cpp")}
    assert len(steps.tested_rooms()) == len(folders) > 0


def test_a_command_that_takes_too_long_takes_all_it_started_with_it(tmp_path):
    pids = tmp_path / "pids"
    stubborn = "trap '' INT TERM; echo $$ >>%s; while :; do sleep 0.05; done" % pids
    text = f'(sh -c "{stubborn}") & setsid sh -c "{stubborn}" & echo begun; wait'.replace("$$", r"\$\$")
    code, output = command.run([program(tmp_path, "long", text)], 5.0, tmp_path, None, gentle=((2, 0.2), (15, 0.2)))
    assert (code, output) == (124, "begun\n\n(stopped after 5.0 s)")
    started = [int(pid) for pid in pids.read_text().split()]
    assert len(started) == 2
    assert [pid for pid in started if running(pid)] == []


def running(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_command_that_takes_too_long_may_tidy_up_first(tmp_path):
    text = "trap 'echo tidied; exit 1' INT; while :; do sleep 0.05; done"
    code, output = command.run([program(tmp_path, "long", text)], 3.0, tmp_path, None)
    assert (code, output) == (124, "tidied\n\n(stopped after 3.0 s)")


def test_what_is_left_over_does_not_hold_up_the_run(tmp_path):
    started = time.monotonic()
    code, _ = command.run([program(tmp_path, "parent", "sleep 20 & echo $! >left; exit 0")], 30, tmp_path, None)
    assert code == 0 and time.monotonic() - started < 10
    subprocess.run(["kill", (tmp_path / "left").read_text().strip()], check=True)

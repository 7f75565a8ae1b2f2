"""The story of the README in a real browser; its screenshots stay in build/test-output/screenshots."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from sandbox.stack import ROOT, Stack

SCREENSHOTS = ROOT / "build/test-output/screenshots"
HERE = Path(__file__).resolve().parent


@pytest.fixture
def stack(tmp_path):
    stack = Stack(tmp_path)
    try:
        yield stack.start()
    finally:
        stack.stop()


def test_a_deployment_is_started_refused_approved_and_found_in_the_ledger(stack, tmp_path):
    shutil.rmtree(SCREENSHOTS, ignore_errors=True)
    SCREENSHOTS.mkdir(parents=True)
    played = subprocess.run(
        ["node", HERE / "story.mjs", stack.slack, SCREENSHOTS, tmp_path / "profile"],
        capture_output=True, text=True, timeout=240,
        env={**os.environ, "CHROMIUM": os.environ.get("CHROMIUM", "/usr/bin/chromium")})
    assert played.returncode == 0, f"{played.stdout}\n{played.stderr}\nringi's log:\n{stack.log_tail()}"
    code, out, err = stack.cli("audit", "verify")
    assert code == 0, out + err

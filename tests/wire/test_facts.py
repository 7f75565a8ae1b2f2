"""The facts in the repository are what `generate` makes of the pinned botocore."""

import filecmp
import subprocess
import sys

from conftest import ROOT, generate

FOLDER = ROOT / "server/aws/models"


def test_they_are_generated(tmp_path):
    subprocess.run([sys.executable, FOLDER / "generate", tmp_path], check=True, timeout=120)
    made = sorted(p.name for p in tmp_path.glob("*.facts"))
    assert made == sorted(p.name for p in FOLDER.glob("*.facts"))
    assert [name for name in made if not filecmp.cmp(tmp_path / name, FOLDER / name, shallow=False)] == []


def test_they_hold_no_write_that_ringi_does_not_make():
    for path in FOLDER.glob("*.facts"):
        operations = [line.split()[1] for line in path.read_text().splitlines() if line.startswith("operation ")]
        writes = [name for name in operations if not name.startswith(generate.READS)]
        assert writes == sorted(generate.WRITES.get(path.stem, [])), path.stem

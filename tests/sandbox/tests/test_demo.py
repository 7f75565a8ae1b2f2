"""deploy/demo: each run begins anew, as its small Slack and its small AWS do."""

import fcntl

import pytest

from sandbox.demo import main, start_clean


def test_a_second_run_keeps_the_keys_and_nothing_of_the_first(tmp_path):
    for name in ("ringi.db", "ringi.db-wal", "ringi.db-shm", "ledger.pem", "ringi.log"):
        (tmp_path / name).write_text("of the first run")
    start_clean(tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["ledger.pem", "ringi.db.lock", "ringi.log"]


def test_the_store_of_a_demo_that_runs_is_left_alone(tmp_path):
    (tmp_path / "ringi.db").write_text("in use")
    with open(tmp_path / "ringi.db.lock", "a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(RuntimeError, match="another demo runs"):
            start_clean(tmp_path)
    assert (tmp_path / "ringi.db").exists()


def test_the_first_run_makes_its_directory(tmp_path):
    start_clean(tmp_path / "var/demo")
    assert (tmp_path / "var/demo").is_dir()


def test_a_new_account_needs_a_demo_that_runs(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("sys.argv", ["deploy/demo", "--new-account", "shop", "--directory", str(tmp_path)])
    assert main() == 1
    assert "No demo runs there" in capsys.readouterr().err

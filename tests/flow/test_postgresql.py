"""The basic story with PostgreSQL for a store. tests/unit/server/store/with-postgresql starts a private cluster."""

import os
import re
import signal
import subprocess
import urllib.error
import uuid
from contextlib import contextmanager

import pytest
from deployment import Deployment, said
from sandbox.client import SandboxError
from sandbox.stack import free_port, get

CLUSTER = os.environ.get("RINGI_TEST_POSTGRESQL", "")
pytestmark = pytest.mark.skipif(not CLUSTER, reason="RINGI_TEST_POSTGRESQL names no cluster")


def status_of(url):
    try:
        return get(url, timeout=4)[0]
    except urllib.error.HTTPError as answer:
        return answer.code


def ask(url, statement):
    done = subprocess.run(["psql", "-XAtq", url, "-c", statement], capture_output=True, text=True, timeout=30)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@contextmanager
def writing_held_up(url):
    """Somebody else holds the lock that every write takes first: writes are begun and wait."""
    holder = subprocess.Popen(["psql", "-XAtq", url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        holder.stdin.write("SELECT 'held' FROM pg_advisory_lock(hashtext('ringi-write'), hashtext(current_schema()));\n")
        holder.stdin.flush()
        assert holder.stdout.readline() == "held\n"
        yield
    finally:
        holder.communicate(timeout=30)


@pytest.fixture(scope="class")
def database():
    """The URL of a new, empty database."""
    name = "ringi_" + uuid.uuid4().hex
    ask(CLUSTER, f"CREATE DATABASE {name}")
    return re.sub(r"///[^?]*", f"///{name}", CLUSTER)


@pytest.fixture(scope="class")
def stack(make_stack, database):
    return make_stack(store=database)


class TestOnPostgreSql:
    """One story, told in the order of its tests."""

    @pytest.fixture(scope="class")
    def web(self, stack, slack, ledger):
        return Deployment(stack, slack, ledger)

    def test_staging_starts_at_once_and_ends(self, stack, slack, ledger):
        staging = Deployment(stack, slack, ledger, "web-stg/web")
        slack.type("taro", staging.channel, "/deploy start web-stg/web")
        stack.wait("the execution", staging.executions)
        staging.execution = staging.executions()[0]["id"]
        staging.ends()
        staging.entry("pipeline.finished")
        assert len(staging.cards()) == 1

    def test_a_second_serve_on_it_is_refused(self, stack, tmp_path):
        text = stack.config.read_text()
        for name in ("public_port", "admin_port"):
            text = text.replace(f":{stack.ports[name]}", f":{free_port()}")
        (tmp_path / "second.toml").write_text(text)
        code, _, err = stack.cli("serve", "--config", tmp_path / "second.toml")
        assert code == 2 and "another `ringi serve` runs on this store" in err

    def test_an_approval_waits_through_kill_9(self, web, stack):
        web.start()
        card = web.card(button="Approve")
        stack.kill_ringi()
        stack.start_ringi()
        assert [m["ts"] for m in web.cards()] == [card["ts"]]

    def test_the_approval_takes_effect_once(self, web):
        token = web.token()
        web.approve(times=2)
        web.ends()
        [put] = web.puts(token)
        assert put["effective"] and put["status"] == "Approved"
        assert f"ringi #{web.entry('approval.decided')['seq']}" in put["summary"]
        web.entry("approval.applied")

    def test_the_ledger_is_read_from_it(self, stack, database):
        code, out, _ = stack.cli("audit", "verify")
        assert code == 0 and out.startswith(f"ok: {ask(database, 'SELECT count(*) FROM ledger_entries')} entries")
        assert stack.cli("jobs", "list")[0] == 0

    def test_a_changed_byte_is_found(self, stack, database):
        seq = ask(database, "SELECT min(seq) FROM ledger_entries WHERE json LIKE '%taro%'")
        ask(database, f"UPDATE ledger_entries SET json = replace(json, 'taro', 'tarp') WHERE seq = {seq}")
        try:
            code, _, err = stack.cli("audit", "verify")
            assert code == 1 and f"entry {seq} does not hold" in err
        finally:
            ask(database, f"UPDATE ledger_entries SET json = replace(json, 'tarp', 'taro') WHERE seq = {seq}")

    def test_lost_sessions_are_opened_anew(self, stack, slack, database):
        ask(database, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                      " WHERE datname = current_database() AND pid <> pg_backend_pid()")
        stack.wait("ringi to be ready", stack.is_ready)
        asked = [m["ts"] for m in slack.messages("mika", "#ringi-ops")]
        stack.wait("an answer", lambda: slack.type("mika", "#ringi-ops", "/ringi whoami")["status"] == 200)
        assert "U0MIKA0001" in said(slack.wait("mika", "#ringi-ops", "U0MIKA0001", after=asked[-1] if asked else None))

    def test_a_command_whose_storing_was_begun_asks_whether_it_is_still_wanted(self, stack, slack, ledger, database):
        """Slack was told 503 while the write was under way: the person believes that nothing happens."""
        staging = Deployment(stack, slack, ledger, "web-stg/web")
        before = len(staging.executions())
        for _ in range(5):  # where another write stands before it, it is not begun, and withdrawn
            with writing_held_up(database):
                assert slack.type("taro", staging.channel, "/deploy start web-stg/web")["status"] != 200
            try:
                question = slack.wait("taro", staging.channel, "ringi did receive it", button="Do it", timeout=5)
                break
            except SandboxError:
                continue
        assert "deploy start web-stg/web" in said(question) and "Nothing was done yet" in said(question)
        assert question["only_for"] == "U0TARO0001" and len(staging.executions()) == before
        slack.click("taro", staging.channel, label="Do it", ts=question["ts"], times=2)
        stack.wait("the start", lambda: len(staging.executions()) > before)
        stack.wait("the end of all jobs", lambda: stack.open_jobs() == [])
        assert len(staging.executions()) == before + 1

    def test_probes_do_not_wait_for_a_store_that_hangs(self, stack, database):
        hold = "BEGIN; LOCK TABLE schema_version; SELECT pg_sleep(60)"
        holder = subprocess.Popen(["psql", "-XAtq", database, "-c", hold])
        try:
            stack.wait("503", lambda: status_of(f"{stack.admin}/readyz") == 503)
        finally:
            ask(database, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'BEGIN; LOCK%'")
            holder.wait(10)
        stack.wait("ringi to be ready", stack.is_ready)

    def test_it_ends_cleanly(self, stack, ledger):
        assert stack.stop_ringi(signal.SIGTERM) == 0
        assert ledger.entries()[-1]["kind"] == "server.stopped"


def test_a_server_whose_store_another_took_ends_and_says_why(make_stack, database):
    stack = make_stack(store=database)
    heir = subprocess.Popen(["psql", "-XAtq", database], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        heir.stdin.write("SELECT 'mine' FROM pg_advisory_lock(hashtext('ringi-serve'), hashtext(current_schema()));\n")
        heir.stdin.flush()
        whom_it_waits_for = ("FROM pg_stat_activity, unnest(pg_blocking_pids(pid)) AS holder"
                             " WHERE datname = current_database() AND query LIKE 'SELECT ''mine''%'")
        stack.wait("the heir's wait", lambda: ask(database, f"SELECT count(holder) {whom_it_waits_for}") == "1")
        ask(database, f"SELECT pg_terminate_backend(holder) {whom_it_waits_for}")
        assert heir.stdout.readline() == "mine\n"
        assert stack.ringi.wait(90) == 2
        assert "ringi: another `ringi serve` has taken this store" in stack.log_tail()
    finally:
        heir.communicate(timeout=30)

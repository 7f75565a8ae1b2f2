"""The server as an operator knows it: connections, signals, reloads, starts that must not succeed."""

import json
import os
import re
import resource
import signal
import socket
import ssl
import subprocess
import urllib.error
from contextlib import ExitStack
from pathlib import Path

import pytest
from sandbox.client import SlackSandbox
from sandbox.stack import free_port, get
from sandbox.stack_files import write_certificate
from wire import connect, request, whole_command


def status_of(url):
    try:
        return get(url)[0]
    except urllib.error.HTTPError as answer:
        return answer.code


class TestConnections:
    def test_one_connection_serves_many_requests(self, stack):
        with connect(stack) as wire:
            for _ in range(5):
                wire.send(whole_command(stack))
                answer = wire.read()
                assert answer.status == 200 and "connection" not in answer.headers

    def test_requests_sent_in_one_go_are_answered_in_order(self, stack):
        with connect(stack) as wire:
            wire.send(whole_command(stack) + whole_command(stack) + request("/nowhere"))
            assert [wire.read().status for _ in range(3)] == [200, 200, 404]

    def test_connection_close_is_honoured(self, stack):
        with connect(stack) as wire:
            wire.send(whole_command(stack, "help", ("Connection", "close")))
            assert wire.read().headers["connection"] == "close" and wire.ended()

    def test_a_body_is_invited(self, stack):
        head, body = whole_command(stack, "help", ("Expect", "100-continue")).split(b"\r\n\r\n")
        with connect(stack) as wire:
            wire.send(head + b"\r\n\r\n")
            assert wire.read().status == 100
            wire.send(body)
            assert wire.read().status == 200

    def test_a_body_that_would_be_refused_is_not_invited(self, stack):
        with connect(stack) as wire:
            wire.send(request("/slack/commands", b"", [("Expect", "100-continue"), ("Content-Length", "9999999")],
                              length=False))
            assert wire.read().status == 413

    @pytest.mark.filterwarnings("ignore:ssl.TLSVersion")
    @pytest.mark.parametrize("version", ["TLSv1", "TLSv1_1"])
    def test_old_tls_is_refused(self, stack, version):
        with pytest.raises((ssl.SSLError, ConnectionError)):
            old = getattr(ssl.TLSVersion, version)
            connect(stack, minimum_version=old, maximum_version=old)

    @pytest.mark.parametrize("version, name", [("TLSv1_2", "TLSv1.2"), ("TLSv1_3", "TLSv1.3")])
    def test_both_new_ones_are_spoken(self, stack, version, name):
        with connect(stack, maximum_version=getattr(ssl.TLSVersion, version)) as wire:
            assert wire.socket.version() == name
            wire.send(whole_command(stack))
            assert wire.read().status == 200

    def test_plain_http_gets_nothing(self, stack):
        with socket.create_connection(("127.0.0.1", stack.ports["public_port"]), timeout=10) as plain:
            plain.sendall(whole_command(stack))
            try:
                assert not plain.recv(100).startswith(b"HTTP/")
            except ConnectionError:
                pass

    def test_one_peer_has_a_cap_and_its_idle_connections_give_way(self, stack):
        with ExitStack() as open_ones:
            first, *_, last = (open_ones.enter_context(connect(stack)) for _ in range(70))
            assert first.ended()
            last.send(whole_command(stack))
            assert last.read().status == 200
            assert re.search(r"ringi_connections_evicted_total\S* [1-9]", stack.metrics())

    def test_the_admin_listener(self, stack):
        assert status_of(f"{stack.admin}/livez") == 200 and status_of(f"{stack.admin}/readyz") == 200
        assert status_of(f"{stack.admin}/slack/commands") == 404
        label = r'[a-z_]+="[^"]*"'
        line = re.compile(rf"# (HELP|TYPE) .+|[a-z_]+(\{{{label}(,{label})*\}})? ([-+0-9.eE]+|NaN|\+Inf)")
        assert all(line.fullmatch(text) for text in stack.metrics().splitlines())
        assert 'ringi_requests_total{path="/slack/commands",status="200"}' in stack.metrics()

    def test_health_alone_for_probes_from_outside(self, make_stack):
        stack, port = make_stack(start=False), free_port()
        text = stack.config.read_text()
        stack.config.write_text(text.replace("public_url", f'health_listen = "127.0.0.1:{port}"\npublic_url'))
        stack.start()
        assert {path: status_of(f"http://127.0.0.1:{port}/{path}") for path in ("livez", "readyz", "metrics")} == {
            "livez": 200, "readyz": 200, "metrics": 404}


class TestEnd:
    def test_sigterm_finishes_what_is_in_flight(self, stack, ledger):
        whole = whole_command(stack, "start web-stg/web")
        with connect(stack) as busy, connect(stack) as idle:
            busy.send(whole[:-10])
            idle.send(whole_command(stack))
            assert idle.read().status == 200
            stack.ringi.send_signal(signal.SIGTERM)
            assert idle.ended()
            busy.send(whole[-10:])
            answer = busy.read()
            assert answer.status == 200 and answer.headers["connection"] == "close"
            with pytest.raises(OSError):
                connect(stack)
        assert stack.ringi.wait(20) == 0
        assert ledger.entries()[-1]["kind"] == "server.stopped"

    def test_what_was_answered_is_carried_out_by_the_next_one(self, stack):
        stack.start_ringi()
        stack.wait("the start", lambda: stack.aws_state()["executions"])
        assert stack.aws_state()["calls"]["codepipeline.StartPipelineExecution"] == 1

    def test_sigint_ends_it_as_well(self, stack):
        assert stack.stop_ringi(signal.SIGINT) == 0


class TestReload:
    @pytest.fixture(scope="class")
    def stack(self, make_stack):
        """pay-prod is not in its configuration yet; `stack.whole` is the one with it."""
        stack = make_stack(start=False)
        stack.whole = stack.config.read_text()
        pay = stack.whole.index('[[accounts]]\nname = "pay-prod"')
        stack.config.write_text(stack.whole[:pay] + stack.whole[stack.whole.index("[teams.web]"):])
        (stack.directory / "good.toml").write_text(stack.whole)
        stack.start_sandbox()
        stack.start_ringi()
        yield stack
        stack.config.write_text(stack.whole)

    def reload(self, stack, text=None):
        if text is not None:
            stack.config.write_text(text)
        stack.ringi.send_signal(signal.SIGHUP)

    def loads(self, stack):
        """How often another configuration was taken over; the file may be broken by now, and the watcher may
        take the same one over once more after a signal."""
        good = stack.directory / "good.toml"
        out = stack.cli("audit", "list", "--json", "--kind", "config.loaded", "--config", good)[1]
        hashes = [json.loads(line)["config"] for line in out.splitlines()]
        return sum(1 for i, one in enumerate(hashes) if i == 0 or hashes[i - 1] != one)

    def test_a_new_account_appears(self, stack, slack):
        slack.type("taro", "#web-deploys", "/deploy status pay-prod/pay")
        slack.wait("taro", "#web-deploys", "no account|not know|unknown|No account")
        before = self.loads(stack)
        self.reload(stack, stack.whole)
        stack.wait("the reload", lambda: self.loads(stack) > before)
        slack.type("taro", "#web-deploys", "/deploy start pay-prod/pay")
        slack.wait("taro", "#web-deploys", "4444-5555-6666")

    BROKEN = {
        "an unknown key": (("[server]", "[server]\nlisten_on = 1"), "listen_on"),
        "no TOML": (("[server]", "[server"), r"ringi\.toml"),
        "a secret that is gone": (("/bot-token", "/no-token"), "bot_token"),
        "a certificate that is none": (("/tls/certificate.pem", "/ledger.pem"), "certificate"),
        "a channel that Slack does not know": (('"#deploys"', '"#no-such-channel"'), "#no-such-channel"),
        "another address": (("public_port", "public_port"), "restart"),
    }

    @pytest.mark.parametrize("change, says", BROKEN.values(), ids=BROKEN)
    def test_a_bad_one_keeps_the_old_and_tells_operators(self, stack, slack, change, says):
        old, new = change
        if old == new:
            old, new = f'listen = "127.0.0.1:{stack.ports["public_port"]}"', f'listen = "127.0.0.1:{free_port()}"'
        assert old in stack.whole
        before, last = self.loads(stack), slack.messages("mika", "#ringi-ops")
        self.reload(stack, stack.whole.replace(old, new, 1))
        slack.wait("mika", "#ringi-ops", f"not reloaded.*{says}", after=last[-1]["ts"] if last else None)
        assert self.loads(stack) == before
        with connect(stack) as wire:
            wire.send(whole_command(stack))
            assert wire.read().status == 200

    def test_a_changed_file_needs_no_signal(self, stack):
        before = self.loads(stack)
        stack.config.write_text(stack.whole.replace('who = ["U0MIKA0001", ', 'who = ["U0KEN00001", '))
        stack.wait("the reload", lambda: self.loads(stack) > before, 15)

    def certificate(self, stack):
        """What a new connection is shown; None while it is still the old one, which is trusted no more."""
        try:
            with connect(stack) as wire:
                return wire.socket.getpeercert(True)
        except ssl.SSLError:
            return None

    def test_a_new_certificate_is_for_new_connections(self, stack):
        with connect(stack) as old:
            first = old.socket.getpeercert(True)
            write_certificate(stack.directory / "tls")
            self.reload(stack)
            stack.wait("the new one", lambda: self.certificate(stack) not in (None, first))
            with connect(stack) as new:
                new.send(whole_command(stack))
                assert new.read().status == 200
            old.send(whole_command(stack))
            assert old.read().status == 200

    def test_slack_away_at_a_reload_keeps_the_old_and_says_so(self, stack, slack):
        before, last = self.loads(stack), slack.messages("mika", "#ringi-ops")
        slack.fault("500", target="conversations.list", seconds=60)
        self.reload(stack, stack.whole.replace('channel = "#deploys"', 'channel = "#general"', 1))
        slack.wait("mika", "#ringi-ops", "not reloaded", timeout=20, after=last[-1]["ts"])
        assert self.loads(stack) == before
        slack.no_faults()
        slack.wait("mika", "#ringi-ops", "What was refused before is in force now", timeout=60, after=last[-1]["ts"])
        assert self.loads(stack) == before + 1


class TestSurroundings:
    """What an operating system does to a server."""

    @pytest.fixture(scope="class")
    def stack(self, make_stack):
        stack = make_stack(start=False)
        stack.start_sandbox()
        return stack

    def test_it_takes_the_files_that_its_connections_need(self, stack):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))
        try:
            stack.start_ringi()
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        limits = Path(f"/proc/{stack.ringi.pid}/limits").read_text()
        assert int(re.search(r"Max open files\s+(\d+)", limits)[1]) == min(hard, 16384)
        assert stack.stop_ringi(signal.SIGTERM) == 0

    def test_it_is_told_how_its_programs_end_whoever_started_it(self, stack):
        told = signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # what is ignored stays so across an exec
        try:
            stack.start_ringi()
        finally:
            signal.signal(signal.SIGCHLD, told)
        status = Path(f"/proc/{stack.ringi.pid}/status").read_text()
        ignored = int(re.search(r"SigIgn:\s+(\w+)", status)[1], 16)
        assert not ignored & 1 << signal.SIGCHLD - 1 and ignored & 1 << signal.SIGPIPE - 1
        assert stack.stop_ringi(signal.SIGTERM) == 0

    def test_it_outlives_the_reader_of_its_log(self, stack):
        command = [str(stack.binary), "serve", "--config", str(stack.config), "--log-level", "debug"]
        stack.ringi = subprocess.Popen(command, stderr=subprocess.PIPE, env={**os.environ, **stack.environment()})
        stack.ringi.stderr.close()
        stack.wait("ringi", stack.is_ready)
        with connect(stack) as wire:
            wire.send(whole_command(stack))
            assert wire.read().status == 200
        assert stack.stop_ringi(signal.SIGTERM) == 0


def start_and_end(stack, config):
    done = subprocess.run([stack.binary, "serve", "--config", config], capture_output=True, text=True, timeout=30,
                          env={**os.environ, **stack.environment()})
    return done.returncode, done.stderr


class TestStart:
    @pytest.fixture
    def other(self, stack, tmp_path):
        """The same company's configuration with ports and a store of its own, changed by replacements."""
        def write(*replacements, store=True):
            text = stack.config.read_text()
            for name in ("public_port", "admin_port"):
                text = text.replace(f":{stack.ports[name]}", f":{free_port()}")
            if store:
                text = text.replace(f"sqlite:{stack.directory}/ringi.db", f"sqlite:{tmp_path}/ringi.db")
            for old, new in replacements:
                assert old in text
                text = text.replace(old, new)
            (tmp_path / "other.toml").write_text(text)
            return tmp_path / "other.toml"
        return write

    def refused(self, stack, config, says):
        code, err = start_and_end(stack, config)
        told = [line for line in err.splitlines() if line.startswith("ringi: ")]
        assert code == 2 and len(told) == 1 and re.search(says, told[0]), err

    def test_a_second_one_on_the_same_store_is_refused(self, stack, other):
        self.refused(stack, other(store=False), "another `ringi serve` runs on this store")

    def test_the_lock_is_free_after_kill_9(self, stack):
        stack.kill_ringi()
        stack.start_ringi()

    STORES = {"a folder that is not there": "/nowhere/at/all/ringi.db", "a folder": "/tmp",
              "no file system": "/proc/x.db"}

    @pytest.mark.parametrize("path", STORES.values(), ids=STORES)
    def test_a_store_that_cannot_be_written(self, stack, other, tmp_path, path):
        self.refused(stack, other((f"sqlite:{tmp_path}/ringi.db", f"sqlite:{path}")), path)

    def test_a_store_that_is_no_database(self, stack, other, tmp_path):
        (tmp_path / "ringi.db").write_bytes(b"no database at all\n" * 500)
        self.refused(stack, other(), "not a database")

    def test_a_ledger_key_that_is_none(self, stack, other):
        self.refused(stack, other(("/ledger.pem", "/tls/key.pem")), "ledger|Ed25519")

    def test_a_certificate_and_a_key_that_do_not_belong_together(self, stack, other, tmp_path):
        write_certificate(tmp_path)
        self.refused(stack, other((f"{stack.directory}/tls/key.pem", f"{tmp_path}/key.pem")), "does not belong")

    @pytest.mark.parametrize("port", ["public_port", "admin_port"])
    def test_a_port_in_use(self, stack, other, port):
        config = other()
        name = "admin_listen" if port == "admin_port" else "listen"
        taken = f'{name} = "127.0.0.1:{stack.ports[port]}"'
        config.write_text(re.sub(rf"(?m)^{name} = .*$", taken, config.read_text()))
        self.refused(stack, config, f"{stack.ports[port]}.*in use")

    def test_without_slack_a_second_start_works(self, stack):
        """Names were pinned at the first; what Slack must be asked for waits."""
        assert stack.stop_ringi() == 0
        stack.sandbox.terminate()
        stack.sandbox.wait(10)
        stack.start_ringi()
        with connect(stack) as wire:
            wire.send(whole_command(stack, "list"))
            assert wire.read().status == 200
        stack.start_sandbox()
        slack = SlackSandbox(stack.slack)
        slack.type("taro", "#web-deploys", "/deploy start web-stg/web")
        slack.wait("taro", "#web-deploys", "(?i)web.*started by")

"""Every kind of bad signature, bad HTTP and bad body: none carried out, each answered as the contract says,
no secret and no body in the log."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from bad_requests import CASES
from wire import CANARY, ENDPOINTS, FORM, SLACK, connect, request, secret_of, signed, whole_command


def rows(stack, table):
    with closing(sqlite3.connect(f"file:{stack.directory}/ringi.db?mode=ro", uri=True)) as database:
        return database.execute(f"SELECT * FROM {table}").fetchall()


def jobs(stack):
    """The kinds of what waits, runs or failed, without what the reconciler always has before it."""
    code, out, err = stack.cli("jobs", "list")
    assert code == 0, err
    kinds = [line.split()[2] for line in out.splitlines()[1:]]
    return [kind for kind in kinds if not kind.startswith(("reconcile", "region."))]


def done_so_far(stack, slack, ledger):
    """What somebody would notice if one of them had been carried out."""
    aws, counters = stack.aws_state(), slack.counters()
    return {"executions": [e["id"] for e in aws["executions"]], "puts": aws["puts"],
            "starts": aws["calls"].get("codepipeline.StartPipelineExecution", 0), "messages": counters["messages"],
            "deliveries": rows(stack, "deliveries"), "ledger": [e["kind"] for e in ledger.entries()]}


def slow_requests():
    """name -> (status, the bytes after which nothing more comes)"""
    path, header = ENDPOINTS["commands"], [("Content-Length", "9")]
    return {
        "a head that never ends": (408, f"POST {path} HTTP/1.1\r\nHost: x\r\n".encode()),
        "half a request line": (408, b"POST /sl"),
        **{f"half a body to {name}": (408, request(ENDPOINTS[name], b"half", header, length=False)) for name in SLACK},
        "half a body to sns": (503, request(ENDPOINTS["sns"], b"half", header, length=False)),
        "half a chunk to sns": (503, request(ENDPOINTS["sns"], b"9\r\nha", [("Transfer-Encoding", "chunked")],
                                             length=False))}


class TestBadRequests:
    @pytest.fixture(scope="class")
    def before(self, stack, slack, ledger):
        def confirmed():
            return [e for e in ledger.entries("topic.confirmed") if e["phase"] == "done"]
        stack.wait("the first look around", lambda: jobs(stack) == [] and len(confirmed()) == 2)
        return done_so_far(stack, slack, ledger)

    @pytest.fixture(scope="class", autouse=True)
    def slow_answers(self, stack, before):
        """They take ten seconds each: they wait beside everything else."""
        def answer_to(data):
            with connect(stack, timeout=30) as wire:
                wire.send(data)
                return wire.read().status
        slow = slow_requests()
        with ThreadPoolExecutor(len(slow)) as pool:
            yield {name: pool.submit(answer_to, data) for name, (_, data) in slow.items()}

    @pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
    def test_is_answered_as_the_contract_says(self, stack, before, case):
        with connect(stack) as wire:
            wire.send(case.bytes_of(secret_of(stack)))
            answer = wire.read(case.head_only)
        assert answer is not None, "closed without an answer"
        assert answer.status == case.status
        assert case.head_only or answer.is_terse(), answer.body
        assert answer.headers.get("allow") == case.allow

    def test_a_slow_client_is_let_go_and_sns_is_asked_to_repeat(self, before, slow_answers):
        assert {name: answer.result() for name, answer in slow_answers.items()} == {
            name: status for name, (status, _) in slow_requests().items()}

    def test_half_a_request_and_a_closed_connection_is_none(self, stack, before):
        whole = whole_command(stack, "start web-stg/web")
        for length in (1, 20, whole.index(b"\r\n\r\n") + 4, len(whole) - 1):
            with connect(stack) as wire:
                wire.send(whole[:length])

    def test_none_was_carried_out(self, stack, slack, ledger, before):
        assert done_so_far(stack, slack, ledger) == before
        assert jobs(stack) == []

    def test_no_body_is_in_the_log(self, stack, before):
        log = (stack.directory / "ringi.log").read_text(errors="replace")
        assert CANARY not in log and "start web-stg" not in log and "start+web-stg" not in log

    def test_the_log_says_why_without_flooding(self, stack, before):
        log = (stack.directory / "ringi.log").read_text(errors="replace")
        assert "bad signature" in log and "stale timestamp" in log
        assert max(map(len, log.splitlines())) < 1000

    def test_the_same_command_well_signed_is_carried_out(self, stack, before):
        with connect(stack) as wire:
            wire.send(whole_command(stack, "start web-stg/web"))
            assert wire.read().status == 200
        stack.wait("its start", lambda: stack.aws_state()["executions"])

    @pytest.mark.parametrize("age", [-298, 298])
    def test_the_window_is_five_minutes_both_ways(self, stack, age):
        with connect(stack) as wire:
            wire.send(request(ENDPOINTS["commands"], b"text=%zz", [("Content-Type", FORM),
                                                                   *signed(secret_of(stack), b"text=%zz", age)]))
            assert wire.read().status == 400  # read, and only then found broken

"""The ledger at a terminal, with real entries in it; and whoever lays a hand on the database is found out."""

import json
import re
import shutil
import sqlite3
import subprocess
from contextlib import closing

import pytest
from cryptography.hazmat.primitives import serialization

STORY = ["server.started", *["account.added"] * 3, *["topic.confirmed"] * 4, "pipeline.started", "pipeline.started"]
START = STORY.index("pipeline.started") + 1  # the number of taro's own entry


def published(slack):
    """The newest checkpoint in #ringi-audit, copied out of its message as a person would."""
    message = slack.wait("mika", "#ringi-audit", "Ledger checkpoint")
    texts = re.findall(r'"text": ("(?:[^"\\]|\\.)*")', json.dumps(message["blocks"]))
    return next(text for text in map(json.loads, texts) if "\n— " in text)


def frontier(leaves):
    """The roots of the perfect subtrees of RFC 6962's tree, left to right: on what the store builds the next entry."""
    from hashlib import sha256
    edge = []
    for leaf in leaves:
        edge.append((1, bytes.fromhex(leaf)))
        while len(edge) > 1 and edge[-1][0] == edge[-2][0]:
            (size, right), (_, left) = edge.pop(), edge.pop()
            edge.append((2 * size, sha256(b"\1" + left + right).digest()))
    return " ".join(root.hex() for _, root in edge)


class Copy:
    """The store of a stack as somebody with the file and a database tool would have it."""

    def __init__(self, stack, directory):
        self.stack, self.path = stack, directory / "copy.db"
        with closing(sqlite3.connect(stack.directory / "ringi.db")) as live, closing(sqlite3.connect(self.path)) as own:
            live.backup(own)
        text = stack.config.read_text().replace(f"sqlite:{stack.directory}/ringi.db", f"sqlite:{self.path}")
        self.config = directory / "copy.toml"
        self.config.write_text(text)

    def change(self, *statements):
        with closing(sqlite3.connect(self.path)) as database:
            changed = [database.execute(statement).rowcount for statement in statements]
            database.commit()
        assert all(changed), "a statement changed nothing"

    def value(self, query):
        with closing(sqlite3.connect(self.path)) as database:
            return database.execute(query).fetchone()[0]

    def verify(self, *more):
        return self.stack.cli("audit", "verify", "--config", self.config, *more)


class TestLedgerAtATerminal:
    @pytest.fixture(scope="class")
    def story(self, stack, slack, ledger):
        """A started and finished deployment, and a server that has stopped cleanly: its last word is published."""
        stack.wait("both topics", lambda: len(ledger.entries("topic.confirmed")) == 4)
        slack.type("taro", "#web-deploys", "/deploy start web-stg/web")
        stack.wait("the end of it", lambda: ledger.entries("pipeline.finished"))
        assert stack.stop_ringi() == 0
        return stack

    @pytest.fixture
    def copy(self, story, tmp_path):
        return Copy(story, tmp_path)

    @pytest.fixture
    def witness(self, story, slack, tmp_path):
        path = tmp_path / "checkpoint"
        path.write_text(published(slack))
        return path

    # --- list ------------------------------------------------------------------------------------
    def test_list_is_a_table_of_what_happened(self, story):
        code, out, err = story.cli("audit", "list")
        assert (code, err) == (0, "")
        head, *lines = out.splitlines()
        assert head.split()[:3] == ["TIME", "SEQ", "KIND"]
        assert [line.split()[2] for line in lines][:len(STORY)] == STORY
        assert any("taro (U0TARO0001)" in line and "web-stg/web" in line for line in lines)

    def test_list_as_json_is_the_entries_as_they_were_hashed(self, story):
        _, out, _ = story.cli("audit", "list", "--json")
        lines = out.splitlines()
        entries = [json.loads(line) for line in lines]
        assert [e["seq"] for e in entries] == list(range(1, len(entries) + 1))
        assert all(json.dumps(e, sort_keys=True, separators=(",", ":"), ensure_ascii=False) == line
                   for e, line in zip(entries, lines))

    FILTERS = {
        "a kind": (("--kind", "pipeline.started"), {"pipeline.started"}),
        "a family of kinds": (("--kind", "pipeline"), {"pipeline.started", "pipeline.finished"}),
        "an actor's name": (("--actor", "taro"), {"pipeline.started"}),
        "an actor's id": (("--actor", "U0TARO0001"), {"pipeline.started"}),
        "a target": (("--target", "web-*/web"), {"pipeline.started", "pipeline.finished"}),
        "no such kind": (("--kind", "approval"), set()),
        "no such target": (("--target", "pay-*/*"), set()),
        "two at once": (("--kind", "pipeline", "--actor", "mika"), set()),
        "an hour": (("--since", "1h", "--kind", "topic"), {"topic.confirmed"}),
    }

    @pytest.mark.parametrize("words, kinds", FILTERS.values(), ids=FILTERS)
    def test_list_filters(self, story, words, kinds):
        code, out, _ = story.cli("audit", "list", "--json", *words)
        assert code == 0 and {json.loads(line)["kind"] for line in out.splitlines()} == kinds

    # --- verify ----------------------------------------------------------------------------------
    def test_verify_holds_and_says_what_it_cannot_know(self, story):
        code, out, err = story.cli("audit", "verify")
        assert (code, err) == (0, "") and re.match(r"ok: \d+ entries, root [0-9a-f]{64}\n", out)
        assert "no outside witness" in out

    def test_verify_with_the_published_checkpoint(self, copy, witness):
        code, out, _ = copy.verify("--checkpoint", witness)
        assert code == 0 and "no outside witness" not in out

    HANDS = {
        "a letter of an entry": [f"UPDATE ledger_entries SET json = replace(json, 'taro', 'tarp') WHERE seq = {START}"],
        "a digit of a time": ["UPDATE ledger_entries SET json = replace(json, '\"time\":\"20', '\"time\":\"21')"
                              " WHERE seq = 2"],
        "a blank added": ["UPDATE ledger_entries SET json = json || ' ' WHERE seq = 3"],
        "an entry emptied": ["UPDATE ledger_entries SET json = '{}' WHERE seq = 3"],
        "a leaf's hash": ["UPDATE ledger_entries SET leaf = '0' || substr(leaf, 2) WHERE seq ="
                          " (SELECT min(seq) FROM ledger_entries WHERE leaf NOT LIKE '0%')"],
        "the kind's column": [f"UPDATE ledger_entries SET kind = 'pipeline.stopped' WHERE seq = {START}"],
        "the actor's column": [f"UPDATE ledger_entries SET actor = 'U0HANAKO01' WHERE seq = {START}"],
        "the account's column": [f"UPDATE ledger_entries SET account = '222233334444' WHERE seq = {START}"],
        "the execution's column": [f"UPDATE ledger_entries SET execution = 'x' WHERE seq = {START + 1}"],
        "the time's column": [f"UPDATE ledger_entries SET time = time + 60000000 WHERE seq = {START}"],
        "the time's column by a hair": [f"UPDATE ledger_entries SET time = time + 1 WHERE seq = {START}"],
        "the column that knows a repeat": ["UPDATE ledger_entries SET once = once || 'x' WHERE seq ="
                                           " (SELECT max(seq) FROM ledger_entries WHERE once IS NOT NULL)"],
        "that column emptied": ["UPDATE ledger_entries SET once = NULL"],
        "one deleted in the middle": [f"DELETE FROM ledger_entries WHERE seq = {START}"],
        "the first deleted": ["DELETE FROM ledger_entries WHERE seq = 1"],
        "one deleted, the gap closed": [f"DELETE FROM ledger_entries WHERE seq = {START}",
                                        f"UPDATE ledger_entries SET seq = seq - 1 WHERE seq > {START}"],
        "two swapped": ["UPDATE ledger_entries SET seq = -2 WHERE seq = 2",
                        "UPDATE ledger_entries SET seq = 2 WHERE seq = 3",
                        "UPDATE ledger_entries SET seq = 3 WHERE seq = -2"],
        "one copied to the end": ["INSERT INTO ledger_entries SELECT max(seq) + 1, time, kind, execution, account,"
                                  " actor, NULL, json, leaf FROM ledger_entries"],
        "the last deleted": ["DELETE FROM ledger_entries WHERE seq = (SELECT max(seq) FROM ledger_entries)"],
        "the newest checkpoint deleted": ["DELETE FROM checkpoints WHERE size = (SELECT max(size) FROM checkpoints)"],
        "the newest checkpoint's signature": ["UPDATE checkpoints SET note = substr(note, 1, length(note) - 9) ||"
                                              " 'AAAAAAA=' || char(10) WHERE size ="
                                              " (SELECT max(size) FROM checkpoints)"],
        "the tail": ["UPDATE ledger_tail SET size = size - 1"],
        "a hash of the tail": ["UPDATE ledger_tail SET frontier = CASE WHEN frontier LIKE 'f%' THEN 'e' ELSE 'f' END"
                               " || substr(frontier, 2)"],
    }

    @pytest.mark.parametrize("statements", HANDS.values(), ids=HANDS)
    def test_verify_finds(self, copy, statements):
        assert copy.verify()[0] == 0, "the copy holds before it is touched"
        copy.change(*statements)
        code, out, err = copy.verify()
        assert (code, out) == (1, "")
        assert re.match(r"ringi: (entry \d+ does|entries \d+ to \d+ do) not hold: ", err), err

    def test_a_hand_that_repairs_its_hash_is_found_by_the_signed_heads(self, copy):
        from hashlib import sha256
        forged = copy.value(f"SELECT json FROM ledger_entries WHERE seq = {START}").replace("U0TARO0001", "U0MIKA0001")
        leaf = sha256(b"\0" + forged.encode()).hexdigest()
        copy.change(f"UPDATE ledger_entries SET json = '{forged}', leaf = '{leaf}', actor = 'U0MIKA0001'"
                    f" WHERE seq = {START}")
        code, _, err = copy.verify()
        assert code == 1 and "checkpoint" in err

    def test_a_cut_tail_is_found_against_the_published_checkpoint(self, copy, witness):
        """Entries, heads and tail taken back together to an earlier signed state: only a witness can tell."""
        size = copy.value("SELECT max(size) FROM checkpoints WHERE size < (SELECT max(seq) FROM ledger_entries)")
        leaves = copy.value("SELECT group_concat(leaf, ' ') FROM (SELECT leaf FROM ledger_entries"
                            f" WHERE seq <= {size} ORDER BY seq)").split()
        copy.change(f"DELETE FROM ledger_entries WHERE seq > {size}", f"DELETE FROM checkpoints WHERE size > {size}",
                    f"UPDATE ledger_tail SET size = {size}, frontier = '{frontier(leaves)}'")
        code, out, _ = copy.verify()
        assert code == 0 and "no outside witness" in out
        code, out, err = copy.verify("--checkpoint", witness)
        assert (code, out) == (1, "") and "cut off" in err

    def test_a_checkpoint_of_somebody_else_proves_nothing(self, copy, witness):
        witness.write_text(witness.read_text().replace("sandbox.example/ringi", "other.example/ringi"))
        code, out, err = copy.verify("--checkpoint", witness)
        assert code != 0 and out == "" and err.startswith("ringi: the checkpoint from outside")

    # --- receipts --------------------------------------------------------------------------------
    @pytest.fixture
    def receipt(self, story, tmp_path):
        code, out, _ = story.cli("audit", "prove", str(START))
        assert code == 0 and out.startswith("c2sp.org/tlog-proof@v1\n")
        path = tmp_path / "receipt"
        path.write_text(out)
        return path

    def test_a_receipt_is_checked_without_store_configuration_or_network(self, story, receipt):
        key = story.cli("audit", "key")[1].strip()
        done = subprocess.run([story.binary, "audit", "verify-proof", receipt, "--key", key], capture_output=True,
                              text=True, timeout=30, env={}, cwd="/")
        assert done.returncode == 0, done.stderr
        said, entry = done.stdout.splitlines()
        assert said.startswith(f"ok: entry {START} of ") and json.loads(entry)["actor"]["user"] == "U0TARO0001"

    def test_the_key_may_be_a_pem_file(self, story, receipt, tmp_path):
        private = serialization.load_pem_private_key((story.directory / "ledger.pem").read_bytes(), None)
        (tmp_path / "key.pem").write_bytes(private.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo))
        code, out, err = story.cli("audit", "verify-proof", receipt, "--key", tmp_path / "key.pem")
        assert code == 0 and out.startswith("ok: "), err

    FORGERIES = {
        "another index": lambda text: text.replace(f"index {START - 1}", f"index {START - 2}"),
        "another entry": lambda text: re.sub(r"extra .{8}", "extra eyJhIjox", text),
        "a changed hash": lambda text: re.sub(r"(?m)^(.)(.{42}=)$", lambda m: ("A" if m[1] != "A" else "B") + m[2],
                                              text, count=1),
        "another size": lambda text: re.sub(r"(?m)^(\d+)$", lambda m: str(int(m[1]) + 1), text, count=1),
        "no signature": lambda text: re.sub(r"— .*\n", "", text),
        "nothing": lambda text: "",
    }

    @pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES)
    def test_a_forged_receipt_is_refused(self, story, receipt, forge):
        good = receipt.read_text()
        receipt.write_text(forge(good))
        assert receipt.read_text() != good
        code, out, err = story.cli("audit", "verify-proof", receipt, "--key", story.cli("audit", "key")[1].strip())
        assert code != 0 and out == "" and err.startswith("ringi: ")

    def test_no_such_entry(self, story):
        code, out, err = story.cli("audit", "prove", "99999")
        assert (code, out) == (1, "") and "99999" in err

    # --- policy, with what the store knows of groups ----------------------------------------------
    def test_policy_tells_who_and_how_old_its_copies_are(self, story):
        _, out, _ = story.cli("policy", "who", "--action", "start", "--target", "web-stg/web")
        assert re.search(r"@web-developers: copy \d+\S* old; U0TARO0001", out), out
        code, out, _ = story.cli("policy", "explain", "--user", "U0TARO0001", "--action", "start", "--target",
                                 "web-stg/web")
        assert code == 0 and "environments.staging.start" in out and "yes" in out
        code, out, _ = story.cli("policy", "explain", "--user", "U0MIKA0001", "--action", "start", "--target",
                                 "web-stg/web")
        assert code == 1 and "it is for team.members" in out

    def test_policy_shows_every_statement(self, story):
        code, out, _ = story.cli("policy", "show")
        assert code == 0
        for statement in ("environments.production.start", "environments.staging.approve", "auditors read the ledger"):
            assert statement in out

    # --- a command must not make what it reads ------------------------------------------------------
    def test_reading_makes_no_store(self, story, tmp_path):
        text = story.config.read_text().replace(f"sqlite:{story.directory}/ringi.db", f"sqlite:{tmp_path}/none.db")
        (tmp_path / "none.toml").write_text(text)
        for words in (("audit", "list"), ("audit", "verify"), ("jobs", "list"), ("jobs", "retry", "01JD" + "0" * 22)):
            code, out, err = story.cli(*words, "--config", tmp_path / "none.toml")
            assert code == 2 and err.startswith("ringi: ") and "none.db" in err
        assert not list(tmp_path.glob("none.db*"))
        shutil.rmtree(tmp_path)

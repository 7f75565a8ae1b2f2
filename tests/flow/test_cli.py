"""The program at a terminal: what it says, on which stream, with which exit code."""

import json
import os
import re
import socket
import subprocess
from pathlib import Path

import pytest
from sandbox.stack import Stack

VERBS = [(), ("serve",), ("check",), ("audit",), ("audit", "list"), ("audit", "verify"), ("audit", "prove"),
         ("audit", "verify-proof"), ("audit", "key"), ("policy",), ("policy", "explain"), ("policy", "who"),
         ("policy", "show"), ("jobs",), ("jobs", "list"), ("jobs", "retry"), ("jobs", "drop")]
NO_JOB = "01JD0000000000000000000000"


def said_once(err):
    """One sentence, as the contract wants it: `ringi: what is wrong, where, how to mend it`."""
    return err.startswith("ringi: ") and err.count("\n") == 1


@pytest.fixture(scope="module")
def idle(tmp_path_factory):
    """Files of a company, and no process."""
    return Stack(tmp_path_factory.mktemp("idle"))


@pytest.mark.parametrize("verb", VERBS, ids=" ".join)
@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help_is_everywhere(idle, verb, flag):
    code, out, err = idle.cli(*verb, flag)
    assert (code, err) == (0, "")
    assert " ".join(("Usage: ringi", *verb)) in out


def test_the_version_is_said(idle):
    code, out, err = idle.cli("--version")
    assert (code, err) == (0, "") and re.fullmatch(r"ringi \d+\.\d+\.\d+\S*\n", out)


WRONG = {
    "nothing": ((), "subcommand"),
    "an unknown word": (("bogus",), '"bogus"'),
    "a typing error": (("polcy", "show"), 'did you mean "policy"?'),
    "no second word": (("audit",), "name one of list, verify"),
    "an unknown second word": (("audit", "veirfy"), 'did you mean "verify"?'),
    "an unknown option": (("check", "--ofline"), 'did you mean "--offline"?'),
    "an option without its value": (("check", "--offline", "--config"), "--config has no value"),
    "a word too many": (("check", "--offline", "now"), '"now"'),
    "prove without a number": (("audit", "prove"), "SEQ"),
    "prove a word": (("audit", "prove", "first"), "SEQ"),
    "no number": (("audit", "prove", "1e3"), 'SEQ is "1e3" and no number'),
    "the same option twice": (("audit", "list", "--kind", "a", "--kind", "b"), "--kind is given more than once"),
    "a flag with a value": (("check", "--offline=maybe"), "--offline takes no value"),
    "an option that is missing": (("policy", "explain", "--action", "start"), "--user is missing"),
    "no duration": (("audit", "list", "--since", "yesterday"), '"yesterday" is no duration, --since'),
    "no such action": (("policy", "who", "--action", "strat", "--target", "web-prod/web"), "--action"),
    "no such account": (("policy", "who", "--action", "start", "--target", "web-prd/web"), 'did you mean "web-prod"?'),
    "no target": (("policy", "who", "--action", "start"), "ACCOUNT/PIPELINE"),
    "no user id": (("policy", "explain", "--user", "taro", "--action", "audit"), "--user"),
    "a job's id that is none": (("jobs", "retry", "7"), "7"),
    "drop without a reason": (("jobs", "drop", NO_JOB), "--reason"),
    "a file that is not there": (("audit", "verify", "--checkpoint", "nowhere"), "nowhere"),
    "a receipt that is not there": (("audit", "verify-proof", "nowhere", "--key", "x"), "nowhere"),
    "check of Slack and AWS": (("check",), "not in this version"),
    "init": (("init", "somewhere"), "init: not in this version"),
    "manifest": (("manifest", "--url", "https://x"), "manifest: not in this version"),
    "alerts": (("alerts", "explain", "event.json"), "alerts: not in this version"),
    "audit export": (("audit", "export", "--from", "2026-01-01", "--csv"), "audit export: not in this version"),
    "accept-restored": (("serve", "--accept-restored"), "--accept-restored: not in this version"),
    "checkpoint at the start": (("serve", "--checkpoint", "x"), "--checkpoint: not in this version"),
}


@pytest.mark.parametrize("words, says", WRONG.values(), ids=WRONG)
def test_wrong_usage_is_told_with_a_mend(idle, words, says):
    code, out, err = idle.cli(*words)
    assert (code, out) == (2, "")
    assert said_once(err) and says in err, err


def run(idle, *words, **environment):
    return subprocess.run([str(idle.binary), *words], capture_output=True, text=True, timeout=30, env=environment)


class TestConfigurationNamed:
    def test_by_the_flag_or_by_the_environment_and_the_flag_wins(self, idle):
        here = str(idle.config)
        assert run(idle, "check", "--offline", RINGI_CONFIG=here).returncode == 0
        assert run(idle, "check", "--offline", "--config", here).returncode == 0
        assert run(idle, "--config", here, "check", "--offline", RINGI_CONFIG="/nowhere").returncode == 0
        assert run(idle, "check", "--offline", "--config", "/nowhere", RINGI_CONFIG=here).returncode != 0

    @pytest.mark.parametrize("verb", [["serve"], ["check", "--offline"], ["policy", "show"], ["audit", "list"],
                                      ["jobs", "list"]], ids=" ".join)
    def test_none_is_wrong_usage(self, idle, verb):
        done = run(idle, *verb)
        assert done.returncode == 2 and done.stdout == "" and "RINGI_CONFIG" in done.stderr

    @staticmethod
    def beside(stack):
        """A configuration whose certificate, key and CA bundle are named from where it stands."""
        text = stack.config.read_text().replace(f'"{stack.directory}/tls/', '"tls/')
        assert '"tls/key.pem"' in text
        config = stack.directory / "beside.toml"
        config.write_text(text.replace("[server]\n", '[server]\nca_bundle = "tls/certificate.pem"\n', 1))
        return config

    @pytest.mark.parametrize("named", ["absolute", "relative"])
    def test_paths_in_it_are_beside_it_wherever_the_caller_stands(self, idle, tmp_path, named):
        config, stands = self.beside(idle), tmp_path
        if named == "relative":
            stands = idle.directory.parent
            config = config.relative_to(stands)
        done = subprocess.run([str(idle.binary), "check", "--offline", "--config", str(config)], cwd=stands,
                              capture_output=True, text=True, timeout=30, env={})
        assert done.returncode == 0, done.stderr

    def test_a_server_finds_them_from_another_folder_too(self, tmp_path):
        """It has read them all when it asks for its second port, which is taken."""
        stack = Stack(tmp_path / "own")
        stands = stack.directory.parent
        config = self.beside(stack).relative_to(stands)
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", stack.ports["admin_port"]))
            taken.listen()
            done = subprocess.run([str(stack.binary), "serve", "--config", str(config)], cwd=stands,
                                  capture_output=True, text=True, timeout=60,
                                  env={**os.environ, **stack.environment()})
        assert done.returncode == 2
        assert f"cannot listen on 127.0.0.1:{stack.ports['admin_port']}" in done.stderr, done.stderr


# --- check --offline ----------------------------------------------------------------------------------
BROKEN = {  # what is written -> what is written instead, and what is said of it
    "an unknown key": ('admin_listen = ', 'admin_lisen = ', 'did you mean "admin_listen"?'),
    "a word for a number": ("quorum = 1", 'quorum = "one"', "quorum"),
    "a team that does not exist": ('team = "pay"', 'team = "pya"', 'did you mean "pay"?'),
    "an id with a letter": ('id = "222233334444"', 'id = "22223333444x"', "id"),
    "a secret that is not there": ("/bot-token", "/bot-tokn", "bot_token"),
    "an unknown action": ('actions = ["audit"]', 'actions = ["adit"]', '"start", "read", "approve", "audit" or "operate"'),
    "an unknown who": ('approvers = "@web-leads"', 'approvers = "web-leads"', "approvers"),
}
ROW = {"a team that does not exist": '[[accounts]]\nname = "pay-prod"'}  # told at the head of its table
LATER = {
    "freeze": '\n[[freeze]]\nid = "new year"\nenvironment = ["production"]\nfrom = "2026-12-28 18:00"\n'
              'to = "2027-01-04 09:00"\ntime_zone = "Asia/Tokyo"\n',
    "alerts": '\n[[alerts]]\nchannels = ["#aws-alerts"]\n',
    "cloudtrail": '\n[cloudtrail]\nignore_principals = ["*:role/terraform-*"]\n',
}


def line_of(text, part):
    return text[:text.index(part)].count("\n") + 1


class TestCheckOffline:
    def write(self, idle, text):
        config = Path(idle.directory) / "changed.toml"
        config.write_text(text)
        return config

    def test_a_good_one(self, idle):
        code, out, err = idle.cli("check", "--offline")
        assert (code, err) == (0, "") and out.startswith("ok: ") and "3 accounts" in out

    @pytest.mark.parametrize("name", BROKEN)
    def test_a_problem_is_told_with_its_line(self, idle, name):
        old, new, says = BROKEN[name]
        text = idle.config.read_text()
        config = self.write(idle, text.replace(old, new, 1))
        code, out, err = idle.cli("check", "--offline", "--config", config)
        assert (code, out) == (1, "")
        told = [line for line in err.splitlines() if says in line]
        assert told and told[0].startswith("ringi: ")
        assert f"{config}:{line_of(text, ROW.get(name, old))}" in told[0], err

    def test_all_of_them_at_once(self, idle):
        text = idle.config.read_text()
        breaking = BROKEN | {"a file that is not there": ("/tls/key.pem", "/tls/kye.pem", "server.private_key")}
        for old, new, _ in breaking.values():
            text = text.replace(old, new, 1)
        config = self.write(idle, text)
        for verb in (("check", "--offline"), ("serve",)):
            code, _, err = idle.cli(*verb, "--config", config)
            assert code == (1 if verb[0] == "check" else 2)
            assert {name: says in err for name, (_, _, says) in breaking.items()} == dict.fromkeys(breaking, True)

    UNFIT = {"a certificate that is none": ("/tls/certificate.pem", "server.certificate"),
             "a ledger key that is none": ("/ledger.pem", "ledger.key")}

    @pytest.mark.parametrize("file, key", UNFIT.values(), ids=UNFIT)
    def test_a_file_that_does_not_hold_what_it_is_named_for(self, idle, file, key):
        text = idle.config.read_text()
        assert file in text
        config = self.write(idle, text.replace(file, "/bot-token", 1))
        code, out, err = idle.cli("check", "--offline", "--config", config)
        assert (code, out) == (1, "") and said_once(err) and key in err and f"{config}:" in err, err

    def test_that_nothing_is_production(self, idle):
        text = idle.config.read_text()
        config = self.write(idle, re.sub(r"(?m)^\[realms\.production\]$", "[realms.live]", text))
        code, _, err = idle.cli("check", "--offline", "--config", config)
        assert code == 0 and "warning: no environment is production" in err

    @pytest.mark.parametrize("json", [(), ("--json",)], ids=str)
    @pytest.mark.parametrize("path", ["nowhere.toml", "."])
    def test_no_configuration_to_check_is_wrong_usage(self, idle, path, json):
        code, out, err = idle.cli("check", "--offline", *json, "--config", idle.directory / path)
        assert (code, out) == (2, "") and said_once(err) and "--config" in err

    @pytest.mark.parametrize("section", LATER)
    def test_what_this_version_does_not_enforce_is_refused(self, idle, section):
        config = self.write(idle, idle.config.read_text() + LATER[section])
        for verb in (("check", "--offline"), ("policy", "show"), ("serve",)):
            code, _, err = idle.cli(*verb, "--config", config)
            assert code == (1 if verb[0] == "check" else 2)
            assert f"{section}: not in this version" in err

    def test_no_toml_at_all(self, idle):
        code, _, err = idle.cli("check", "--offline", "--config", self.write(idle, "[server\nlisten = 1\n"))
        assert code == 1 and ":1" in err and err.startswith("ringi: ")

    def test_which_aws_credentials_win_and_why_others_do_not(self, idle):
        files = {"HOME": str(idle.directory), "AWS_CONFIG_FILE": str(idle.directory / "aws-config"),
                 "RINGI_CONFIG": str(idle.config)}
        Path(files["AWS_CONFIG_FILE"]).write_text("[default]\ncredential_process = /opt/vault 'export all'\n")
        done = run(idle, "check", "--offline", **files)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.splitlines()[-2:] == ["AWS credentials: profile default, credential_process /opt/vault",
                                                 "  not environment: AWS_ACCESS_KEY_ID is not set"]
        told = json.loads(run(idle, "check", "--offline", "--json", **files).stdout)["aws_credentials"]
        assert told == {"source": "profile default, credential_process /opt/vault",
                        "passed_over": [{"source": "environment", "why": "AWS_ACCESS_KEY_ID is not set"}]}

    def test_aws_credentials_that_are_half_set_up(self, idle):
        done = run(idle, "check", "--offline", AWS_ACCESS_KEY_ID="AKIA", RINGI_CONFIG=str(idle.config))
        assert done.returncode == 1 and said_once(done.stderr)
        assert "AWS_SECRET_ACCESS_KEY: not set, though AWS_ACCESS_KEY_ID is" in done.stderr

    def test_secrets_are_never_shown(self, idle):
        for words in (("check", "--offline"), ("check", "--offline", "--json"), ("policy", "show")):
            _, out, err = idle.cli(*words)
            for name in ("signing-secret", "bot-token", "external-id"):
                assert (idle.directory / name).read_text().strip() not in out + err

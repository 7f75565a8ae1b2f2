"""ringi's own AWS credentials: the default chain, in the real program."""

import json

import pytest
from deployment import Deployment
from sandbox import aws_world as world


@pytest.fixture(scope="class")
def program(tmp_path_factory):
    """What a program prints that is asked for credentials; there is none yet."""
    folder = tmp_path_factory.mktemp("credentials")
    (folder / "config").write_text(f"[default]\ncredential_process = cat '{folder}/answer'\n")
    return folder


class TestAProgramThatIsAskedForCredentials:
    @pytest.fixture(scope="class")
    def stack(self, make_stack, program):
        stack = make_stack(start=False, speed=1000.0)
        stack.credentials = {"AWS_CONFIG_FILE": program / "config", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null"}
        return stack.start()

    @pytest.fixture(scope="class")
    def staging(self, stack, slack, ledger):
        return Deployment(stack, slack, ledger, "web-stg/web")

    def test_who_asks_is_told_while_it_has_none_and_operators_find_why(self, staging):
        staging.slack.type("taro", staging.channel, "/deploy start web-stg/web")
        staging.told("taro", "ringi has no AWS credentials of its own at the moment; its log says why")
        log = staging.stack.log_tail(400)
        assert "AWS credentials: profile default, credential_process cat (environment: AWS_ACCESS_KEY_ID is not set)" in log
        assert "it ended with status 1: cat:" in log
        assert staging.executions() == []

    def test_what_was_asked_for_is_done_when_it_has_some(self, staging, program):
        """Nobody asks again, and nothing is restarted: the job is."""
        (program / "answer").write_text(json.dumps(
            {"Version": 1, "AccessKeyId": world.BASE_KEY, "SecretAccessKey": world.BASE_SECRET}))
        staging.told("taro", r"Starting \*web\* in web-stg", timeout=90)
        [execution] = staging.executions()
        assert execution["trigger"]["triggerDetail"].endswith(":assumed-role/ringi/U0TARO0001")

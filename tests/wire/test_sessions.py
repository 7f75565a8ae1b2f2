"""What a session in an account may do, as ringi has it, against an AWS that weighs policies."""

import asyncio
import threading

import pytest
from aiohttp import web
from conftest import Lines
from sandbox import aws_world
from sandbox.aws_app import Aws

READS = ["codepipeline:GetPipelineState", "codepipeline:ListPipelines"]
TARO = "U0TARO0001"


class Service:
    """The sandbox's AWS at `url`, in a thread."""

    def __init__(self):
        self.loop, ready = asyncio.new_event_loop(), threading.Event()
        self.thread = threading.Thread(target=self._run, args=(ready,), daemon=True)
        self.thread.start()
        assert ready.wait(10)

    def _run(self, ready):
        self.loop.run_until_complete(self._begin())
        ready.set()
        self.loop.run_forever()

    async def _begin(self):
        self.aws = Aws("http://127.0.0.1:0", "https://127.0.0.1:1")
        self.runner = web.AppRunner(self.aws.app())
        await self.runner.setup()
        site = web.TCPSite(self.runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}"

    def close(self):
        asyncio.run_coroutine_threadsafe(self.runner.cleanup(), self.loop).result(10)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)


@pytest.fixture
def service():
    service = Service()
    yield service
    service.close()


@pytest.fixture
def caller(service):
    caller = Lines("wire_caller", {"AWS_ACCESS_KEY_ID": aws_world.BASE_KEY, "AWS_SECRET_ACCESS_KEY": aws_world.BASE_SECRET,
                                   "AWS_ENDPOINT_URL": service.url})
    caller.ask(base_role=aws_world.realm_role("production"), role="ringi", accounts=[aws_world.WEB_PROD],
               external_id=aws_world.EXTERNAL_ID)
    yield caller
    caller.close()


def call(caller, operation, actions, acting="", **given):
    return caller.ask(service="codepipeline", operation=operation, region=aws_world.REGION, account=aws_world.WEB_PROD,
                      actions=actions, acting=acting, input=given)


def test_with_a_session_of_reads_aws_refuses_a_write(caller, service):
    assert "output" in call(caller, "GetPipelineState", READS, name="web")
    assert "output" in call(caller, "ListPipelines", READS)
    refused = call(caller, "StartPipelineExecution", READS, name="web", clientRequestToken="t")
    assert refused["code"] == "AccessDeniedException" and "codepipeline:StartPipelineExecution" in refused["error"]
    assert service.aws.engine.executions == []
    assert [a["session"] for a in service.aws.sts.assumed] == ["ringi", "ringi"], "the base role's, and one for all reads"


def test_with_the_session_of_a_write_aws_refuses_another_and_every_read(caller, service):
    start = ["codepipeline:StartPipelineExecution"]
    assert "output" in call(caller, "StartPipelineExecution", start, TARO, name="web", clientRequestToken="t")
    assert call(caller, "GetPipelineState", start, TARO, name="web")["code"] == "AccessDeniedException"
    refused = call(caller, "PutApprovalResult", start, TARO, pipelineName="web", stageName="Approve", actionName="ManualApproval",
                   token="1a2b3c4d-573f-4ea7-a67e-0123456789ab", result={"status": "Approved", "summary": "s"})
    assert refused["code"] == "AccessDeniedException"
    [execution] = service.aws.engine.executions
    assert execution.trigger["triggerDetail"].endswith(f":assumed-role/ringi/{TARO}")


def test_a_session_may_do_no_more_than_its_role(caller):
    refused = call(caller, "ListWebhooks", ["codepipeline:ListWebhooks"])
    assert refused["code"] == "AccessDeniedException"


def test_a_session_for_nothing_is_not_asked_for(caller, service):
    assert "names no IAM action" in call(caller, "ListPipelines", [])["error"]
    assert service.aws.sts.assumed == []


def test_a_policy_that_aws_packs_into_too_much_is_named(caller, service):
    service.aws.sts.room = 50
    refused = call(caller, "ListPipelines", READS)
    assert refused["code"] == "PackedPolicyTooLarge" and "of allotted space" in refused["error"]

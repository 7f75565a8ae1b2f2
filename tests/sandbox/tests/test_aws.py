"""The AWS half, called by boto3 itself: real signatures, real parsers."""

import asyncio
import json
import threading

import boto3
import pytest
from aiohttp import web
from botocore.config import Config
from botocore.exceptions import ClientError

from sandbox import aws_world
from sandbox.aws_app import Aws
from sandbox.aws_iam import Documented, Policy
from sandbox.aws_organizations import HOME, Member
from sandbox.aws_pipelines import Action, Stage
from sandbox.aws_sns import Sns
from sandbox.install_page import INSTALL


@pytest.fixture
def aws():
    loop, ready, box = asyncio.new_event_loop(), threading.Event(), {}

    async def serve():
        aws = Aws("http://127.0.0.1:0", "https://127.0.0.1:1", speed=100)
        runner = web.AppRunner(aws.app())
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        box.update(aws=aws, port=site._server.sockets[0].getsockname()[1], runner=runner)
        ready.set()

    thread = threading.Thread(target=lambda: (loop.run_until_complete(serve()), loop.run_forever()), daemon=True)
    thread.start()
    assert ready.wait(10)
    yield box
    asyncio.run_coroutine_threadsafe(box["runner"].cleanup(), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)


def client(box, service, key=aws_world.BASE_KEY, secret=aws_world.BASE_SECRET, token=None, region=aws_world.REGION):
    return boto3.client(service, endpoint_url=f"http://127.0.0.1:{box['port']}", region_name=region,
                        aws_access_key_id=key, aws_secret_access_key=secret, aws_session_token=token,
                        config=Config(retries={"max_attempts": 1}))


def assume(sts, role, **more):
    c = sts.assume_role(RoleArn=role, RoleSessionName="U0TARO0001", **more)["Credentials"]
    return c["AccessKeyId"], c["SecretAccessKey"], c["SessionToken"]


def member(box, account, realm):
    base = assume(client(box, "sts"), f"arn:aws:iam::{aws_world.HUB}:role/ringi-{realm}")
    return assume(client(box, "sts", *base), f"arn:aws:iam::{account}:role/ringi", ExternalId=aws_world.EXTERNAL_ID)


@pytest.fixture
def pipeline(aws):
    return client(aws, "codepipeline", *member(aws, aws_world.WEB_PROD, "production"))


def waiting(pipeline, name="web"):
    """Starts it; the token of its approval."""
    started = pipeline.start_pipeline_execution(name=name)["pipelineExecutionId"]
    for _ in range(100):
        stage = pipeline.get_pipeline_state(name=name)["stageStates"][2]
        token = stage["actionStates"][0].get("latestExecution", {}).get("token")
        if token and stage["latestExecution"]["pipelineExecutionId"] == started:
            return token
        threading.Event().wait(0.05)
    raise AssertionError("no approval waits")


def decide(pipeline, token, status="Approved", **where):
    given = {"pipelineName": "web", "stageName": "Approve", "actionName": "ManualApproval", **where}
    return pipeline.put_approval_result(**given, token=token, result={"status": status, "summary": "ok"})


def test_one_client_token_starts_once(pipeline):
    first, second = (pipeline.start_pipeline_execution(name="web", clientRequestToken="once") for _ in range(2))
    assert first["pipelineExecutionId"] == second["pipelineExecutionId"]


def test_an_approval_is_decided_once(aws, pipeline):
    token = waiting(pipeline)
    decide(pipeline, token)
    with pytest.raises(ClientError, match="ApprovalAlreadyCompleted"):
        decide(pipeline, token, "Rejected")
    assert [p.effective for p in aws["aws"].engine.puts] == [True, False]


@pytest.mark.parametrize("where, code", [
    ({"stageName": "Sign", "actionName": "ManualApproval"}, "InvalidApprovalToken"),
    ({"stageName": "Approve", "actionName": "Second"}, "InvalidApprovalToken"),
    ({"pipelineName": "batch"}, "InvalidApprovalToken"),
    ({"stageName": "Nowhere"}, "StageNotFound"), ({"actionName": "Nothing"}, "ActionNotFound")])
def test_a_token_holds_for_its_own_action_alone(aws, pipeline, where, code):
    stages = aws["aws"].engine.pipeline(aws_world.WEB_PROD, aws_world.REGION, "web").stages
    stages[2].actions.append(Action("Second", "Approval", "Manual"))
    stages.append(Stage("Sign", [Action("ManualApproval", "Approval", "Manual")]))
    token = waiting(pipeline)
    with pytest.raises(ClientError, match=code):
        decide(pipeline, token, **where)
    assert not any(p.effective for p in aws["aws"].engine.puts)
    decide(pipeline, token)
    assert [p.effective for p in aws["aws"].engine.puts][-1]


@pytest.mark.parametrize("revision, words", [
    ({"actionName": "Sauce", "revisionType": "COMMIT_ID"}, "no source action Sauce"),
    ({"actionName": "Build", "revisionType": "COMMIT_ID"}, "no source action Build"),
    ({"actionName": "Source", "revisionType": "IMAGE_DIGEST"}, "takes no revision of the type IMAGE_DIGEST")])
def test_only_a_source_action_takes_a_revision_and_only_of_its_type(aws, pipeline, revision, words):
    with pytest.raises(ClientError, match=f"ValidationException.*{words}"):
        pipeline.start_pipeline_execution(name="web", sourceRevisions=[{**revision, "revisionValue": "feedc0de"}])
    assert aws["aws"].engine.executions == []


LISTS = {"ListPipelines": ("list_pipelines", {}, "pipelines"),
         "ListPipelineExecutions": ("list_pipeline_executions", {"pipelineName": "web"}, "pipelineExecutionSummaries"),
         "ListActionExecutions": ("list_action_executions", {"pipelineName": "web"}, "actionExecutionDetails")}


@pytest.mark.parametrize("method, given, what", LISTS.values(), ids=LISTS)
def test_lists_come_in_small_pages_when_asked(aws, pipeline, method, given, what):
    for _ in range(3):
        waiting(pipeline)
    whole = getattr(pipeline, method)(**given)[what]
    aws["aws"].operations.page = 2
    pages = [page[what] for page in pipeline.get_paginator(method).paginate(**given)]
    assert len(whole) > 2 and [row for page in pages for row in page] == whole
    assert {len(page) for page in pages} <= {1, 2}
    with pytest.raises(ClientError, match="InvalidNextToken"):
        getattr(pipeline, method)(**given, nextToken="2")


def test_an_approval_s_own_timeout_stands_in_the_definition(aws):
    pipelines = client(aws, "codepipeline", *member(aws, aws_world.WEB_PROD, "production"))
    aws["aws"].engine.pipelines[aws_world.WEB_PROD, aws_world.REGION, "batch"].stages[2].actions[0].timeout = 7200.0
    for name, minutes in (("batch", 120), ("web", None)):
        [action] = pipelines.get_pipeline(name=name, version=1)["pipeline"]["stages"][2]["actions"]
        assert action.get("timeoutInMinutes") == minutes
    with pytest.raises(ClientError, match="PipelineVersionNotFoundException"):
        pipelines.get_pipeline(name="web", version=2)


def test_the_wall_between_realms_stands(aws):
    with pytest.raises(ClientError, match="AccessDenied"):
        member(aws, aws_world.WEB_PROD, "nonproduction")


def test_a_wrong_secret_is_refused(aws):
    with pytest.raises(ClientError, match="InvalidSignature"):
        client(aws, "sts", secret="wrong").get_caller_identity()


def test_what_the_model_refuses_is_refused(pipeline):
    with pytest.raises(ClientError, match="Validation"):
        decide(pipeline, "not-a-token")


@pytest.mark.parametrize("action, call", [
    ("GetPipelineState", lambda p: p.get_pipeline_state(name="web")),
    ("StartPipelineExecution", lambda p: p.start_pipeline_execution(name="web")),
    ("PutApprovalResult", lambda p: decide(p, "1a2b3c4d-573f-4ea7-a67e-0123456789ab"))])
def test_a_role_may_do_what_the_documented_policy_lists_and_nothing_else(aws, pipeline, action, call):
    text = INSTALL.read_text()
    assert f'"codepipeline:{action}"' in text
    less = Documented(text.replace(f'"codepipeline:{action}"', '"codepipeline:ListTagsForResource"'))
    for record in aws["aws"].sts.records.values():
        record.policy = less.policy("codepipeline:ListPipelines", "*")
    with pytest.raises(ClientError, match=f"AccessDeniedException.*codepipeline:{action}"):
        call(pipeline)


def test_what_no_policy_names_is_denied(pipeline):
    with pytest.raises(ClientError, match="AccessDenied"):
        pipeline.delete_pipeline(name="web")


def test_the_servers_own_keys_reach_no_pipeline(aws):
    with pytest.raises(ClientError, match="AccessDenied"):
        client(aws, "codepipeline").list_pipelines()


def limited(box, policy, **more):
    """An account's session with a session policy of that text."""
    base = assume(client(box, "sts"), aws_world.realm_role("production"))
    role = f"arn:aws:iam::{aws_world.WEB_PROD}:role/ringi"
    return assume(client(box, "sts", *base), role, ExternalId=aws_world.EXTERNAL_ID, Policy=policy, **more)


def allowing(*actions, **more):
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*", **more}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def test_a_session_policy_leaves_of_the_role_what_both_allow(aws):
    session = client(aws, "codepipeline", *limited(aws, allowing("codepipeline:GetPipelineState", "codepipeline:DeletePipeline")))
    session.get_pipeline_state(name="web")
    with pytest.raises(ClientError, match="AccessDenied"):
        session.start_pipeline_execution(name="web")
    with pytest.raises(ClientError, match="AccessDenied"):
        session.delete_pipeline(name="web")
    assert aws["aws"].engine.executions == []
    assert json.loads(aws["aws"].sts.assumed[-1]["policy"])["Statement"][0]["Action"][0] == "codepipeline:GetPipelineState"


def test_a_session_policy_may_deny(aws):
    deny = {"Effect": "Deny", "Action": "codepipeline:Start*", "Resource": "*"}
    allow = {"Effect": "Allow", "Action": "codepipeline:*", "Resource": "*"}
    text = json.dumps({"Version": "2012-10-17", "Statement": [allow, deny]})
    session = client(aws, "codepipeline", *limited(aws, text))
    session.get_pipeline_state(name="web")
    with pytest.raises(ClientError, match="AccessDenied"):
        session.start_pipeline_execution(name="web")


BAD_POLICIES = {
    "no JSON": ("{", "MalformedPolicyDocument"),
    "no object": ("[]", "MalformedPolicyDocument"),
    "no version": ('{"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}', "MalformedPolicyDocument"),
    "no statement": ('{"Version": "2012-10-17", "Statement": []}', "MalformedPolicyDocument"),
    "a statement that is a word": ('{"Version": "2012-10-17", "Statement": ["*"]}', "MalformedPolicyDocument"),
    "another member": ('{"Version": "2012-10-17", "Statement": [], "Actions": 1}', "MalformedPolicyDocument"),
    "no resource": ('{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*"}}', "MalformedPolicyDocument"),
    "another effect": (allowing("*", Effect="allow"), "MalformedPolicyDocument"),
    "a principal": (allowing("*", Principal="*"), "MalformedPolicyDocument.*principal"),
    "a resource without an ARN": (allowing("*", Resource="web"), "MalformedPolicyDocument.*ARN"),
    "an action of no service": (allowing("GetPipelineState"), "MalformedPolicyDocument.*vendor"),
    "an action that is no text": (allowing(1), "MalformedPolicyDocument"),
    "too long": (allowing("codepipeline:" + "A" * 2048), "ValidationError.*2048")}


@pytest.mark.parametrize("policy, code", BAD_POLICIES.values(), ids=BAD_POLICIES)
def test_what_is_no_session_policy_is_refused(aws, policy, code):
    with pytest.raises(ClientError, match=code):
        limited(aws, policy)
    assert [a["role"] for a in aws["aws"].sts.assumed] == [aws_world.realm_role("production")]


def test_a_session_policy_that_packs_badly_is_refused(aws):
    aws["aws"].sts.room = 50
    with pytest.raises(ClientError, match="PackedPolicyTooLarge.*Packed policy consumes"):
        limited(aws, allowing("codepipeline:GetPipelineState"))


def test_who_may_not_set_a_source_identity_may_not_assume_the_role_with_one(aws):
    base = assume(client(aws, "sts"), aws_world.realm_role("production"))
    role, more = f"arn:aws:iam::{aws_world.WEB_PROD}:role/ringi", {"ExternalId": aws_world.EXTERNAL_ID}
    assume(client(aws, "sts", *base), role, SourceIdentity="U0TARO0001", **more)
    trust = Policy(({"Effect": "Allow", "Action": "sts:AssumeRole"},))
    aws["aws"].sts.roles[role].trust = trust
    assume(client(aws, "sts", *base), role, **more)
    with pytest.raises(ClientError, match="AccessDenied"):
        assume(client(aws, "sts", *base), role, SourceIdentity="U0TARO0001", **more)


@pytest.mark.parametrize("status, attempts", [(503, 4), (429, 4), (599, 4), (403, 1), (200, 1)])
def test_sns_repeats_three_times_what_may_still_succeed(status, attempts):
    """The default of a subscription without a delivery policy of its own."""
    posts = []

    async def post(headers, body):
        posts.append(json.loads(body)["MessageId"])
        if status == 599:
            raise OSError("nothing listens")
        return status

    async def publish():
        sns = Sns(lambda: 1760000000, "http://127.0.0.1", post, retry_delay=0.001)
        sns.confirmed.add(aws_world.EVENTS_TOPIC)
        sns.publish(aws_world.EVENTS_TOPIC, "{}")
        await asyncio.gather(*sns.tasks)
        return sns

    sns = asyncio.run(publish())
    assert len(posts) == attempts and len(set(posts)) == 1
    assert bool(sns.delivered) == (status == 200) != bool(sns.failed)


def test_only_the_events_of_the_documented_rule_are_sent(aws, pipeline):
    """install.md's pattern names pipelines and actions: what a stage does is not told."""
    sent = []
    aws["aws"].sns.publish = lambda topic, message, subject=None: sent.append(json.loads(message)["detail-type"])
    waiting(pipeline)
    assert set(sent) == {"CodePipeline Pipeline Execution State Change", "CodePipeline Action Execution State Change"}


def test_in_disorder_events_come_twice_and_overtake_one_another(aws, pipeline):
    async def post(headers, body):
        came.append(json.loads(json.loads(body)["Message"]))
        return 200

    came, sns = [], aws["aws"].sns
    sns.post, sns.disorder = post, 0.5
    sns.confirmed.add(aws_world.EVENTS_TOPIC)
    waiting(pipeline)
    for _ in range(100):
        if not sns.tasks:
            break
        threading.Event().wait(0.05)
    ids = [event["id"] for event in came]
    assert len(ids) > 8 and all(ids.count(one) == 2 for one in ids)
    assert [e["time"] for e in came] != sorted(e["time"] for e in came)


# --- Organizations -------------------------------------------------------------------------------
def organizations(box, **more):
    return client(box, "organizations", region=HOME, **more)


def add_members(box, count):
    for number in range(count):
        box["aws"].organization.add(Member(str(600000000000 + number), f"many-{number}", {str(n): "x" for n in range(5)},
                                           units=["ou-acme-workloads1", "ou-acme-team00001"][:number % 3]))


def test_an_organization_is_read_page_by_page_and_an_empty_page_is_not_the_end(aws):
    add_members(aws, 40)
    first = organizations(aws).list_accounts()
    assert len(first["Accounts"]) == 20 and first["NextToken"]
    pages = list(organizations(aws).get_paginator("list_accounts").paginate())
    assert [len(p["Accounts"]) for p in pages] == [20, 20, 0, 4]
    tags = list(organizations(aws).get_paginator("list_tags_for_resource").paginate(ResourceId="600000000000"))
    assert sum(len(p["Tags"]) for p in tags) == 5 and len(tags) > 2


def test_accounts_stand_below_units(aws):
    add_members(aws, 9)
    organization = organizations(aws)
    direct = organization.list_accounts_for_parent(ParentId="ou-acme-workloads1")["Accounts"]
    assert [a["Name"] for a in direct] == ["many-1", "many-4", "many-7"]
    below = organization.list_organizational_units_for_parent(ParentId="ou-acme-workloads1")["OrganizationalUnits"]
    assert [u["Id"] for u in below] == ["ou-acme-team00001"]
    with pytest.raises(ClientError, match="ParentNotFoundException"):
        organization.list_accounts_for_parent(ParentId="ou-acme-nowhere00")
    with pytest.raises(ClientError, match="TargetNotFoundException"):
        organization.list_tags_for_resource(ResourceId="999999999999")


def test_only_the_management_account_reads_an_organization(aws):
    key, secret, token = member(aws, aws_world.WEB_PROD, "production")
    with pytest.raises(ClientError, match="AccessDeniedException"):
        organizations(aws, key=key, secret=secret, token=token).list_accounts()


def test_a_token_of_a_page_is_good_once(aws):
    add_members(aws, 40)
    token = organizations(aws).list_accounts()["NextToken"]
    organizations(aws).list_accounts(NextToken=token)
    with pytest.raises(ClientError, match="InvalidInputException"):
        organizations(aws).list_accounts(NextToken=token)


# --- SQS -----------------------------------------------------------------------------------------
@pytest.fixture
def queue(aws):
    sqs = aws["aws"].sqs
    sqs.add(aws_world.EVENTS_QUEUE)
    url = client(aws, "sqs").get_queue_url(QueueName="ringi", QueueOwnerAWSAccountId=aws_world.HUB)["QueueUrl"]
    return sqs, url


def receive(aws, url, **more):
    return client(aws, "sqs").receive_message(QueueUrl=url, **{"MaxNumberOfMessages": 10, **more}).get("Messages", [])


def test_a_message_is_invisible_while_somebody_has_it(aws, queue):
    sqs, url = queue
    sqs.send(aws_world.EVENTS_QUEUE, "hello")
    [message] = receive(aws, url)
    assert message["Body"] == "hello" and receive(aws, url) == []
    sqs.show(aws_world.EVENTS_QUEUE)
    [again] = receive(aws, url)
    assert again["MessageId"] == message["MessageId"] and again["ReceiptHandle"] != message["ReceiptHandle"]


def test_only_the_last_receipt_deletes(aws, queue):
    sqs, url = queue
    sqs.send(aws_world.EVENTS_QUEUE, "hello")
    [old] = receive(aws, url)
    sqs.show(aws_world.EVENTS_QUEUE)
    [new] = receive(aws, url)
    answer = client(aws, "sqs").delete_message_batch(QueueUrl=url, Entries=[
        {"Id": "0", "ReceiptHandle": old["ReceiptHandle"]}, {"Id": "1", "ReceiptHandle": new["ReceiptHandle"]}])
    assert [e["Id"] for e in answer["Failed"]] == ["0"] and [e["Id"] for e in answer["Successful"]] == ["1"]
    assert sqs.state()[aws_world.EVENTS_QUEUE]["received"] == []


def test_a_damaged_message_does_not_pass_boto3(aws, queue):
    sqs, url = queue
    sqs.send(aws_world.EVENTS_QUEUE, "hello", damaged=True)
    [message] = receive(aws, url)
    assert message["MD5OfBody"] != "5d41402abc4b2a76b9719d911017c592"


def test_a_queue_that_is_not_there_has_the_code_of_both_protocols(aws):
    with pytest.raises(ClientError) as refused:
        client(aws, "sqs").get_queue_url(QueueName="ringi", QueueOwnerAWSAccountId=aws_world.HUB)
    assert refused.value.response["Error"]["Code"] == "AWS.SimpleQueueService.NonExistentQueue"
    assert type(refused.value).__name__ == "QueueDoesNotExist"


def test_what_sqs_refuses_is_refused(aws, queue):
    _, url = queue
    sqs = client(aws, "sqs")
    with pytest.raises(ClientError, match="InvalidParameterValue"):
        sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=11)
    with pytest.raises(ClientError, match="AccessDenied"):
        sqs.get_queue_url(QueueName="ringi", QueueOwnerAWSAccountId=aws_world.WEB_PROD)
    with pytest.raises(ClientError, match="AccessDenied"):
        sqs.get_queue_attributes(QueueUrl=url)

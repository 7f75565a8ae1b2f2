"""The whole client against moto's server, which checks signatures: each answer must be what boto3 reads there."""

import hashlib

import pytest
from botocore.exceptions import ClientError
from cloud import REGION, Cloud
from conftest import Lines, ours

CALLS = {
    "ec2": [("ec2", "DescribeInstances", {}), ("ec2", "DescribeVpcs", {"Filters": [{"Name": "is-default", "Values": ["true"]}]})],
    "query": [("iam", "ListUsers", {}), ("sns", "ListTopics", {}), ("sts", "GetCallerIdentity", {}),
              ("rds", "DescribeDBInstances", {}), ("cloudformation", "ListStacks", {}), ("elb", "DescribeLoadBalancers", {}),
              ("autoscaling", "DescribeAutoScalingGroups", {}), ("elasticache", "DescribeCacheClusters", {}),
              ("redshift", "DescribeClusters", {})],
    "json": [("dynamodb", "DescribeTable", {"TableName": "carts"}), ("sqs", "ListQueues", {}), ("organizations", "ListAccounts", {}),
             ("ssm", "DescribeParameters", {}), ("kms", "ListKeys", {}), ("logs", "DescribeLogGroups", {}),
             ("ecr", "DescribeRepositories", {}), ("ecs", "ListClusters", {}), ("events", "ListRules", {}),
             ("secretsmanager", "ListSecrets", {}), ("codebuild", "ListProjects", {}), ("acm", "ListCertificates", {}),
             ("stepfunctions", "ListStateMachines", {}), ("cloudtrail", "DescribeTrails", {}), ("codepipeline", "ListPipelines", {})],
    "rest-json": [("lambda", "ListFunctions", {}), ("eks", "ListClusters", {}), ("guardduty", "ListDetectors", {}),
                  ("apigateway", "GetRestApis", {}), ("batch", "DescribeComputeEnvironments", {}), ("iot", "ListThings", {}),
                  ("backup", "ListBackupVaults", {}), ("efs", "DescribeFileSystems", {})],
    "rest-xml": [("s3", "ListBuckets", {}), ("s3", "ListObjectsV2", {"Bucket": "carts-a.b", "Prefix": "a b/é"}),
                 ("s3", "GetObjectTagging", {"Bucket": "carts-a.b", "Key": "a b/é+1"}),
                 ("s3", "GetBucketLocation", {"Bucket": "carts-a.b"}),
                 ("route53", "ListHostedZones", {}), ("cloudfront", "ListDistributions", {})],
}
ALL = [pytest.param(*call, id=f"{protocol}-{call[0]}-{call[1]}") for protocol, calls in CALLS.items() for call in calls]
# moto takes no GET that is signed for these, boto3's neither: they are asked unchecked.
UNCHECKED = {"apigateway", "backup", "cloudfront", "efs", "eks", "guardduty", "iot", "lambda", "route53"}
REFUSALS = {"SignatureDoesNotMatch", "InvalidSignatureException", "AuthFailure", "HTTP 403"}  # the last: XML where JSON is due


@pytest.fixture(scope="module")
def cloud():
    cloud = Cloud()
    yield cloud
    cloud.server.stop()


@pytest.fixture(scope="module")
def caller(cloud):
    caller = Lines("wire_caller", cloud.environment())
    yield caller
    caller.close()


@pytest.fixture(scope="module")
def stranger(cloud):
    """Knows the key's id, but not its secret."""
    caller = Lines("wire_caller", cloud.environment(secret="w" * 40))
    yield caller
    caller.close()


@pytest.fixture
def unchecked(cloud, service):
    """moto's check of signatures is off while one of UNCHECKED is asked."""
    cloud.check(service not in UNCHECKED)
    yield
    cloud.check(True)


def read_by_boto3(cloud, service, operation, given):
    client = cloud.client(service)
    name = next(method for method, one in client.meta.method_to_api_mapping.items() if one == operation)
    if client.can_paginate(name):
        return ours(client.get_paginator(name).paginate(**given).build_full_result())
    return ours(getattr(client, name)(**given))


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize("service, operation, given", ALL)
def test_it_reads_what_boto3_reads(cloud, caller, service, operation, given):
    read = caller.ask(service=service, operation=operation, region=REGION, input=given)
    assert "error" not in read, read
    wanted = read_by_boto3(cloud, service, operation, given)
    assert {name: read["output"].get(name) for name in wanted} == wanted


@pytest.mark.parametrize("service, operation, given", [call for call in ALL if call.values[0] not in UNCHECKED])
def test_a_wrong_secret_is_refused(stranger, service, operation, given):
    refused = stranger.ask(service=service, operation=operation, region=REGION, input=given)
    assert refused.get("code") in REFUSALS, refused


@pytest.mark.parametrize("service", sorted(UNCHECKED))
def test_what_is_unchecked_is_refused_to_boto3_too(cloud, service):
    operation, given = next((call.values[1], call.values[2]) for call in ALL if call.values[0] == service)
    with pytest.raises(ClientError):
        read_by_boto3(cloud, service, operation, given)


def test_a_queue_is_read_and_emptied(cloud, caller):
    """As the poller does it: each call signed, and what is deleted comes no more."""
    def ask(operation, **given):
        read = caller.ask(service="sqs", operation=operation, region=REGION, input=given)
        assert "error" not in read, read
        return read["output"]

    sqs = cloud.client("sqs")
    url = ask("GetQueueUrl", QueueName="carts", QueueOwnerAWSAccountId="123456789012")["QueueUrl"]
    for body in ("a", "承認待ち"):
        sqs.send_message(QueueUrl=url, MessageBody=body)
    messages = ask("ReceiveMessage", QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1, VisibilityTimeout=60,
                   MessageSystemAttributeNames=["ApproximateReceiveCount", "SentTimestamp"])["Messages"]
    assert {m["Body"]: m["MD5OfBody"] for m in messages} == {
        body: hashlib.md5(body.encode(), usedforsecurity=False).hexdigest() for body in ("a", "承認待ち")}
    assert [m["Attributes"]["ApproximateReceiveCount"] for m in messages] == ["1", "1"]
    ask("ChangeMessageVisibility", QueueUrl=url, ReceiptHandle=messages[0]["ReceiptHandle"], VisibilityTimeout=60)
    entries = [{"Id": str(i), "ReceiptHandle": m["ReceiptHandle"]} for i, m in enumerate(messages)]
    deleted = ask("DeleteMessageBatch", QueueUrl=url, Entries=entries)
    assert [one["Id"] for one in deleted["Successful"]] == ["0", "1"] and not deleted.get("Failed")
    left = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert (left["ApproximateNumberOfMessages"], left["ApproximateNumberOfMessagesNotVisible"]) == ("0", "0")


def test_it_is_many_services_over_every_protocol():
    services = {call[0] for calls in CALLS.values() for call in calls}
    assert len(services - UNCHECKED) >= 25
    assert set(CALLS) == {"ec2", "query", "json", "rest-json", "rest-xml"} and all(CALLS.values())

"""The whole client against moto's server, which checks signatures: each answer must be what boto3 reads there."""

import urllib.request

import boto3
import pytest
from botocore.exceptions import ClientError
from conftest import Lines, ours
from moto.server import ThreadedMotoServer

REGION = "ap-northeast-1"
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


class Cloud:
    """moto, with something in it. From the end of the set-up on it checks who asks."""

    def __init__(self):
        self.server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
        self.server.start()
        host, port = self.server.get_host_and_port()
        self.url = f"http://{host}:{port}"
        self.keys = {"aws_access_key_id": "x", "aws_secret_access_key": "x"}
        self.fill()
        self.check(True)

    def check(self, who):
        self.post("reset-auth", b"0" if who else b"inf")

    def post(self, action, body):
        request = urllib.request.Request(f"{self.url}/moto-api/{action}", body, {"Content-Type": "text/plain"})
        urllib.request.urlopen(request, timeout=10).close()

    def client(self, service):
        return boto3.client(service, endpoint_url=self.url, region_name=REGION, **self.keys)

    def fill(self):
        self.client("ec2").run_instances(ImageId="ami-12c6146b", MinCount=2, MaxCount=2)
        self.client("s3").create_bucket(Bucket="carts-a.b", CreateBucketConfiguration={"LocationConstraint": REGION})
        for key in ("a b/é+1", "a b/é+2", "c"):
            self.client("s3").put_object(Bucket="carts-a.b", Key=key, Body=b"1")
        self.client("sqs").create_queue(QueueName="carts")
        self.client("dynamodb").create_table(
            TableName="carts", KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}], BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}])
        self.client("organizations").create_organization(FeatureSet="ALL")
        self.client("sns").create_topic(Name="carts")
        self.client("route53").create_hosted_zone(Name="example.com.", CallerReference="1")
        self.client("logs").create_log_group(logGroupName="/carts/日本")
        self.client("guardduty").create_detector(Enable=True)
        self.client("ssm").put_parameter(Name="/carts/a", Value="1", Type="String")
        self.client("kms").create_key()
        iam = self.client("iam")
        iam.create_user(UserName="ringi")
        iam.put_user_policy(UserName="ringi", PolicyName="all", PolicyDocument=
                            '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}')
        key = iam.create_access_key(UserName="ringi")["AccessKey"]
        self.keys = {"aws_access_key_id": key["AccessKeyId"], "aws_secret_access_key": key["SecretAccessKey"]}

    def environment(self, secret=None):
        return {"AWS_ACCESS_KEY_ID": self.keys["aws_access_key_id"], "AWS_ENDPOINT_URL": self.url,
                "AWS_SECRET_ACCESS_KEY": secret or self.keys["aws_secret_access_key"]}


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


def test_it_is_many_services_over_every_protocol():
    services = {call[0] for calls in CALLS.values() for call in calls}
    assert len(services - UNCHECKED) >= 25
    assert set(CALLS) == {"ec2", "query", "json", "rest-json", "rest-xml"} and all(CALLS.values())

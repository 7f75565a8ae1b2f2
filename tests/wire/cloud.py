"""moto's server, which checks signatures, with something of many services in it."""

import urllib.request

import boto3
from moto.server import ThreadedMotoServer

REGION = "ap-northeast-1"


class Cloud:
    """moto, with something in it. From the end of the set-up on it checks who asks."""

    def __init__(self):
        self.server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
        self.server.start()
        host, port = self.server.get_host_and_port()
        self.url = f"http://{host}:{port}"
        self.keys = {"aws_access_key_id": "x", "aws_secret_access_key": "x"}
        self.check(False)  # what moto holds belongs to the process: another one may have been here
        self.post("reset", b"")
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

"""moto's SNS signs as no SNS does: it leaves Subject out. Whoever takes such a message would take a forged Subject too."""

import json
import threading
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import boto3
import pytest
from moto.server import ThreadedMotoServer
from sandbox import aws_world as world
from sns import post


class Subscriber(ThreadingHTTPServer):
    """Takes what moto delivers, and serves moto's certificate on this machine, where ringi may fetch it."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Deliveries)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.moto, self.bodies = "", []
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Deliveries(BaseHTTPRequestHandler):
    def do_POST(self):
        self.server.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.end_headers()

    def do_GET(self):
        scope = f"AWS4-HMAC-SHA256 Credential=x/20260101/{world.REGION}/sns/aws4_request"  # moto finds its service by it
        asked = urllib.request.Request(self.server.moto + self.path, headers={"Authorization": scope})
        with urllib.request.urlopen(asked, timeout=10) as answer:
            body = answer.read()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture(scope="class")
def subscriber():
    server = Subscriber()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="class")
def topic(subscriber):
    """moto's SNS with our subscriber. Returns (client, ARN)."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    subscriber.moto = f"http://{host}:{port}"
    sns = boto3.client("sns", endpoint_url=subscriber.moto, region_name=world.REGION, aws_access_key_id="x",
                       aws_secret_access_key="x")
    arn = sns.create_topic(Name="ringi-approvals")["TopicArn"]
    sns.subscribe(TopicArn=arn, Protocol="http", Endpoint=subscriber.url)
    yield sns, arn
    server.stop()


@pytest.fixture(scope="class")
def stack(make_stack, subscriber, topic):
    stack = make_stack(start=False)
    text = stack.config.read_text()
    text = text.replace(f'topics = ["{world.EVENTS_TOPIC}"', f'topics = ["{topic[1]}"')
    stack.config.write_text(text.replace(f'"{stack.aws}/"]', f'"{subscriber.url}/"]'))
    assert topic[1] in text
    stack.start_sandbox()
    stack.start_ringi()
    return stack


class TestMoto:
    def envelope(self, topic, subscriber, **more):
        """As delivered; the certificate's address is not among what is signed, and becomes one on this machine."""
        sns, arn = topic
        sns.publish(TopicArn=arn, Message="{}", **more)
        envelope = json.loads(subscriber.bodies[-1])
        return {**envelope, "SigningCertURL": subscriber.url + "/" + envelope["SigningCertURL"].rpartition("/")[2]}

    def test_without_a_subject_its_signature_holds(self, stack, topic, subscriber):
        assert post(stack, self.envelope(topic, subscriber)).status == 200

    def test_with_a_subject_that_it_did_not_sign_it_is_refused(self, stack, topic, subscriber):
        envelope = self.envelope(topic, subscriber, Subject="APPROVAL NEEDED")
        assert envelope["Subject"] == "APPROVAL NEEDED"
        assert post(stack, envelope).status == 403

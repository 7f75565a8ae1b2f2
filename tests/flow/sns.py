"""Messages of Amazon SNS to ringi, truly signed by the sandbox, or what a test makes of them."""

import json

from sandbox import aws_world as world
from wire import CANARY, connect, request

TOPIC = world.EVENTS_TOPIC


def envelope(stack, message=CANARY, topic=TOPIC, **more):
    return stack.aws_control("publish", topic=topic, message=message, **more)


def post(stack, envelope, headers=()):
    body = envelope if isinstance(envelope, bytes) else json.dumps(envelope).encode()
    with connect(stack) as wire:
        wire.send(request("/aws/sns", body, headers))
        answer = wire.read()
    assert answer.status == 200 or answer.is_terse(), answer.body
    return answer

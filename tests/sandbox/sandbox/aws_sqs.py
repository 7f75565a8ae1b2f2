"""SQS: queues whose messages are invisible to others while somebody has them, and stay until they are deleted."""

import asyncio
import hashlib
import secrets
import uuid
from dataclasses import dataclass, field

from .aws_pipelines import AwsError

POLL_STEP = 0.05


@dataclass
class Held:
    body: str
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    visible_at: float = 0.0
    receipt: str = ""  # of the last receiving; every one has its own
    received: int = 0
    damaged: bool = False  # its MD5 is of something else


class Sqs:
    def __init__(self, now, base_url):
        self.now, self.base_url, self.queues = now, base_url, {}  # by ARN: the messages in their order

    def add(self, arn):
        self.queues.setdefault(arn, [])

    def send(self, arn, body, damaged=False):
        message = Held(body, damaged=damaged)
        self.queues[arn].append(message)
        return message.id

    def show(self, arn):
        for message in self.queues[arn]:
            message.visible_at = 0.0

    def state(self):
        return {arn: {"visible": sum(m.visible_at <= self.now() for m in held), "in_flight":
                      sum(m.visible_at > self.now() for m in held), "received": [m.received for m in held]}
                for arn, held in self.queues.items()}

    async def call(self, operation, params, session, gone):
        """`gone()`: whoever asked has hung up."""
        if operation == "GetQueueUrl":
            owner = params.get("QueueOwnerAWSAccountId", session.account)
            arn = self._there(f"arn:aws:sqs:{session.region}:{owner}:{params['QueueName']}")
            return {"QueueUrl": f"{self.base_url}/{owner}/{arn.rsplit(':', 1)[1]}"}
        messages = self.queues[self._there(arn_of(params["QueueUrl"], session.region))]
        if operation == "ReceiveMessage":
            return await self._receive(messages, params, gone)
        if operation == "DeleteMessageBatch":
            return self._delete(messages, params["Entries"])
        if operation == "ChangeMessageVisibility":
            return self._change(messages, params)
        raise AwsError("UnsupportedOperation", f"the sandbox has no {operation}")

    def _there(self, arn):
        if arn not in self.queues:
            raise AwsError("QueueDoesNotExist", "The specified queue does not exist.")
        return arn

    async def _receive(self, messages, params, gone):
        most, patience = params.get("MaxNumberOfMessages", 1), params.get("WaitTimeSeconds", 0)
        if not 1 <= most <= 10 or not 0 <= patience <= 20:
            raise AwsError("InvalidParameterValue", "MaxNumberOfMessages: 1 to 10; WaitTimeSeconds: 0 to 20")
        end = asyncio.get_running_loop().time() + patience
        while not gone():
            found = [m for m in messages if m.visible_at <= self.now()][:most]
            if found or asyncio.get_running_loop().time() >= end:
                return self._handed_out(found, params.get("VisibilityTimeout", 30))
            await asyncio.sleep(POLL_STEP)
        return {}

    def _handed_out(self, found, timeout):
        for message in found:
            message.visible_at, message.receipt = self.now() + timeout, secrets.token_urlsafe(60)
            message.received += 1
        shown = [{"MessageId": m.id, "ReceiptHandle": m.receipt, "Body": m.body,
                  "MD5OfBody": hashlib.md5((m.body + "?" * m.damaged).encode()).hexdigest()} for m in found]
        return {"Messages": shown} if shown else {}  # the key is missing when there are none

    def _delete(self, messages, entries):
        ids = [entry["Id"] for entry in entries]
        if not 1 <= len(entries) <= 10 or len(set(ids)) != len(ids):
            raise AwsError("TooManyEntriesInBatchRequest", "1 to 10 entries, each with an id of its own")
        answer = {"Successful": [], "Failed": []}
        for entry in entries:
            found = next((m for m in messages if m.receipt == entry["ReceiptHandle"]), None)
            if found is None or found.visible_at <= self.now():  # too late: somebody else may have it
                answer["Failed"].append({"Id": entry["Id"], "SenderFault": True, "Code": "ReceiptHandleIsInvalid"})
                continue
            messages.remove(found)
            answer["Successful"].append({"Id": entry["Id"]})
        return answer

    def _change(self, messages, params):
        found = next((m for m in messages if m.receipt == params["ReceiptHandle"]), None)
        if found is None:
            raise AwsError("ReceiptHandleIsInvalid", "The input receipt handle is invalid.")
        if found.visible_at <= self.now():
            raise AwsError("MessageNotInflight", "The specified message is not in flight.")
        found.visible_at = self.now() + params["VisibilityTimeout"]
        return {}


def arn_of(url, region):
    account, name = url.rsplit("/", 2)[1:]
    return f"arn:aws:sqs:{region}:{account}:{name}"

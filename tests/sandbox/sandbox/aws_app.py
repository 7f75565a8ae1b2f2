"""The AWS half over HTTP: one address for STS, CodePipeline and SNS, as AWS_ENDPOINT_URL expects, and the
control routes that tests and the demo use."""

import asyncio
import json
import secrets
import ssl
import time
from collections import Counter
from dataclasses import asdict, dataclass
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

import aiohttp
from aiohttp import web

from . import aws_models, aws_signature, aws_world
from .aws_codepipeline import Operations
from .aws_iam import action_of, resource_of
from .aws_organizations import Member, Organizations
from .aws_pipelines import Action, AwsError, CodePipeline, Pipeline, Stage
from .aws_sns import Sns, iso
from .aws_sqs import Sqs
from .aws_sts import Sts
from .install_page import event_pattern, matches


@dataclass
class Session:
    account: str
    region: str
    caller: str


class Faults:
    """What goes wrong next: `kind` for `times` calls or until `until`, for one operation or for all."""

    def __init__(self):
        self.active = []
        self.taken = Counter()  # by operation: a test sees that a call has run into its fault

    def add(self, kind, operation="*", times=None, seconds=None, delay=10.0):
        until = time.monotonic() + seconds if seconds else None
        self.active.append({"kind": kind, "operation": operation, "times": times, "until": until, "delay": delay})

    def take(self, operation):
        now = time.monotonic()
        self.active = [f for f in self.active if f["times"] != 0 and not (f["until"] and f["until"] < now)]
        for fault in self.active:
            if fault["operation"] in ("*", operation):
                if fault["times"]:
                    fault["times"] -= 1
                self.taken[operation] += 1
                return fault
        return None


class Aws:
    def __init__(self, base_url, ringi_url, ca_file=None, speed=1.0, now=time.time):
        self.now, self.base_url, self.ringi_url = now, base_url, ringi_url
        self.tls = ssl.create_default_context(cafile=ca_file) if ca_file else None
        self.sts, self.faults, self.calls = Sts(now), Faults(), Counter()
        self.sns = Sns(now, base_url, self._post)
        self.sqs, self.events_queue = Sqs(now, base_url), ""  # where EventBridge's rule sends, if not to the topic
        self.engine = CodePipeline(now, self._emit, self._notify, speed)
        self.operations = Operations(self.engine)
        self.organization = Organizations(aws_world.HUB)
        aws_world.add_roles(self.sts)
        aws_world.add_members(self.organization)
        aws_world.add_pipelines(self.engine)
        self.rule = event_pattern()
        self.secrets = {}  # by ARN or name: of Secrets Manager and the Parameter Store alike
        self.http = None

    # --- to ringi --------------------------------------------------------------------------------
    async def _post(self, headers, body):
        try:
            async with self.http.post(self.ringi_url + "/aws/sns", data=body, headers=headers, ssl=self.tls,
                                      timeout=aiohttp.ClientTimeout(total=15)) as answer:
                await answer.read()
                return answer.status
        except aiohttp.ClientError as error:
            raise OSError(str(error)) from error

    def _emit(self, account, region, event):
        if not matches(self.rule, event):
            return
        event = json.dumps({**event, "time": iso(event["time"])})
        for _ in range(2 if self.sns.disorder else 1):  # EventBridge delivers at least once, in any order
            if self.events_queue:
                self.sqs.send(self.events_queue, event)
            else:
                self.sns.publish(aws_world.EVENTS_TOPIC, event)

    def _notify(self, topic, subject, message):
        expires = iso(message["approval"]["expires"])[:16] + "Z"
        message = {**message, "approval": {**message["approval"], "expires": expires}}
        self.sns.publish(topic, json.dumps(message), subject)

    async def run(self, app):
        self.http = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=20))
        ticker = asyncio.create_task(self._tick())
        yield
        ticker.cancel()
        await self.http.close()

    async def _tick(self):
        while True:
            self.engine.tick()
            await asyncio.sleep(0.1)

    # --- from ringi ------------------------------------------------------------------------------
    async def handle(self, request):
        body = await request.read()
        if len(request.url.raw_path) > 1 or request.query_string:
            return web.Response(status=404)
        request_id = secrets.token_hex(16)
        query = "X-Amz-Target" not in request.headers
        operation = "?"
        try:
            service, operation, params = self._parse(request, body, query)
            self.calls[f"{service}.{operation}"] += 1
            aws_models.check_input(service, operation, params)
            fault = self.faults.take(operation)
            if fault and fault["kind"] not in ("lost", "late"):
                await self._fail(fault, request)
            answer = self._call(request, service, operation, params, body)
            if asyncio.iscoroutine(answer):
                answer = await answer
            if fault and fault["kind"] == "late":  # carried out, and the answer takes its time
                await asyncio.sleep(fault["delay"])
            if fault and fault["kind"] == "lost" and request.transport:
                request.transport.abort()
            return _answer(answer, operation, request_id, query, request.content_type)
        except AwsError as error:
            self.calls[f"error.{operation}.{error.code}"] += 1
            return _error(error, request_id, query, request.content_type)

    def _parse(self, request, body, query):
        if query:
            if not request.headers.get("Content-Type", "").startswith("application/x-www-form-urlencoded"):
                raise AwsError("UnknownOperationException", "neither a target nor a form", 404)
            form = dict(parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=True))
            operation, version = form.pop("Action", ""), form.pop("Version", "")
            service = {"2011-06-15": "sts", "2010-03-31": "sns"}.get(version)
            if not service:
                raise AwsError("InvalidAction", f"Could not find operation {operation} for version {version}")
            if "DurationSeconds" in form:
                form["DurationSeconds"] = int(form["DurationSeconds"])
            return service, operation, form
        service, operation = aws_models.service_of_target(request.headers["X-Amz-Target"])
        wanted = f"application/x-amz-json-{aws_models.service_model(service).metadata['jsonVersion']}"
        if request.headers.get("Content-Type") != wanted:
            raise AwsError("SerializationException", f"Content-Type must be {wanted}")
        return service, operation, json.loads(body)

    async def _fail(self, fault, request):
        kind = fault["kind"]
        if kind == "slow":
            await asyncio.sleep(fault["delay"])
        elif kind == "down":
            if request.transport:
                request.transport.abort()
            raise AwsError("ConnectionReset", "gone", 503)
        elif kind == "throttle":
            raise AwsError("ThrottlingException", "Rate exceeded")
        elif kind == "error":
            raise AwsError("InternalFailure", "An internal error occurred", 500)
        elif kind == "denied":
            raise AwsError("AccessDeniedException", "User is not authorized to perform this operation", 400)

    def _call(self, request, service, operation, params, body):
        if service == "sns" and operation == "ConfirmSubscription" and "Authorization" not in request.headers:
            arn = self.sns.confirm(params["TopicArn"], params["Token"])
            if not arn:
                raise AwsError("InvalidParameter", "Invalid token")
            return {"SubscriptionArn": arn}
        url = f"http://{request.headers['Host']}/"
        record, region, signed_for = aws_signature.verify("POST", url, request.headers, body, self.sts.credentials,
                                                          self.now())
        if signed_for != service:
            raise AwsError("InvalidSignatureException", f"Credential should be scoped to service {service}", 403)
        if service == "sts":
            return self._sts(operation, params, record)
        session = Session(record.account, region, record.arn)
        _permit(record, action_of(service, operation), resource_of(service, params, session))
        if service in ("secretsmanager", "ssm"):
            return self._secret(operation, params)
        if service == "organizations":
            return self.organization.call(operation, params, session)
        if service == "sqs":
            return self.sqs.call(operation, params, session, lambda: request.transport is None or request.transport.is_closing())
        return self.operations.call(operation, params, session, body.decode())

    def _sts(self, operation, params, record):
        if operation == "GetCallerIdentity":
            return {"UserId": "AIDASANDBOX", "Account": record.account, "Arn": record.arn}
        if operation != "AssumeRole":
            raise AwsError("InvalidAction", f"the sandbox has no {operation}")
        issued = self.sts.assume_role(params, record)
        return {"AssumedRoleUser": {"AssumedRoleId": "AROASANDBOX:" + params["RoleSessionName"], "Arn": issued.arn},
                "Credentials": {"AccessKeyId": issued.key, "SecretAccessKey": issued.secret,
                                "SessionToken": issued.session_token, "Expiration": iso(issued.expires)},
                **({"PackedPolicySize": issued.packed} if "Policy" in params else {})}

    def _secret(self, operation, params):
        missing = {"GetSecretValue": "ResourceNotFoundException", "GetParameter": "ParameterNotFound"}.get(operation)
        if not missing:
            raise AwsError("UnknownOperationException", f"the sandbox has no {operation}")
        name = params["SecretId"] if operation == "GetSecretValue" else params["Name"]
        if name not in self.secrets:
            raise AwsError(missing, "no such secret")
        if operation == "GetSecretValue":
            return {"ARN": name, "Name": name, "SecretString": self.secrets[name]}
        value = self.secrets[name] if params.get("WithDecryption") else "AQICAHencrypted"
        return {"Parameter": {"Name": name, "Type": "SecureString", "Value": value}}

    async def certificate(self, request):
        return web.Response(body=self.sns.signer.pem, content_type="application/x-pem-file")

    # --- control ---------------------------------------------------------------------------------
    async def control_state(self, request):
        self.engine.tick()
        return web.json_response({
            "executions": [{"id": e.id, "account": e.pipeline.account, "pipeline": e.pipeline.name,
                            "status": e.status, "trigger": e.trigger, "variables": e.variables,
                            "token": next((r.token for r in e.runs if r.status == "InProgress"), "")}
                           for e in self.engine.executions],
            "tokens": [r.token for e in self.engine.executions for r in e.runs if r.token],
            "puts": [asdict(p) for p in self.engine.puts], "assumed": self.sts.assumed, "calls": dict(self.calls),
            "faults_taken": dict(self.faults.taken),
            "confirmed": sorted(self.sns.confirmed), "delivered": len(self.sns.delivered),
            "delivering": len(self.sns.tasks),
            "failed": self.sns.failed, "queues": self.sqs.state()})

    async def control_start(self, request):
        given = await request.json()
        pipeline = self.engine.pipeline(given["account"], aws_world.REGION, given["pipeline"])
        by = given.get("by", f"arn:aws:sts::{given['account']}:assumed-role/Console/someone@example.com")
        execution = self.engine.start(pipeline, {"triggerType": "StartPipelineExecution", "triggerDetail": by})
        return web.json_response({"id": execution.id})

    async def control_decide(self, request):
        """A decision in the AWS console."""
        given = await request.json()
        execution, run = self.engine.tokens[given["token"]]
        run.summary = given.get("summary", "decided in the console")
        run.updated_by = given.get("by", f"arn:aws:sts::{execution.pipeline.account}:assumed-role/Admin/kate")
        ok = given["status"] == "Approved"
        self.engine._end_run(execution, run, "Succeeded" if ok else "Failed",
                             None if ok else {"code": "JobFailed", "message": run.summary})
        return web.json_response({"ok": True})

    async def control_fault(self, request):
        given = await request.json()
        if given.get("clear"):
            self.faults.active.clear()
        else:
            self.faults.add(**given)
        return web.json_response({"ok": True})

    async def control_pipeline(self, request):
        given = await request.json()
        stages = [Stage(s["name"], [Action(**a) for a in s["actions"]]) for s in given.pop("stages")]
        self.engine.add(Pipeline(stages=stages, region=aws_world.REGION, **given))
        return web.json_response({"ok": True})

    async def control_forget(self, request):
        """The pipeline is deleted in AWS, and with it its executions."""
        given = await request.json()
        self.engine.forget(self.engine.pipeline(given["account"], aws_world.REGION, given["pipeline"]))
        return web.json_response({"ok": True})

    async def control_account(self, request):
        """An account of the organization is created, or is another's now. `realm`: what a StackSet does by its unit."""
        given = await request.json()
        realm, pipelines = given.pop("realm", None), given.pop("pipelines", [])
        self.organization.add(Member(**given))
        if realm:
            aws_world.add_account_role(self.sts, given["id"], realm)
        for name in pipelines:
            self.engine.add(aws_world.small_pipeline(name, given["id"]))
        return web.json_response({"ok": True})

    async def control_queue(self, request):
        """A queue is made; `events`: EventBridge sends there instead of to the topic; `send`: bodies to put into it; `visible`:
        what somebody holds may be received anew."""
        given = await request.json()
        self.sqs.add(given["arn"])
        if given.get("events"):
            self.events_queue = given["arn"]
        if given.get("visible"):  # as when every visibility timeout has passed
            self.sqs.show(given["arn"])
        ids = [self.sqs.send(given["arn"], body, given.get("damaged", False)) for body in given.get("send", [])]
        return web.json_response({"ids": ids})

    async def control_subscribe(self, request):
        for topic in (await request.json())["topics"]:
            self.sns.subscribe(topic)
        return web.json_response({"ok": True})

    async def control_settings(self, request):
        """`page`: the most entries of one answer of a List…, whatever was asked for; 0: as asked for.
        `disorder`: events come twice, and up to so many seconds late. `paths`: Organizations says where accounts stand."""
        given = await request.json()
        self.operations.page = given.get("page", self.operations.page)
        self.sns.disorder = given.get("disorder", self.sns.disorder)
        self.organization.paths = given.get("paths", self.organization.paths)
        return web.json_response({"ok": True})

    async def control_secret(self, request):
        given = await request.json()
        self.secrets[given["name"]] = given["value"]
        return web.json_response({"ok": True})

    async def control_publish(self, request):
        """One envelope as given (`extra`: further members), signed truly or (`tamper`) changed after signing: for
        tests of the verifier."""
        given = await request.json()
        at = {"Timestamp": iso(given["at"])} if "at" in given else {}
        envelope = self.sns.envelope(given.get("type", "Notification"), given["topic"], given["message"],
                                     given.get("subject"), given.get("version", "2"), **at,
                                     **given.get("extra", {}))
        envelope.update(given.get("tamper", {}))
        return web.json_response(envelope)

    def app(self):
        app = web.Application(client_max_size=4 << 20)
        app.cleanup_ctx.append(self.run)
        app.router.add_post("/", self.handle)
        app.router.add_get(self.sns.signer.path, self.certificate)
        app.router.add_get("/control/state", self.control_state)
        for name in ("settings", "start", "decide", "fault", "pipeline", "forget", "subscribe", "publish", "secret",
                     "account", "queue"):
            app.router.add_post(f"/control/{name}", getattr(self, f"control_{name}"))
        return app


def _answer(output, operation, request_id, query, content_type):
    if not query:
        return web.Response(body=json.dumps(output).encode(), headers={"x-amzn-RequestId": request_id},
                            content_type=content_type)
    inner = _xml(output)
    text = (f"<{operation}Response><{operation}Result>{inner}</{operation}Result>"
            f"<ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata></{operation}Response>")
    return web.Response(text=text, headers={"x-amzn-RequestId": request_id}, content_type="text/xml")


def _xml(value):
    if isinstance(value, dict):
        return "".join(f"<{k}>{_xml(v)}</{k}>" for k, v in value.items())
    return escape(str(value))


def _permit(record, action, resource):
    if not record.policy.allows(action, resource):
        raise AwsError("AccessDeniedException", f"User: {record.arn} is not authorized to perform: {action} on resource: "
                       f"{resource} because no identity-based policy allows the {action} action")


def _error(error, request_id, query, content_type):
    headers = {"x-amzn-RequestId": request_id}
    if query:
        kind = "Sender" if error.status < 500 else "Receiver"
        text = (f"<ErrorResponse><Error><Type>{kind}</Type><Code>{error.code}</Code>"
                f"<Message>{escape(error.message)}</Message></Error><RequestId>{request_id}</RequestId></ErrorResponse>")
        return web.Response(status=error.status, text=text, headers=headers, content_type="text/xml")
    if content_type == "application/x-amz-json-1.0":  # SQS goes on giving the codes of its older protocol too
        older = {"QueueDoesNotExist": "AWS.SimpleQueueService.NonExistentQueue"}.get(error.code, error.code)
        headers["x-amzn-query-error"] = f"{older};Sender"
    body = json.dumps({"__type": error.code, "message": error.message})
    return web.Response(status=error.status, text=body, headers=headers, content_type=content_type)

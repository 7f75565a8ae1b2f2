"""Where AWS's tools find credentials: IMDSv2, the endpoints of ECS and EKS, STS and IAM Identity Center, in one server.

Strict: what the real ones refuse is refused here, with their errors. A fault replaces the next answers to a path."""

import json
import secrets
import threading
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

from sandbox.aws_iam import Policy
from sandbox.aws_pipelines import AwsError
from sandbox.aws_signature import verify
from sandbox.aws_sts import Role, Sts

BEGIN = datetime(2026, 11, 22, 3, tzinfo=timezone.utc).timestamp()
ANYTHING = Policy(({"Effect": "Allow", "Action": "*"},))
ROLE = "arn:aws:iam::111122223333:role/ringi"
POD_ROLE = "arn:aws:iam::111122223333:role/pod"
LATER_ROLE = "arn:aws:iam::444455556666:role/later"


def moment(seconds):
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


class Server(ThreadingHTTPServer):
    request_queue_size = 256  # as many connect at once


class Services:
    """All of them, at `url`. `now` is the time that the credentials' clock was told."""

    def __init__(self):
        self.now = BEGIN
        self.life = 6 * 3600           # of what metadata services give
        self.closing = threading.Event()
        self.issued = 0                # ASIA0001, ASIA0002, …
        self.by_metadata = set()       # those of them that the instance or the container had
        self.asked = []                # "GET /path"
        self.faults = {}               # the beginning of a path -> what its next answers are
        self.trouble = {}              # account -> "hang", or the code of its errors
        self.instance_tokens = {}      # -> when it ends
        self.instance_role = "web-role"
        self.container_token = ""      # that the endpoint wants; "": none
        self.access_token, self.refresh_token = "", ""
        self.pod_token = ""
        self.sts = Sts(lambda: self.now)
        self.sts.add_user("AKIABASE", "base-secret", "arn:aws:iam::111122223333:user/ringi", ANYTHING)
        self.sts.add_role(Role(ROLE, ANYTHING, ["arn:aws:iam::111122223333:user/ringi",
                                                "arn:aws:iam::111122223333:role/web-role"], ANYTHING, "outer"))
        self.sts.add_role(Role(LATER_ROLE, ANYTHING, [ROLE], ANYTHING))
        services = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do(self):
                services.answer(self)

            do_GET = do_PUT = do_POST = do

            def log_message(self, *_):
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self):
        self.closing.set()
        self.server.shutdown()
        self.server.server_close()

    def fail(self, path, *answers):
        """`answers`: (status, body), or "hang"."""
        self.faults[path] = list(answers)

    def answer(self, request):
        body = request.rfile.read(int(request.headers.get("Content-Length", 0)))
        path = urlsplit(request.path).path
        self.asked.append(f"{request.command} {path}")
        status, text = self.fault(path) or self.serve(request, path, body)
        if status is None:
            return
        data = text.encode() if isinstance(text, str) else json.dumps(text).encode()
        try:
            request.send_response(status)
            if isinstance(text, dict) and "__type" in text:
                request.send_header("x-amzn-ErrorType", text["__type"])
            request.send_header("Content-Length", str(len(data)))
            request.end_headers()
            request.wfile.write(data)
        except OSError:
            pass  # it did not wait

    def fault(self, path):
        for begin, answers in self.faults.items():
            if path.startswith(begin) and answers:
                one = answers.pop(0)
                if one == "hang":
                    self.closing.wait(8)  # longer than anybody waits
                    return None, ""
                return one
        return None

    def serve(self, request, path, body):
        if path.startswith("/latest/"):
            return self.instance(request, path)
        if path == "/container":
            return self.container(request)
        if path == "/federation/credentials":
            return self.role_credentials(request)
        if path == "/token":
            return self.create_token(request, json.loads(body))
        if path == "/" and request.command == "POST":
            return self.security_token_service(request, body.decode())
        return 404, ""

    def metadata(self, extra):
        key = self.issue()
        self.by_metadata.add(key)
        return 200, {"AccessKeyId": key, "SecretAccessKey": "metadata-secret", "Token": "metadata-token",
                     "Expiration": moment(self.now + self.life), **extra}

    def issue(self):
        self.issued += 1
        return f"ASIA{self.issued:04}"

    # --- IMDSv2

    def instance(self, request, path):
        if path == "/latest/api/token":
            ttl = request.headers.get("x-aws-ec2-metadata-token-ttl-seconds", "")
            if request.command != "PUT" or not ttl.isdigit() or not 1 <= int(ttl) <= 21600:
                return 400, "Bad Request"
            if "X-Forwarded-For" in request.headers:
                return 403, ""
            token = secrets.token_urlsafe(40)
            self.instance_tokens[token] = self.now + int(ttl)
            return 200, token
        if request.command != "GET":
            return 405, ""
        if self.instance_tokens.get(request.headers.get("x-aws-ec2-metadata-token"), 0) <= self.now:
            return 401, ""
        begin = "/latest/meta-data/iam/security-credentials/"
        if path == begin and self.instance_role:
            return 200, self.instance_role
        if self.instance_role and path == begin + self.instance_role:
            return self.metadata({"Code": "Success", "Type": "AWS-HMAC", "LastUpdated": moment(self.now)})
        return 404, "<html>Not Found</html>"

    # --- ECS, EKS

    def container(self, request):
        if request.command != "GET":
            return 405, {"code": "MethodNotAllowed", "message": "GET"}
        if request.headers.get("Authorization", "") != self.container_token:
            return 401, {"code": "InvalidToken", "message": "The token is not that of this pod"}
        return self.metadata({"RoleArn": POD_ROLE})

    # --- IAM Identity Center

    def role_credentials(self, request):
        query = parse_qs(urlsplit(request.path).query)
        refused = 401, {"__type": "UnauthorizedException", "message": "Session token not found or invalid"}
        if request.command != "GET" or "Authorization" in request.headers:
            return refused
        if not self.access_token or request.headers.get("x-amz-sso_bearer_token") != self.access_token:
            return refused
        if query != {"role_name": ["Reader"], "account_id": ["111122223333"]}:
            return 403, {"__type": "ForbiddenException", "message": "No access"}
        return 200, {"roleCredentials": {"accessKeyId": self.issue(), "secretAccessKey": "sso-secret",
                                         "sessionToken": "sso-role-token", "expiration": int((self.now + 3600) * 1000)}}

    def create_token(self, request, given):
        if "Authorization" in request.headers or given.get("clientId") != "client" \
                or given.get("clientSecret") != "client-secret":
            return 401, {"__type": "InvalidClientException", "error": "invalid_client"}
        if given.get("grantType") != "refresh_token" or given.get("refreshToken") != self.refresh_token:
            return 400, {"__type": "InvalidGrantException", "error": "invalid_grant"}
        self.access_token, self.refresh_token = secrets.token_urlsafe(20), secrets.token_urlsafe(20)
        return 200, {"accessToken": self.access_token, "refreshToken": self.refresh_token, "expiresIn": 28800,
                     "tokenType": "Bearer"}

    # --- STS

    def security_token_service(self, request, body):
        given = {name: values[0] for name, values in parse_qs(body).items()}
        try:
            if given["Action"] == "AssumeRoleWithWebIdentity":
                record = self.with_web_identity(request, given)
            else:
                caller, region, service = verify("POST", f"{self.url}/", request.headers, body.encode(),
                                                 self.caller, self.now)
                if given["Action"] not in ("AssumeRole", "GetCallerIdentity") or (service, region) != ("sts", "ap-northeast-1"):
                    raise AwsError("InvalidAction", given["Action"])
                if given["Action"] == "GetCallerIdentity":
                    if trouble := self.trouble.get(caller.account):
                        return self.in_trouble(trouble)
                    return 200, ("<GetCallerIdentityResponse><GetCallerIdentityResult>"
                                 f"<Arn>{caller.arn}</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>")
                record = self.sts.assume_role(given, caller)
        except AwsError as refused:
            return refused.status, (f"<ErrorResponse><Error><Type>Sender</Type><Code>{refused.code}</Code><Message>"
                                    f"{escape(refused.message)}</Message></Error><RequestId>r</RequestId></ErrorResponse>")
        action = given["Action"]
        return 200, (f'<{action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><{action}Result><Credentials>'
                     f"<AccessKeyId>{record.key}</AccessKeyId><SecretAccessKey>{record.secret}</SecretAccessKey>"
                     f"<SessionToken>{record.session_token}</SessionToken><Expiration>{moment(record.expires)}</Expiration>"
                     f"</Credentials></{action}Result></{action}Response>")

    def in_trouble(self, trouble):
        if trouble == "hang":
            self.closing.wait(30)
            return None, ""
        return 400, f"<ErrorResponse><Error><Code>{trouble}</Code><Message>Rate exceeded</Message></Error></ErrorResponse>"

    def caller(self, key):
        """Metadata's keys are those of the instance's role."""
        if key in self.by_metadata:
            role = Role("arn:aws:iam::111122223333:role/web-role", ANYTHING, [], ANYTHING)
            record = self.sts.issue(role, "i-1", 3600, "")
            record.key, record.secret, record.session_token = key, "metadata-secret", "metadata-token"
            return record
        return self.sts.credentials(key)

    def with_web_identity(self, request, given):
        if "Authorization" in request.headers:
            raise AwsError("InvalidRequest", "this call is not signed")
        if not self.pod_token or given["WebIdentityToken"] != self.pod_token:
            raise AwsError("InvalidIdentityToken", "Token is not from a supported provider")
        if given["RoleArn"] != POD_ROLE:
            raise AwsError("AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity", 403)
        role = Role(POD_ROLE, ANYTHING, [], ANYTHING)
        return self.sts.issue(role, given["RoleSessionName"], int(given["DurationSeconds"]), "")

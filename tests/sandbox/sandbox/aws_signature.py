"""Checks SigV4 with botocore's own implementation: the signature that it computes must be the one that came."""

import hmac
import re
from datetime import datetime, timezone

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from .aws_pipelines import AwsError

AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<key>[^/]+)/(?P<day>\d{8})/(?P<region>[a-z0-9-]+)/(?P<service>[a-z0-9-]+)"
    r"/aws4_request, SignedHeaders=(?P<headers>[a-z0-9;-]+), Signature=(?P<signature>[0-9a-f]{64})")


def verify(method, url, headers, body, credentials_of, now):
    """Returns the credential record of the caller and the scope's region and service, or raises AwsError."""
    match = AUTHORIZATION.fullmatch(headers.get("Authorization", ""))
    if not match:
        raise AwsError("MissingAuthenticationTokenException", "Missing Authentication Token", 403)
    record = credentials_of(match["key"])
    if record is None:
        raise AwsError("UnrecognizedClientException", "The security token included in the request is invalid.", 403)
    if record.expires and record.expires < now:
        raise AwsError("ExpiredTokenException", "The security token included in the request is expired")
    if (record.session_token or "") != headers.get("X-Amz-Security-Token", ""):
        raise AwsError("UnrecognizedClientException", "The security token included in the request is invalid.", 403)
    date = headers.get("X-Amz-Date", "")
    try:
        sent = datetime.strptime(date, "%Y%m%dT%H%M%SZ").replace(tzinfo=timezone.utc).timestamp()
    except ValueError:
        raise AwsError("IncompleteSignature", "Date must be in ISO-8601 'basic format'", 403) from None
    if abs(sent - now) > 300 or not date.startswith(match["day"]):
        raise AwsError("InvalidSignatureException", f"Signature expired: {date}", 403)
    signed = match["headers"].split(";")
    must = ["host", "x-amz-date"] + (["x-amz-security-token"] if record.session_token else [])
    must += [name.lower() for name in headers if name.lower().startswith("x-amz-") and name.lower() not in must]
    if signed != sorted(signed) or set(must) - set(signed):
        raise AwsError("InvalidSignatureException", "these headers must be signed: " + ", ".join(must), 403)
    expected = _signature(method, url, headers, body, record, match, signed, date)
    if not hmac.compare_digest(expected, match["signature"]):
        raise AwsError("InvalidSignatureException",
                       "The request signature we calculated does not match the signature you provided.", 403)
    return record, match["region"], match["service"]


def _signature(method, url, headers, body, record, match, signed, date):
    auth = SigV4Auth(Credentials(record.key, record.secret, record.session_token), match["service"], match["region"])
    request = AWSRequest(method=method, url=url, data=body,
                         headers={name: headers[name] for name in signed})
    request.context["timestamp"] = date
    to_sign = auth.string_to_sign(request, auth.canonical_request(request))
    return auth.signature(to_sign, request)

"""The session policy of an AssumeRole, as STS reads it: what it does not take is an error, and what it takes limits the role."""

import json
import re
from dataclasses import dataclass

from .aws_iam import Policy, listed
from .aws_pipelines import AwsError

LONGEST = 2048
CHARACTERS = re.compile(r"[\t\n\r\x20-\xff]+")
ACTION = re.compile(r"\*|[A-Za-z0-9-]+:[A-Za-z0-9*?]+")


@dataclass(frozen=True)
class Limited:
    """What a role's policy and a session policy both allow."""

    role: Policy
    session: Policy

    def allows(self, action, resource):
        return self.role.allows(action, resource) and self.session.allows(action, resource)


def session_policy(text):
    """The Policy of that JSON."""
    if not text or len(text) > LONGEST or not CHARACTERS.fullmatch(text):
        why = f"Member must have length less than or equal to {LONGEST}" if len(text) > LONGEST \
            else f"Member must satisfy regular expression pattern: {CHARACTERS.pattern}"
        raise AwsError("ValidationError", f"1 validation error detected: Value at 'policy' failed to satisfy constraint: {why}")
    try:
        document = json.loads(text)
    except ValueError as error:
        raise AwsError("MalformedPolicyDocument", "This policy contains invalid Json") from error
    if not isinstance(document, dict) or set(document) - {"Version", "Id", "Statement"}:
        raise _syntax()
    # Without this version a policy is one of 2008, which nobody means to write.
    if document.get("Version") != "2012-10-17" or not document.get("Statement"):
        raise _syntax()
    statements = tuple(listed(document["Statement"]))
    for statement in statements:
        _check(statement)
    return Policy(statements)


def _check(statement):
    if not isinstance(statement, dict):
        raise _syntax()
    if "Principal" in statement:
        raise AwsError("MalformedPolicyDocument", "Policy document should not specify a principal.")
    # Conditions and their like are AWS's too, but the sandbox does not weigh them, and so takes none.
    if set(statement) - {"Sid"} != {"Effect", "Action", "Resource"} or statement["Effect"] not in ("Allow", "Deny"):
        raise _syntax()
    words = [*listed(statement["Action"]), *listed(statement["Resource"])]
    if not all(isinstance(word, str) and word for word in words):
        raise _syntax()
    if not all(ACTION.fullmatch(action) for action in listed(statement["Action"])):
        raise AwsError("MalformedPolicyDocument", "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.")
    if not all(resource == "*" or resource.startswith("arn:") for resource in listed(statement["Resource"])):
        raise AwsError("MalformedPolicyDocument", "Resource must be in ARN format or \"*\".")


def _syntax():
    return AwsError("MalformedPolicyDocument", "Syntax errors in policy.")

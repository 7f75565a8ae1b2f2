"""STS: who is who. Base credentials, the realms' base roles and the accounts' roles with their trust."""

import re
import secrets
from dataclasses import dataclass, field

from .aws_iam import Policy
from .aws_pipelines import AwsError
from .aws_session_policy import Limited, session_policy

SESSION_NAME = re.compile(r"[\w+=,.@-]{2,64}")


@dataclass
class Record:
    key: str
    secret: str
    session_token: str
    arn: str
    account: str
    policy: object  # of the user or role; Limited: by a session policy
    expires: float = 0.0
    source_identity: str = ""
    chained: bool = False
    packed: int = 0  # how much of the room for session policies is taken, in percent


@dataclass
class Role:
    """`policy`: what it may do; `trusted`: ARNs (of users or roles) that may assume it, by `trust`; `external_id` must
    match where it is set."""

    arn: str
    policy: Policy
    trusted: list
    trust: Policy
    external_id: str = ""


@dataclass
class Sts:
    now: object
    room: int = 2048  # of packed session policies; AWS does not say how it packs: here not at all
    records: dict = field(default_factory=dict)
    roles: dict = field(default_factory=dict)
    assumed: list = field(default_factory=list)  # every AssumeRole that was granted, for tests

    def add_user(self, key, secret, arn, policy):
        self.records[key] = Record(key, secret, "", arn, arn.split(":")[4], policy)

    def add_role(self, role):
        self.roles[role.arn] = role

    def credentials(self, key):
        return self.records.get(key)

    def assume_role(self, params, caller):
        name = params["RoleSessionName"]
        duration = int(params.get("DurationSeconds", 3600))
        role = self.roles.get(params["RoleArn"])
        denied = AwsError("AccessDenied", f"User: {caller.arn} is not authorized to perform: sts:AssumeRole "
                          f"on resource: {params['RoleArn']}", 403)
        if not SESSION_NAME.fullmatch(name):
            raise AwsError("ValidationError", "roleSessionName failed to satisfy constraint")
        wanted = ["sts:AssumeRole"] + ["sts:SetSourceIdentity"] * ("SourceIdentity" in params)
        if role is None or self._role_arn(caller.arn) not in role.trusted:
            raise denied
        if not all(p.allows(action, role.arn) for action in wanted for p in (caller.policy, role.trust)):
            raise denied
        if role.external_id and params.get("ExternalId") != role.external_id:
            raise denied
        if caller.chained and duration > 3600:
            raise AwsError("ValidationError", "The requested DurationSeconds exceeds the 1 hour session limit "
                           "for roles assumed by role chaining")
        policy, packed = self._limited(role.policy, params)
        identity = params.get("SourceIdentity", "")
        if caller.source_identity and identity and identity != caller.source_identity:
            raise AwsError("AccessDenied", "SourceIdentity is immutable along a chain", 403)
        record = self.issue(role, name, duration, identity or caller.source_identity)
        record.policy, record.packed = policy, packed
        self.assumed.append({"role": role.arn, "session": name, "source_identity": record.source_identity,
                             "by": caller.arn, "policy": params.get("Policy", "")})
        return record

    def _limited(self, policy, params):
        if "Policy" not in params:
            return policy, 0
        limit = session_policy(params["Policy"])
        packed = 100 * len(params["Policy"]) // self.room
        if packed > 100:
            raise AwsError("PackedPolicyTooLarge", f"Packed policy consumes {packed}% of allotted space, please use smaller policy.")
        return Limited(policy, limit), packed

    def issue(self, role, name, duration, identity):
        account, role_name = role.arn.split(":")[4], role.arn.rsplit("/", 1)[1]
        record = Record("ASIA" + secrets.token_hex(8).upper(), secrets.token_urlsafe(30), secrets.token_urlsafe(80),
                        f"arn:aws:sts::{account}:assumed-role/{role_name}/{name}", account, role.policy,
                        self.now() + duration, identity, True)
        self.records[record.key] = record
        return record

    @staticmethod
    def _role_arn(arn):
        """The role behind an assumed-role ARN; a user's ARN is itself."""
        match = re.fullmatch(r"arn:aws:sts::(\d+):assumed-role/([^/]+)/.*", arn)
        return f"arn:aws:iam::{match[1]}:role/{match[2]}" if match else arn

"""AWS Organizations: accounts with tags below organizational units, as the management account reads them."""

import itertools
import secrets
from dataclasses import dataclass, field

from .aws_pipelines import AwsError

HOME = "us-east-1"  # where the service is signed for
ROOT = "o-acme123456/r-acme/"
PAGE = 20  # the service's own limit


@dataclass
class Member:
    id: str
    name: str
    tags: dict = field(default_factory=dict)
    state: str = "ACTIVE"
    units: list = field(default_factory=list)  # from the root down: ["ou-acme-workloads1", …]


class Organizations:
    """`paths`: whether ListAccounts says where an account stands, as AWS has begun to."""

    def __init__(self, management):
        self.management, self.members, self.paths, self.tokens = management, {}, True, {}

    def add(self, member):
        self.members[member.id] = member

    def call(self, operation, params, session):
        if session.account != self.management:
            raise AwsError("AccessDeniedException", "You don't have permissions to access this resource.")
        if session.region != HOME:
            raise AwsError("InvalidSignatureException", f"Credential should be scoped to a valid region, {HOME}", 403)
        return getattr(self, operation)(params)

    def ListAccounts(self, params):
        return self._page("Accounts", [self._account(m) for m in self.members.values()], params)

    def ListAccountsForParent(self, params):
        parent = params["ParentId"]
        self._must_exist(parent)
        direct = [m for m in self.members.values() if (m.units or ["r-acme"])[-1] == parent]
        return self._page("Accounts", [self._account(m) for m in direct], params)

    def ListOrganizationalUnitsForParent(self, params):
        parent = params["ParentId"]
        self._must_exist(parent)
        below = sorted({b for m in self.members.values() for a, b in itertools.pairwise(["r-acme", *m.units])
                        if a == parent})
        return self._page("OrganizationalUnits",
                          [{"Id": u, "Name": u, "Arn": f"arn:aws:organizations::{self.management}:ou/{u}"}
                           for u in below], params)

    def ListTagsForResource(self, params):
        member = self.members.get(params["ResourceId"])
        if member is None:
            raise AwsError("TargetNotFoundException", "We can't find an account with the AccountId you specified.")
        # Its pages have no size of their own to ask for: here two tags each.
        return self._page("Tags", [{"Key": k, "Value": v} for k, v in member.tags.items()], params, size=2)

    def _account(self, member):
        shown = {"Id": member.id, "Name": member.name, "Email": f"aws+{member.id}@example.com",
                 "Arn": f"arn:aws:organizations::{self.management}:account/o-acme123456/{member.id}",
                 "State": member.state, "Status": {"CLOSED": "SUSPENDED"}.get(member.state, member.state),
                 "JoinedMethod": "CREATED", "JoinedTimestamp": 1763780645.0}
        if member.state == "PENDING_ACTIVATION":
            del shown["Status"]  # the older word has no value for it
        if self.paths:
            shown["Paths"] = ["/".join([ROOT.rstrip("/"), *member.units, member.id]) + "/"]
        return shown

    def _must_exist(self, parent):
        if parent != "r-acme" and not any(parent in m.units for m in self.members.values()):
            raise AwsError("ParentNotFoundException", "We can't find a root or OU with the ParentId you specified.")

    def _page(self, name, everything, params, size=PAGE):
        """An empty page with a token stands before the last one: AWS does that, and callers must go on."""
        token = params.get("NextToken")
        if token is None:
            start, empty = 0, False
        elif token in self.tokens:
            start, empty = self.tokens.pop(token)
        else:
            raise AwsError("InvalidInputException", "You provided invalid values for one or more of the parameters.")
        size = min(size, params.get("MaxResults", size))
        if start and start + size >= len(everything) and not empty:
            return {name: [], "NextToken": self._token(start, True)}
        shown = {name: everything[start:start + size]}
        if start + size < len(everything):
            shown["NextToken"] = self._token(start + size, False)
        return shown

    def _token(self, start, empty):
        token = secrets.token_hex(16)
        self.tokens[token] = (start, empty)
        return token

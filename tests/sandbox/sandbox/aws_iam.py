"""IAM: ringi's credentials may do what docs/install.md tells people to allow them, and nothing else."""

import json
from dataclasses import dataclass
from fnmatch import fnmatchcase

from .aws_sqs import arn_of
from .install_page import blocks


def listed(value):
    return value if isinstance(value, list) else [value]


@dataclass(frozen=True)
class Policy:
    """`statements` as in a policy document; what none of them allows is denied, and a Deny decides."""

    statements: tuple

    def allows(self, action, resource):
        effects = [s["Effect"] for s in self.statements
                   if any(fnmatchcase(action.lower(), a.lower()) for a in listed(s["Action"]))
                   and any(fnmatchcase(resource, r) for r in listed(s.get("Resource", "*")))]
        return "Allow" in effects and "Deny" not in effects

    def of_account(self, account, documented):
        """The same for another account than the one that the page takes as its example."""
        return Policy(tuple(json.loads(json.dumps(self.statements).replace(documented, account))))


class Documented:
    """The policies of the page: of the server's own keys, the base roles and the accounts' roles."""

    def __init__(self, text=None):
        documents = [block["Statement"] for block in blocks(text) if "Statement" in block]
        self._policies = [Policy(tuple(d)) for d in documents if not any("Principal" in s for s in d)]
        self._trusts = [Policy(tuple(d)) for d in documents if any("AWS" in s.get("Principal", {}) for s in d)]

    def policy(self, action, resource):
        """The one policy that allows this."""
        return self._one(self._policies, action, resource)

    def trust(self):
        """Who may become the account's role, and what they may hand over as they do."""
        return self._one(self._trusts, "sts:AssumeRole", "*")

    @staticmethod
    def _one(policies, action, resource):
        found = [p for p in policies if p.allows(action, resource)]
        if len(found) != 1:
            raise ValueError(f"expected: one policy in docs/install.md that allows {action} on {resource}; "
                             f"found: {len(found)}")
        return found[0]


def action_of(service, operation):
    """The action that allows an operation; a batch needs that of its parts."""
    return f"{service}:{operation.removesuffix('Batch')}"


def resource_of(service, params, session):
    """What a call is about, as IAM names it."""
    region, account = session.region, session.account
    if service == "codepipeline":
        name = params.get("pipelineName") or params.get("name") or "*"
        inside = "".join(f"/{params[key]}" for key in ("stageName", "actionName") if key in params)
        return f"arn:aws:codepipeline:{region}:{account}:{name}{inside}"
    if service == "ssm":
        return f"arn:aws:ssm:{region}:{account}:parameter/{params['Name'].lstrip('/')}"
    if service == "sqs":
        owner, name = params.get("QueueOwnerAWSAccountId", account), params.get("QueueName")
        return f"arn:aws:sqs:{region}:{owner}:{name}" if name else arn_of(params["QueueUrl"], region)
    if service == "organizations":
        return "*"
    return params["SecretId"]

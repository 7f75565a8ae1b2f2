"""The company of the demo and of the tests: accounts, roles and pipelines."""

from .aws_iam import Documented, Policy
from .aws_organizations import Member
from .aws_pipelines import Action, Pipeline, Stage
from .aws_sts import Role

REGION = "ap-northeast-1"
HUB, WEB_PROD, WEB_STG, PAY_PROD = "111122223333", "222233334444", "333344445555", "444455556666"
BASE_KEY, BASE_SECRET = "AKIASANDBOXBASE00001", "sandbox/base/secret/key/0123456789abcdef"
EXTERNAL_ID = "sandbox-external-id-7f3a"
EVENTS_TOPIC = f"arn:aws:sns:{REGION}:{HUB}:ringi-events"
EVENTS_QUEUE = f"arn:aws:sqs:{REGION}:{HUB}:ringi"
APPROVALS_TOPIC = f"arn:aws:sns:{REGION}:{PAY_PROD}:ringi-approvals"
REALM_OF = {WEB_PROD: "production", PAY_PROD: "production", WEB_STG: "nonproduction"}


def add_roles(sts):
    """Each may do what docs/install.md says, so that what is missing there fails here."""
    docs, base = Documented(), f"arn:aws:iam::{HUB}:user/ringi"
    own = (docs.policy("sts:AssumeRole", realm_role("production")), docs.policy("organizations:ListAccounts", "*"),
           docs.policy("sqs:ReceiveMessage", EVENTS_QUEUE))
    sts.add_user(BASE_KEY, BASE_SECRET, base, Policy(tuple(s for policy in own for s in policy.statements)))
    for realm in ("production", "nonproduction"):
        # As the page says for an organization: in every account, whose role alone trusts one realm.
        any_account = docs.policy("sts:AssumeRole", member_role(WEB_PROD)).of_account("*", WEB_PROD)
        sts.add_role(Role(realm_role(realm), any_account, [base], docs.trust()))
    for account, realm in REALM_OF.items():
        add_account_role(sts, account, realm)


def add_account_role(sts, account, realm):
    docs = Documented()
    pipelines = docs.policy("codepipeline:GetPipelineState", f"arn:aws:codepipeline:{REGION}:{WEB_PROD}:web")
    sts.add_role(Role(member_role(account), pipelines.of_account(account, WEB_PROD), [realm_role(realm)], docs.trust(),
                      external_id=EXTERNAL_ID))


def add_members(organization):
    """The company's accounts in AWS Organizations; their tags say what the configuration of the demo says too."""
    organization.add(Member(HUB, "acme-tools"))
    organization.add(Member(WEB_PROD, "web-prod", {"Team": "web", "Environment": "Prod", "CostCenter": "42"}))
    organization.add(Member(WEB_STG, "web-stg", {"Team": "web", "Environment": "stg"}))
    organization.add(Member(PAY_PROD, "pay-prod", {"Team": "pay", "Environment": "production", "SlackChannel": "deploys"}))


def member_role(account):
    return f"arn:aws:iam::{account}:role/ringi"


def realm_role(realm):
    return f"arn:aws:iam::{HUB}:role/ringi-{realm}"


def source():
    return Stage("Source", [Action("Source", "Source", "CodeStarSourceConnection")])


def build():
    return Stage("Build", [Action("Build", "Build", "CodeBuild")])


def approve(**configuration):
    return Stage("Approve", [Action("ManualApproval", "Approval", "Manual", configuration)])


def deploy():
    return Stage("Deploy", [Action("Deploy", "Deploy", "CodeDeploy")])


def small_pipeline(name, account):
    return Pipeline(name, account, REGION, [source(), build(), deploy()])


def add_pipelines(engine):
    note = {"CustomData": "Check the basket page on staging first.",
            "ExternalEntityLink": "https://git.example.com/acme/web/compare/live...main"}
    engine.add(Pipeline("web", WEB_PROD, REGION, [source(), build(), approve(**note), deploy()],
                        variables={"LOG_LEVEL": "info", "API_TOKEN": "unset"}))
    engine.add(Pipeline("batch", WEB_PROD, REGION, [source(), build(), approve(), deploy()], mode="QUEUED"))
    engine.add(Pipeline("preview", WEB_PROD, REGION, [source(), approve(), deploy()], mode="PARALLEL"))
    engine.add(Pipeline("web", WEB_STG, REGION, [source(), build(), deploy()]))
    engine.add(Pipeline("pay", PAY_PROD, REGION,
                        [source(), approve(NotificationArn=APPROVALS_TOPIC, CustomData="Four eyes, please."),
                         deploy()]))

"""What the kill loop adds to the sandbox's company: pipelines with a variable that tells executions apart, and a
channel for each account, so that Slack's one message a second does not become the test's clock."""

from sandbox import aws_world as world

STAGING, WEB, PAY = "web-stg/turns", "web-prod/turns", "pay-prod/turns"
ACCOUNTS = {"web-stg": world.WEB_STG, "web-prod": world.WEB_PROD, "pay-prod": world.PAY_PROD}
CHANNELS = {world.WEB_STG: "#general", world.WEB_PROD: "#web-deploys", world.PAY_PROD: "#deploys"}
APPROVAL_CHANNELS = ("#web-deploys", "#deploys")
TYPED_IN = "#random"  # production starts: ringi posts nothing there, so answers have its pace to themselves
PEOPLE = {"taro": "U0TARO0001", "hanako": "U0HANAKO01", "ken": "U0KEN00001", "mika": "U0MIKA0001"}
APPROVERS = ("hanako", "ken")
SPEED = 20


def configure(stack):
    text = stack.config.read_text()
    staging = f'id = "{world.WEB_STG}"\nteam = "web"\n'
    assert text.count(staging) == 1
    stack.config.write_text(text.replace(staging, staging + 'channel = "#general"\n'))


def furnish(stack, slack):
    slack.group("release-managers", APPROVERS, quiet=True)
    source = {"name": "Source", "actions": [{"name": "Source", "category": "Source", "provider": "CodeCommit"}]}
    build = {"name": "Build", "actions": [{"name": "Build"}]}
    approve = {"name": "Approve", "actions": [{"name": "ManualApproval", "category": "Approval", "provider": "Manual"}]}
    notified = {"name": "Approve", "actions": [{**approve["actions"][0],
                                                "configuration": {"NotificationArn": world.APPROVALS_TOPIC}}]}
    deploy = {"name": "Deploy", "actions": [{"name": "Deploy", "category": "Deploy", "provider": "CodeDeploy"}]}
    for target, mode, stages in ((STAGING, "PARALLEL", [source, build, deploy]),
                                 (WEB, "PARALLEL", [source, approve, deploy]),
                                 (PAY, "QUEUED", [source, notified, deploy])):
        account, _, name = target.partition("/")
        stack.aws_control("pipeline", name=name, account=ACCOUNTS[account], mode=mode, stages=stages,
                          variables={"RUN": "none"})

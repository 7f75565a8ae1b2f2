"""The wall between realms, where ringi is made to run against it: trust policies that know their own base role alone."""

import time

import pytest
from conftest import Lines
from credential_services import ANYTHING, Services
from sandbox.aws_sts import Role

HUB = "arn:aws:iam::111122223333"
PRODUCTION, NONPRODUCTION = f"{HUB}:role/ringi-production", f"{HUB}:role/ringi-nonproduction"
WEB_PROD, WEB_STG = "222233334444", "333344445555"


@pytest.fixture(scope="module")
def services():
    services = Services()
    services.now = time.time()
    for base in (PRODUCTION, NONPRODUCTION):
        services.sts.add_role(Role(base, ANYTHING, [f"{HUB}:user/ringi"], ANYTHING))
    for account, base in ((WEB_PROD, PRODUCTION), (WEB_STG, NONPRODUCTION)):
        services.sts.add_role(Role(f"arn:aws:iam::{account}:role/ringi", ANYTHING, [base], ANYTHING))
    yield services
    services.close()


@pytest.fixture
def caller(services):
    caller = Lines("wire_caller", {"AWS_ACCESS_KEY_ID": "AKIABASE", "AWS_SECRET_ACCESS_KEY": "base-secret",
                                   "AWS_ENDPOINT_URL": services.url})
    yield caller
    caller.close()


MANY = [f"{n:012}" for n in range(500000000001, 500000000201)]
HANGING, THROTTLED, DENIED = MANY[3], MANY[70], MANY[150]


@pytest.fixture
def many(services):
    """200 accounts: one never answers, one is throttled, one does not trust the base role."""
    for account in MANY:
        trusted = [] if account == DENIED else [PRODUCTION]
        services.sts.add_role(Role(f"arn:aws:iam::{account}:role/ringi", ANYTHING, trusted, ANYTHING))
    services.trouble = {HANGING: "hang", THROTTLED: "Throttling"}
    yield MANY
    services.trouble = {}


def who_in(caller, account):
    return caller.ask(service="sts", operation="GetCallerIdentity", region="ap-northeast-1", account=account)


@pytest.mark.parametrize("account, base", [(WEB_PROD, PRODUCTION), (WEB_STG, NONPRODUCTION)], ids=["production", "nonproduction"])
def test_an_account_is_reached_from_its_own_realm(caller, account, base):
    caller.ask(base_role=base, role="ringi", accounts=[account])
    assert who_in(caller, account)["output"]["Arn"] == f"arn:aws:sts::{account}:assumed-role/ringi/ringi"


def test_production_is_refused_to_nonproduction_before_any_call(caller, services):
    caller.ask(base_role=NONPRODUCTION, role="ringi", accounts=[WEB_STG])
    before = len(services.asked)
    assert f"Account {WEB_PROD} is in no realm" in who_in(caller, WEB_PROD)["error"]
    assert len(services.asked) == before


def test_production_is_refused_to_nonproduction_by_its_trust_policy_when_forced(caller):
    """As if the registry had been wrong: the account is bound to the wrong realm."""
    caller.ask(base_role=NONPRODUCTION, role="ringi", accounts=[WEB_PROD])
    assert who_in(caller, WEB_PROD)["code"] == "AccessDenied"


def test_no_account_is_reached_with_the_base_credentials_themselves(caller):
    caller.ask(base_role="", role="ringi", accounts=[WEB_PROD])
    assert who_in(caller, WEB_PROD)["code"] == "AccessDenied"


def test_one_that_hangs_one_throttled_and_one_denied_do_not_slow_the_others_down(caller, many):
    caller.ask(base_role=PRODUCTION, role="ringi", accounts=many)
    answers = caller.ask(each=many, service="sts", operation="GetCallerIdentity", region="ap-northeast-1", retry=True,
                         deadline=6)["answers"]
    by_account = {answer["account"]: answer for answer in answers}
    assert sorted(by_account) == many
    assert [a for a in answers if "error" in a and a["account"] not in (HANGING, THROTTLED, DENIED)] == []
    assert all(f"::{a['account']}:" in a["output"]["Arn"] for a in answers if "output" in a)
    assert by_account[DENIED]["code"] == "AccessDenied" and by_account[THROTTLED]["code"] == "Throttling"
    assert "error" in by_account[HANGING] and answers[-1]["account"] == HANGING  # all others were there before

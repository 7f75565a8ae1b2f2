"""Many accounts through one realm, and an Organization of many, against moto's server, which checks signatures."""

import json

import boto3
import pytest
from cloud import REGION, Cloud
from conftest import Lines

HUB = "123456789012"
ACCOUNTS = [f"{n:012}" for n in range(200000000001, 200000000051)]
STRANGER = "300000000001"
ALL = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})
TRUST = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}]})


class Company(Cloud):
    """A hub with a base role, 50 accounts with a role and a queue each, and an Organization of 120 accounts."""

    def fill(self):
        super().fill()
        self.add_role(self.keys, "ringi-production")
        for account in ACCOUNTS:
            given = self.client("sts").assume_role(RoleArn=f"arn:aws:iam::{account}:role/setup", RoleSessionName="setup")["Credentials"]
            keys = {"aws_access_key_id": given["AccessKeyId"], "aws_secret_access_key": given["SecretAccessKey"],
                    "aws_session_token": given["SessionToken"]}
            self.add_role(keys, "ringi")
            self.as_account("sqs", keys).create_queue(QueueName=f"of-{account}")
        for n in range(119):
            self.client("organizations").create_account(Email=f"{n}@example.com", AccountName=f"team-{n}")

    def as_account(self, service, keys):
        return boto3.client(service, endpoint_url=self.url, region_name=REGION, **keys)

    def add_role(self, keys, name):
        iam = self.as_account("iam", keys)
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=TRUST)
        iam.put_role_policy(RoleName=name, PolicyName="all", PolicyDocument=ALL)


@pytest.fixture(scope="module")
def company():
    company = Company()
    yield company
    company.server.stop()


@pytest.fixture(scope="module")
def caller(company):
    caller = Lines("wire_caller", company.environment())
    caller.ask(base_role=f"arn:aws:iam::{HUB}:role/ringi-production", role="ringi", accounts=ACCOUNTS)
    yield caller
    caller.close()


@pytest.mark.parametrize("account", ACCOUNTS)
def test_a_session_sees_its_own_account_alone(caller, account):
    read = caller.ask(service="sts", operation="GetCallerIdentity", region=REGION, account=account)
    assert read["output"]["Account"] == account
    assert read["output"]["Arn"] == f"arn:aws:sts::{account}:assumed-role/ringi/ringi"
    queues = caller.ask(service="sqs", operation="ListQueues", region=REGION, account=account)["output"]["QueueUrls"]
    assert [url.rsplit("/", 1)[1] for url in queues] == [f"of-{account}"]


def test_an_account_of_no_realm_is_reached_by_nobody(caller):
    refused = caller.ask(service="sqs", operation="ListQueues", region=REGION, account=STRANGER)
    assert f"Account {STRANGER} is in no realm" in refused["error"]


def test_an_organization_is_read_to_its_end(company, caller):
    read = caller.ask(service="organizations", operation="ListAccounts", region=REGION, input={"MaxResults": 20})
    listed = [account["Id"] for account in read["output"]["Accounts"]]
    assert len(listed) == len(set(listed)) == 120
    by_boto3 = company.client("organizations").get_paginator("list_accounts").paginate().build_full_result()["Accounts"]
    assert {account["Id"] for account in by_boto3} == set(listed)

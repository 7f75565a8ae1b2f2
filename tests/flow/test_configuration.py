"""What the configuration names outside of itself: secrets in AWS, groups in Slack; and how a reload and a stop go."""

import json
import signal

from sns import envelope, post

ARN = "arn:aws:secretsmanager:ap-northeast-1:111122223333:secret:ringi-AbCdEf"


def change(stack, old, new):
    text = stack.config.read_text()
    assert old in text
    stack.config.write_text(text.replace(old, new, 1))


def bot_token_in_aws(stack, key="token"):
    change(stack, f'bot_token = "file:{stack.directory}/bot-token"', f'bot_token = "aws:secretsmanager:{ARN}#{key}"')


def told_operators(stack, what):
    stack.wait(what, lambda: what in (stack.directory / "ringi.log").read_text())


def test_secrets_are_fetched_from_aws(make_stack, ledger_of):
    stack = make_stack(start=False)
    bot_token_in_aws(stack)
    change(stack, f'key = "file:{stack.directory}/ledger.pem"', 'key = "aws:ssm:/ringi/ledger"')
    stack.start_sandbox()
    stack.aws_control("secret", name=ARN, value=json.dumps({"token": (stack.directory / "bot-token").read_text().strip()}))
    stack.aws_control("secret", name="/ringi/ledger", value=(stack.directory / "ledger.pem").read_text())
    stack.start_ringi()
    ledger_of(stack).holds()
    assert stack.stop_ringi() == 0


def test_a_secret_that_aws_does_not_have_stops_the_start_with_its_key_and_line(make_stack):
    stack = make_stack(start=False)
    bot_token_in_aws(stack)
    stack.start_sandbox()
    stack.start_ringi(ready=False)
    assert stack.ringi.wait(20) == 2
    [line] = [line for line in stack.log_tail().splitlines() if line.startswith("ringi: ")]
    assert "ringi.toml:" in line and "slack.bot_token" in line and "ResourceNotFoundException" in line


def test_a_group_of_ours_that_slack_has_too_is_refused_by_a_reload(stack):
    change(stack, "[people]", '[groups]\nweb-leads = ["U0TARO0001"]\n[people]')
    stack.ringi.send_signal(signal.SIGHUP)
    told_operators(stack, "@web-leads is in [groups], and Slack has it too")


def test_a_group_of_ours_that_slack_has_too_is_told_at_the_start(make_stack):
    stack = make_stack(start=False)
    change(stack, "[people]", '[groups]\nweb-leads = ["U0TARO0001"]\n[people]')
    stack.start()
    told_operators(stack, "knows beside [groups]: @web-leads")


def test_a_reload_says_what_needs_a_restart(stack):
    change(stack, 'region = "', 'profile = "other"\nregion = "')
    told_operators(stack, "aws.profile changed, which needs a restart")


def test_an_account_without_environment_is_told_to_operators_and_its_topics_are_taken(make_stack):
    stack = make_stack(start=False)
    stack.config.write_text(stack.config.read_text() + '\n[[accounts]]\nname = "new-one"\nid = "555566667777"\n')
    stack.start()
    told_operators(stack, "ringi knows no environment of new-one (555566667777)")
    topic = "arn:aws:sns:ap-northeast-1:555566667777:ringi-approvals"
    assert post(stack, envelope(stack, topic=topic)).status == 200


def test_a_start_says_that_nothing_is_production(make_stack):
    stack = make_stack(start=False)
    change(stack, "[realms.production]", "[realms.live]")
    stack.start()
    assert "no environment is production" in (stack.directory / "ringi.log").read_text()


def test_a_port_in_use_is_said_in_one_line(make_stack):
    first = make_stack()
    second = make_stack(start=False, ports={**first.ports, "admin_port": first.ports["admin_port"]})
    second.start_ringi(ready=False)
    assert second.ringi.wait(20) == 2
    assert "ringi: cannot listen on 127.0.0.1:" in second.log_tail() and "Address already in use" in second.log_tail()
    second.ringi = None


def test_a_stop_does_not_wait_for_a_store_that_is_away(stack):
    # Its lock is held by somebody else: every commit fails until the stop is over.
    import sqlite3
    with sqlite3.connect(stack.directory / "ringi.db", isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert stack.stop_ringi() == 0
        other.execute("ROLLBACK")
    assert "the stop is not in the ledger" in (stack.directory / "ringi.log").read_text()

import pytest

from sandbox.slack_signature import KINDS, Signer, sign

A, B = "test_signing_secret_0001", "test_signing_secret_0002"
DOCUMENTED_BODY = (
    "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
    "&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
    "&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGl"
    "gcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c")
SLACK_GO_BODY = (
    '{"token":"aF5ynEYQH0dFN9imlgcADxDB","team_id":"XXXXXXXXX","api_app_id":"YYYYYYYYY","event":{"type":'
    '"app_mention","user":"AAAAAAAAA","text":"<@EEEEEEEEE> hello world","client_msg_id":"477cc591-ch73-'
    'a14z-4db8-g0cd76321bec","ts":"1531431954.000073","channel":"TTTTTTTTT","event_ts":"1531431954.000073"'
    '},"type":"event_callback","event_id":"TvBP7LRED7","event_time":1531431954,"authed_users":["EEEEEEEEE"]}')

# Slack's documentation, slack-go's security_test.go, and vectors made with an independent HMAC.
VECTORS = [
    ("8f742231b10e8888abcd99yyyzzz85a5", "1531420618", DOCUMENTED_BODY,
     "a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"),
    ("e6b19c573432dcc6b075501d51b51bb8", "1531431954", SLACK_GO_BODY,
     "adada4ed31709aef585c2580ca3267678c6a8eaeb7e0c1aca3ee57b656886b2c"),
    (A, "1700000000", "", "d89d78956881fadab725cb24f4006940f11abc57e3a1118de972f6fdfb263b01"),
    (A, "1700000000", '{"type":"url_verification","challenge":"abc"}',
     "b8e41a5d5ed0480858b5292ab693f5cb5d04c035268e9e7d0322bf118b62ab12"),
    (B, "1700000000", '{"type":"url_verification","challenge":"abc"}',
     "2d1d14956d97bc93c8d609fb830bb5c937af84f3856c564077a7773d8867bbd8"),
    (A, "1700000000", "payload=%7B%22type%22%3A%22block_actions%22%7D",
     "29247ccd396a8e39bbd8edf867be0ae80b7f0236635e8fdb1024c57eef045c87"),
    (A, "1700000000", "text=caf%C3%A9+%E2%9C%93&command=%2Fops",
     "de5cea8cb8056dff8a3d4a5a0ec19b322d52ec1ba9e35d87ab1149c685af57b8"),
]


@pytest.mark.parametrize("secret, timestamp, body, expected", VECTORS)
def test_signs_as_slack_does(secret, timestamp, body, expected):
    assert sign(secret, timestamp, body.encode()) == "v0=" + expected


def test_the_good_kind_alone_is_a_good_signature():
    signer = Signer([A, B], now=lambda: 1700000000)
    good = signer.headers(b"x")
    assert good["X-Slack-Request-Timestamp"] == "1700000000"
    assert all(signer.headers(b"x", kind) != good for kind in KINDS if kind != "good")


def test_stale_and_future_lie_just_outside_of_the_window():
    signer = Signer([A], now=lambda: 1000)
    assert signer.headers(b"", "stale")["X-Slack-Request-Timestamp"] == "699"
    assert signer.headers(b"", "future")["X-Slack-Request-Timestamp"] == "1301"

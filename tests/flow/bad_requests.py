"""The named tables of bad signatures, bad HTTP and bad bodies, and what the contract answers to each."""

import json
import time
from dataclasses import dataclass
from typing import Callable

from wire import (APP, CANARY, ENDPOINTS, FORM, JSON, SLACK, TYPE_OF, WELL_FORMED, click, command, mention,
                  payload_form, request, signature, signed)

OVER_1_MIB, OVER_2_MIB = (1 << 20) + 1, (2 << 20) + 1


@dataclass
class Case:
    """`bytes_of(secret)` makes the request."""
    name: str
    status: int
    bytes_of: Callable[[str], bytes]
    allow: str | None = None
    head_only: bool = False


# --- signatures: all 401, on each Slack endpoint -----------------------------------------------------
T, S = "X-Slack-Request-Timestamp", "X-Slack-Signature"


def at(seconds):
    """Truly signed, but at another time."""
    return lambda secret, body: signed(secret, body, seconds)


def with_timestamp(change):
    """Truly signed over what the header says, which Slack would never write so."""
    def headers(secret, body):
        text = change(str(int(time.time())))
        return [(T, text), (S, signature(secret, text, body))]
    return headers


def with_signature(change):
    def headers(secret, body):
        stamp, (_, good) = signed(secret, body)
        return [stamp, (S, change(good))]
    return headers


def over(changed_body):
    return lambda secret, body: signed(secret, changed_body(body))


def twice(first, second):
    return lambda secret, body: [h for part in (first, second) for h in part(secret, body)]


def only(*names):
    return lambda secret, body: [h for h in signed(secret, body) if h[0] in names]


SIGNATURES = {
    "none at all": only(),
    "no signature": only(T),
    "no timestamp": only(S),
    "empty signature": with_signature(lambda s: ""),
    "signature v0= alone": with_signature(lambda s: "v0="),
    "empty timestamp": with_timestamp(lambda t: ""),
    "wrong secret": lambda secret, body: signed("0" * 32, body),
    "empty secret": lambda secret, body: signed("", body),
    "secret with its line end": lambda secret, body: signed(secret + "\n", body),
    "secret in capitals": lambda secret, body: signed(secret.upper() + "x", body),
    "version v1": with_signature(lambda s: "v1" + s[2:]),
    "no version": with_signature(lambda s: s[3:]),
    "version V0": with_signature(lambda s: "V" + s[1:]),
    "capital hex": with_signature(lambda s: "v0=" + s[3:].upper() + ("" if s[3:].upper() != s[3:] else "A")),
    "a digit short": with_signature(lambda s: s[:-1]),
    "a digit long": with_signature(lambda s: s + "0"),
    "last digit changed": with_signature(lambda s: s[:-1] + ("0" if s[-1] != "0" else "1")),
    "first digit changed": with_signature(lambda s: "v0=" + ("0" if s[3] != "0" else "1") + s[4:]),
    "all zero": with_signature(lambda s: "v0=" + "0" * 64),
    "no hex": with_signature(lambda s: "v0=" + "g" * 64),
    "in quotes": with_signature(lambda s: f'"{s}"'),
    "two in one line": with_signature(lambda s: f"{s},{s}"),
    "over an empty body": over(lambda b: b""),
    "over a longer body": over(lambda b: b + b"&"),
    "over a shorter body": over(lambda b: b[:-1]),
    "over a body in another case": over(lambda b: b.swapcase()),
    "301 s old": at(-301),
    "an hour old": at(-3600),
    "a day old": at(-86400),
    "302 s ahead": at(302),
    "an hour ahead": at(3600),
    "timestamp 0": with_timestamp(lambda t: "0"),
    "timestamp negative": with_timestamp(lambda t: "-" + t),
    "timestamp with plus": with_timestamp(lambda t: "+" + t),
    "timestamp with a zero before": with_timestamp(lambda t: "0" + t),
    "timestamp in milliseconds": with_timestamp(lambda t: t + "000"),
    "timestamp with a fraction": with_timestamp(lambda t: t + ".0"),
    "timestamp in hex": with_timestamp(lambda t: hex(int(t))),
    "timestamp with an exponent": with_timestamp(lambda t: t + "e0"),
    "timestamp beyond 64 bits": with_timestamp(lambda t: "9" * 30),
    "timestamp with text after": with_timestamp(lambda t: t + "x"),
    "timestamp twice in a line": with_timestamp(lambda t: f"{t}, {t}"),
    "timestamp in wide digits": with_timestamp(lambda t: "".join(chr(0xFEE0 + ord(c)) for c in t)),
    "timestamp of another second": lambda secret, body: [(T, str(int(time.time()) - 1)), signed(secret, body)[1]],
    "signature header twice": twice(at(0), only(S)),
    "timestamp header twice": twice(at(0), only(T)),
    "a good pair after a bad one": twice(lambda secret, body: signed("0" * 32, body), at(0)),
    "a bad pair after a good one": twice(at(0), lambda secret, body: signed("0" * 32, body)),
}


def of_signatures():
    for endpoint in SLACK:
        for name, headers in SIGNATURES.items():
            def bytes_of(secret, endpoint=endpoint, headers=headers):
                body = WELL_FORMED[endpoint]()
                return request(ENDPOINTS[endpoint], body, [("Content-Type", TYPE_OF[endpoint]), *headers(secret, body)])
            yield Case(f"{endpoint}: {name}", 401, bytes_of)


# --- HTTP: headers beside an otherwise perfect request, on every endpoint -----------------------------
NUL_AND_KIN = {"NUL": "\0", "line feed": "\n", "carriage return": "\r", "DEL": "\x7f", "bell": "\x07"}
HEADERS = {
    "coding gzip": (501, [("Transfer-Encoding", "gzip")]),
    "coding identity": (501, [("Transfer-Encoding", "identity")]),
    "coding chunked with a parameter": (501, [("Transfer-Encoding", "chunked;q=1")]),
    "coding xchunked": (501, [("Transfer-Encoding", "xchunked")]),
    "gzip and Content-Length": (400, [("Transfer-Encoding", "gzip"), ("Content-Length", "5")]),
    "gzip, chunked": (501, [("Transfer-Encoding", "gzip, chunked")]),
    "chunked, chunked": (400, [("Transfer-Encoding", "chunked, chunked")]),
    "Chunked in capitals": (400, [("Transfer-Encoding", "Chunked")]),
    "chunked with a comma": (400, [("Transfer-Encoding", "chunked,")]),
    "empty coding": (400, [("Transfer-Encoding", "")]),
    "chunked with a vertical tab": (400, [("Transfer-Encoding", "\x0bchunked")]),
    "two codings": (400, [("Transfer-Encoding", "chunked"), ("Transfer-Encoding", "chunked")]),
    "chunked and Content-Length": (400, [("Transfer-Encoding", "chunked"), ("Content-Length", "5")]),
    "length twice the same": (400, [("Content-Length", "5"), ("Content-Length", "5")]),
    "length twice, different": (400, [("Content-Length", "5"), ("Content-Length", "6")]),
    "length as a list": (400, [("Content-Length", "5, 5")]),
    "length with plus": (400, [("Content-Length", "+5")]),
    "length negative": (400, [("Content-Length", "-1")]),
    "length in hex": (400, [("Content-Length", "0x5")]),
    "length with an exponent": (400, [("Content-Length", "1e3")]),
    "length with a blank in it": (400, [("Content-Length", "5 5")]),
    "length empty": (400, [("Content-Length", "")]),
    "length a word": (400, [("Content-Length", "five")]),
    "length beyond 64 bits": (413, [("Content-Length", "1" + "0" * 30)]),
    "length of 2^64 + 5": (413, [("Content-Length", str((1 << 64) + 5))]),
    "length of 3 MiB": (413, [("Content-Length", str(3 << 20))]),
    "another Host": (400, [("Host", "127.0.0.1")]),
    "content coding gzip": (415, [("Content-Encoding", "gzip")]),
    "content coding identity": (415, [("Content-Encoding", "identity")]),
    "content coding br": (415, [("Content-Encoding", "br")]),
    "content coding twice": (400, [("Content-Encoding", "gzip"), ("Content-Encoding", "gzip")]),
    "expectation of something else": (417, [("Expect", "200-ok")]),
    "expectation and more": (417, [("Expect", "100-continue, gzip")]),
    "expectation empty": (417, [("Expect", "")]),
    "expectation twice": (400, [("Expect", "100-continue"), ("Expect", "100-continue")]),
    "another Content-Type": (400, [("Content-Type", "text/plain")]),
    "two Authorizations": (400, [("Authorization", "a"), ("Authorization", "a")]),
    "two x-api-keys": (400, [("x-api-key", "a"), ("x-api-key", "a")]),
    "two SNS message types": (400, [("x-amz-sns-message-type", "Notification")] * 2),
    "folded line": (400, [("X-One", "1\r\n 2")]),
    "folded with a tab": (400, [("X-One", "1\r\n\t2")]),
    "folded Transfer-Encoding": (400, [("X-One", "1\r\n Transfer-Encoding: chunked")]),
    "a line without a colon": (400, [("X-One", "1\r\nno colon")]),
    "a blank before the colon": (400, [("X-One ", "1")]),
    "Content-Length with a blank before the colon": (400, [("Content-Length ", "5")]),
    "a header without a name": (400, [("", "1")]),
    "a header name in Japanese": (400, [("ヘッダ", "1")]),
    "a header name with a slash": (400, [("X/One", "1")]),
    "101 headers": (431, [(f"X-{i}", "1") for i in range(101)]),
    "a header of 20 KiB": (431, [("X-Long", "a" * 20480)]),
    **{f"{name} in a value": (400, [("X-One", f"a{c}b")]) for name, c in NUL_AND_KIN.items()},
    **{f"{name} in a name": (400, [(f"X-{c}One", "a")]) for name, c in NUL_AND_KIN.items()},
}


def perfect(endpoint, secret):
    """(body, headers) of what would be accepted; SNS's body is answered 400 already, which no head reaches."""
    body = WELL_FORMED[endpoint]() if endpoint in SLACK else b"{}"
    headers = [("Content-Type", TYPE_OF[endpoint])]
    return body, headers + (signed(secret, body) if endpoint in SLACK else [])


def of_headers():
    framing = {"content-length", "transfer-encoding"}
    for endpoint, path in ENDPOINTS.items():
        for name, (status, more) in HEADERS.items():
            def bytes_of(secret, endpoint=endpoint, path=path, more=more):
                body, headers = perfect(endpoint, secret)
                own = any(n.strip().lower() in framing for n, _ in more)
                return request(path, body, headers + more, length=not own)
            yield Case(f"{endpoint}: {name}", status, bytes_of)


LINES = {
    "HTTP/2.0": "POST {} HTTP/2.0", "HTTP/1.2": "POST {} HTTP/1.2", "HTTP/0.9": "POST {} HTTP/0.9",
    "HTTP/1.01": "POST {} HTTP/1.01", "HTTP/1": "POST {} HTTP/1", "http/1.1": "POST {} http/1.1",
    "HTTPS/1.1": "POST {} HTTPS/1.1", "no version": "POST {}", "a word after the version": "POST {} HTTP/1.1 x",
    "blank after the version": "POST {} HTTP/1.1 ", "two blanks": "POST  {} HTTP/1.1", "tab": "POST\t{} HTTP/1.1",
    "blank before": " POST {} HTTP/1.1", "empty line before": "\r\nPOST {} HTTP/1.1", "empty method": " {} HTTP/1.1",
    "method in brackets": "(POST) {} HTTP/1.1", "method in Japanese": "投稿 {} HTTP/1.1",
    "absolute http": "POST http://127.0.0.1{} HTTP/1.1", "absolute https": "POST https://127.0.0.1{} HTTP/1.1",
    "absolute, foreign": "POST http://evil.example{} HTTP/1.1", "no slash": "POST x{} HTTP/1.1",
    "fragment": "POST {}#a HTTP/1.1", "backslash": "POST {}\\ HTTP/1.1", "half a percent": "POST {}%4 HTTP/1.1",
    "percent alone": "POST {}% HTTP/1.1", "percent and no hex": "POST {}%zz HTTP/1.1", "NUL": "POST {}\0 HTTP/1.1",
    "umlaut": "POST {}ä HTTP/1.1", "quote": 'POST {}" HTTP/1.1', "brackets": "POST {}<x> HTTP/1.1",
    "bare line feed": "POST {} HTTP/1.1\nX-One: 1", "bare carriage return": "POST {} HTTP/1.1\rX-One: 1",
}
TARGETS = {"asterisk": "OPTIONS * HTTP/1.1", "authority": "CONNECT 127.0.0.1:443 HTTP/1.1",
           "HTTP/2 preface": "PRI * HTTP/2.0", "nothing": "", "a word": "hello"}
HOSTS = {"none": None, "empty": " ", "with a path": "127.0.0.1/x", "with a user": "a@127.0.0.1",
         "with a blank": "127.0.0.1 x", "two in one": "127.0.0.1,127.0.0.1", "with a backslash": "127.0.0.1\\x"}


def of_request_lines():
    for endpoint, path in ENDPOINTS.items():
        for name, line in LINES.items():
            yield Case(f"{endpoint}: request line {name}", 400, bad_line(endpoint, line.replace("{}", path)))
    for name, line in TARGETS.items():
        yield Case(f"request line {name}", 400, bad_line("commands", line or "\r\n"))
    for name, host in HOSTS.items():
        def bytes_of(secret, host=host):
            body, headers = perfect("commands", secret)
            return request(ENDPOINTS["commands"], body, headers, host=host)
        yield Case(f"host {name}", 400, bytes_of)
    yield Case("a target of 20 KiB", 431, bad_line("commands", f"POST /{'a' * 20480} HTTP/1.1"))
    yield Case("a method of 20 KiB", 431, bad_line("commands", f"{'A' * 20480} / HTTP/1.1"))
    yield Case("chunked in HTTP/1.0", 400, lambda secret: request(
        "", b"0\r\n\r\n", [("Transfer-Encoding", "chunked")], line="POST /slack/commands HTTP/1.0", length=False))


def bad_line(endpoint, line):
    def bytes_of(secret):
        body, headers = perfect(endpoint, secret)
        return request("", body, headers, line=line)
    return bytes_of


# --- routes -------------------------------------------------------------------------------------------
METHODS = ("GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "post", "POSTS")
PATHS = ("/", "/slack", "/slack/", "/slack/commands/", "/slack/commands/x", "/SLACK/COMMANDS", "//slack/commands",
         "/slack/../slack/commands", "/slack/%63ommands", "/slack/commands%00", "/aws", "/aws/", "/aws/sns/",
         "/aws/events", "/metrics", "/livez", "/readyz", "/.env", "/index.html", "/slack/commands;x=1")


def of_routes():
    for path in PATHS:
        def bytes_of(secret, path=path):
            body, headers = perfect("commands", secret)
            return request(path, body, headers)
        yield Case(f"no such path {path}", 404, bytes_of)
    for endpoint, path in ENDPOINTS.items():
        for method in METHODS:
            yield Case(f"{endpoint}: {method}", 405, bad_line(endpoint, f"{method} {path} HTTP/1.1"), "POST",
                       method == "HEAD")


# --- chunked bodies -----------------------------------------------------------------------------------
CHUNKS = {
    "no size": (400, b"\r\nabc\r\n"), "negative size": (400, b"-1\r\n"), "size with 0x": (400, b"0x3\r\nabc\r\n"),
    "blank before the size": (400, b" 3\r\nabc\r\n"), "blank after the size": (400, b"3 \r\nabc\r\n0\r\n\r\n"),
    "size and line feed": (400, b"3\nabc\r\n0\r\n\r\n"), "data too long": (400, b"3\r\nabcd\r\n0\r\n\r\n"),
    "data and line feed": (400, b"3\r\nabc\n0\r\n\r\n"), "a trailer": (400, b"3\r\nabc\r\n0\r\nX-One: 1\r\n\r\n"),
    "size of 64 bits": (400, b"ffffffffffffffff\r\n"), "a long extension": (400, b"3;" + b"a" * 300 + b"\r\nabc\r\n"),
    "NUL in an extension": (400, b"3;\0\r\nabc\r\n"), "size of 3 MiB": (413, b"300000\r\n"),
    "size of 4 GiB": (413, b"ffffffff\r\n"),
    "many that are too much": (413, (b"80000\r\n" + b"a" * 0x80000 + b"\r\n") * 4 + b"1\r\n"),
}


def of_chunks():
    for endpoint, path in ENDPOINTS.items():
        for name, (status, body) in CHUNKS.items():
            yield Case(f"{endpoint}: chunks with {name}", status,
                       lambda secret, path=path, body=body: request(
                           path, body, [("Transfer-Encoding", "chunked")], length=False))


def of_sizes():
    for endpoint, path in ENDPOINTS.items():
        size = OVER_2_MIB if endpoint == "sns" else OVER_1_MIB
        yield Case(f"{endpoint}: a byte too much, announced", 413,
                   lambda secret, path=path, size=size: request(
                       path, b"", [("Content-Length", str(size))], length=False))
        yield Case(f"{endpoint}: a byte too much, in chunks", 413,
                   lambda secret, path=path, size=size: request(
                       path, f"{size - 1:x}\r\n".encode() + b"a" * (size - 1) + b"\r\n1\r\n",
                       [("Transfer-Encoding", "chunked")], length=False))


# --- bodies, truly signed -----------------------------------------------------------------------------
DEEP = 200_000
FORMS = {
    "empty": b"", "no pair": CANARY.encode(), "no name": b"=" + CANARY.encode(), "half a percent": b"text=%4",
    "percent and no hex": b"text=%zz", "NUL": b"text=%00", "raw NUL": b"text=\0", "no UTF-8": b"text=%ff%fe",
    "overlong UTF-8": b"text=%c0%af", "a surrogate": b"text=%ed%a0%80", "JSON": b'{"command":"/deploy"}',
    "101 fields": b"&".join(b"f%d=1" % i for i in range(101)), "only ampersands": b"&&&",
}
COMMANDS = {
    "no command": command(command=None), "command without a slash": command(command="deploy"),
    "command of a slash": command(command="/"), "no team": command(team_id=None), "no user": command(user_id=None),
    "no channel": command(channel_id=None), "no trigger": command(trigger_id=None), "empty user": command(user_id=""),
    "user with a blank": command(user_id="U0 TARO"), "user with a quote": command(user_id="U0'; --"),
    "team in small letters": command(team_id="t0acme0001"), "channel with a slash": command(channel_id="C/../x"),
    "user that is a channel": command(user_id="C0WEBDEPL1"), "command twice": command() + b"&command=%2Fdeploy",
    "text twice": command() + b"&text=list", "ends within a percent": command() + b"&x=%",
}
PAYLOADS = {
    "empty": b"payload=", "no payload": b"other=%7B%7D", "two": b"payload=%7B%7D&payload=%7B%7D",
    "a list": payload_form([]), "a number": payload_form(1), "null": payload_form(None), "a string": payload_form("x"),
    "cut off": click()[:-9], "no type": click(type=None), "a type that is a number": click(type=7),
    "no actions": click(actions=None), "empty actions": click(actions=[]), "actions as an object": click(actions={}),
    "an action without id": click(actions=[{"type": "button"}]), "no trigger": click(trigger_id=None),
    "no user": click(user=None), "a user as text": click(user="U0TARO0001"),
    "a user with a bad id": click(user={"id": "../x"}), "a bad channel": click(channel={"id": "x y"}),
    "a bad message": click(container={"message_ts": "now"}), "escaped NUL": click(trigger_id="a\0b"),
    "a form without memory": click(type="view_submission", view={"id": "V0", "callback_id": "x"}),
    "a form with broken memory": click(type="view_submission", view={"id": "V0", "callback_id": "x",
                                                                     "private_metadata": "{"}),
    "deep nesting": b"payload=" + b"%5B" * DEEP, "deep nesting of objects": b"payload=" + b"%7B%22a%22%3A" * 80_000,
}
EVENTS = {
    "empty": b"", "no JSON": CANARY.encode(), "a list": b"[]", "a number": b"1", "null": b"null", "a string": b'"x"',
    "cut off": mention()[:-1], "two documents": mention() + b"{}", "a comment": b"/**/" + mention(),
    "single quotes": b"{'type':'event_callback'}", "not a number": b'{"type":NaN}', "no UTF-8": b'{"type":"\xff"}',
    "a raw line break in a string": b'{"type":"a\nb"}', "no type": mention(type=None), "no event": mention(event_id=""),
    "no event id": mention(event_id=None), "an event without type": mention(event={"type": ""}),
    "a mention by nobody": mention(event={"user": ""}), "a mention by a bad id": mention(event={"user": "x y"}),
    "a mention without ts": mention(event={"ts": ""}), "a mention nowhere": mention(event={"channel": ""}),
    "no challenge": json.dumps({"type": "url_verification"}).encode(),
    "a challenge that is a number": json.dumps({"type": "url_verification", "challenge": 1}).encode(),
    "deep nesting": b"[" * DEEP, "deep nesting of objects": b'{"a":' * DEEP, "a form": command(),
}
STRANGERS = {
    "commands: another team": ("commands", command(team_id="T0PARTNER1")),
    "commands: another app": ("commands", command(api_app_id="A0OTHER001")),
    "commands: no app": ("commands", command(api_app_id=None)),
    "interactions: another team": ("interactions", click(team={"id": "T0PARTNER1"})),
    "interactions: another app": ("interactions", click(api_app_id="A0OTHER001")),
    "interactions: no app": ("interactions", click(api_app_id=None)),
    "events: another team": ("events", mention(team_id="T0PARTNER1")),
    "events: another app": ("events", mention(api_app_id="A0OTHER001")),
    "events: no app": ("events", mention(api_app_id=None)),
    "events: no team": ("events", mention(event={"type": "app_home_opened"}, team_id=None)),
}
TYPES = {"none": None, "plain text": "text/plain", "several parts": "multipart/form-data; boundary=x",
         "a longer word": "application/x-www-form-urlencodedx", "XML": "application/xml", "empty": " "}


def of_bodies():
    for name, body in {**FORMS, **COMMANDS}.items():
        yield truly_signed(f"commands: body {name}", 400, "commands", body)
    for name, body in {**FORMS, **PAYLOADS}.items():
        yield truly_signed(f"interactions: body {name}", 400, "interactions", body)
    for name, body in EVENTS.items():
        yield truly_signed(f"events: body {name}", 400, "events", body)
    for name, body in EVENTS.items():
        yield Case(f"sns: body {name}", 400, lambda secret, body=body: request(ENDPOINTS["sns"], body))
    for name, (endpoint, body) in STRANGERS.items():
        yield truly_signed(name, 403, endpoint, body)


def of_types():
    for endpoint in SLACK:
        swapped = JSON if TYPE_OF[endpoint] == FORM else FORM
        for name, kind in {**TYPES, "the other one": swapped}.items():
            yield truly_signed(f"{endpoint}: type {name}", 415, endpoint, WELL_FORMED[endpoint](), kind)


def truly_signed(name, status, endpoint, body, kind=""):
    def bytes_of(secret):
        content_type = TYPE_OF[endpoint] if kind == "" else kind
        more = [("Content-Type", content_type)] if content_type else []
        return request(ENDPOINTS[endpoint], body, [*more, *signed(secret, body)])
    return Case(name, status, bytes_of)


CASES = [case for table in (of_signatures, of_headers, of_request_lines, of_routes, of_chunks, of_sizes, of_bodies,
                            of_types) for case in table()]
assert APP and len(CASES) >= 500

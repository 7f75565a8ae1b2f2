"""Every case of the protocols' owners (shared/corpora/aws-protocols), with the facts made from each suite's own model."""

import base64
import json
import os
import xml.etree.ElementTree as ElementTree
from datetime import datetime, timezone
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from conftest import ROOT, generate

CORPORA = Path(os.environ.get("RINGI_CORPORA") or ROOT.parent / "shared/corpora") / "aws-protocols"
LEFT_OUT = {
    "SDKAppliedContentEncoding": "ringi compresses no request",
    "SDKAppendedGzipAfterProvidedEncoding": "ringi compresses no request",
    "SDKAppendsGzipAndIgnoresHttpProvidedEncoding": "ringi compresses no request",
    "RestJsonHttpChecksumRequired": "Content-MD5 is for bodies; of what ringi knows only reads of s3control bear the mark, without one",
    "HostWithPath": "an endpoint's own path is tested with the endpoints",
}


def cases(side):
    found = []
    for path in sorted((CORPORA / side).glob("*.json")):
        for suite in json.loads(path.read_text()):
            for case in suite["cases"]:
                if not left_out(case):
                    found.append(pytest.param(suite, case, id=f"{path.stem}-{case['id']}"))
    return found


def facts_of(suite, case):
    """The generator's text about the suite's model with this one operation, whatever its verb."""
    name = case["given"]["name"]
    metadata = {"serviceId": "Suite", "endpointPrefix": "suite", **suite["metadata"]}
    given = case["given"]
    if metadata["protocol"] == "query" and "output" in given:  # the suites leave out what every model of a service has
        given = {**given, "output": {"resultWrapper": f"{name}Result", **given["output"]}}
    model = {"metadata": metadata, "shapes": suite["shapes"], "operations": {name: given}}
    return generate.Facts("suite", model, {}, chosen=lambda _: True).text()


def left_out(case):
    return any(part in case["id"] for part in LEFT_OUT)


def ours(value, shape, shapes):
    """The suite's value as ringi has it: a blob in base64, a time as RFC 3339 text."""
    if value is None:
        return None
    kind = shape["type"]
    if kind == "structure" and not shape.get("document"):
        return {k: ours(v, shapes[shape["members"][k]["shape"]], shapes) for k, v in value.items()}
    if kind == "list":
        return [ours(v, shapes[shape["member"]["shape"]], shapes) for v in value]
    if kind == "map":
        return {k: ours(v, shapes[shape["value"]["shape"]], shapes) for k, v in value.items()}
    if kind == "blob":
        return base64.b64encode(value.encode()).decode()
    if kind == "timestamp":
        moment = datetime.fromtimestamp(value, timezone.utc)
        spec = "seconds" if moment.microsecond == 0 else "milliseconds"
        return moment.isoformat(timespec=spec).replace("+00:00", "Z")
    return value


def side_of(case, side, value, suite):
    ref = case["given"].get(side)
    return ours(value, suite["shapes"][ref["shape"]], suite["shapes"]) if ref else value


def same_body(protocol, made, wanted):
    if protocol in ("query", "ec2"):
        return sorted(parse_qsl(made.decode(), True)) == sorted(parse_qsl(wanted, True))
    if protocol == "rest-xml" and wanted:
        return canonical(ElementTree.fromstring(made)) == canonical(ElementTree.fromstring(wanted))
    try:
        return json.loads(made) == json.loads(wanted)
    except ValueError:
        return made.decode() == wanted


def canonical(element):
    return (element.tag, sorted(element.attrib.items()), (element.text or "").strip(),
            sorted(canonical(child) for child in element))


@pytest.mark.parametrize("suite, case", cases("input"))
def test_requests(driver, suite, case):
    given, wanted = case["given"], case["serialized"]
    made = driver.request(facts_of(suite, case), given["name"], side_of(case, "input", case["params"], suite))
    assert "error" not in made, made
    assert made["method"] == wanted.get("method", "POST")
    target = made["path"] + ("?" + made["query"] if made["query"] else "")
    path, _, query = wanted["uri"].partition("?")
    assert made["path"] == path and sorted(made["query"].split("&")) == sorted(query.split("&")), target
    if "body" in wanted:
        assert same_body(suite["metadata"]["protocol"], made["body"], wanted["body"]), made["body"]
    headers = {name.lower(): value for name, value in made["headers"]}
    for name, value in wanted.get("headers", {}).items():
        assert headers.get(name.lower(), "").removesuffix("; charset=utf-8") == value, name
    assert not {name.lower() for name in wanted.get("forbidHeaders", [])} & set(headers)
    if "host" in wanted:
        assert wanted["host"] == made["host"] + "example.com"


@pytest.mark.parametrize("suite, case", cases("output"))
def test_answers(driver, suite, case):
    answer = case["response"]
    read = driver.read(facts_of(suite, case), case["given"]["name"], answer.get("status_code", 200),
                       answer.get("headers", {}), answer.get("body", "").encode())
    if "errorCode" in case or "error" in case:
        assert read.get("code") == case["errorCode"], read
        assert read["message"] == case.get("errorMessage", ""), read
    else:
        assert read.get("output") == side_of(case, "output", case["result"], suite), read

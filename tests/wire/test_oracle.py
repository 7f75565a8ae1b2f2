"""botocore's own serializer and parser as the oracle, over inputs and answers made up from the models' shapes."""

import base64
import json
import random
import xml.etree.ElementTree as ElementTree
from datetime import datetime, timezone
from urllib.parse import parse_qsl, urlsplit

import botocore.parsers
import botocore.serialize
import pytest
from botocore.awsrequest import HeadersDict
from botocore.loaders import Loader
from botocore.model import ServiceModel
from conftest import ROOT, ours

# A service or more of each protocol, with lists, maps, flattened ones, paths, headers and times among them.
SERVICES = {
    "ec2": ["ec2"],
    "query": ["iam", "rds", "cloudformation", "elasticache", "autoscaling"],
    "json": ["organizations", "codepipeline", "dynamodb", "ssm", "sqs"],
    "rest-json": ["lambda", "eks", "guardduty", "apigateway", "batch"],
    "rest-xml": ["s3", "route53", "cloudfront", "s3control"],
}
ROUNDS = 250
CASES = [pytest.param(protocol, seed, id=f"{protocol}-{seed}") for protocol in SERVICES for seed in range(ROUNDS)]
LEFT_OUT = {"GetBucketNotification": "deprecated; two of its members share one element"}
XSI = "http://www.w3.org/2001/XMLSchema-instance"
ElementTree.register_namespace("xsi", XSI)
WORDS = ["web", "a b", "é", "x&y=z", "1", "日本", "a/b", "-", "Ab_9.~", "<tag>", "+"]


class Maker:
    """Values of a shape, a few levels deep."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def value(self, shape, depth=0):
        return getattr(self, shape.type_name, self.text)(shape, depth)

    def structure(self, shape, depth):
        if getattr(shape, "is_document_type", False):
            return {"foo": ["bar", 1, True]}
        members = list(shape.members.items())
        if getattr(shape, "is_tagged_union", False):
            members = [self.random.choice(members)]
            return {name: self.value(member, depth + 1) for name, member in members}
        chosen = {name: member for name, member in members if name in shape.required_members
                  or (depth < 3 and self.random.random() < (0.5 if depth == 0 else 0.35))}
        return {name: "123456789012" if member.serialization.get("hostLabel") else self.value(member, depth + 1)
                for name, member in chosen.items()}

    def list(self, shape, depth):
        return [self.value(shape.member, depth + 1) for _ in range(self.random.randint(1, 3))]

    def map(self, shape, depth):
        keys = shape.key.enum or ["k1", "k 2", "K3"]
        return {key: self.value(shape.value, depth + 1) for key in sorted(self.random.sample(keys, min(2, len(keys))))}

    def text(self, shape, _):
        if shape.enum:
            return self.random.choice(shape.enum)
        return self.random.choice(WORDS)

    def string(self, shape, depth):
        return self.text(shape, depth)

    def integer(self, _, __):
        return self.random.choice([0, 1, 7, 100, 65535])

    long = integer

    def double(self, _, __):
        return self.random.choice([0.5, 1.25, 3.0, 10.75])

    float = double

    def boolean(self, _, __):
        return self.random.random() < 0.5

    def blob(self, _, __):
        return self.random.choice([b"value", b"\x00\x01", "日本".encode()])

    def timestamp(self, _, __):
        return datetime.fromtimestamp(self.random.choice([0, 1576540098, 1764000000]), timezone.utc)


LOADER = Loader()
MODELS, FACTS = {}, {}


def model_of(service):
    if service not in MODELS:
        MODELS[service] = ServiceModel(LOADER.load_service_model(service, "service-2"), service)
        FACTS[service] = (ROOT / "server/aws/models" / f"{service}.facts").read_text()
    return MODELS[service], FACTS[service]


def operation_of(protocol, seed):
    chance = random.Random(f"{protocol} {seed}")
    service = chance.choice(SERVICES[protocol])
    model, facts = model_of(service)
    names = [line.split()[1] for line in facts.splitlines() if line.startswith("operation ") and line.split()[1] not in LEFT_OUT]
    return facts, model.operation_model(chance.choice(names))


@pytest.mark.parametrize("protocol, seed", CASES)
def test_requests(driver, protocol, seed):
    facts, operation = operation_of(protocol, seed)
    given = Maker(seed).value(operation.input_shape) if operation.input_shape else {}
    if operation.service_model.service_name == "route53":  # its ids lose what stands before a slash, in botocore's handlers
        given = {name: value.rpartition("/")[2] if isinstance(value, str) else value for name, value in given.items()}
    wanted = botocore.serialize.create_serializer(protocol, include_validation=False).serialize_to_request(given, operation)
    made = driver.request(facts, operation.name, ours(given))
    assert "error" not in made, (operation, given, made)
    assert made["method"] == wanted["method"]
    path, query = split_target(wanted)
    assert made["path"] == path and sorted(parse_qsl(made["query"], True)) == sorted(query)
    assert body_of(protocol, made["body"]) == body_of(protocol, wanted["body"])
    headers = {name.lower(): value for name, value in made["headers"]}
    for name, value in wanted["headers"].items():
        if name.lower() not in ("content-type", "content-md5"):
            assert headers.get(name.lower(), "").replace(", ", ",") == str(value).replace(", ", ","), name


def split_target(wanted):
    target = urlsplit(wanted["url_path"])
    query = wanted["query_string"]
    pairs = parse_qsl(target.query, True) + (parse_qsl(query, True) if isinstance(query, str) else
                                             [(k, one) for k, v in query.items() for one in (v if isinstance(v, list) else [v])])
    return target.path, [(str(k), str(v)) for k, v in pairs]


def body_of(protocol, body):
    if isinstance(body, dict):
        return sorted((k, str(v)) for k, v in body.items())
    text = body if isinstance(body, bytes) else (body or "").encode()
    if protocol in ("query", "ec2"):
        return sorted(parse_qsl(text.decode(), True))
    if protocol in ("json", "rest-json") and text[:1] in (b"{", b"["):
        return json.loads(text)
    return ElementTree.canonicalize(text.decode()) if text[:1] == b"<" else text


class Service:
    """Answers as a service of the protocol would write them; what both parsers read is what counts."""

    def __init__(self, protocol, operation):
        self.protocol, self.operation = protocol, operation

    def answer(self, value):
        """(status, headers, body)"""
        shape = self.operation.output_shape
        if shape is None:
            return 200, {}, b"<Nothing/>" if self.protocol in ("query", "ec2") else b""
        headers, status = self.headers(shape, value)
        payload = shape.serialization.get("payload")
        if payload:  # always there: of an empty body ringi makes nothing, and botocore an empty value
            given = value.get(payload) or Maker(payload).value(shape.members[payload])
            return status, headers, self.payload(shape.members[payload], given)
        body = {k: v for k, v in value.items() if "location" not in shape.members[k].serialization}
        return status, headers, self.body(shape, body)

    def headers(self, shape, value):
        headers, status = {}, 200
        for name, member in shape.members.items():
            place = member.serialization.get("location")
            if name not in value or not place:
                continue
            wire = member.serialization.get("name", name)
            if place == "statusCode":
                status = value[name] = 202
            elif place == "headers":
                value[name] = {f"k{i}": "v" for i in range(2)}
                headers |= {wire + k: v for k, v in value[name].items()}
            elif member.type_name == "list":
                headers[wire] = ", ".join(self.text(member.member, one, "rfc822") for one in value[name])
            else:
                headers[wire] = self.text(member, value[name], "rfc822").encode("ascii", "ignore").decode()
        return headers, status

    def payload(self, shape, value):
        if shape.type_name == "structure":
            return self.body(shape, value)
        return value if isinstance(value, bytes) else str(value).encode()

    def body(self, shape, value):
        if self.protocol in ("json", "rest-json"):
            return json.dumps(self.json(shape, value)).encode()
        name = self.operation.output_shape.serialization.get("resultWrapper")
        root = ElementTree.Element(f"{self.operation.name}Response")
        self.fill(ElementTree.SubElement(root, name) if name else root, shape, value)
        return ElementTree.tostring(root)

    def json(self, shape, value):
        if shape.type_name == "structure" and not getattr(shape, "is_document_type", False):
            return {shape.members[k].serialization.get("name", k): self.json(shape.members[k], v) for k, v in value.items()}
        if shape.type_name == "list":
            return [self.json(shape.member, one) for one in value]
        if shape.type_name == "map":
            return {k: self.json(shape.value, v) for k, v in value.items()}
        if shape.type_name == "timestamp" and shape.serialization.get("timestampFormat", "unixTimestamp") == "unixTimestamp":
            return value.timestamp()
        return self.text(shape, value, "iso8601") if shape.type_name in ("timestamp", "blob") else value

    def text(self, shape, value, times):
        if shape.type_name == "timestamp":
            form = shape.serialization.get("timestampFormat", times)
            if form == "unixTimestamp":
                return str(int(value.timestamp()))
            return value.strftime("%a, %d %b %Y %H:%M:%S GMT" if form == "rfc822" else "%Y-%m-%dT%H:%M:%SZ")
        if isinstance(value, bool):
            return str(value).lower()
        return base64.b64encode(value).decode() if isinstance(value, bytes) else str(value)

    def fill(self, element, shape, value):
        for name, one in value.items():
            member = shape.members[name]
            if member.serialization.get("xmlAttribute"):
                element.set(f"{{{XSI}}}type", one)
            else:
                self.append(element, member, member.serialization.get("name", name), one)

    def append(self, parent, shape, name, value):
        flat = shape.serialization.get("flattened")
        if shape.type_name == "list" and flat:
            for one in value:
                self.append(parent, shape.member, shape.member.serialization.get("name", name), one)
        elif shape.type_name == "map" and flat:
            for key, one in value.items():
                self.entry(ElementTree.SubElement(parent, name), shape, key, one)
        else:
            self.inside(ElementTree.SubElement(parent, name), shape, value)

    def inside(self, element, shape, value):
        if shape.type_name == "structure":
            self.fill(element, shape, value)
        elif shape.type_name == "list":
            for one in value:
                self.append(element, shape.member, shape.member.serialization.get("name", "member"), one)
        elif shape.type_name == "map":
            for key, one in value.items():
                self.entry(ElementTree.SubElement(element, "entry"), shape, key, one)
        else:
            element.text = self.text(shape, value, "iso8601")

    def entry(self, element, shape, key, value):
        ElementTree.SubElement(element, shape.key.serialization.get("name", "key")).text = key
        self.append(element, shape.value, shape.value.serialization.get("name", "value"), value)


@pytest.mark.parametrize("protocol, seed", CASES)
def test_answers(driver, protocol, seed):
    facts, operation = operation_of(protocol, seed)
    value = Maker(seed).value(operation.output_shape) if operation.output_shape else {}
    status, headers, body = Service(protocol, operation).answer(value)
    parser = botocore.parsers.create_parser(protocol)
    answer = {"headers": HeadersDict(headers), "body": body, "status_code": status}
    wanted = ours(parser.parse(answer, operation.output_shape))
    payload = operation.output_shape and operation.output_shape.serialization.get("payload")
    if payload and operation.output_shape.members[payload].type_name == "blob":
        wanted[payload] = base64.b64encode(body).decode()  # botocore decodes it as text
    read = driver.read(facts, operation.name, status, headers, body)
    assert read.get("output") == wanted, (operation, body)

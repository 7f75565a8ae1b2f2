"""The real service models, from botocore: what they refuse is refused here."""

import functools

import botocore.session
import botocore.validate

from .aws_pipelines import AwsError


@functools.cache
def service_model(service):
    return botocore.session.get_session().get_service_model(service)


def service_of_target(target):
    """"CodePipeline_20150709.GetPipelineState" -> ("codepipeline", "GetPipelineState")"""
    prefix, _, operation = target.partition(".")
    for service in ("codepipeline", "secretsmanager", "ssm", "organizations", "sqs"):
        if service_model(service).metadata.get("targetPrefix") == prefix:
            return service, operation
    raise AwsError("UnknownOperationException", f"no service has the target {target}")


def check_input(service, operation, params):
    model = service_model(service)
    if operation not in model.operation_names:
        raise AwsError("UnknownOperationException", f"{service} has no {operation}")
    shape = model.operation_model(operation).input_shape
    if shape is None:
        return
    unknown = set(params) - set(shape.members)
    if unknown:
        raise AwsError("SerializationException", f"unknown members: {sorted(unknown)}")
    report = botocore.validate.ParamValidator().validate(params, shape)
    if report.has_errors():
        raise AwsError("ValidationException", report.generate_report())
    _check_strings(params, shape)


def _check_strings(value, shape, path=""):
    """Lengths, patterns and enums, which botocore leaves to the service."""
    import re
    if shape.type_name == "structure":
        for name, member in shape.members.items():
            if name in value:
                _check_strings(value[name], member, f"{path}.{name}")
    elif shape.type_name == "list":
        for item in value:
            _check_strings(item, shape.member, f"{path}[]")
    elif shape.type_name == "string":
        meta = shape.metadata
        size = len(value)
        bad = size < meta.get("min", 0) or size > meta.get("max", size)
        bad = bad or ("enum" in meta and value not in meta["enum"])
        # Java's \p{…} classes do not exist in Python's re: such patterns are left to AWS.
        pattern = meta.get("pattern")
        bad = bad or (pattern and "\\p{" not in pattern and not re.fullmatch(pattern, value, re.S))
        if bad:
            raise AwsError("ValidationException", f"1 validation error detected: Value at '{path[1:]}' is invalid")

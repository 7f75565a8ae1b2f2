"""A refusal of the Web API: HTTP 200 with `ok: false`."""


class SlackError(Exception):
    def __init__(self, error, **details):
        super().__init__(error)
        self.answer = {"ok": False, "error": error, **details}


class RateLimited(Exception):
    """HTTP 429; `retry_after` in whole seconds."""

    def __init__(self, retry_after):
        super().__init__("ratelimited")
        self.retry_after = retry_after


def content_error(error, problems):
    """The shape with json-pointers, twice as Slack sends it."""
    return SlackError(error, errors=list(problems),
                      response_metadata={"messages": [f"[ERROR] {p}" for p in problems]})


def argument_error(*problems):
    return SlackError("invalid_arguments",
                      response_metadata={"messages": [f"[ERROR] {p}" for p in problems]})

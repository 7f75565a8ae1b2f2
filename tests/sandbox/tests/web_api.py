"""Calls the stand-in's Web API as an app would."""

import json
import urllib.error
import urllib.parse
import urllib.request


class WebApi:
    def __init__(self, url, token):
        self._url, self._token = url, token

    def __call__(self, method, **args):
        """JSON in, the answer out."""
        return self.call(method, json.dumps(args), "application/json; charset=utf-8")[1]

    def form(self, method, **args):
        return self.call(method, urllib.parse.urlencode(args), "application/x-www-form-urlencoded")[1]

    def call(self, method, body, content_type, token=...):
        token = self._token if token is ... else token
        headers = {"Content-Type": content_type}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        return send(f"{self._url}/api/{method}", body.encode(), headers)[:2]


def send(url, body, headers):
    """(status, parsed JSON or text, headers)"""
    request = urllib.request.Request(url, body, headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, parsed(answer.read()), answer.headers
    except urllib.error.HTTPError as error:
        return error.code, parsed(error.read()), error.headers


def parsed(body):
    try:
        return json.loads(body)
    except ValueError:
        return body.decode()

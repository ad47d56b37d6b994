"""What awslambdaric asks of its native module `runtime_client`, where there is none: on systems other than Linux.

Python prefers the native module when it can be loaded. The functions and their arguments are the native module's.
"""

import http.client
import os

_API = "/2018-06-01/runtime"
_connection = None
_user_agent = ""


def initialize_client(user_agent):
    global _user_agent
    _user_agent = user_agent


def next():
    """The next event's bytes and headers; waits for it."""
    response = _request("GET", f"{_API}/invocation/next")
    if response.status != 200:
        raise RuntimeError(f"Failed to get next: {response.status}")
    headers = {name.title(): value for name, value in response.getheaders()}
    headers["Lambda-Runtime-Deadline-Ms"] = int(headers.get("Lambda-Runtime-Deadline-Ms", 0))
    return response.read(), headers


def post_invocation_result(invoke_id, content, content_type, invocation_id=None):
    _post(f"{_API}/invocation/{invoke_id}/response", content, {"Content-Type": content_type})


def post_error(invoke_id, error, xray_fault, invocation_id=None):
    headers = {"Content-Type": "application/json", "Lambda-Runtime-Function-Error-Type": "Unhandled"}
    _post(f"{_API}/invocation/{invoke_id}/error", error.encode("utf-8"), headers)


def _post(path, content, headers):
    response = _request("POST", path, content, headers)
    response.read()
    if response.status not in (200, 202):
        raise RuntimeError(f"Failed to post to {path}: {response.status}")


def _request(method, path, body=None, headers=None):
    global _connection
    reused = _connection is not None
    if _connection is None:
        _connection = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
    try:
        _connection.request(method, path, body, {"User-Agent": _user_agent, **(headers or {})})
        return _connection.getresponse()
    except (http.client.RemoteDisconnected, ConnectionError):
        _connection.close()
        _connection = None
        # A server may close a connection that was idle for long just when it is used again.
        if not reused:
            raise
        return _request(method, path, body, headers)

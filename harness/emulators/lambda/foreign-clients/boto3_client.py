"""boto3, told what to call: one call per line of stdin, one answer per line of stdout, both JSON.

    {"service": "lambda", "call": "get_function", "with": {"FunctionName": "worker"}}

`call` is a method of the client, "wait" with the waiter's name in `name`, or "pages" with the paginator's. The service
"sqs-query" is SQS as boto3 spoke it until 2023: botocore no longer brings that model along, but LocalStack does.
Bytes are {"base64": "..."}. What a call raises is {"raised": {...}} with the class of the exception.
"""

import base64
import datetime
import importlib.util
import json
import os
import sys

import boto3
import botocore.exceptions
import botocore.response
import botocore.session


def to_python(value):
    if isinstance(value, list):
        return [to_python(item) for item in value]
    if isinstance(value, dict):
        if list(value) == ["base64"]:
            return base64.b64decode(value["base64"])
        return {key: to_python(item) for key, item in value.items()}
    return value


def to_json(value):
    if isinstance(value, botocore.response.StreamingBody):
        value = value.read()
    if isinstance(value, bytes):
        return {"base64": base64.b64encode(value).decode()}
    if isinstance(value, datetime.datetime):
        return value.isoformat()
    raise TypeError(f"{type(value)} is nothing an AWS client answers with")


def perform(client, call, name, arguments):
    if call == "wait":
        return client.get_waiter(name).wait(**arguments)
    if call == "pages":
        return client.get_paginator(name).paginate(**arguments).build_full_result()
    return getattr(client, call)(**arguments)


def answer(client, call, name, arguments):
    try:
        return {"answer": perform(client, call, name, arguments)}
    except (botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError) as error:
        response = getattr(error, "response", None)
        return {"raised": {"class": type(error).__name__, "text": str(error), "response": response}}


localstack = importlib.util.find_spec("localstack.aws").submodule_search_locations[0]
session = botocore.session.get_session()
session.get_component("data_loader").search_paths.append(os.path.join(localstack, "data"))
clients = boto3.Session(botocore_session=session)
made = {}
for line in sys.stdin:
    request = json.loads(line)
    service = request["service"]
    if service not in made:
        made[service] = clients.client(service)
    said = answer(made[service], request["call"], request.get("name"), to_python(request.get("with", {})))
    print(json.dumps(said, default=to_json), flush=True)

"""The official Python S3 driver, driven by tests/python.rs.

Reads one JSON document from standard input and writes one to standard output; endpoint and credentials come from the
usual variables. Payload data and references are base64.

    {"bucket", "namespace", "put": [{"workflow_id", "data"}], "get": [reference]}
    {"put": [reference], "get": [data]}
"""

import asyncio
import base64
import dataclasses
import json
import sys

import aioboto3
from botocore.config import Config
from temporalio.api.common.v1 import Payload
from temporalio.contrib.aws.s3driver import S3StorageDriver
from temporalio.contrib.aws.s3driver.aioboto3 import new_aioboto3_client
from temporalio.converter import (
    DataConverter,
    ExternalStorage,
    StorageDriverStoreContext,
    StorageDriverWorkflowInfo,
)


def converter(storage, namespace, workflow_id):
    """A converter that stores for this workflow, as the SDK's own client and worker make it."""
    target = StorageDriverWorkflowInfo(namespace=namespace, id=workflow_id, type="T")
    storage = storage._with_store_context(StorageDriverStoreContext(target=target))
    return dataclasses.replace(DataConverter.default, external_storage=storage)


async def put(storage, namespace, item):
    data = base64.b64decode(item["data"])
    [reference] = await converter(storage, namespace, item["workflow_id"]).encode([data])
    assert reference.external_payloads, "the payload was stored"
    return base64.b64encode(reference.SerializeToString()).decode()


async def get(storage, reference):
    payload = Payload.FromString(base64.b64decode(reference))
    plain = dataclasses.replace(DataConverter.default, external_storage=storage)
    [data] = await plain.decode([payload], [bytes])
    return base64.b64encode(data).decode()


async def main():
    request = json.load(sys.stdin)
    config = Config(s3={"addressing_style": "path"})
    async with aioboto3.Session().client("s3", config=config) as client:
        driver = S3StorageDriver(client=new_aioboto3_client(client), bucket=request["bucket"])
        storage = ExternalStorage(drivers=[driver], payload_size_threshold=0)
        answer = {
            "put": [await put(storage, request["namespace"], item) for item in request["put"]],
            "get": [await get(storage, reference) for reference in request["get"]],
        }
    json.dump(answer, sys.stdout)


asyncio.run(main())

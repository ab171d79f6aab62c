"""The peer of the interop run in the Python SDK: a worker, and a client that obeys lines of JSON.

See ../README.md for the command line and the commands.
"""

import argparse
import asyncio
import dataclasses
import json
import platform
import sys
from contextlib import AsyncExitStack
from importlib.metadata import version

import aioboto3
from botocore.config import Config
from temporalio.client import Client
from temporalio.contrib.aws.s3driver import S3StorageDriver
from temporalio.contrib.aws.s3driver.aioboto3 import new_aioboto3_client
from temporalio.converter import DataConverter, ExternalStorage
from temporalio.worker import Worker

import activities
import workflows
from codec import XorCodec
from commands import carry_out


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    for name in ["address", "namespace", "task-queue", "s3", "bucket"]:
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--codec", choices=["none", "xor"], required=True)
    return parser.parse_args()


def say(answer: dict) -> None:
    print(json.dumps(answer), flush=True)


async def obey(client: Client, line: bytes) -> None:
    command = json.loads(line)
    try:
        say({"id": command["id"], "ok": await carry_out(client, command)})
    except Exception as error:
        say({"id": command["id"], "error": f"{type(error).__name__}: {error}"})


async def lines(source) -> asyncio.StreamReader:
    reader = asyncio.StreamReader(limit=1 << 20)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), source)
    return reader


async def main() -> None:
    given = options()
    async with AsyncExitStack() as stack:
        s3 = await stack.enter_async_context(
            aioboto3.Session().client(
                "s3", endpoint_url=given.s3, config=Config(s3={"addressing_style": "path"})
            )
        )
        driver = S3StorageDriver(client=new_aioboto3_client(s3), bucket=given.bucket)
        converter = dataclasses.replace(
            DataConverter.default,
            payload_codec=XorCodec() if given.codec == "xor" else None,
            external_storage=ExternalStorage(drivers=[driver]),
        )
        client = await Client.connect(given.address, namespace=given.namespace, data_converter=converter)
        worker = Worker(
            client,
            task_queue=given.task_queue,
            workflows=workflows.ALL,
            activities=activities.ALL,
        )
        await stack.enter_async_context(worker)
        # The S3 driver is a part of the SDK's package.
        versions = {"temporalio (Python)": version("temporalio"), "Python": platform.python_version()}
        say({"ready": True, "versions": versions})
        reader = await lines(sys.stdin)
        async with asyncio.TaskGroup() as group:
            while line := await reader.readline():
                group.create_task(obey(client, line))


asyncio.run(main())

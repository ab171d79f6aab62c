"""What the run tells a peer to do as a client."""

from temporalio.client import Client, WorkflowFailureError
from temporalio.exceptions import ApplicationError

from content import content, seen

SHORT = 100


async def carry_out(client: Client, command: dict) -> str:
    """Carries out one command; what is long is reported by its digest."""
    handle = client.get_workflow_handle(command["workflow_id"])
    match command["do"]:
        case "start":
            return await start(client, command)
        case "signal":
            await handle.signal(command["name"], args=arguments(command))
            return ""
        case "query":
            return report(await handle.query(command["name"], args=arguments(command), result_type=str))
        case "update":
            return report(
                await handle.execute_update(command["name"], args=arguments(command), result_type=str)
            )
        case "result":
            return report(await client.get_workflow_handle(command["workflow_id"], result_type=str).result())
        case "failure":
            return await failure(handle)
        case "memo":
            return seen(await (await handle.describe()).memo_value("note", type_hint=str))
        case other:
            raise ValueError(f"unknown command {other!r}")


async def start(client: Client, command: dict) -> str:
    handle = await client.start_workflow(
        command["name"],
        args=arguments(command),
        id=command["workflow_id"],
        task_queue=command["task_queue"],
        memo={"note": content(command["order"])} if command.get("memo") else None,
    )
    return handle.first_execution_run_id or ""


async def failure(handle) -> str:
    try:
        await handle.result()
    except WorkflowFailureError as error:
        if isinstance(error.cause, ApplicationError):
            return seen(error.cause.details[0])
        raise
    raise ValueError("the workflow did not fail")


def arguments(command: dict) -> list:
    match command.get("send", "nothing"):
        case "content":
            return [content(command["order"])]
        case "order":
            return [command["order"]]
        case "nothing":
            return []
        case other:
            raise ValueError(f"unknown argument {other!r}")


def report(value: str) -> str:
    return value if len(value) < SHORT else seen(value)

//! Compares the field numbers of requests with the published types.

use bytes::Bytes;
use prost::Message;
use temporalio_protos::temporal::api::deployment::v1::WorkerDeploymentOptions;
use temporalio_protos::temporal::api::workflowservice::v1::*;

use crate::caller::Caller;
use crate::task_rpc::TaskRpc;

const NAMESPACE: &str = "the namespace";
const IDENTITY: &str = "the identity";
const RESOURCE: &str = "the resource";
const GROUP: &str = "the group";
const INSTANCE: &str = "the instance";

fn options() -> WorkerDeploymentOptions {
    WorkerDeploymentOptions { build_id: "the build".into(), ..Default::default() }
}

/// Encodes a request with the named fields, and compares the caller that is read.
macro_rules! reads {
    ($rpc:ident, $request:ident { $($field:ident),* }) => {{
        #[allow(unused_mut)]
        let mut request = $request::default();
        #[allow(unused_mut)]
        let mut expected = Caller::default();
        $(reads!(@ $field, request, expected);)*
        assert_eq!(Caller::read(Some(TaskRpc::$rpc), &request.encode_to_vec()), expected, stringify!($rpc));
    }};
    (@ namespace, $request:ident, $expected:ident) => {
        $request.namespace = NAMESPACE.into();
        $expected.namespace = NAMESPACE.into();
    };
    (@ identity, $request:ident, $expected:ident) => {
        $request.identity = IDENTITY.into();
        $expected.identity = Bytes::from_static(IDENTITY.as_bytes());
    };
    (@ resource_id, $request:ident, $expected:ident) => {
        $request.resource_id = RESOURCE.into();
        $expected.resource_id = Bytes::from_static(RESOURCE.as_bytes());
    };
    (@ deployment_options, $request:ident, $expected:ident) => {
        $request.deployment_options = Some(options());
        $expected.deployment_options = options().encode_to_vec().into();
    };
    (@ poller_group_id, $request:ident, $expected:ident) => {
        $request.poller_group_id = GROUP.into();
        $expected.poller_group_id = Bytes::from_static(GROUP.as_bytes());
    };
    (@ worker_instance_key, $request:ident, $expected:ident) => {
        $request.worker_instance_key = INSTANCE.into();
        $expected.worker_instance_key = Bytes::from_static(INSTANCE.as_bytes());
    };
}

#[test]
fn the_callers_of_polls_are_read() {
    reads!(
        PollWorkflowTaskQueue,
        PollWorkflowTaskQueueRequest { namespace, identity, deployment_options, worker_instance_key }
    );
    reads!(
        PollActivityTaskQueue,
        PollActivityTaskQueueRequest { namespace, identity, deployment_options, worker_instance_key }
    );
    reads!(
        PollNexusTaskQueue,
        PollNexusTaskQueueRequest { namespace, identity, deployment_options, worker_instance_key }
    );
    reads!(ShutdownWorker, ShutdownWorkerRequest { namespace, identity, worker_instance_key });
}

#[test]
fn the_callers_of_task_answers_are_read() {
    reads!(
        RespondWorkflowTaskCompleted,
        RespondWorkflowTaskCompletedRequest {
            namespace,
            identity,
            resource_id,
            deployment_options,
            worker_instance_key
        }
    );
    reads!(
        RespondWorkflowTaskFailed,
        RespondWorkflowTaskFailedRequest { namespace, identity, resource_id, deployment_options }
    );
    reads!(RespondQueryTaskCompleted, RespondQueryTaskCompletedRequest { namespace, poller_group_id });
    reads!(
        RespondActivityTaskCompleted,
        RespondActivityTaskCompletedRequest { namespace, identity, resource_id, deployment_options }
    );
    reads!(
        RespondActivityTaskFailed,
        RespondActivityTaskFailedRequest { namespace, identity, resource_id, deployment_options }
    );
    reads!(
        RespondActivityTaskCanceled,
        RespondActivityTaskCanceledRequest { namespace, identity, resource_id, deployment_options }
    );
    reads!(
        RecordActivityTaskHeartbeat,
        RecordActivityTaskHeartbeatRequest { namespace, identity, resource_id }
    );
    reads!(
        RespondNexusTaskCompleted,
        RespondNexusTaskCompletedRequest { namespace, identity, poller_group_id }
    );
    reads!(RespondNexusTaskFailed, RespondNexusTaskFailedRequest { namespace, identity, poller_group_id });
}

#[test]
fn the_callers_of_answers_by_id_and_of_other_requests_are_read() {
    reads!(
        RespondActivityTaskCompletedById,
        RespondActivityTaskCompletedByIdRequest { namespace, identity, resource_id }
    );
    reads!(
        RespondActivityTaskFailedById,
        RespondActivityTaskFailedByIdRequest { namespace, identity, resource_id }
    );
    reads!(
        RespondActivityTaskCanceledById,
        RespondActivityTaskCanceledByIdRequest { namespace, identity, resource_id, deployment_options }
    );
    reads!(
        RecordActivityTaskHeartbeatById,
        RecordActivityTaskHeartbeatByIdRequest { namespace, identity, resource_id }
    );
    reads!(StartWorkflowExecution, StartWorkflowExecutionRequest { namespace, identity });
    reads!(GetWorkflowExecutionHistory, GetWorkflowExecutionHistoryRequest { namespace });
}

#[test]
fn the_caller_of_a_client_request_is_not_read() {
    let request = SignalWorkflowExecutionRequest { namespace: NAMESPACE.into(), ..Default::default() };
    assert_eq!(Caller::read(None, &request.encode_to_vec()), Caller::default());
}

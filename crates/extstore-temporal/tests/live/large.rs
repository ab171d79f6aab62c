//! Tests completions of workflow tasks that are larger than one request, on a server that takes pages and on one that
//! does not.

use std::sync::Arc;

use extstore::ExternalStorage;
use extstore_disk::{DiskDriver, DiskOptions};
use extstore_temporal::Mount;
use temporalio_client::callback_based::{CallbackBasedGrpcService, GrpcRequest};
use temporalio_client::tonic::IntoRequest as _;
use temporalio_client::{Client, WorkflowGetResultOptions};
use temporalio_common::data_converters::DataConverter;
use temporalio_common::protos::temporal::api::enums::v1::EventType;
use temporalio_common::protos::temporal::api::workflowservice::v1::DescribeNamespaceRequest;

use crate::mounted::{Mounted, worker_options};
use crate::support::eventually::eventually;
use crate::support::fixture::{Fixture, connect};
use crate::workflows::Schedules;

/// `WORKFLOW_TASK_FAILED_CAUSE_PAYLOADS_TOO_LARGE`
const PAYLOADS_TOO_LARGE: i32 = 37;
/// Sixty inputs below the threshold: 6 MB in one completion.
const MANY: [usize; 60] = [100_000; 60];

/// The SDK cuts the completion where the namespace takes pages; elsewhere payloads below the threshold leave.
pub(crate) async fn many_activities_in_one_task(fixture: Fixture) {
    let mounted = Mounted::new(fixture).await;
    schedules(&mounted, MANY.to_vec()).await;
    let takes_pages = takes_pages(&mounted).await;
    assert_eq!(mounted.counts.stored() == 0, takes_pages, "{} payloads left", mounted.counts.stored());
}

/// The SDK measures the large input too, and sends one request. The gateway cuts what is left of it.
pub(crate) async fn a_large_input_beside_many_activities(fixture: Fixture) {
    let mounted = Mounted::new(fixture).await;
    schedules(&mounted, [&[5_000_000][..], &MANY].concat()).await;
    let takes_pages = takes_pages(&mounted).await;
    assert_eq!(mounted.counts.stored() == 1, takes_pages, "{} payloads left", mounted.counts.stored());
}

/// Runs a workflow that schedules activities with inputs of these sizes in one task.
async fn schedules(mounted: &Mounted, sizes: Vec<usize>) {
    let (options, expected) = (mounted.fixture.start_options(), sizes.iter().sum::<usize>());
    let body = async {
        let handle = mounted.client.start_workflow(Schedules::run, sizes, options).await.unwrap();
        handle.get_result(WorkflowGetResultOptions::default()).await.unwrap()
    };
    assert_eq!(mounted.run(body).await, expected);
    let history = mounted.fixture.history().await;
    assert!(!history.has(EventType::WorkflowTaskFailed), "{}", history.summary());
}

async fn takes_pages(mounted: &Mounted) -> bool {
    let client = mounted.fixture.plain_client().await;
    let request = DescribeNamespaceRequest { namespace: "default".into(), ..Default::default() };
    let described = client.connection().workflow_service().describe_namespace(request.into_request()).await;
    let info = described.unwrap().into_inner().namespace_info.unwrap();
    info.capabilities.unwrap_or_default().workflow_task_completion_pagination
}

/// One mount hides the limits of the namespace, and the completion goes through the other, which never saw them. While
/// nothing is offloaded, 3 MB fail the task and do not end the run; a worker that offloads completes it.
pub(crate) async fn mounts_that_learn_nothing_from_one_another(fixture: Fixture) {
    let directory = tempfile::tempdir().unwrap();
    let mount = || {
        let driver = DiskDriver::new(DiskOptions::new(directory.path())).unwrap();
        let storage = ExternalStorage::builder().with_driver(Arc::new(driver));
        Mount::new(storage.with_payload_size_threshold(u64::MAX).build().unwrap())
    };
    let client = through(&fixture, &mount(), &mount()).await;
    let options = fixture.start_options();
    client.start_workflow(Schedules::run, vec![3_000_000], options).await.unwrap();
    let worker = fixture.start_worker(&client, worker_options(fixture.id()));
    let failed =
        async || Some(fixture.history().await).filter(|history| history.has(EventType::WorkflowTaskFailed));
    let history = eventually("a workflow task fails", failed).await;
    worker.stop().await;
    assert_eq!(history.failed_tasks()[0].cause, PAYLOADS_TOO_LARGE, "{}", history.summary());
    assert!(fixture.history().await.is_running(), "{}", fixture.history().await.summary());

    let mounted = Mounted::new(fixture).await;
    let handle = mounted.client.get_workflow_handle::<Schedules>(mounted.fixture.id());
    let completed = mounted.run(handle.get_result(WorkflowGetResultOptions::default())).await;
    assert_eq!(completed.unwrap(), 3_000_000);
}

/// Connects a client whose questions about the namespace go through one mount and all else through another.
async fn through(fixture: &Fixture, describing: &Mount, other: &Mount) -> Client {
    let mounted = |mount: &Mount| mount.connection(fixture.connection()).unwrap();
    let mut options = mounted(describing);
    let describing = options.service_override.take().unwrap();
    let other = mounted(other).service_override.unwrap();
    let callback = move |request: GrpcRequest| {
        let service = if request.rpc == "DescribeNamespace" { &describing } else { &other };
        (service.callback)(request)
    };
    options.service_override = Some(CallbackBasedGrpcService { callback: Arc::new(callback) });
    connect(options, DataConverter::default()).await
}

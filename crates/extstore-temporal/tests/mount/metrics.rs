//! Tests the failures that a mount counts: on the meter of the connection's options, and as events of the storage.

use std::sync::{Arc, Mutex};

use extstore::{Claim, Event, ExternalStorage, MemoryDriver, Reference};
use extstore_temporal::{Mount, to_sdk};
use prost::Message as _;
use temporalio_client::callback_based::GrpcRequest;
use temporalio_client::{ConnectionOptions, Url};
use temporalio_common::data_converters::{
    ActivitySerializationContext, DataConverter, SerializationContextData, WorkflowSerializationContext,
};
use temporalio_common::protos::temporal::api::common::v1::{Payload, Payloads};
use temporalio_common::protos::temporal::api::workflowservice::v1::{
    PollActivityTaskQueueRequest, PollActivityTaskQueueResponse,
};
use temporalio_common::telemetry::TaskQueueLabelStrategy;
use temporalio_common::telemetry::metrics::{
    CoreMeter, Counter, CounterBase, Gauge, GaugeF64, Histogram, HistogramDuration, HistogramF64,
    MetricAttributable, MetricAttributes, MetricKeyValue, MetricParameters, NewAttributes, NoOpCoreMeter,
    TemporalMeter, UpDownCounter,
};

use crate::stub::{Reply, Stub, call, headers};

/// What was counted: `activity_execution_failed failure_reason=… namespace=… worker=mine`.
type Counted = Arc<Mutex<Vec<String>>>;

/// A meter that keeps what its counters count, and no other metric.
#[derive(Debug, Default)]
struct Recording(Counted);

struct RecordingCounter(String, Counted);

impl MetricAttributable<Box<dyn CounterBase>> for RecordingCounter {
    fn with_attributes(
        &self,
        attributes: &MetricAttributes,
    ) -> Result<Box<dyn CounterBase>, Box<dyn std::error::Error>> {
        let MetricAttributes::NoOp(tags) = attributes else { panic!("attributes of another meter") };
        let mut tags: Vec<String> = tags.iter().map(|(key, value)| format!("{key}={value}")).collect();
        tags.sort();
        Ok(Box::new(Bound(format!("{} {}", self.0, tags.join(" ")), Arc::clone(&self.1))))
    }
}

struct Bound(String, Counted);

impl CounterBase for Bound {
    fn adds(&self, value: u64) {
        assert_eq!(value, 1);
        self.1.lock().unwrap().push(self.0.clone());
    }
}

impl CoreMeter for Recording {
    fn new_attributes(&self, attributes: NewAttributes) -> MetricAttributes {
        NoOpCoreMeter.new_attributes(attributes)
    }

    fn extend_attributes(&self, existing: MetricAttributes, new: NewAttributes) -> MetricAttributes {
        NoOpCoreMeter.extend_attributes(existing, new)
    }

    fn counter(&self, parameters: MetricParameters) -> Counter {
        Counter::new(Arc::new(RecordingCounter(parameters.name.into_owned(), Arc::clone(&self.0))))
    }

    fn histogram(&self, parameters: MetricParameters) -> Histogram {
        NoOpCoreMeter.histogram(parameters)
    }

    fn histogram_f64(&self, parameters: MetricParameters) -> HistogramF64 {
        NoOpCoreMeter.histogram_f64(parameters)
    }

    fn histogram_duration(&self, parameters: MetricParameters) -> HistogramDuration {
        NoOpCoreMeter.histogram_duration(parameters)
    }

    fn gauge(&self, parameters: MetricParameters) -> Gauge {
        NoOpCoreMeter.gauge(parameters)
    }

    fn gauge_f64(&self, parameters: MetricParameters) -> GaugeF64 {
        NoOpCoreMeter.gauge_f64(parameters)
    }

    fn up_down_counter(&self, parameters: MetricParameters) -> UpDownCounter {
        NoOpCoreMeter.up_down_counter(parameters)
    }
}

fn meter(counted: &Counted) -> TemporalMeter {
    let tags = vec![MetricKeyValue::new("worker", "mine")];
    TemporalMeter::new(
        Arc::new(Recording(Arc::clone(counted))),
        tags.into(),
        TaskQueueLabelStrategy::UseNormal,
    )
}

/// A storage in memory whose observer keeps failures: `workflow_task NotFound false`.
fn storage(events: &Counted) -> ExternalStorage {
    let seen = Arc::clone(events);
    let observer = move |event: &Event<'_>| {
        if let Event::Failed { path, kind, reported, .. } = event {
            seen.lock().unwrap().push(format!("{path} {kind} {reported}"));
        }
    };
    let driver = Arc::new(MemoryDriver::default());
    ExternalStorage::builder().with_driver(driver).with_observer(observer).build().unwrap()
}

/// A reference to an object that is not there.
async fn lost() -> Payload {
    let elsewhere = ExternalStorage::builder()
        .with_driver(Arc::new(MemoryDriver::default()))
        .with_payload_size_threshold(0)
        .build()
        .unwrap();
    let payload = extstore::Payload::new([("encoding", "json/plain")], "1");
    let offloaded = elsewhere.message("default").offload(vec![(None, payload)]).await.unwrap();
    assert!(Reference::parse(&offloaded[0]).is_ok_and(|found| *found.claim() != Claim::new()));
    to_sdk(&offloaded[0])
}

#[tokio::test]
async fn a_task_that_fails_because_of_storage_is_counted_on_the_connections_meter() {
    let input = Some(Payloads { payloads: vec![lost().await] });
    let task = PollActivityTaskQueueResponse { task_token: b"token".to_vec(), input, ..Default::default() };
    let task = task.encode_to_vec();
    let stub = Stub::start(move |seen| match seen.path.ends_with("/PollActivityTaskQueue") {
        true => Reply { message: task.clone().into(), ..Reply::default() },
        false => Reply::default(),
    });
    let (stub, counted, events) = (stub.await, Counted::default(), Counted::default());
    let mut options = stub.options();
    options.metrics_meter = Some(meter(&counted));
    let options = Mount::new(storage(&events)).connection(options).unwrap();
    let poll = PollActivityTaskQueueRequest { namespace: "orders".into(), ..Default::default() };
    let request = GrpcRequest {
        service: "temporal.api.workflowservice.v1.WorkflowService".to_owned(),
        rpc: "PollActivityTaskQueue".to_owned(),
        headers: headers(&[]),
        proto: poll.encode_to_vec().into(),
    };
    assert!(call(&options, request).await.unwrap().proto.is_empty());
    let expected =
        "activity_execution_failed failure_reason=ExternalStorageError namespace=orders worker=mine";
    assert_eq!(*counted.lock().unwrap(), [expected]);
    assert_eq!(*events.lock().unwrap(), ["activity_task NotFound true"]);
}

/// The SDK reports the first attempt of a workflow task and no other.
#[tokio::test]
async fn every_failure_of_the_data_converter_is_an_event_and_is_counted() {
    let (counted, events) = (Counted::default(), Counted::default());
    let mount = Mount::new(storage(&events));
    let mut options = ConnectionOptions::new(Url::parse("http://127.0.0.1:1").unwrap()).build();
    options.metrics_meter = Some(meter(&counted));
    mount.connection(options).unwrap();
    let converter = mount.data_converter(DataConverter::default());
    let workflow = SerializationContextData::Workflow(WorkflowSerializationContext::new());
    let activity = SerializationContextData::Activity(ActivitySerializationContext::new());
    for context in [&workflow, &workflow, &activity, &SerializationContextData::None] {
        converter.from_payload::<u32>(context, lost().await).await.unwrap_err();
    }
    let task = "workflow_task NotFound false";
    assert_eq!(
        *events.lock().unwrap(),
        [task, task, "activity_task NotFound false", "request NotFound false"]
    );
    let tags = "failure_reason=ExternalStorageError worker=mine";
    let of = |name: &str| format!("{name} {tags}");
    let [workflow, activity] = ["workflow_task_execution_failed", "activity_execution_failed"].map(of);
    assert_eq!(*counted.lock().unwrap(), [workflow.clone(), workflow, activity]);
}

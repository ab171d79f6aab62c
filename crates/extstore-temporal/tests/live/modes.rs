//! Tests other ways to mount, and what they refuse.

use std::sync::Arc;

use extstore::{Payload, Reference};
use extstore_temporal::{Mount, from_sdk};
use temporalio_client::{Connection, ConnectionOptions, Url, WorkflowGetResultOptions};
use temporalio_common::data_converters::{DataConverter, DefaultPayloadCodec};

use crate::activities::text;
use crate::mounted::Mounted;
use crate::support::fixture::Fixture;
use crate::support::flip::{Flip, converter};
use crate::workflows::{Chain, MEGABYTE};

/// Reads the reference to the workflow's input as Temporal holds it.
async fn input_of(mounted: &Mounted) -> Payload {
    let history = mounted.fixture.history().await;
    from_sdk(history.started().input.as_ref().unwrap().payloads[0].clone())
}

async fn chain(mounted: &Mounted) {
    let options = mounted.fixture.start_options();
    let handle = mounted.client.start_workflow(Chain::run, (1, text('a', MEGABYTE)), options).await.unwrap();
    assert_eq!(handle.get_result(WorkflowGetResultOptions::default()).await.unwrap(), text('b', MEGABYTE));
}

/// Tests that the store gets what the codec made; the reference itself is plain.
pub(crate) async fn the_codec_runs_before_the_store(fixture: Fixture) {
    let mounted = Mounted::with_converter(fixture, converter(Flip)).await;
    mounted.run(chain(&mounted)).await;
    let reference = input_of(&mounted).await;
    assert_eq!(Reference::parse(&reference).unwrap().driver_name(), "local-disk");
    let stored = mounted.storage.message("default").restore(vec![reference]).await.unwrap();
    assert_eq!(stored[0].metadata("encoding").unwrap(), b"binary/flipped");
}

/// A client without storage fails with the specification's code and not with a reference.
pub(crate) async fn without_storage_a_reference_is_refused(fixture: Fixture) {
    let mounted = Mounted::new(fixture).await;
    mounted.run(chain(&mounted)).await;
    let none = Mount::without_storage();
    let clients = [
        mounted.fixture.client_with(&none, DataConverter::default()).await,
        mounted.fixture.plain_client_with(none.data_converter(DataConverter::default())).await,
    ];
    for client in clients {
        let handle = client.get_workflow_handle::<Chain>(mounted.fixture.id());
        let error = handle.get_result(WorkflowGetResultOptions::default()).await.unwrap_err();
        assert!(format!("{error:?}").contains("TMPRL1105"), "{error:?}");
    }
}

/// Mounts nothing on the connection: the codec offloads and resolves by itself.
pub(crate) async fn the_codec_alone_is_enough(fixture: Fixture) {
    let mut mounted = Mounted::new(fixture).await;
    let mount = Mount::builder(mounted.storage.clone()).with_namespace("default").build();
    let codec = mount.codec(Arc::new(DefaultPayloadCodec));
    mounted.client = mounted.fixture.plain_client_with(converter(codec)).await;
    mounted.run(chain(&mounted)).await;
    let reference = Reference::parse(&input_of(&mounted).await).unwrap();
    let key = reference.claim().get("key").unwrap();
    assert!(key.starts_with("v0/ns/default/d/sha256/"), "{key}");
    let history = mounted.fixture.history().await;
    let info = history.info();
    assert!(info.history_size_bytes < 8192, "{} bytes", info.history_size_bytes);
}

/// The error says where we tried to connect to and why that did not work, as the SDK's own does.
pub(crate) async fn an_unreachable_server_is_named(fixture: Fixture) {
    let mounted = Mounted::new(fixture).await;
    // A port that nobody listens on: it was ours a moment ago.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let options = ConnectionOptions::new(Url::parse(&format!("http://{free}")).unwrap()).build();
    let error =
        Connection::connect(mounted.mount.connection(options).unwrap()).await.unwrap_err().to_string();
    assert!(error.contains(&free.to_string()) && error.contains("Connection refused"), "{error}");
}

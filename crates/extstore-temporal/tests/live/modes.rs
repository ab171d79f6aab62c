//! Other ways to mount, and what they refuse.

use std::sync::Arc;

use extstore::{Payload, Reference};
use extstore_temporal::{Mount, from_sdk};
use futures_util::future::{BoxFuture, FutureExt as _};
use temporalio_client::{Connection, ConnectionOptions, Url, WorkflowGetResultOptions};
use temporalio_common::data_converters::{
    DataConverter, DefaultFailureConverter, DefaultPayloadCodec, PayloadCodec, PayloadConversionError,
    PayloadConverter, SerializationContextData,
};
use temporalio_common::protos::temporal::api::common::v1 as sdk;
use temporalio_common::protos::temporal::api::history::v1::history_event::Attributes;

use crate::activities::text;
use crate::harness::Server;
use crate::history;
use crate::workflows::{Chain, MEGABYTE};
use crate::world::{self, World};

/// A codec that anybody can tell: it turns every byte over and says so.
#[derive(Clone)]
pub(crate) struct Flip;

impl PayloadCodec for Flip {
    fn encode(
        &self,
        _: &SerializationContextData,
        payloads: Vec<sdk::Payload>,
    ) -> BoxFuture<'static, Result<Vec<sdk::Payload>, PayloadConversionError>> {
        let flipped = payloads.into_iter().map(|payload| {
            use prost::Message as _;
            let data = payload.encode_to_vec().into_iter().map(|byte| !byte).collect();
            sdk::Payload {
                metadata: [("encoding".to_owned(), b"binary/flipped".to_vec())].into(),
                data,
                ..Default::default()
            }
        });
        let flipped = flipped.collect();
        async { Ok(flipped) }.boxed()
    }

    fn decode(
        &self,
        _: &SerializationContextData,
        payloads: Vec<sdk::Payload>,
    ) -> BoxFuture<'static, Result<Vec<sdk::Payload>, PayloadConversionError>> {
        let back = payloads.into_iter().map(|payload| {
            use prost::Message as _;
            if payload.metadata.get("encoding").is_none_or(|encoding| encoding != b"binary/flipped") {
                return Ok(payload);
            }
            let plain: Vec<u8> = payload.data.into_iter().map(|byte| !byte).collect();
            sdk::Payload::decode(plain.as_slice())
                .map_err(|error| PayloadConversionError::EncodingError(error.into()))
        });
        let back = back.collect();
        async { back }.boxed()
    }
}

pub(crate) fn flipping() -> DataConverter {
    DataConverter::new(PayloadConverter::default(), DefaultFailureConverter::new(false), Flip)
}

/// The reference to the workflow's input as Temporal holds it.
async fn input_of(world: &World, workflow: &str) -> Payload {
    let events = history::events(&world.plain_client().await, workflow).await;
    let Some(Attributes::WorkflowExecutionStartedEventAttributes(started)) = &events[0].attributes else {
        panic!("the first event is the start");
    };
    from_sdk(started.input.as_ref().unwrap().payloads[0].clone())
}

async fn chain(world: &World, name: &str) -> String {
    let options = world.start(name);
    let id = options.workflow_id.clone();
    let handle = world.client.start_workflow(Chain::run, (1, text('a', MEGABYTE)), options).await.unwrap();
    assert_eq!(handle.get_result(WorkflowGetResultOptions::default()).await.unwrap(), text('b', MEGABYTE));
    id
}

/// What is stored is what the codec made; the reference itself is plain.
pub(crate) async fn the_codec_runs_before_the_store(server: Server) {
    let world = World::with(server, |storage| storage, flipping()).await;
    let id = world.run(chain(&world, "codec")).await;
    let reference = input_of(&world, &id).await;
    assert_eq!(Reference::parse(&reference).unwrap().driver_name(), "local-disk");
    let stored = world.storage.message("default").restore(vec![reference]).await.unwrap();
    assert_eq!(stored[0].metadata("encoding").unwrap(), b"binary/flipped");
}

/// A client without storage fails with the specification's code and not with a reference.
pub(crate) async fn without_storage_a_reference_is_refused(server: Server) {
    let world = World::new(server).await;
    let id = world.run(chain(&world, "refused")).await;
    let none = Mount::without_storage();
    let clients = [
        world::client(&world.server, |options| none.connection(options).unwrap(), DataConverter::default())
            .await,
        world::client(&world.server, |options| options, none.data_converter(DataConverter::default())).await,
    ];
    for client in clients {
        let handle = client.get_workflow_handle::<Chain>(&id);
        let error = handle.get_result(WorkflowGetResultOptions::default()).await.unwrap_err();
        assert!(format!("{error:?}").contains("TMPRL1105"), "{error:?}");
    }
}

/// No mount on the connection: the codec offloads and resolves by itself.
pub(crate) async fn the_codec_alone_is_enough(server: Server) {
    let mut world = World::new(server).await;
    let mount = Mount::builder(world.storage.clone()).with_namespace("default").build();
    let codec = mount.codec(Arc::new(DefaultPayloadCodec));
    let converter =
        DataConverter::new(PayloadConverter::default(), DefaultFailureConverter::new(false), codec);
    world.client = world::client(&world.server, |options| options, converter).await;
    let id = world.run(chain(&world, "alone")).await;
    let reference = Reference::parse(&input_of(&world, &id).await).unwrap();
    let key = reference.claim().get("key").unwrap();
    assert!(key.starts_with("v0/ns/default/d/sha256/"), "{key}");
    let info = history::info(&world.plain_client().await, &id).await;
    assert!(info.history_size_bytes < 8192, "{} bytes", info.history_size_bytes);
}

/// The error says where we tried to connect to and why that did not work, as the SDK's own does.
pub(crate) async fn an_unreachable_server_is_named(server: Server) {
    let world = World::new(server).await;
    // A port that nobody listens on: it was ours a moment ago.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let options = ConnectionOptions::new(Url::parse(&format!("http://{free}")).unwrap()).build();
    let error = Connection::connect(world.mount.connection(options).unwrap()).await.unwrap_err().to_string();
    assert!(error.contains(&free.to_string()) && error.contains("Connection refused"), "{error}");
}

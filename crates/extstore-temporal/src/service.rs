//! Makes the callback that the SDK calls instead of the network.

use std::sync::Arc;

use bytes::Bytes;
use extstore_gateway::{Answer, Call, Gateway, Rope, Upstream};
use futures_util::future::FutureExt as _;
use temporalio_client::callback_based::{CallbackBasedGrpcService, GrpcRequest, GrpcSuccessResponse};

use crate::{headers, status};

/// Makes the SDK's service over a gateway and its upstream. Its `Debug` prints nothing of either.
pub(crate) fn callback(gateway: Gateway, upstream: Arc<dyn Upstream>) -> CallbackBasedGrpcService {
    let callback = move |request| {
        let (gateway, upstream) = (gateway.clone(), Arc::clone(&upstream));
        async move { gateway.call(call(request), upstream).await.map(answer).map_err(status::to_tonic) }
            .boxed()
    };
    CallbackBasedGrpcService { callback: Arc::new(callback) }
}

fn call(request: GrpcRequest) -> Call {
    let GrpcRequest { service, rpc, headers, proto, .. } = request;
    Call::new(service, rpc, headers::end_to_end(headers), proto)
}

fn answer(answer: Answer) -> GrpcSuccessResponse {
    GrpcSuccessResponse { headers: headers::end_to_end(answer.headers), proto: contiguous(answer.body) }
}

/// Returns the message as the vector that the SDK takes. One with restored payloads in it is copied once; one that was
/// not changed usually gives up its buffer.
fn contiguous(body: Rope) -> Vec<u8> {
    let length = body.len();
    let mut segments = body.into_segments();
    if let [_] = segments.as_slice() {
        return segments.pop().map(Bytes::into).unwrap_or_default();
    }
    let mut whole = Vec::with_capacity(length);
    segments.iter().for_each(|segment| whole.extend_from_slice(segment));
    whole
}

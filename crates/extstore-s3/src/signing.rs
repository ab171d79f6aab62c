//! Signs uploads with the digest that is known already.

use aws_runtime::auth::{PayloadSigningOverride, SigV4OperationSigningConfig};
use aws_sdk_s3::config::interceptors::BeforeTransmitInterceptorContextMut;
use aws_sdk_s3::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_s3::error::BoxError;
use extstore::Digest;

/// Signs the digest that is known instead of hashing the body again, which the vendor's client can do only for
/// bodies in one piece: others it would send with an unsigned payload.
#[derive(Debug)]
pub(crate) struct SignedPayload(pub(crate) Digest);

impl Intercept for SignedPayload {
    fn name(&self) -> &'static str {
        "SignedPayload"
    }

    fn modify_before_signing(
        &self,
        _: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        // `PayloadSigningOverride` itself is read for SigV4 only, this for Multi-Region Access Points (SigV4A) too.
        if let Some(mut signing) = config.load::<SigV4OperationSigningConfig>().cloned() {
            let known = PayloadSigningOverride::Precomputed(self.0.to_hex());
            signing.signing_options.payload_override = Some(known.to_signable_body());
            config.interceptor_state().store_put(signing);
        }
        Ok(())
    }
}

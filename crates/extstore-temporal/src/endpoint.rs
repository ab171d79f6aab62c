//! Turns the SDK's connection options into tonic's endpoint, as `temporalio-client` 1.1.1 does in `connect_once`.

use std::panic::{AssertUnwindSafe, catch_unwind};

use extstore::{ErrorKind, Result};
use http::Uri;
use temporalio_client::{ConnectionOptions, TlsOptions};
use tonic::transport::{Certificate, ClientTlsConfig, Endpoint, Identity};

/// Refuses options that cannot be combined with a mount; the error says what to do instead.
pub(crate) fn refuse(options: &ConnectionOptions) -> Result<()> {
    let config = |text: &str| Err(ErrorKind::Config.error(text));
    if options.service_override.is_some() {
        return config(
            "ConnectionOptions.service_override is set already: leave it unset, the mount sends every RPC over a \
             connection of its own; a mount is put on options once",
        );
    }
    let Some(tls) = &options.tls_options else { return Ok(()) };
    if resolves_certificates(tls) {
        return config(
            "TlsOptions.client_cert_resolver cannot be combined with a mount: use client_tls_options, and connect again \
             when the certificate changes",
        );
    }
    if tls.server_cert_verifier.is_some() && tls.server_root_ca_cert.is_some() {
        return config(
            "TlsOptions.server_root_ca_cert and server_cert_verifier exclude each other: leave one of them unset",
        );
    }
    Ok(())
}

/// Says whether a resolver of client certificates is set.
///
/// The field exists only with the SDK's feature `dynamic-tls`, which any crate of a build may turn on and this one
/// cannot see. Its `Debug` names the field only where there is one; ignoring it would connect without a certificate.
fn resolves_certificates(tls: &TlsOptions) -> bool {
    format!("{tls:?}").contains("client_cert_resolver: Some(")
}

/// Makes the endpoint for the target, or for one of its addresses: `address` is where to connect, the options say the
/// rest. For an address that was looked up, `name` is the host name; certificate and authority are that name's.
pub(crate) fn endpoint(options: &ConnectionOptions, address: &str, name: Option<&str>) -> Result<Endpoint> {
    let endpoint = Endpoint::from_shared(address.to_owned())
        .map_err(|error| invalid("ConnectionOptions.target is no address", error))?;
    let endpoint = match options.connect_timeout {
        Some(limit) => endpoint.connect_timeout(limit),
        None => endpoint,
    };
    let endpoint = with_tls(options, endpoint, name)?;
    let endpoint = match &options.keep_alive {
        Some(ping) => endpoint
            .keep_alive_while_idle(true)
            .http2_keep_alive_interval(ping.interval)
            .keep_alive_timeout(ping.timeout),
        None => endpoint,
    };
    Ok(match &options.override_origin {
        Some(origin) => endpoint.origin(origin.clone()),
        None => endpoint,
    })
}

/// Sets up TLS where the options ask for it. An `https` target without any gets the defaults, with which the SDK alone would
/// refuse to connect.
fn with_tls(options: &ConnectionOptions, endpoint: Endpoint, name: Option<&str>) -> Result<Endpoint> {
    let default = (options.target.scheme() == "https").then(TlsOptions::default);
    let Some(tls) = options.tls_options.as_ref().or(default.as_ref()) else { return Ok(endpoint) };
    let (endpoint, config) = match tls.domain.as_deref().or(name) {
        Some(domain) => (endpoint.origin(origin(domain)?), ClientTlsConfig::new().domain_name(domain)),
        None => (endpoint, ClientTlsConfig::new()),
    };
    let config = match &tls.client_tls_options {
        Some(client) => config.identity(Identity::from_pem(&client.client_cert, &client.client_private_key)),
        None => config,
    };
    configured(|| match (&tls.server_cert_verifier, &tls.server_root_ca_cert) {
        (Some(verifier), _) => endpoint.tls_config_with_verifier(config, verifier.clone()),
        (None, Some(root)) => endpoint.tls_config(config.ca_certificate(Certificate::from_pem(root))),
        (None, None) => endpoint.tls_config(config.with_native_roots()),
    })
}

/// Runs tonic's set-up of TLS and turns its failures into `Config`.
///
/// rustls panics where the program has no crypto provider, and nothing can be asked beforehand: another crate of the
/// build may have compiled one in.
fn configured(configure: impl FnOnce() -> Result<Endpoint, tonic::transport::Error>) -> Result<Endpoint> {
    let Ok(configured) = catch_unwind(AssertUnwindSafe(configure)) else {
        let text = "TLS needs a crypto provider, and the program has none: enable the feature `tls-ring` or `tls-aws-lc` \
                    of extstore-temporal, or install a provider of rustls before the connection is made";
        return Err(ErrorKind::Config.error(text));
    };
    configured.map_err(|error| {
        invalid(
            "ConnectionOptions.tls_options cannot be used; check certificates and key, which are PEM",
            error,
        )
    })
}

fn origin(domain: &str) -> Result<Uri> {
    let invalid_domain = |error| invalid("TlsOptions.domain is no host name", error);
    format!("https://{domain}").parse().map_err(invalid_domain)
}

fn invalid(text: &str, error: impl std::error::Error + Send + Sync + 'static) -> extstore::Error {
    ErrorKind::Config.error(text).with_source(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tests themselves have a provider, so rustls's own panic cannot be had here.
    #[test]
    fn a_missing_crypto_provider_is_an_error_that_names_the_features() {
        let error =
            configured(|| panic!("Could not automatically determine the process-level CryptoProvider"));
        let error = error.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        for part in ["`tls-ring`", "`tls-aws-lc`", "install a provider"] {
            assert!(error.to_string().contains(part), "{error}");
        }
    }
}

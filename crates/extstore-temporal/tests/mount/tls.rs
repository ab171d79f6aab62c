//! Tests TLS and mTLS from the SDK's options.

use temporalio_client::tonic::Code;
use temporalio_client::{ClientTlsOptions, ConnectionOptions, TlsOptions, Url};

use crate::certificates::{Authority, NAME};
use crate::stub::{Stub, call, headers, mount, request};

fn options(stub: &Stub, tls: TlsOptions) -> ConnectionOptions {
    let target = Url::parse(&format!("https://{}", stub.address)).unwrap();
    ConnectionOptions::new(target).tls_options(tls).build()
}

fn trusting(authority: &Authority, client: Option<ClientTlsOptions>) -> TlsOptions {
    TlsOptions::builder()
        .server_root_ca_cert(authority.pem.clone().into_bytes())
        .domain(NAME.to_owned())
        .maybe_client_tls_options(client)
        .build()
}

async fn outcome(stub: &Stub, tls: TlsOptions) -> Result<(), String> {
    let options = mount().connection(options(stub, tls)).unwrap();
    let outcome = call(&options, request(headers(&[]), "")).await;
    outcome.map(drop).map_err(|status| {
        // A server that refuses a client says so after the handshake: then the SDK's own channel knows no better code.
        assert!(matches!(status.code(), Code::Unavailable | Code::Unknown), "{status:?}");
        status.message().to_owned()
    })
}

#[tokio::test]
async fn a_server_is_verified_by_the_authority_and_the_name_of_the_options() {
    let (ours, other) = (Authority::new(), Authority::new());
    let stub = Stub::with_tls(ours.server(None)).await;
    outcome(&stub, trusting(&ours, None)).await.unwrap();
    assert_eq!(stub.only().authority, NAME, "the domain is the authority, as the SDK has it");

    let error = outcome(&stub, trusting(&other, None)).await.unwrap_err();
    assert!(error.contains("UnknownIssuer") || error.contains("certificate"), "{error}");
    let unnamed = TlsOptions::builder().server_root_ca_cert(ours.pem.clone().into_bytes()).build();
    let error = outcome(&stub, unnamed).await.unwrap_err();
    assert!(error.contains("not valid for name"), "{error}");
    assert_eq!(stub.seen().len(), 1, "nothing was sent to a server that is not verified");
}

#[tokio::test]
async fn a_client_proves_itself_with_the_certificate_of_the_options() {
    let (servers, clients) = (Authority::new(), Authority::new());
    let stub = Stub::with_tls(servers.server(Some(&clients))).await;
    outcome(&stub, trusting(&servers, Some(clients.client()))).await.unwrap();
    let error = outcome(&stub, trusting(&servers, None)).await.unwrap_err();
    assert!(error.contains("CertificateRequired"), "{error}");
    outcome(&stub, trusting(&servers, Some(servers.client()))).await.unwrap_err();
    assert_eq!(stub.seen().len(), 1);
}

#[tokio::test]
async fn https_without_options_trusts_the_system_alone() {
    let stub = Stub::with_tls(Authority::new().server(None)).await;
    let target = Url::parse(&format!("https://{}", stub.address)).unwrap();
    let options = mount().connection(ConnectionOptions::new(target).build()).unwrap();
    let status = call(&options, request(headers(&[]), "")).await.unwrap_err();
    assert!(status.message().contains("certificate"), "{}", status.message());
    assert!(stub.seen().is_empty());
}

//! Tests the options that a mount refuses, and the texts of its errors.

use std::time::Duration;

use extstore::ErrorKind;
use temporalio_client::{
    ClientTlsOptions, Connection, ConnectionOptions, DnsLoadBalancingOptions, TlsOptions, Url,
};

use crate::stub::{Reply, Stub, mount};

fn target(text: &str) -> Url {
    Url::parse(text).unwrap()
}

fn refused(options: ConnectionOptions) -> String {
    let error = mount().connection(options).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    error.to_string()
}

#[tokio::test]
async fn options_that_are_mounted_are_not_mounted_again() {
    let stub = Stub::start(|_| Reply::default()).await;
    let once = mount().connection(stub.options()).unwrap();
    let text = refused(once);
    assert!(text.contains("service_override") && text.contains("leave it unset"), "{text}");
}

#[test]
fn a_certificate_or_a_key_that_is_none_is_refused_and_not_printed() {
    let client = ClientTlsOptions::builder()
        .client_cert(b"not a certificate".to_vec())
        .client_private_key(b"a-secret-key".to_vec())
        .build();
    let tls = TlsOptions::builder().client_tls_options(client).build();
    let options = ConnectionOptions::new(target("https://temporal.test:7233")).tls_options(tls).build();
    let error = mount().connection(options).unwrap_err();
    let (line, report) = (error.to_string(), format!("{error:?}"));
    assert!(line.contains("tls_options") && line.contains("PEM"), "{line}");
    assert!(!report.contains("a-secret-key") && !report.contains("not a certificate"), "{report}");
}

#[test]
fn a_target_without_a_host_is_refused() {
    let text = refused(ConnectionOptions::new(target("unix:/tmp/socket")).build());
    assert!(text.contains("http://HOST:PORT"), "{text}");
}

#[test]
fn a_domain_that_is_none_is_refused() {
    let tls = TlsOptions::builder().domain("not a domain".to_owned()).build();
    let text = refused(ConnectionOptions::new(target("https://temporal.test")).tls_options(tls).build());
    assert!(text.contains("TlsOptions.domain"), "{text}");
}

#[test]
fn load_balancing_needs_the_interval_that_the_sdk_needs() {
    let often = DnsLoadBalancingOptions::builder().resolution_interval(Duration::from_millis(10)).build();
    let options =
        ConnectionOptions::new(target("http://temporal.test:7233")).dns_load_balancing(Some(often)).build();
    let text = refused(options);
    assert!(text.contains("resolution_interval"), "{text}");
}

#[tokio::test]
async fn a_name_that_is_not_found_is_named() {
    let options = ConnectionOptions::new(target("http://nobody.invalid:7233")).build();
    let options = mount().connection(options).unwrap();
    let text = Connection::connect(options).await.unwrap_err().to_string();
    assert!(text.contains("http://nobody.invalid:7233"), "{text}");
}

#[test]
fn nothing_secret_is_printed() {
    let options = ConnectionOptions::new(target("http://user:a-secret@127.0.0.1:7233")).build();
    let mount = mount();
    let options = mount.connection(options).unwrap();
    assert!(!format!("{:?} {mount:?}", options.service_override).contains("a-secret"));
}

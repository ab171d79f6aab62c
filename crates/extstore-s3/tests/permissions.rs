//! Tests least privilege, with identities of the server that lack one permission each.
#![allow(clippy::unwrap_used)] // A panic is how a test fails, in its helpers too.

mod support;

use std::process::ExitCode;

use extstore::{ErrorKind, RetrieveContext, StorageDriver, StoreContext};
use extstore_s3::{S3Driver, S3Options};
use extstore_testkit::live::{Live, Test};
use support::server::{self, Server};
use support::{of_workflow, random_payload};

fn main() -> ExitCode {
    server::run(
        &Live::new(),
        [
            Test::new("without_list_everything_works", without_list),
            Test::new("without_get_stores_work_and_the_error_names_the_permission", without_get),
        ],
    )
}

fn driver(server: &Server, identity: &str, bucket: &str) -> S3Driver {
    S3Driver::new(server.client_of(identity), S3Options::new(bucket)).unwrap()
}

async fn without_list(server: Server) {
    let bucket = server.bucket("nolist").await;
    let payload = random_payload(1000);
    let first = driver(&server, "NOLIST", &bucket);
    let claims = first.store(&of_workflow("w"), vec![payload.clone()]).await.unwrap();
    let second = driver(&server, "NOLIST", &bucket);
    assert_eq!(second.store(&of_workflow("w"), vec![payload.clone()]).await.unwrap(), claims, "it exists");
    assert_eq!(second.retrieve(&RetrieveContext::default(), claims).await.unwrap(), [payload]);
    second.check(&StoreContext::default()).await.unwrap();
}

async fn without_get(server: Server) {
    let bucket = server.bucket("noget").await;
    let payload = random_payload(1000);
    let first = driver(&server, "NOGET", &bucket);
    let claims = first.store(&of_workflow("w"), vec![payload.clone()]).await.unwrap();
    let second = driver(&server, "NOGET", &bucket);
    assert_eq!(second.store(&of_workflow("w"), vec![payload]).await.unwrap(), claims, "it exists");
    let error = second.retrieve(&RetrieveContext::default(), claims).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PermissionDenied, "{error}");
    assert!(error.message().contains("s3:GetObject"), "{error}");
    let error = second.check(&StoreContext::default()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PermissionDenied, "{error}");
}

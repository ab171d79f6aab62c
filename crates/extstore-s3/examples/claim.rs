//! Stores a file as a payload and prints its reference, or writes what a reference stands for.
//!
//! ```text
//! cargo run -p extstore-s3 --example claim -- --bucket B put FILE      prints the reference payload (proto, base64)
//! cargo run -p extstore-s3 --example claim -- --bucket B get BASE64    writes the payload's data to standard output
//! ```
//!
//! Endpoint and credentials come from the vendor's usual variables: `AWS_ENDPOINT_URL`, `AWS_REGION`,
//! `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`. `--key-prefix P` puts keys under a prefix; `--namespace N`,
//! `--workflow-type T` and `--workflow-id W` name the workflow that the payload belongs to.

use std::error::Error;
use std::io::Write as _;
use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use extstore::{Detected, ExternalStorage, Message, Payload, Reference, Target};
use extstore_s3::{S3Driver, S3Options};

const USAGE: &str = "usage: claim --bucket B [--key-prefix P] [--namespace N] [--workflow-type T] [--workflow-id W] \
                     (put FILE | get BASE64)";

/// Holds the arguments of the command line.
#[derive(Debug, Default)]
struct Args {
    bucket: String,
    key_prefix: String,
    namespace: String,
    workflow_type: String,
    workflow_id: Option<String>,
    action: Vec<String>,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let args = parse(std::env::args().skip(1))?;
    let options = S3Options::new(args.bucket.as_str()).with_key_prefix(args.key_prefix.as_str());
    let driver = S3Driver::from_env(options).await?;
    let storage = ExternalStorage::builder()
        .with_driver(Arc::new(driver))
        // Every payload is offloaded, however small.
        .with_payload_size_threshold(0)
        .build()?;
    let message = storage.message(&args.namespace);
    let mut out = std::io::stdout().lock();
    match args.action.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["put", file] => {
            let reference = put(&message, &args, std::fs::read(file)?).await?;
            writeln!(out, "{}", BASE64_STANDARD.encode(reference.to_bytes()))?;
        }
        ["get", reference] => out.write_all(get(&message, reference).await?.data())?,
        _ => return Err(USAGE.into()),
    }
    Ok(out.flush()?)
}

async fn put(message: &Message, args: &Args, data: Vec<u8>) -> extstore::Result<Payload> {
    let payload = Payload::new([(extstore::ENCODING, "binary/plain")], data);
    let workflow = |id: &String| Target::workflow(args.namespace.as_str(), args.workflow_type.as_str(), id);
    let mut references = message.offload(vec![(args.workflow_id.as_ref().map(workflow), payload)]).await?;
    // One payload in, one reference out.
    Ok(references.remove(0))
}

async fn get(message: &Message, reference: &str) -> Result<Payload, Box<dyn Error>> {
    let reference = Payload::decode(BASE64_STANDARD.decode(reference.trim())?)?;
    if Reference::detect(&reference) == Detected::No {
        return Err("this payload is no reference".into());
    }
    Ok(message.restore(vec![reference]).await?.remove(0))
}

fn parse(mut words: impl Iterator<Item = String>) -> Result<Args, Box<dyn Error>> {
    let mut args = Args::default();
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or(USAGE);
        match word.as_str() {
            "--bucket" => args.bucket = value()?,
            "--key-prefix" => args.key_prefix = value()?,
            "--namespace" => args.namespace = value()?,
            "--workflow-type" => args.workflow_type = value()?,
            "--workflow-id" => args.workflow_id = Some(value()?),
            _ => args.action.push(word),
        }
    }
    if args.bucket.is_empty() { Err(USAGE.into()) } else { Ok(args) }
}

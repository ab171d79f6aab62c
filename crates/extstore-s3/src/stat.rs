//! Reads what an answer says about an object.

use aws_sdk_s3::operation::head_object::HeadObjectOutput;
use aws_sdk_s3::operation::put_object::PutObjectOutput;
use aws_sdk_s3::types::{ChecksumType, StorageClass};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use extstore::object::{Content, ObjectStat, ObjectVersion};
use extstore::{Digest, Error, ErrorKind, Result};

use crate::lifetime::{Lifetime, is_archive};
use crate::server_clock::ServerClock;

/// Reads the answer to HEAD.
///
/// # Errors
///
/// `Unavailable` where the answer is not a store's.
pub(crate) fn of_head(head: HeadObjectOutput, clock: &ServerClock) -> Result<ObjectStat> {
    require_e_tag(head.e_tag.as_deref())?;
    let now = clock.now();
    let written = head.last_modified.and_then(|written| written.try_into().ok());
    let age = written.map(|written| now.duration_since(written).unwrap_or_default());
    // An object uploaded in parts has a checksum of checksums, which says nothing about our digest.
    let digest = match head.checksum_type {
        Some(ChecksumType::Composite) => None,
        _ => head.checksum_sha256.as_deref().and_then(decode_checksum),
    };
    let len = head.content_length.and_then(|len| u64::try_from(len).ok());
    let is_archived = head.archive_status.is_some() || head.storage_class.as_ref().is_some_and(is_archive);
    let lifetime = Lifetime::read(head.expiration.as_deref(), head.restore.as_deref(), is_archived, now);
    Ok(len
        .map_or_else(ObjectStat::unknown, ObjectStat::new)
        .with_digest(digest)
        .with_age(age)
        .with_version(head.e_tag.and_then(version))
        .with_expires_in(lifetime.expires_in)
        .with_readable(lifetime.is_readable))
}

/// Reads the answer to an upload, which nobody looks at again once it is acknowledged.
///
/// # Errors
///
/// `Unavailable` where no store confirms the upload, or where it confirms another content: some stores repeat the checksum.
pub(crate) fn of_put(stored: PutObjectOutput, content: &Content, clock: &ServerClock) -> Result<ObjectStat> {
    require_e_tag(stored.e_tag.as_deref())?;
    let digest = stored.checksum_sha256.as_deref().map(decode_checksum);
    if digest.is_some_and(|digest| digest != Some(content.digest())) {
        return Err(no_store());
    }
    let lifetime = Lifetime::read(stored.expiration.as_deref(), None, false, clock.now());
    Ok(ObjectStat::new(content.len() as u64)
        .with_digest(digest.flatten())
        .with_version(stored.e_tag.and_then(version))
        .with_expires_in(lifetime.expires_in))
}

/// Takes the version from an `ETag`. A proxy that compresses marks the tag as weak, and no condition ever matches a
/// weak one.
fn version(e_tag: String) -> Option<ObjectVersion> {
    (!e_tag.starts_with("W/")).then_some(ObjectVersion(e_tag))
}

/// Refuses an answer without `ETag`. Captive portals and misrouted proxies say 200 too; every store names the version
/// of the object that it wrote or sends.
pub(crate) fn require_e_tag(e_tag: Option<&str>) -> Result<()> {
    if e_tag.is_some() { Ok(()) } else { Err(no_store()) }
}

/// Refuses an upload into an archive: it could never be read before somebody restores it.
pub(crate) fn refuse_archive(class: Option<&StorageClass>) -> Result<()> {
    let Some(class) = class.filter(|class| is_archive(class)) else { return Ok(()) };
    Err(ErrorKind::Config.error(format!(
        "the put hook chooses the storage class {}, from which a payload cannot be read; choose one that is read at once",
        class.as_str()
    )))
}

/// Makes the error for an answer that did not come from the store.
fn no_store() -> Error {
    ErrorKind::Unavailable.error("the answer is not a store's")
}

pub(crate) fn encode_checksum(digest: Digest) -> String {
    BASE64_STANDARD.encode(digest.as_bytes())
}

fn decode_checksum(text: &str) -> Option<Digest> {
    BASE64_STANDARD.decode(text).ok()?.try_into().ok().map(Digest::from_bytes)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use extstore::Body;

    use super::*;

    #[test]
    fn the_answer_to_an_upload_says_when_a_rule_deletes_the_object() {
        let body = Body::default();
        let content = Content::new(body.clone(), Digest::of(&body));
        let stored = |expiration: Option<&str>| {
            let stored =
                PutObjectOutput::builder().e_tag("\"v1\"").set_expiration(expiration.map(Into::into));
            of_put(stored.build(), &content, &ServerClock::default()).unwrap()
        };
        let past = stored(Some(r#"expiry-date="Sat, 21 Nov 2020 00:00:00 GMT", rule-id="x""#));
        assert_eq!(past.expires_in, Some(Duration::ZERO));
        assert_eq!(past.version, Some(ObjectVersion("\"v1\"".to_owned())));
        assert_eq!((past.len, past.readable), (Some(0), true));
        assert_eq!(stored(None).expires_in, None);
    }
}

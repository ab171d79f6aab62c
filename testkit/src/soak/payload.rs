//! Makes payloads that say themselves whether they are whole: a digest, then what it is the digest of.

use bytes::{Bytes, BytesMut};
use extstore::{Body, Digest, ENCODING, Payload};
use extstore_conformance::Secrets;

const DIGEST: usize = 32;

/// Makes a random payload, a little larger than `len` bytes.
pub fn random(rng: &mut fastrand::Rng, len: usize) -> Payload {
    let content = content(rng, len);
    let mut data = BytesMut::with_capacity(DIGEST + content.len());
    data.extend_from_slice(digest(&content).as_bytes());
    data.extend_from_slice(&content);
    Payload::new([(ENCODING, "binary/plain")], data.freeze())
}

/// Random bytes that begin with the canary of the run, as far as there is room.
fn content(rng: &mut fastrand::Rng, len: usize) -> Bytes {
    let canary = Secrets::of_this_run().canary().as_bytes();
    let mut content = vec![0; len];
    rng.fill(&mut content);
    let head = canary.len().min(len);
    content[..head].copy_from_slice(&canary[..head]);
    content.into()
}

/// Says whether stored bytes are the whole of such a payload.
#[must_use]
pub fn is_whole(stored: &Bytes) -> bool {
    let Ok(payload) = Payload::decode(stored.clone()) else { return false };
    let data = payload.data();
    data.len() >= DIGEST && data[..DIGEST] == digest(&data.slice(DIGEST..)).as_bytes()[..]
}

fn digest(content: &Bytes) -> Digest {
    Digest::of(&Body::from(content.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_missing_or_changed_byte_is_seen() {
        let whole = random(&mut fastrand::Rng::with_seed(1), 500).to_bytes();
        assert!(is_whole(&whole));
        for len in 0..whole.len() {
            assert!(!is_whole(&whole.slice(..len)), "{len}");
            let mut zeroed = whole.to_vec();
            zeroed[len..].fill(0);
            assert!(zeroed == whole || !is_whole(&zeroed.into()), "{len}");
        }
    }
}

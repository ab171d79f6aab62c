//! Makes payloads, claims and identities that several groups of cases need.

use bytes::{Bytes, BytesMut};
use extstore::{Body, Claim, Digest, ENCODING, ExecutionTarget, Payload, Target};

use crate::{Profile, Role, Secrets};

/// Makes a payload of random data that begins with the canary.
pub(crate) fn payload(rng: &mut fastrand::Rng, data_len: usize) -> Payload {
    Payload::new([(ENCODING, "binary/plain")], data(rng, data_len))
}

/// Makes a payload that a driver may handle by other code than a small one: near the largest of the profile, a
/// mebibyte at most, with room for what a case appends.
pub(crate) fn large_payload(rng: &mut fastrand::Rng, profile: &Profile) -> Payload {
    let largest = profile.max_payload_bytes.min(1 << 20) as usize;
    payload_of_encoded_len(rng, largest - 1024)
}

/// Makes several payloads of random lengths up to `max_len`, all different.
pub(crate) fn payloads(rng: &mut fastrand::Rng, count: usize, max_len: usize) -> Vec<Payload> {
    (0..count)
        .map(|number| {
            let length = rng.usize(..=max_len);
            let data = data(rng, length);
            Payload::new([(ENCODING, "binary/plain".to_owned()), ("number", number.to_string())], data)
        })
        .collect()
}

/// Makes a payload whose encoded form has exactly this length, of which a little must be left for metadata.
pub(crate) fn payload_of_encoded_len(rng: &mut fastrand::Rng, encoded_len: usize) -> Payload {
    let overhead = payload(rng, encoded_len).encoded_len() - encoded_len;
    // The length of the data's own length can shrink by a byte: padding in the metadata makes up for it.
    let shorter = data(rng, encoded_len - overhead);
    let found = Payload::new([(ENCODING, "binary/plain")], shorter.clone());
    let padding = "x".repeat(encoded_len - found.encoded_len());
    Payload::new([(ENCODING, format!("binary/plain{padding}"))], shorter)
}

/// Makes random data that begins with the canary, as far as there is room.
pub(crate) fn data(rng: &mut fastrand::Rng, len: usize) -> Bytes {
    let canary = Secrets::of_this_run().canary().as_bytes();
    let mut data = BytesMut::zeroed(len);
    rng.fill(&mut data);
    let head = canary.len().min(len);
    data[..head].copy_from_slice(&canary[..head]);
    data.freeze()
}

/// Returns the SHA-256 of stored bytes, as claims spell it.
#[must_use]
pub(crate) fn sha256(bytes: &Bytes) -> String {
    Digest::of(&Body::from(bytes.clone())).to_hex()
}

/// Makes a workflow target whose namespace, type, id and run are all this character, this many times.
#[must_use]
pub(crate) fn long_target(character: char, count: usize) -> Target {
    let long = character.to_string().repeat(count);
    let execution = ExecutionTarget::new(&*long).with_type(&*long).with_id(&*long).with_run_id(long);
    Target::Workflow(execution)
}

/// Replaces one field of the claim under all names that it has.
#[must_use]
pub(crate) fn with_field(claim: &Claim, names: &[&str], value: &str) -> Claim {
    let present = names.iter().filter(|name| claim.get(name).is_some());
    present.fold(claim.clone(), |claim, name| claim.with(*name, value))
}

/// The claim without one field, under whatever name it had.
#[must_use]
pub(crate) fn without_field(claim: &Claim, names: &[&str]) -> Claim {
    let mut claim = claim.clone();
    for name in names {
        claim.remove(name);
    }
    claim
}

/// The value of the field that has this role, under whatever name it has.
#[must_use]
pub(crate) fn field<'a>(claim: &'a Claim, profile: &Profile, role: Role) -> Option<&'a str> {
    profile.names(role).into_iter().find_map(|name| claim.get(name))
}

/// Makes the claim for other bytes where the layout would put them: replaces the digest, also in the key.
#[must_use]
pub(crate) fn claim_for(claim: &Claim, profile: &Profile, bytes: &Bytes) -> Claim {
    let (digest, new) = (field(claim, profile, Role::Digest).unwrap_or_default(), sha256(bytes));
    let key = field(claim, profile, Role::Key).unwrap_or_default().replace(digest, &new);
    let moved = with_field(claim, &profile.names(Role::Key), &key);
    with_field(&moved, &profile.names(Role::Digest), &new)
}

/// Encodes payloads as no SDK of ours would: fields in any order, unknown ones, unsorted metadata.
pub(crate) mod wire {
    /// Encodes a length-delimited protobuf field.
    #[must_use]
    pub(crate) fn field(number: u64, content: &[u8]) -> Vec<u8> {
        let mut out = varint(number << 3 | 2);
        out.extend(varint(content.len() as u64));
        out.extend_from_slice(content);
        out
    }

    /// Encodes one entry of `Payload.metadata`.
    #[must_use]
    pub(crate) fn metadata(key: &str, value: &[u8]) -> Vec<u8> {
        field(1, &[field(1, key.as_bytes()), field(2, value)].concat())
    }

    /// Encodes `Payload.data`.
    #[must_use]
    pub(crate) fn data(content: &[u8]) -> Vec<u8> {
        field(2, content)
    }

    /// Encodes one entry of `Payload.external_payloads`.
    #[must_use]
    pub(crate) fn external_payload(size_bytes: u64) -> Vec<u8> {
        field(3, &[varint(1 << 3), varint(size_bytes)].concat())
    }

    fn varint(mut value: u64) -> Vec<u8> {
        let mut out = Vec::new();
        while value >= 0x80 {
            out.push(value as u8 | 0x80);
            value >>= 7;
        }
        out.push(value as u8);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encoded_length_is_met_exactly() {
        let mut rng = fastrand::Rng::with_seed(1);
        for len in [100, 127, 128, 129, 150, 151, 152, 153, 154, 155, 156, 157, 158, 16_384, 16_410, 1 << 20]
        {
            assert_eq!(payload_of_encoded_len(&mut rng, len).encoded_len(), len);
        }
    }

    #[test]
    fn wire_fields_are_what_the_core_reads() {
        let encoded = [wire::data(b"d"), wire::metadata("k", b"v"), wire::external_payload(300)].concat();
        let payload = Payload::decode(encoded).unwrap();
        assert_eq!(payload.data().as_ref(), b"d");
        assert_eq!(payload.metadata("k").unwrap(), b"v");
        assert!(payload.external_sizes().eq([300]));
    }
}

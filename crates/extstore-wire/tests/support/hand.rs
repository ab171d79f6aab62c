//! Writes messages by hand, byte by byte.

/// Writes a varint.
pub(crate) fn varint(mut value: u64) -> Vec<u8> {
    let mut out = Vec::new();
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
    out
}

/// Writes a length-delimited field.
pub(crate) fn len(number: u64, content: impl AsRef<[u8]>) -> Vec<u8> {
    let content = content.as_ref();
    [varint(number << 3 | 2), varint(content.len() as u64), content.to_vec()].concat()
}

/// Writes a length-delimited field whose length takes five bytes.
pub(crate) fn padded(number: u64, content: impl AsRef<[u8]>) -> Vec<u8> {
    let content = content.as_ref();
    let mut length = varint(content.len() as u64);
    let last = length.len() - 1;
    length[last] |= 0x80;
    length.resize(4, 0x80);
    length.push(0);
    [varint(number << 3 | 2), length, content.to_vec()].concat()
}

/// Writes an integer field.
pub(crate) fn int(number: u64, value: u64) -> Vec<u8> {
    [varint(number << 3), varint(value)].concat()
}

/// Writes a group.
pub(crate) fn group(number: u64, content: impl AsRef<[u8]>) -> Vec<u8> {
    [varint(number << 3 | 3), content.as_ref().to_vec(), varint(number << 3 | 4)].concat()
}

/// Writes a payload of plain text.
pub(crate) fn payload(text: &str) -> Vec<u8> {
    [metadata("encoding", "json/plain"), len(2, text)].concat()
}

/// Writes a payload's metadata entry.
pub(crate) fn metadata(key: &str, value: &str) -> Vec<u8> {
    len(1, [len(1, key), len(2, value)].concat())
}

/// Writes the message `Payloads`.
pub(crate) fn payloads(texts: &[&str]) -> Vec<u8> {
    texts.iter().flat_map(|text| len(1, payload(text))).collect()
}

//! Reads single fields of encoded messages, and captured fields of a scan.

use extstore_wire::{Capture, Frame, Wire, fields};

/// Returns the occurrences of a length-delimited field, in the order of the bytes.
pub(crate) fn all(message: &[u8], number: u32) -> impl Iterator<Item = &[u8]> {
    let all = fields(message).map_while(Result::ok);
    all.filter(move |field| field.number == number && field.wire == Wire::Len)
        .map(|field| field.bytes(message))
}

/// Returns the field at the end of a path of field numbers. At each step the last occurrence counts.
pub(crate) fn last<'a>(message: &'a [u8], path: &[u32]) -> Option<&'a [u8]> {
    path.iter().try_fold(message, |message, number| all(message, *number).last())
}

/// Returns the string at the end of a path of field numbers; empty where it is absent or no UTF-8.
pub(crate) fn text(message: &[u8], path: &[u32]) -> String {
    last(message, path).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default().to_owned()
}

/// Returns a string that a scan has captured; empty where it is absent.
pub(crate) fn captured(frame: Frame<'_>, capture: Capture) -> String {
    frame.text(capture).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use bytes::BytesMut;
    use extstore_wire::{put_bytes, put_varint_field};

    use super::*;

    #[test]
    fn the_last_occurrence_of_the_right_wire_type_counts() {
        let (mut inner, mut outer) = (BytesMut::new(), BytesMut::new());
        put_bytes(&mut inner, 1, b"first");
        put_bytes(&mut inner, 1, b"last");
        put_varint_field(&mut inner, 1, 7);
        put_bytes(&mut outer, 3, &inner);
        assert_eq!(text(&outer, &[3, 1]), "last");
        assert_eq!(all(&inner, 1).count(), 2);
        assert_eq!(last(&outer, &[3, 2]), None);
        assert_eq!(text(&outer, &[4, 1]), "");
    }
}

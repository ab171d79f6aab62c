use super::*;

fn read(bytes: &[u8]) -> Result<Vec<RawField>, Fault> {
    fields(bytes).collect()
}

#[test]
fn every_wire_type_is_passed_over_to_its_end() {
    let bytes = b"\x08\x96\x01\x1112345678\x1a\x02ab\x23\x08\x01\x2b\x2c\x24\x2d1234";
    let found = read(bytes).unwrap();
    let expected = [
        (1, Wire::Varint, &b"\x96\x01"[..]),
        (2, Wire::Fixed64, b"12345678"),
        (3, Wire::Len, b"ab"),
        (4, Wire::Group, b"\x08\x01\x2b\x2c\x24"),
        (5, Wire::Fixed32, b"1234"),
    ];
    for (field, (number, wire, value)) in found.iter().zip(expected) {
        assert_eq!((field.number, field.wire, field.bytes(bytes)), (number, wire, value));
    }
    assert_eq!(found.len(), 5);
    assert_eq!(found[0].varint(bytes), 150);
    assert_eq!(found.last().unwrap().end, bytes.len());
}

#[test]
fn padded_integers_are_read_as_what_they_mean() {
    // Field 1 with a padded tag, a padded length of 2, and the longest varint.
    let bytes = b"\x8a\x80\x00\x82\x80\x80\x80\x00ab\x10\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01";
    let found = read(bytes).unwrap();
    assert_eq!((found[0].number, found[0].bytes(bytes)), (1, &b"ab"[..]));
    assert_eq!((found[0].tag_at, found[0].length_at, found[0].start), (0, 3, 8));
    assert_eq!(found[1].varint(bytes), u64::MAX);
}

#[test]
fn the_largest_field_number_is_read_and_none_above() {
    assert_eq!(read(b"\xf8\xff\xff\xff\x0f\x01").unwrap()[0].number, (1 << 29) - 1);
    assert_eq!(read(b"\xf8\xff\xff\xff\x1f\x01"), Err(Fault::Malformed { at: 0 }));
}

#[test]
fn what_is_no_message_is_refused_where_it_ends_to_be_one() {
    let cases: [(&[u8], usize); 11] = [
        (b"\x00\x01", 0),
        (b"\x07\x01", 0),
        (b"\x08", 1),
        (b"\x08\x01\x0a\x05abcd", 3),
        (b"\x09\x01\x02", 1),
        (b"\x0d\x01\x02", 1),
        (b"\x0c", 0),
        (b"\x0b\x08\x01", 3),
        (b"\x0b\x14", 1),
        (b"\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 1),
        (b"\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01a", 1),
    ];
    for (bytes, at) in cases {
        assert_eq!(read(bytes), Err(Fault::Malformed { at }), "{bytes:x?}");
    }
}

#[test]
fn nothing_is_read_after_a_fault() {
    let mut fields = fields(b"\x07\x08\x01");
    assert!(fields.next().unwrap().is_err());
    assert_eq!(fields.next(), None);
}

#[test]
fn groups_nest_as_deep_as_the_limit_and_no_deeper() {
    let nested = |depth: usize| [vec![0x0b; depth], vec![0x0c; depth]].concat();
    assert_eq!(read(&nested(usize::from(MAX_GROUPS))).unwrap().len(), 1);
    assert_eq!(read(&nested(usize::from(MAX_GROUPS) + 1)), Err(Fault::TooDeep));
}

#[test]
fn wanted_fields_are_found_among_those_that_are_not() {
    let bytes = b"\x08\x01\x12\x01a\x1d1234\x21x2345678\x2b\x08\x01\x2c\x12\x01b\xa2\x12\x01c";
    let mut fields = Fields::new(bytes, 0);
    let mut found = Vec::new();
    while let Some(field) = fields.read_wanted(1 << 2).unwrap() {
        found.push((field.number, field.bytes(bytes).to_vec()));
    }
    // 292 is found without being asked for.
    assert_eq!(found, [(2, b"a".to_vec()), (2, b"b".to_vec()), (292, b"c".to_vec())]);
}

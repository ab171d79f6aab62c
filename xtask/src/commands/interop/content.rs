//! Computes what a reader must have seen: the runner makes the content itself.

/// Sets the smallest size of the content; the default threshold of every SDK is 256 KiB.
pub(super) const SIZE: usize = 300 * 1024;

/// Returns length and digest of the content that the peers make from this seed.
pub(super) fn seen(seed: &str) -> String {
    let text = content(seed);
    format!("{}:{:016x}", text.len(), fnv1a(text.as_bytes()))
}

/// Makes lines of the seed, a count and a word of xorshift32, until [`SIZE`] is reached.
fn content(seed: &str) -> String {
    let mut text = String::with_capacity(SIZE + 64);
    let mut word = (fnv1a(seed.as_bytes()) & 0xffff_ffff).max(1) as u32;
    let mut index = 0;
    while text.len() < SIZE {
        for shift in [13, -17, 5] {
            word ^= if shift > 0 { word << shift } else { word >> -shift };
        }
        text += &format!("{seed} {index} {word:08x} é漢😀\n");
        index += 1;
    }
    text
}

/// Computes FNV-1a with 64 bits.
fn fnv1a(bytes: &[u8]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in bytes {
        hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    }
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_is_the_published_function() {
        // From the test suite of the function's authors.
        assert_eq!(fnv1a(b"a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(fnv1a(b"foobar"), 0x8594_4171_f739_67e8);
    }

    #[test]
    fn another_seed_is_another_content_above_the_threshold() {
        assert!(content("one").len() >= SIZE && SIZE > 256 * 1024);
        assert_ne!(seen("one"), seen("two"));
    }
}

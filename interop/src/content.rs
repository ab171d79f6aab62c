//! Makes the content that every peer can make again from a seed, and the digest that a reader reports.

use serde::{Deserialize, Serialize};

/// Says what content a peer makes, and whose activity worker a workflow calls.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Order {
    /// The seed that the content is made from.
    pub seed: String,
    /// The smallest number of bytes of UTF-8 that the content has.
    pub size: usize,
    /// The task queue of the activity worker.
    #[serde(default)]
    pub task_queue: String,
}

/// Writes lines of the seed, a count and a pseudo-random word until `size` bytes are reached.
#[must_use]
pub fn content(order: &Order) -> String {
    let mut text = String::with_capacity(order.size + 64);
    // The lower half of the digest; a word of zero would stay zero.
    let mut word = (fnv1a(order.seed.as_bytes()) as u32).max(1);
    for index in 0.. {
        if text.len() >= order.size {
            break;
        }
        word ^= word << 13;
        word ^= word >> 17;
        word ^= word << 5;
        text.push_str(&format!("{} {index} {word:08x} é漢😀\n", order.seed));
    }
    text
}

/// Returns what a reader reports of a text: its length in bytes and a digest.
#[must_use]
pub fn seen(text: &str) -> String {
    format!("{}:{:016x}", text.len(), fnv1a(text.as_bytes()))
}

/// Computes FNV-1a with 64 bits: short in every language, also where a workflow has no library for digests.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_is_the_published_function() {
        // From the test suite of the function's authors.
        assert_eq!(fnv1a(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv1a(b"foobar"), 0x8594_4171_f739_67e8);
    }

    #[test]
    fn content_starts_as_in_the_other_languages() {
        let order = Order { seed: "seed".to_owned(), size: 10, task_queue: String::new() };
        let text = content(&order);
        assert!(text.starts_with("seed 0 ") && text.ends_with(" é漢😀\n"), "{text:?}");
        assert_eq!(text.lines().count(), 1);
    }
}

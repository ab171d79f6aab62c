//! Keeps a response within its cap: chooses by the sizes that references claim which of them are not fetched.

use extstore::{Error, ErrorKind};

/// Measures the growth of a response where one reference becomes a payload.
#[derive(Clone, Copy, Debug)]
pub(super) struct Growth {
    /// The index of the reference in the scan.
    pub(super) leaf: usize,
    /// The length of the reference, in bytes.
    pub(super) reference: u64,
    /// The length of the payload in bytes, as the reference claims.
    pub(super) payload: u64,
}

impl Growth {
    fn bytes(&self) -> u64 {
        self.payload.saturating_sub(self.reference)
    }
}

/// Returns the references that must stay, the largest first, so that a response of `length` bytes stays within `cap`.
pub(super) fn too_many(length: u64, cap: u64, growths: impl IntoIterator<Item = Growth>) -> Vec<usize> {
    let mut growths: Vec<Growth> = growths.into_iter().collect();
    // References can claim any number: the sum needs more bits than each.
    let said: u128 = growths.iter().map(|growth| u128::from(growth.bytes())).sum();
    let mut total = u128::from(length) + said;
    growths.sort_by_key(Growth::bytes);
    let mut left = Vec::new();
    while total > u128::from(cap) {
        let Some(largest) = growths.pop().filter(|growth| growth.bytes() > 0) else { break };
        total -= u128::from(largest.bytes());
        left.push(largest.leaf);
    }
    left
}

/// Returns the error of a response that would have `total` bytes, or more.
pub(super) fn above(total: u64, cap: u64) -> Error {
    ErrorKind::TooLarge.error(format!(
        "the message would have {total} bytes or more with its payloads restored, above the cap of {cap} bytes; \
         raise it with `with_message_cap`"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn growth(leaf: usize, payload: u64) -> Growth {
        Growth { leaf, reference: 10, payload }
    }

    #[test]
    fn the_largest_references_stay_until_the_rest_fits() {
        let growths = [growth(0, 110), growth(1, 510), growth(2, 210)];
        assert_eq!(too_many(100, 10_000, growths), [0_usize; 0]);
        assert_eq!(too_many(100, 900, growths), [0_usize; 0]);
        assert_eq!(too_many(100, 899, growths), [1]);
        assert_eq!(too_many(100, 250, growths), [1, 2]);
        assert_eq!(too_many(100, 0, growths), [1, 2, 0]);
    }

    #[test]
    fn a_reference_that_does_not_grow_is_never_left() {
        assert_eq!(too_many(1_000, 10, [growth(0, 3)]), [0_usize; 0]);
    }

    #[test]
    fn a_false_size_claim_does_not_overflow() {
        assert_eq!(too_many(u64::MAX, 1_000, [growth(0, u64::MAX), growth(1, u64::MAX)]), [1, 0]);
    }

    #[test]
    fn an_error_names_sizes_and_option() {
        let error = above(200, 199);
        assert_eq!((error.kind(), error.operation()), (ErrorKind::TooLarge, None));
        for part in ["200 bytes", "199 bytes", "with_message_cap"] {
            assert!(error.message().contains(part), "{error}");
        }
    }
}

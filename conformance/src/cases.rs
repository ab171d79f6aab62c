//! Lists the cases; each group has a file.

use crate::case::Case;

mod bad_claim;
mod cancel;
mod claims;
mod dedupe;
mod durability;
mod each;
mod errors;
mod fault;
mod hostile;
mod identity;
mod integrity;
mod interop;
mod lifecycle;
mod missing;
mod ordering;
mod refusal;
mod round_trip;
mod size;
mod status;
mod tampering;

/// Returns every case, in the order in which they run.
#[must_use]
pub(crate) fn all() -> Vec<Case> {
    GROUPS.iter().flat_map(|group| group.iter().copied()).collect()
}

static GROUPS: &[&[Case]] = &[
    identity::CASES,
    claims::CASES,
    round_trip::CASES,
    ordering::CASES,
    each::CASES,
    dedupe::CASES,
    size::CASES,
    hostile::CASES,
    bad_claim::CASES,
    integrity::CASES,
    tampering::CASES,
    missing::CASES,
    lifecycle::CASES,
    status::CASES,
    interop::CASES,
    errors::CASES,
    cancel::CASES,
    fault::CASES,
    durability::CASES,
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn ids_are_unique_and_fit_for_scopes() {
        let mut seen = HashSet::new();
        for case in all() {
            assert!(seen.insert(case.id), "{} twice", case.id);
            let plain = |part: &str| {
                part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
            };
            let (group, name) = case.id.split_once('.').expect("group.name");
            assert!(plain(group) && plain(name) && !name.is_empty(), "{}", case.id);
            // "es-", eight digits, a hyphen: the name of a bucket has 63 characters at most.
            assert!(case.id.len() <= 63 - 12, "{} is too long for a bucket", case.id);
        }
    }

    #[test]
    fn a_case_says_what_it_does_and_why() {
        for case in all() {
            assert!(
                !case.does.is_empty() && !case.matters.is_empty() && !case.rules.is_empty(),
                "{}",
                case.id
            );
        }
    }
}

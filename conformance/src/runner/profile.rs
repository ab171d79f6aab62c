//! Checks a profile before any case runs.

use crate::case::Level;
use crate::{Durability, Harness, Profile, Role, cases};

/// Returns a sentence for a person where the profile contradicts itself or the harness.
pub(super) fn check(harness: &dyn Harness) -> Result<(), String> {
    let profile = harness.profile();
    match rules(&profile, harness).iter().find(|(holds, _)| !holds) {
        Some((_, sentence)) => Err(format!("the profile is inconsistent: {sentence}")),
        None => check_lists(&profile),
    }
}

/// Lists what must hold of a profile, and the sentence where it does not.
fn rules(profile: &Profile, harness: &dyn Harness) -> [(bool, &'static str); 9] {
    let reachable = harness.child_environment().is_some();
    let keys = profile.names(Role::Key).len();
    [
        (profile.max_payload_bytes >= 4096, "max_payload_bytes must be at least 4096"),
        (!profile.driver_type.is_empty(), "driver_type must not be empty"),
        (
            profile.attempts > 0 && !profile.deadline.is_zero(),
            "attempts and deadline must be greater than zero",
        ),
        (
            profile.max_key_bytes.is_none_or(|limit| limit >= 128),
            "no key of the shared layout fits max_key_bytes",
        ),
        (
            profile.read_cap.is_none_or(|cap| cap >= profile.max_payload_bytes),
            "read_cap must not be below max_payload_bytes",
        ),
        (profile.key_layout.is_none() || keys > 0, "key_layout needs a claim field with the role `key`"),
        (!profile.claim_fields.is_empty(), "claim_fields must not be empty"),
        (profile.claim_fields.iter().all(|field| !field.names.is_empty()), "a claim field has no name"),
        (
            profile.durability == Durability::Memory || reachable,
            "durability beyond `Memory` needs `child_environment`: a child process must reach the data",
        ),
    ]
}

fn check_lists(profile: &Profile) -> Result<(), String> {
    let listed: Vec<&String> =
        profile.known_failures.iter().chain(&profile.unsupported).map(|(id, _)| id).collect();
    for (position, id) in listed.iter().enumerate() {
        if !cases::all().iter().any(|case| case.id == id.as_str()) {
            return Err(format!("the profile lists {id:?}, and there is no such case"));
        }
        if listed[..position].contains(id) {
            return Err(format!("the profile lists {id} twice"));
        }
    }
    check_unsupported(profile)
}

/// Refuses profiles that turn off cases that oblige every driver: such a run would pass with next to nothing run.
fn check_unsupported(profile: &Profile) -> Result<(), String> {
    let core = |id: &str| cases::all().iter().any(|case| case.id == id && case.level == Level::Core);
    match profile.unsupported.iter().find(|(id, _)| core(id)) {
        Some((id, _)) => Err(format!("the profile lists {id} as unsupported, and it obliges every driver")),
        None => Ok(()),
    }
}

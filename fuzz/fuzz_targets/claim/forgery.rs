//! Claims as somebody writes them who wants to read what is not theirs.

use extstore::Claim;

use crate::support::Choices;

/// Names of a claim's fields, by what they are for.
const CONTAINER: &[&str] = &["bucket"];
const KEY: &[&str] = &["key", "object_name", "object"];
const ALGORITHM: &[&str] = &["hash_algorithm", "hashAlgorithm"];
const DIGEST: &[&str] = &["hash_value", "hashValue"];
const FIELDS: [&[&str]; 6] = [CONTAINER, KEY, ALGORITHM, DIGEST, &["x"], &[""]];

/// Changes a claim here and there.
pub(crate) fn forge(claim: Claim, choices: &mut Choices<'_>) -> Claim {
    let edits = choices.below(8);
    let claim = (0..edits).fold(claim, |claim, _| edit(claim, choices));
    let many = if choices.byte() == 0xff { 40 } else { 0 };
    let claim = (0..many).fold(claim, |claim, number: u32| claim.with(number.to_string(), "x"));
    claim.with_size_hint(Some(u64::from(choices.byte()) << choices.below(57)))
}

fn edit(mut claim: Claim, choices: &mut Choices<'_>) -> Claim {
    let names = FIELDS[choices.below(FIELDS.len())];
    let name = names[choices.below(names.len())];
    match choices.below(6) {
        0 => {
            claim.remove(name);
            claim
        }
        // One name of several, so that they contradict each other.
        1 => claim.with(name, choices.text()),
        // Something where something else belongs.
        2 => {
            let from = FIELDS[choices.below(FIELDS.len())][0];
            let value = claim.get(from).unwrap_or_default().to_owned();
            set(claim, names, &value)
        }
        // Most of what was there: a key below the prefix, a digest with other digits.
        3 => {
            let old: Vec<char> = claim.get(name).unwrap_or_default().chars().collect();
            let at = usize::from(choices.byte()).min(old.len());
            let end = (at + choices.below(80)).min(old.len());
            let new =
                [String::from_iter(&old[..at]), choices.text(), String::from_iter(&old[end..])].concat();
            set(claim, names, &new)
        }
        // All names alike, as a claim needs them.
        _ => set(claim, names, &choices.text()),
    }
}

/// Gives all these names one value.
pub(crate) fn set(claim: Claim, names: &[&str], value: &str) -> Claim {
    names.iter().fold(claim, |claim, name| claim.with(*name, value))
}

//! Makes deliberately wrong drivers. A case that can fail on none of them proves nothing.
//!
//! Each [`Mutant`] is a sound driver of the [HTTP store](crate::http_store), or of its objects without
//! a wire, with one defect in one step of its [`Recipe`]. It names the case that must fail, its killer,
//! and those that see the same defect; all other cases must pass. The other way round, every case
//! fails on some mutant or says in [`WITHOUT_MUTANT`] why none is possible.

mod hooks;
mod run;
mod table;
mod verdict;
mod wrong_backend;
mod wrong_driver;

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
mod round_trip;
mod size;
mod status;
mod tampering;

pub use run::main;

use crate::http_store::Recipe;

/// Describes a driver with one defect.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mutant {
    /// The mutant's name in reports and on the command line.
    pub(crate) name: &'static str,
    /// The case that must fail.
    pub(crate) killer: &'static str,
    /// Cases that may fail too, because they see the same defect; `group.*` for a whole group.
    pub(crate) related: &'static [&'static str],
    /// Says whether the defect needs a wire or child processes.
    pub(crate) over_http: bool,
    spoil: fn(&mut Recipe),
}

impl Mutant {
    const fn new(killer: &'static str, name: &'static str, spoil: fn(&mut Recipe)) -> Self {
        Self { name, killer, related: &[], over_http: false, spoil }
    }

    const fn also(mut self, related: &'static [&'static str]) -> Self {
        self.related = related;
        self
    }

    const fn over_http(mut self) -> Self {
        self.over_http = true;
        self
    }

    /// Makes the recipe of the wrong driver.
    #[must_use]
    pub(crate) fn recipe(&self) -> Recipe {
        let mut recipe = Recipe::sound(self.over_http);
        recipe.name = self.name;
        // Small and few: there are many mutants.
        recipe.profile.max_payload_bytes = 256 * 1024;
        recipe.profile.read_cap = Some(512 * 1024);
        recipe.profile.kills = 2;
        (self.spoil)(&mut recipe);
        recipe
    }

    fn expects(&self, case: &str) -> bool {
        let covers = |pattern: &&str| match pattern.strip_suffix('*') {
            Some(group) => case.starts_with(group),
            None => *pattern == case,
        };
        case == self.killer || self.related.iter().any(covers)
    }
}

/// Lists cases on which no wrong driver can be shown to fail, with the reason.
pub(crate) const WITHOUT_MUTANT: &[(&str, &str)] = &[
    (
        "round_trip.input_unchanged",
        "a driver gets shared immutable buffers: the type leaves no way to change them",
    ),
    ("interop.reference_current", "it reads golden references with the core alone: no driver takes part"),
    ("errors.panic_contained", "it mounts its own scripted driver in the core's host: no other takes part"),
    ("errors.count_mismatch", "it mounts its own scripted driver in the core's host: no other takes part"),
];

/// Returns every mutant, in the order of the cases.
#[must_use]
pub(crate) fn all() -> Vec<Mutant> {
    GROUPS.iter().flat_map(|group| group.iter().copied()).collect()
}

static GROUPS: &[&[Mutant]] = &[
    identity::MUTANTS,
    claims::MUTANTS,
    round_trip::MUTANTS,
    ordering::MUTANTS,
    each::MUTANTS,
    dedupe::MUTANTS,
    size::MUTANTS,
    hostile::MUTANTS,
    bad_claim::MUTANTS,
    integrity::MUTANTS,
    tampering::MUTANTS,
    missing::MUTANTS,
    lifecycle::MUTANTS,
    status::MUTANTS,
    interop::MUTANTS,
    errors::MUTANTS,
    cancel::MUTANTS,
    fault::MUTANTS,
    durability::MUTANTS,
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::cases;

    #[test]
    fn names_are_unique_and_cases_exist() {
        let cases: BTreeSet<&str> = cases::all().iter().map(|case| case.id).collect();
        let mut names = BTreeSet::new();
        for mutant in all() {
            assert!(names.insert(mutant.name), "{} twice", mutant.name);
            let exact = mutant.related.iter().filter(|pattern| !pattern.ends_with('*'));
            for case in exact.chain([&mutant.killer]) {
                assert!(cases.contains(case), "{}: {case}", mutant.name);
            }
        }
    }

    #[test]
    fn every_case_has_a_mutant_or_one_of_a_few_reasons() {
        assert!(WITHOUT_MUTANT.len() <= 8);
        for case in cases::all() {
            let killed = all().iter().filter(|mutant| mutant.expects(case.id)).count();
            let excused = WITHOUT_MUTANT.iter().any(|(id, _)| *id == case.id);
            assert!(excused != (killed > 0), "{}: {killed} mutants, excused {excused}", case.id);
        }
    }
}

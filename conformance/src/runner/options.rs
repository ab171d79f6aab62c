//! Chooses the cases of a run, its seed and its time limit.

use std::time::Duration;

use crate::case::Case;
use crate::cases;

/// Bounds the time of one case: a case that takes longer hangs. It is far above what a case takes on a busy machine.
const TIME_LIMIT: Duration = Duration::from_secs(300);

/// Chooses the cases of a run and its seed.
#[derive(Clone, Debug)]
#[must_use]
pub struct Options {
    pub(super) patterns: Vec<String>,
    pub(super) seed: Option<u64>,
    pub(super) time_limit: Duration,
    pub(super) repeat: Option<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self { patterns: Vec::new(), seed: None, time_limit: TIME_LIMIT, repeat: None }
    }
}

impl Options {
    /// Makes the defaults: all cases, a random seed, five minutes for each case.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads `EXTSTORE_CASE` (patterns separated by commas, `*` for any text), `EXTSTORE_SEED`
    /// (hexadecimal) and `EXTSTORE_REPEAT` (the command that the report's lines for repeating begin with).
    ///
    /// # Errors
    ///
    /// A sentence for a person about the variable that is wrong.
    pub fn from_environment() -> Result<Self, String> {
        let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let patterns = variable("EXTSTORE_CASE").unwrap_or_default();
        Ok(Self {
            seed: variable("EXTSTORE_SEED").as_deref().map(parse_seed).transpose()?,
            repeat: variable("EXTSTORE_REPEAT"),
            ..Self::new().with_cases(patterns.split(',').map(str::trim).filter(|text| !text.is_empty()))
        })
    }

    /// Runs only cases whose id matches one of these; `*` stands for any text.
    pub fn with_cases(mut self, patterns: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.patterns.extend(patterns.into_iter().map(Into::into));
        self
    }

    /// Repeats the run of this seed.
    pub fn with_seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// Fails a case that has not ended after this time.
    pub fn with_time_limit(mut self, limit: Duration) -> Self {
        self.time_limit = limit;
        self
    }

    /// Returns the cases that will run, in the order of the list.
    pub(crate) fn selected(&self) -> Vec<Case> {
        let chosen =
            |case: &Case| self.patterns.is_empty() || self.patterns.iter().any(|p| matches(p, case.id));
        cases::all().into_iter().filter(chosen).collect()
    }

    /// Returns the first pattern that matches no case.
    pub(super) fn unmatched(&self) -> Option<&String> {
        let cases = cases::all();
        self.patterns.iter().find(|pattern| !cases.iter().any(|case| matches(pattern, case.id)))
    }

    /// Returns the command that repeats a case of this run.
    pub(super) fn repeat(&self, case: &str, seed: &str) -> String {
        match &self.repeat {
            Some(command) => format!("{command} --case {case} --seed {seed}"),
            None => format!("EXTSTORE_CASE={case} EXTSTORE_SEED={seed} {}", cargo_command()),
        }
    }
}

/// Returns the `cargo test` that started this process, as far as can be known.
fn cargo_command() -> String {
    let package = std::env::var("CARGO_PKG_NAME").map(|name| format!(" -p {name}")).unwrap_or_default();
    let binary = std::env::current_exe().ok();
    let stem = binary.as_deref().and_then(|path| path.file_stem()).and_then(|stem| stem.to_str());
    // Cargo appends a hash to the target's name.
    let target = stem.and_then(|stem| stem.rsplit_once('-')).map_or("conformance", |(target, _)| target);
    format!("cargo test{package} --test {target}")
}

fn parse_seed(text: &str) -> Result<u64, String> {
    u64::from_str_radix(text.trim_start_matches("0x"), 16)
        .map_err(|_| format!("EXTSTORE_SEED: {text:?} is not a number of up to 16 hexadecimal digits"))
}

/// Returns the seed of one case, so that it draws the same numbers whether or not others run before it.
pub(super) fn case_seed(run: u64, case: &str) -> u64 {
    // FNV-1a: fixed for ever, unlike the standard library's hasher.
    case.bytes().fold(run ^ 0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Says whether `text` matches `pattern`, in which `*` stands for any text.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((head, rest)) => text
            .strip_prefix(head)
            .is_some_and(|tail| (0..=tail.len()).any(|at| tail.get(at..).is_some_and(|t| matches(rest, t)))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_text() {
        for pattern in ["*", "a.b", "a.*", "*.b", "a*b", "*.*"] {
            assert!(matches(pattern, "a.b"), "{pattern}");
        }
        for pattern in ["", "a", "a.b.c", "b*", "*a", "a.b*c"] {
            assert!(!matches(pattern, "a.b"), "{pattern}");
        }
    }

    #[test]
    fn a_case_draws_its_own_numbers_from_the_seed() {
        assert_eq!(case_seed(7, "a.b"), case_seed(7, "a.b"));
        assert_ne!(case_seed(7, "a.b"), case_seed(7, "a.c"));
        assert_ne!(case_seed(7, "a.b"), case_seed(8, "a.b"));
        assert_eq!(parse_seed("7f3a"), Ok(0x7f3a));
        assert!(parse_seed("seed").is_err());
    }

    #[test]
    fn a_pattern_that_matches_nothing_is_found() {
        let options = Options::new().with_cases(["*", "nosuch.*"]);
        assert_eq!(options.unmatched().map(String::as_str), Some("nosuch.*"));
    }
}

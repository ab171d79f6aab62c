//! Draws a random word that stands in every credential and payload of a run, and searches for it in all that a run
//! printed: it must not come out anywhere.

use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::{Failure, Outcome, Verdict, While};

/// Names the variable that gives the canary to the tests.
pub(crate) const VARIABLE: &str = "EXTSTORE_CANARY";

/// Holds the canary of a run, and whether this process drew it: the process that drew it also searches for it.
#[derive(Debug)]
pub(crate) struct Canary {
    word: String,
    ours: bool,
}

impl Canary {
    pub(crate) fn of_this_run() -> Result<Self, Failure> {
        Ok(match std::env::var(VARIABLE) {
            Ok(word) if !word.is_empty() => Self { word, ours: false },
            _ => Self { word: format!("canary{}", random_hex()?), ours: true },
        })
    }

    pub(crate) fn word(&self) -> &str {
        &self.word
    }

    /// Makes a fresh secret that holds the canary.
    pub(crate) fn secret(&self) -> Result<String, Failure> {
        Ok(format!("{}{}", self.word, random_hex()?))
    }

    /// Returns the word as it would appear in text, in hexadecimal and in base64 at each alignment.
    fn needles(&self) -> Vec<String> {
        let mut needles = vec![self.word.clone(), hex(self.word.as_bytes())];
        needles.extend((0..3).map(|skip| base64_inside(&self.word.as_bytes()[skip..])));
        needles
    }
}

/// Searches the directory of logs and reports if this process drew the canary.
pub(crate) fn search_if_ours(canary: &Canary, logs: &Path, verdict: Verdict) -> Outcome {
    if !canary.ours {
        return Ok(verdict);
    }
    Ok(verdict.and(Verdict::of(report_leaks(canary, logs)? == 0)))
}

/// Names every file of the directory in which the canary occurs and says how many they are.
pub(crate) fn report_leaks(canary: &Canary, logs: &Path) -> Result<usize, Failure> {
    let leaks = search(logs, &canary.needles())?;
    for file in &leaks {
        eprintln!(
            "xtask: the canary is in {}: a credential or a payload came out there; find the message that prints it",
            file.display()
        );
    }
    Ok(leaks.len())
}

/// Returns the files of a directory in which one of the needles occurs.
fn search(directory: &Path, needles: &[String]) -> Result<Vec<PathBuf>, Failure> {
    let Ok(files) = fs::read_dir(directory) else { return Ok(Vec::new()) };
    let mut leaks = Vec::new();
    for file in files {
        let path = file.while_doing("listing the logs")?.path();
        let bytes = fs::read(&path).while_doing(path.display())?;
        let text = String::from_utf8_lossy(&bytes);
        if needles.iter().any(|needle| text.contains(needle)) {
            leaks.push(path);
        }
    }
    leaks.sort();
    Ok(leaks)
}

/// Draws 32 random hexadecimal digits.
pub(crate) fn random_hex() -> Result<String, Failure> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).while_doing("drawing random bytes")?;
    Ok(hex(&bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Returns the base64 digits that do not depend on what follows `bytes`.
fn base64_inside(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digits = bytes.chunks_exact(3).flat_map(|three| {
        let bits = u32::from(three[0]) << 16 | u32::from(three[1]) << 8 | u32::from(three[2]);
        [18, 12, 6, 0].map(|shift| char::from(DIGITS[(bits >> shift) as usize & 63]))
    });
    digits.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_found_at_each_alignment() {
        // base64("xxcanary-word!!"), ("xcanary-word!!") and ("canary-word!!")
        let encoded = ["eHhjYW5hcnktd29yZCEh", "eGNhbmFyeS13b3JkISE=", "Y2FuYXJ5LXdvcmQhIQ=="];
        let needles = Canary { word: "canary-word".to_owned(), ours: true }.needles();
        for text in encoded {
            assert!(needles.iter().any(|needle| text.contains(needle)), "{text} {needles:?}");
        }
    }

    #[test]
    fn a_leak_is_found_and_named() {
        let canary = Canary { word: format!("canary{}", random_hex().expect("random bytes")), ours: true };
        let logs = std::env::temp_dir().join(canary.word());
        fs::create_dir(&logs).expect("a fresh directory");
        fs::write(logs.join("clean.log"), b"canary\xff0123").expect("a file");
        fs::write(logs.join("leak.log"), format!("secret: {}", canary.secret().expect("a secret")))
            .expect("a file");
        let leaks = search(&logs, &canary.needles()).expect("a readable directory");
        fs::remove_dir_all(&logs).expect("removed");
        assert_eq!(leaks, [logs.join("leak.log")]);
    }
}

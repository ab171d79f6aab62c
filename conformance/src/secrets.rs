//! Plants a canary in every credential and payload of a run, and finds it in texts, where it must not be.

use std::fmt;
use std::sync::OnceLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

/// Hands the canary of the run to this process; child processes inherit it.
pub(crate) const CANARY_VARIABLE: &str = "EXTSTORE_CANARY";

/// Holds the secrets of this run.
///
/// A harness puts [`canary`](Self::canary) into every credential that it can choose, and the suite puts
/// it into payload data. Both search for it in errors, in `Debug` output and in the report.  (ES-020)
#[derive(Clone)]
pub struct Secrets {
    canary: String,
    needles: Vec<String>,
}

impl Secrets {
    /// The secrets of this process: the canary of `EXTSTORE_CANARY`, or a random one.
    #[must_use]
    pub fn of_this_run() -> &'static Self {
        static SECRETS: OnceLock<Secrets> = OnceLock::new();
        SECRETS.get_or_init(|| {
            let given = std::env::var(CANARY_VARIABLE).ok().filter(|canary| canary.len() >= MIN_CANARY);
            Self::new(given.unwrap_or_else(|| format!("canary{:032x}", fastrand::u128(..))))
        })
    }

    fn new(canary: String) -> Self {
        let bytes = canary.as_bytes();
        let mut needles = vec![canary.to_lowercase(), hex(bytes).to_lowercase(), decimal(bytes)];
        needles.extend((0..3).map(|skip| base64_inside(&bytes[skip..]).to_lowercase()));
        Self { canary, needles }
    }

    /// Returns the word itself: letters and digits only.
    #[must_use]
    pub fn canary(&self) -> &str {
        &self.canary
    }

    /// Says whether a text holds the canary: as it stands, in hexadecimal, in base64 or as a list of numbers.
    #[must_use]
    pub fn leaked_in(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        self.needles.iter().any(|needle| text.contains(needle))
    }
}

/// A shorter word would be found by chance.
const MIN_CANARY: usize = 8;

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Prints bytes as `{:?}` does.
fn decimal(bytes: &[u8]) -> String {
    bytes.iter().map(u8::to_string).collect::<Vec<_>>().join(", ")
}

/// Returns the digits that do not depend on what stands before and after `bytes`.
fn base64_inside(bytes: &[u8]) -> String {
    STANDARD_NO_PAD.encode(&bytes[..bytes.len() / 3 * 3])
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_canary_is_found_in_every_common_rendering() {
        let secrets = Secrets::new("canary0word1".into());
        let bytes = b"xx canary0word1 yy";
        for skip in 0..3 {
            assert!(secrets.leaked_in(&STANDARD_NO_PAD.encode(&bytes[skip..])));
        }
        assert!(secrets.leaked_in(&format!("{bytes:?}")));
        assert!(secrets.leaked_in(&hex(bytes)));
        assert!(secrets.leaked_in("a CANARY0word1"));
        assert!(!secrets.leaked_in("canary0word"));
        assert!(!secrets.leaked_in(&format!("{secrets:?}")));
    }
}

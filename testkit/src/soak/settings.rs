//! Reads the settings of the kill loop.

use std::io;
use std::path::PathBuf;

/// Sets the length of the loop, its seed and its report.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Settings {
    /// The number of times that the loop kills the child.
    pub kills: u64,
    /// The seed of payloads and moments.
    pub seed: u64,
    /// The file that the report is written to, beside standard output.
    pub report: Option<PathBuf>,
}

impl Settings {
    pub(super) fn from_environment() -> io::Result<Self> {
        let seed = number("EXTSTORE_SEED", 16)?.unwrap_or_else(|| fastrand::u64(..));
        let kills = number("EXTSTORE_KILLS", 10)?.unwrap_or(5);
        Ok(Self { kills, seed, report: std::env::var_os("EXTSTORE_REPORT").map(PathBuf::from) })
    }
}

/// Reads a number from the environment; absent and empty are the same.
pub(super) fn number(name: &str, radix: u32) -> io::Result<Option<u64>> {
    let value = std::env::var(name).ok().filter(|value| !value.is_empty());
    let parse = |value: String| {
        u64::from_str_radix(value.trim_start_matches("0x"), radix)
            .map_err(|_| io::Error::other(format!("{name} must be a number of radix {radix}")))
    };
    value.map(parse).transpose()
}

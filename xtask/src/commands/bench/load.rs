//! Measures how busy the machine was with other things while the benchmark ran.

use std::fs;
use std::time::Instant;

/// Converts the kernel's units, which are the same on every Linux that Rust supports.
const TICKS_PER_SECOND: f64 = 100.0;

/// Holds the processor time at one moment.
pub(super) struct Load {
    taken: Instant,
    busy: f64,
    ours: f64,
}

impl Load {
    pub(super) fn now() -> Self {
        Self { taken: Instant::now(), busy: busy().unwrap_or(0.0), ours: ours().unwrap_or(0.0) }
    }

    /// Returns the number of processors that others kept busy since then, on average. Only children that have ended
    /// count as ours.
    pub(super) fn by_others_since(&self) -> f64 {
        let now = Self::now();
        let others = (now.busy - self.busy) - (now.ours - self.ours);
        (others / TICKS_PER_SECOND / now.taken.duration_since(self.taken).as_secs_f64()).max(0.0)
    }
}

/// User, nice, system, interrupts: all but idle and waiting.
fn busy() -> Option<f64> {
    let stat = fs::read_to_string("/proc/stat").ok()?;
    let fields: Vec<f64> =
        stat.lines().next()?.split_whitespace().skip(1).filter_map(|f| f.parse().ok()).collect();
    Some([0, 1, 2, 5, 6].iter().filter_map(|index| fields.get(*index)).sum())
}

/// This process and its children that ended.
fn ours() -> Option<f64> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    // The name in parentheses may hold spaces; utime, stime, cutime and cstime are the 14th to 17th fields.
    let fields = stat.rsplit_once(')')?.1.split_whitespace();
    Some(fields.skip(11).take(4).filter_map(|field| field.parse::<f64>().ok()).sum())
}

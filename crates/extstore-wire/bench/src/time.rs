//! Takes the best of many short runs in turn: other work of the machine only ever adds time.

use std::hint::black_box;
use std::time::{Duration, Instant};

const ROUNDS: usize = 200;

/// Returns the best time of each, in nanoseconds.
pub(crate) fn best<const N: usize>(work: [&dyn Fn() -> usize; N]) -> [u64; N] {
    let repeats = work.map(repeats);
    let mut times = [u64::MAX; N];
    for _ in 0..ROUNDS {
        for at in 0..N {
            times[at] = times[at].min(once(work[at], repeats[at]));
        }
    }
    times
}

/// Returns how often to repeat one run so that a clock can measure it: about half a millisecond.
fn repeats(work: &dyn Fn() -> usize) -> u32 {
    once(work, 3);
    let one = once(work, 3).max(1);
    (Duration::from_micros(500).as_nanos() as u64 / one).clamp(1, 10_000) as u32
}

fn once(work: &dyn Fn() -> usize, repeats: u32) -> u64 {
    let start = Instant::now();
    for _ in 0..repeats {
        black_box(work());
    }
    (start.elapsed().as_nanos() / u128::from(repeats)) as u64
}

//! Lists what is measured: sizes, batches, delays, and how many calls make a figure.

const KIB: usize = 1024;
const MIB: usize = 1024 * KIB;

/// Describes one cell: a size and a batch at a server's delay.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cell {
    pub(super) size: usize,
    pub(super) batch: usize,
    pub(super) calls: usize,
    pub(super) delay_ms: u32,
}

/// Returns the cells in the order in which they run.
pub(super) fn cells(quick: bool) -> Vec<Cell> {
    let cell = |delay_ms| {
        move |(size, batch, calls): (usize, usize, usize)| {
            let calls = if quick { (calls / 4).max(3) } else { calls };
            Cell { size, batch, calls, delay_ms }
        }
    };
    let near = [
        (256 * KIB, 1, 200),
        (256 * KIB, 10, 40),
        (MIB, 1, 120),
        (MIB, 10, 20),
        (8 * MIB, 1, 30),
        (8 * MIB, 10, 6),
    ];
    let far = [(256 * KIB, 10, 20), (MIB, 1, 20), (8 * MIB, 1, 12)];
    near.into_iter().map(cell(0)).chain(far.into_iter().map(cell(FAR_MS))).collect()
}

/// Sets the delay that stands for a store in the same region.
pub(super) const FAR_MS: u32 = 20;

/// Writes a size as `256 KiB` or `8 MiB`.
pub(super) fn size(bytes: usize) -> String {
    if bytes < MIB { format!("{} KiB", bytes / KIB) } else { format!("{} MiB", bytes / MIB) }
}

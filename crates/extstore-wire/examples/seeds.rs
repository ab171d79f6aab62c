//! Writes the seeds of the fuzz targets: `cargo run -p extstore-wire --example seeds -- fuzz`.
#![allow(clippy::unwrap_used, reason = "a tool for the developer who fuzzes")]

#[path = "../tests/support/mod.rs"]
mod support;

use std::path::Path;

use extstore_wire::MessageType;
use extstore_wire_plan::prost_reflect::prost::Message as _;
use support::population::Population;
use support::roots::ROOTS;

/// Larger messages are slow to fuzz, and hold nothing that smaller ones do not.
const LARGEST: usize = 2_500;
/// Holds the choices of the target `rewrite`, which decide what it changes.
const CHOICES: [u8; 24] = [4, 1, 100, 1, 3, 0, 200, 2, 1, 0, 0, 9, 1, 2, 2, 1, 90, 1, 0, 9, 9, 9, 9, 9];

fn main() {
    let fuzz =
        std::env::args().nth(1).unwrap_or_else(|| panic!("seeds needs the directory of the fuzz targets"));
    for (at, root) in ROOTS.into_iter().enumerate() {
        let mut seeds: Vec<Vec<u8>> = (0..60).map(|variant| full(root, variant)).collect();
        seeds.sort_by_key(Vec::len);
        let small = seeds.iter().filter(|bytes| bytes.len() <= LARGEST).count();
        for (number, bytes) in seeds.iter().take(small.max(1)).enumerate() {
            let name = format!("{at:02}-{number:02}");
            write(&fuzz, "scan", &name, &[&[at as u8][..], bytes].concat());
            write(&fuzz, "rewrite", &name, &[&CHOICES[..], &[at as u8], bytes].concat());
        }
    }
}

fn full(root: MessageType, variant: usize) -> Vec<u8> {
    let mut population = Population::new(variant);
    population.longest_list = 1;
    population.message(&support::descriptor(root.full_name())).encode_to_vec()
}

fn write(fuzz: &str, target: &str, name: &str, input: &[u8]) {
    let directory = Path::new(fuzz).join("corpus").join(target);
    std::fs::create_dir_all(&directory).unwrap();
    std::fs::write(directory.join(name), input).unwrap();
}

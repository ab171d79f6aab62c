//! Stores payloads of Temporal as files of a local directory: crash-safe, for the processes of one machine.
#![doc = include_str!("docs.md")]

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
compile_error!("extstore-disk runs on Linux and Apple systems: it needs a rename that does not replace");

mod backend;
mod blocking;
mod commit;
mod driver;
mod error;
mod file_system;
mod layout;
mod lock;
mod options;
mod read;
mod sweep;
mod tree;

pub use driver::DiskDriver;
pub use layout::{DISK_DRIVER_TYPE, object_path};
pub use options::DiskOptions;
pub use sweep::{MIN_SWEEP_AGE, Swept};

/// Compiles and runs the README's example.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;

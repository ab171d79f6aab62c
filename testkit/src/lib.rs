//! Runs what the tests of several crates share, and is not published.
//!
//! * [`live`] runs tests that need a server.
//! * [`soak`] kills a process that stores, again and again, and looks for what it lost.
//! * [`peak`] measures how much memory storing and retrieving add to a process.
//!
//! It knows no vendor and no SDK. Product crates have it as a development dependency only.

pub mod live;
pub mod peak;
pub mod soak;

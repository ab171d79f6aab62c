//! A crash-safe local directory as an External Storage driver for Temporal.

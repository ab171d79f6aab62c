//! Google Cloud Storage as an External Storage driver for Temporal.

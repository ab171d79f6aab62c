//! Redis and Valkey as an External Storage driver for Temporal.

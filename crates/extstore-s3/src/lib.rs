//! Amazon S3 and compatible stores as an External Storage driver for Temporal.

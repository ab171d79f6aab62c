//! Tests every row of the table, through `Gateway::call` and cell by cell.

mod caller;
mod cells;
mod data_converter;
mod docs;
mod limits;
mod metrics;
mod omitted;
mod outbound;
mod reports;

//! Every row of the table, through the gateway's door and cell by cell.

mod caller;
mod cells;
mod limits;
mod outbound;
mod reports;
mod resolver;

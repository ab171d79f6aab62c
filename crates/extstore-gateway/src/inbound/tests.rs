//! Tests responses through `Gateway::call`.

mod cap;
mod details;
mod eager;
mod hostile;
mod lazy;
mod polls;
mod queries;
mod responses;
mod rows;
mod slow;
mod stop;

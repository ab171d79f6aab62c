mod above;
mod limits;
mod options;
mod pages;
mod payloads;
mod queries;
mod resent;
mod retries;

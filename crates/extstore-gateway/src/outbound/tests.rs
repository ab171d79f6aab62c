mod limits;
mod options;
mod pages;
mod payloads;
mod queries;
mod retries;

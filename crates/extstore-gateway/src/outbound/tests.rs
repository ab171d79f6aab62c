mod limits;
mod options;
mod payloads;
mod queries;
mod retries;

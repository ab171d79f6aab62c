//! Holds the programs that `cargo xtask bench` runs: this driver's side of the measurements, and the server that all
//! sides talk to.
//!
//! ```text
//! s3 serve [MILLISECONDS]      an S3-like server in memory that answers after a delay; prints its address
//! s3 cell SIZE BATCH CALLS     one cell of the matrix: fresh, repeated, existing, retrieve, cached
//! s3 phase PHASE SIZE BATCH CALLS   one phase of it, for a profiler
//! s3 copies SIZE COUNT         copies of one payload in one batch
//! s3 mixed CALLS               small stores beside large ones
//! s3 memory none|store|retrieve SIZE COUNT FILE
//! ```
//!
//! The server's address is in `AWS_ENDPOINT_URL`, beside the vendor's other variables. Each measurement is one line of JSON on standard output. Cargo runs benches without arguments, and then nothing
//! is measured, because a figure without its baseline beside it says little.
#![allow(clippy::print_stdout, clippy::print_stderr, unreachable_pub)]

mod batch;
mod cell;
mod memory;
mod meter;
mod serve;
mod shapes;

use std::error::Error;
use std::time::Duration;

use cell::{Cell, Phase};

/// Errors cross from one task to another.
type Failure = Box<dyn Error + Send + Sync>;

type Outcome = Result<(), Failure>;

#[tokio::main]
async fn main() -> Outcome {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    // The work is done in a task, as in an application: on the main thread each answer would wake another thread.
    tokio::spawn(async move { run(&words).await.map_err(|error| error.to_string()) }).await??;
    Ok(())
}

async fn run(words: &[String]) -> Outcome {
    match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["serve"] => serve::run(Duration::ZERO).await,
        ["serve", delay] => serve::run(Duration::from_millis(delay.parse()?)).await,
        ["cell", size, batch, calls] => {
            Cell::new(size.parse()?, batch.parse()?, calls.parse()?).await?.run(&Phase::ALL).await
        }
        ["phase", phase, size, batch, calls] => {
            Cell::new(size.parse()?, batch.parse()?, calls.parse()?).await?.run(&[phase.parse()?]).await
        }
        ["copies", size, count] => shapes::copies(size.parse()?, count.parse()?).await,
        ["mixed", calls] => shapes::mixed(calls.parse()?).await,
        ["memory", what, size, count, file] => {
            memory::run(what.parse()?, size.parse()?, count.parse()?, file.as_ref()).await
        }
        _ => {
            eprintln!("nothing was measured: `cargo xtask bench` runs this program");
            Ok(())
        }
    }
}

//! Measures the disk driver for `cargo xtask bench`, beside plain files synced one by one.
//!
//! ```text
//! disk DIRECTORY SIZE BATCH CALLS
//! ```
//!
//! Each phase is one line of JSON, with the names that all clients of the benchmark use. Cargo runs benches without
//! arguments, and then nothing is measured.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::error::Error;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use extstore::{ENCODING, Payload, RetrieveContext, StorageDriver as _, StoreContext};
use extstore_disk::{DiskDriver, DiskOptions};
use rustix::time::{ClockId, clock_gettime};

type Outcome = Result<(), Box<dyn Error + Send + Sync>>;

#[tokio::main]
async fn main() -> Outcome {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let [directory, size, batch, calls] = &words[..] else {
        eprintln!("nothing was measured: `cargo xtask bench` runs this program");
        return Ok(());
    };
    let cell = Cell { size: size.parse()?, batch: batch.parse()?, calls: calls.parse()? };
    let directory = PathBuf::from(directory);
    fs::create_dir_all(&directory)?;
    let measured = tokio::spawn({
        let directory = directory.clone();
        async move {
            cell.driver(&directory.join("driver")).await?;
            cell.plain(&directory.join("plain"))
        }
    });
    let outcome = measured.await?;
    fs::remove_dir_all(&directory)?;
    outcome
}

#[derive(Clone, Copy)]
struct Cell {
    size: usize,
    batch: usize,
    calls: usize,
}

impl Cell {
    async fn driver(self, root: &Path) -> Outcome {
        let driver = DiskDriver::new(DiskOptions::new(root))?;
        let (context, reading) = (StoreContext::default(), RetrieveContext::default());
        let mut meter = Meter::default();
        let mut stored = Vec::new();
        let mut last = Vec::new();
        for _ in 0..self.calls {
            last = (0..self.batch).map(|_| payload(random(self.size))).collect();
            stored.push(meter.call(driver.store(&context, last.clone())).await?);
        }
        meter.print("disk", "fresh", self);
        for _ in 0..self.calls {
            meter.call(driver.store(&context, last.clone())).await?;
        }
        meter.print("disk", "repeated", self);
        for claims in stored {
            meter.call(async { driver.retrieve(&reading, claims).await.map(drop) }).await?;
        }
        meter.print("disk", "retrieve", self);
        Ok(())
    }

    /// Writes plain files: each one synced, then their directory, and no digest. Nothing durable costs less.
    fn plain(self, root: &Path) -> Outcome {
        fs::create_dir(root)?;
        let mut meter = Meter::default();
        for call in 0..self.calls {
            let batch: Vec<_> = (0..self.batch).map(|_| random(self.size)).collect();
            meter.call_now(|| write_synced(root, call, &batch))?;
        }
        meter.print("plain files", "fresh", self);
        for call in 0..self.calls {
            let read = |number| fs::read(root.join(format!("{call}-{number}"))).map(drop);
            meter.call_now(|| (0..self.batch).try_for_each(read))?;
        }
        meter.print("plain files", "retrieve", self);
        Ok(())
    }
}

fn write_synced(root: &Path, call: usize, batch: &[Vec<u8>]) -> std::io::Result<()> {
    for (number, data) in batch.iter().enumerate() {
        let mut file = File::create_new(root.join(format!("{call}-{number}")))?;
        file.write_all(data)?;
        file.sync_all()?;
        File::open(root)?.sync_all()?;
    }
    Ok(())
}

/// Holds the calls of one phase, measured one by one.
#[derive(Default)]
struct Meter {
    calls: Vec<Duration>,
    cpu: Duration,
}

impl Meter {
    async fn call<T>(&mut self, call: impl Future<Output = T>) -> T {
        let (cpu, started) = (processor_time(), Instant::now());
        let value = call.await;
        self.note(cpu, started);
        value
    }

    fn call_now<T>(&mut self, call: impl FnOnce() -> T) -> T {
        let (cpu, started) = (processor_time(), Instant::now());
        let value = call();
        self.note(cpu, started);
        value
    }

    fn note(&mut self, cpu: Duration, started: Instant) {
        self.calls.push(started.elapsed());
        self.cpu += processor_time().saturating_sub(cpu);
    }

    fn print(&mut self, client: &str, phase: &str, Cell { size, batch, .. }: Cell) {
        let Self { mut calls, cpu } = std::mem::take(self);
        calls.sort_unstable();
        let millis = |time: Duration| time.as_secs_f64() * 1e3;
        let at = |percent: usize| millis(calls[(calls.len() * percent).div_ceil(100) - 1]);
        let payloads = (calls.len() * batch) as f64;
        println!(
            r#"{{"client":"{client}","phase":"{phase}","size":{size},"batch":{batch},"calls":{},"mb_s":{},"p50_ms":{},"p99_ms":{},"cpu_ms":{}}}"#,
            calls.len(),
            payloads * size as f64 / 1e6 / calls.iter().sum::<Duration>().as_secs_f64(),
            at(50),
            at(99),
            millis(cpu) / payloads,
        );
    }
}

/// Reads the processor time of all threads, in user space and in the kernel.
fn processor_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or(0))
}

fn random(size: usize) -> Vec<u8> {
    let mut data = vec![0; size];
    fastrand::fill(&mut data);
    data
}

fn payload(data: Vec<u8>) -> Payload {
    Payload::new([(ENCODING, "binary/plain")], data)
}

//! Reads the processor time of this process, its memory, and the server's count of requests.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};
use serde_json::{Value, json};

use crate::Failure;

/// Holds the calls of one phase, measured one by one: the time between them does not count.
#[derive(Debug)]
pub struct Meter {
    requests_before: u64,
    calls: Vec<Duration>,
    cpu: Duration,
}

impl Meter {
    pub fn start() -> Result<Self, Failure> {
        let requests_before = requests()?;
        Ok(Self { requests_before, calls: Vec::new(), cpu: Duration::ZERO })
    }

    pub async fn call<T>(&mut self, call: impl Future<Output = T>) -> T {
        let (cpu, started) = (processor_time(), Instant::now());
        let value = call.await;
        self.calls.push(started.elapsed());
        self.cpu += processor_time().saturating_sub(cpu);
        value
    }

    /// Prints the phase as one line of JSON; the names of its fields are those of all clients.
    pub fn print(self, phase: &str, size: usize, batch: usize) -> crate::Outcome {
        let payloads = (self.calls.len() * batch) as f64;
        let wall: Duration = self.calls.iter().sum();
        let requests = requests()? - self.requests_before;
        let line = json!({
            "client": "extstore", "phase": phase, "size": size, "batch": batch, "calls": self.calls.len(),
            "mb_s": payloads * size as f64 / 1e6 / wall.as_secs_f64(),
            "p50_ms": millis(self.percentile(50)), "p99_ms": millis(self.percentile(99)),
            "cpu_ms": millis(self.cpu) / payloads,
            "requests": requests as f64 / payloads,
            "peak_mib": peak_memory()? as f64 / 1024.0,
        });
        println!("{line}");
        Ok(())
    }

    /// Returns the shortest time that this share of all calls does not exceed.
    pub fn percentile(&self, percent: usize) -> Duration {
        let mut calls = self.calls.clone();
        calls.sort_unstable();
        calls.get((calls.len() * percent).div_ceil(100).saturating_sub(1)).copied().unwrap_or_default()
    }
}

pub fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// Reads the processor time of all threads, in user space and in the kernel.
fn processor_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or(0))
}

/// Returns the peak memory of this process, in KiB.
pub fn peak_memory() -> Result<u64, Failure> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().next()).ok_or("the kernel tells no VmHWM")?;
    Ok(number.parse()?)
}

/// Asks the server for its number of requests.
pub fn requests() -> Result<u64, Failure> {
    let endpoint = std::env::var("AWS_ENDPOINT_URL")?;
    let host = endpoint.strip_prefix("http://").ok_or("the endpoint is not an http:// address")?;
    let mut connection = TcpStream::connect(host)?;
    write!(connection, "GET /-/counts HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n")?;
    let mut answer = String::new();
    connection.read_to_string(&mut answer)?;
    let body = answer.split_once("\r\n\r\n").ok_or("the server's answer has no body")?.1;
    let counts: serde_json::Map<String, Value> = serde_json::from_str(body)?;
    Ok(counts.values().filter_map(Value::as_u64).sum())
}

//! Measures one cell of the matrix in a process of its own, so that its peak memory belongs to it.

use std::str::FromStr;

use extstore::object::Cache;
use extstore::{Claim, Payload, RetrieveContext, StorageDriver as _};
use extstore_s3::S3Driver;

use crate::batch::{context, driver, fresh, options};
use crate::meter::Meter;
use crate::{Failure, Outcome};

/// Names the calls that are measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Content that the server does not have.
    Fresh,
    /// The same batch again, which the driver remembers.
    Repeated,
    /// The same batch again, stored by a driver that remembers nothing.
    Existing,
    /// Objects that are there, each once.
    Retrieve,
    /// One batch again and again, by a driver with a cache.
    Cached,
}

impl Phase {
    pub const ALL: [Self; 5] = [Self::Fresh, Self::Repeated, Self::Existing, Self::Retrieve, Self::Cached];

    fn name(self) -> &'static str {
        match self {
            Self::Fresh => "fresh",
            Self::Repeated => "repeated",
            Self::Existing => "existing",
            Self::Retrieve => "retrieve",
            Self::Cached => "cached",
        }
    }
}

impl FromStr for Phase {
    type Err = Failure;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|phase| phase.name() == name);
        found.ok_or_else(|| format!("there is no phase {name:?}").into())
    }
}

/// Measures calls of one size and batch.
#[derive(Debug)]
pub struct Cell {
    driver: S3Driver,
    forgetful: S3Driver,
    caching: S3Driver,
    size: usize,
    batch: usize,
    calls: usize,
}

impl Cell {
    pub async fn new(size: usize, batch: usize, calls: usize) -> Result<Self, Failure> {
        let cache = Cache::new(2 * (size * batch) as u64 + (1 << 20));
        let cell = Self {
            driver: driver(options()).await?,
            forgetful: driver(options().with_known_keys(0)).await?,
            caching: driver(options().with_cache(cache)).await?,
            size,
            batch,
            calls,
        };
        // Connections, the signing key and lazily built tables are there before the first measured call.
        for driver in [&cell.driver, &cell.forgetful, &cell.caching] {
            driver.store(&context(), fresh(1000, batch)).await?;
        }
        Ok(cell)
    }

    pub async fn run(&self, phases: &[Phase]) -> Outcome {
        let mut first = fresh(self.size, self.batch);
        let mut stored = vec![self.driver.store(&context(), first.clone()).await?];
        for phase in phases {
            let mut meter = Meter::start()?;
            match phase {
                Phase::Fresh => stored = self.fresh(&mut meter).await?,
                Phase::Repeated => self.again(&mut meter, &self.driver, &first).await?,
                Phase::Existing => self.again(&mut meter, &self.forgetful, &first).await?,
                Phase::Retrieve => {
                    first.clear();
                    self.retrieve(&mut meter, &self.driver, &stored).await?;
                }
                Phase::Cached => {
                    self.caching.retrieve(&RetrieveContext::default(), stored[0].clone()).await?;
                    meter = Meter::start()?;
                    self.retrieve(&mut meter, &self.caching, &stored[..1]).await?;
                }
            }
            meter.print(phase.name(), self.size, self.batch)?;
        }
        Ok(())
    }

    async fn fresh(&self, meter: &mut Meter) -> Result<Vec<Vec<Claim>>, Failure> {
        let mut stored = Vec::with_capacity(self.calls);
        for _ in 0..self.calls {
            let payloads = fresh(self.size, self.batch);
            stored.push(meter.call(self.driver.store(&context(), payloads)).await?);
        }
        Ok(stored)
    }

    async fn again(&self, meter: &mut Meter, driver: &S3Driver, payloads: &[Payload]) -> Outcome {
        for _ in 0..self.calls.max(3) {
            meter.call(driver.store(&context(), payloads.to_vec())).await?;
        }
        Ok(())
    }

    async fn retrieve(&self, meter: &mut Meter, driver: &S3Driver, stored: &[Vec<Claim>]) -> Outcome {
        for claims in stored.iter().cycle().take(self.calls) {
            let claims = claims.clone();
            let context = RetrieveContext::default();
            // The payloads are dropped inside of the measurement, as the other clients drop theirs.
            meter.call(async { driver.retrieve(&context, claims).await.map(drop) }).await?;
        }
        Ok(())
    }
}

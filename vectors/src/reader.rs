//! Reads a vector's payload as a host does: external storage first, then the payload codec.

use std::sync::Arc;

use extstore::object::{Location, Readable};
use extstore::{
    Error, ExternalStorage, MemoryBackend, Payload, Result, SelectContext, StorageDriver, refuse_references,
};

use crate::codec::Xor;
use crate::rig::Rig;
use crate::schema::{DriverSpec, ReadVector};
use crate::scripted::Scripted;
use crate::subject::Subject;
use crate::verdict::Disagreement;

#[derive(Clone)]
pub(crate) struct Reader<'a> {
    pub(crate) subject: &'a Subject,
    pub(crate) vector: &'a ReadVector,
    pub(crate) codec: Option<Xor>,
    /// Says whether legacy references are read.
    pub(crate) legacy: bool,
    /// Locations that claims may point at beside the drivers' own.
    pub(crate) readable: Vec<Readable>,
}

/// Holds the result of a read and the requests that it made.
pub(crate) struct Observed {
    pub(crate) outcome: Result<Payload, Error>,
    pub(crate) requests: Vec<Location>,
}

/// Holds the drivers of a vector: those of our type work, the others only have a name and a type.
#[derive(Default)]
struct Drivers {
    all: Vec<Arc<dyn StorageDriver>>,
    ours: Vec<Rig>,
    others: Vec<Arc<Scripted>>,
}

impl Reader<'_> {
    pub(crate) async fn read(&self, input: &Payload) -> Result<Observed, Disagreement> {
        if !self.vector.external_storage {
            let outcome = refuse_references([input]).and_then(|()| self.decode(input));
            return Ok(Observed { outcome, requests: Vec::new() });
        }
        let drivers = match self.drivers() {
            Ok(drivers) => drivers,
            Err(error) => return Ok(Observed { outcome: Err(error), requests: Vec::new() }),
        };
        let outcome = self.restore(&drivers, input).await.and_then(|payload| self.decode(&payload));
        if let Some(other) = drivers.others.iter().find(|other| other.calls() > 0) {
            return Err(Disagreement::NotRun(format!("the driver {:?} is of another type", other.name())));
        }
        let requests = drivers.ours.iter().flat_map(|rig| rig.recorder.requests());
        Ok(Observed { outcome, requests: requests.map(|(_, location)| location).collect() })
    }

    fn drivers(&self) -> Result<Drivers> {
        let mut drivers = Drivers::default();
        for (index, spec) in self.vector.drivers.iter().enumerate() {
            if spec.driver_type == self.subject.driver_type {
                let rig = Rig::over(self.subject, spec, self.objects(index), self.readable.clone())?;
                drivers.all.push(Arc::clone(&rig.driver));
                drivers.ours.push(rig);
            } else {
                let other = Arc::new(Scripted::new(spec.name()).of_type(&spec.driver_type));
                drivers.all.push(Arc::clone(&other) as Arc<dyn StorageDriver>);
                drivers.others.push(other);
            }
        }
        Ok(drivers)
    }

    async fn restore(&self, drivers: &Drivers, input: &Payload) -> Result<Payload> {
        let mut builder = ExternalStorage::builder()
            .with_legacy_references(self.legacy)
            .with_selector(|_: &SelectContext, _: &Payload| Ok(None));
        for driver in &drivers.all {
            builder = builder.with_driver(Arc::clone(driver));
        }
        if let Some(codec) = self.codec {
            builder = builder.with_reference_codec(Arc::new(codec));
        }
        let mut restored = builder.build()?.message("").restore(vec![input.clone()]).await?;
        // The engine returns one payload for each that it was given.
        Ok(restored.swap_remove(0))
    }

    fn decode(&self, payload: &Payload) -> Result<Payload> {
        self.codec.map_or_else(|| Ok(payload.clone()), |codec| codec.decode(payload))
    }

    /// Returns the objects of one driver.
    fn objects(&self, driver: usize) -> MemoryBackend {
        let memory = MemoryBackend::default();
        for object in self.vector.objects.iter().filter(|object| object.driver == driver) {
            memory.write(self.location(&object.path), object.data.0.clone());
        }
        memory
    }

    /// A bucket's name may hold slashes where it is an ARN, so the known buckets are tried first.
    fn location(&self, path: &str) -> Location {
        let at = |container: &str, key: &str| Location::new(container, key);
        if self.subject.claims.container.is_empty() {
            return at("", path);
        }
        let configured =
            self.vector.drivers.iter().filter_map(|driver: &DriverSpec| driver.bucket.as_deref());
        let known = |bucket: &str| Some(at(bucket, path.strip_prefix(bucket)?.strip_prefix('/')?));
        let first = || path.split_once('/').map(|(bucket, key)| at(bucket, key));
        configured.filter_map(known).next().or_else(first).unwrap_or_else(|| at(path, ""))
    }
}

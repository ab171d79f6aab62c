use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use extstore::object::{
    Attempt, Create, Created, ObjectBackend, ObjectStat, ObjectVersion, Open, OpenObject, Renew, Renewed,
    Request, Stat, StoreIdentity,
};
use extstore::{Error, ErrorKind, Result, async_trait};
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::error::explain;

const SCHEMA: &str = "CREATE TABLE IF NOT EXISTS payload (
    key TEXT PRIMARY KEY, bytes BLOB NOT NULL, written INTEGER NOT NULL
) STRICT";

/// Makes single requests to one SQLite file. Every call opens its own connection: simple, and safe to share.
#[derive(Debug)]
pub(crate) struct SqliteBackend {
    path: PathBuf,
}

impl SqliteBackend {
    pub(crate) fn new(path: PathBuf) -> Self {
        Self { path }
    }

    /// Runs a system call off the async threads. The attempt holds the permit, so it moves along: work
    /// that outlives a dropped future still counts against the budget.
    async fn run<T: Send + 'static>(
        &self,
        attempt: &Attempt,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T> {
        let (path, attempt) = (self.path.clone(), attempt.clone());
        let task = tokio::task::spawn_blocking(move || {
            let _permit = attempt;
            connect(&path).and_then(|connection| work(&connection)).map_err(explain)
        });
        task.await.unwrap_or_else(|_| Err(ErrorKind::Internal.error("a database thread panicked")))
    }
}

fn connect(path: &PathBuf) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(Duration::from_secs(10))?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // Durable before `Ok`: a commit is on the disk, not in a cache.
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.execute(SCHEMA, [])?;
    Ok(connection)
}

/// Returns microseconds since 1970 by this machine's clock, which is this store's own.
fn now() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
}

fn missing() -> Error {
    ErrorKind::NotFound.error("there is no row with this key")
}

#[async_trait]
impl ObjectBackend for SqliteBackend {
    async fn create(&self, create: Create<'_>) -> Result<Created> {
        let (key, bytes) = (create.location().key.clone(), create.content().to_bytes());
        let sql = "INSERT INTO payload VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
        let rows =
            self.run(create.attempt(), move |db| db.execute(sql, params![key, &bytes[..], now()])).await?;
        // A row that is there was committed, and so is durable, in both cases.
        Ok(if rows == 1 { Created::Created(ObjectStat::unknown()) } else { Created::Exists(None) })
    }

    async fn open(&self, open: Open<'_>) -> Result<OpenObject> {
        // The length first, so that no value above the limit is loaded.
        let stat = self.stat(Stat::new(open.attempt(), open.location())).await?;
        open.check_len(stat.len.unwrap_or_default())?;
        let key = open.location().key.clone();
        let sql = "SELECT bytes FROM payload WHERE key = ?1";
        let bytes: Option<Vec<u8>> =
            self.run(open.attempt(), move |db| db.query_row(sql, [key], |row| row.get(0)).optional()).await?;
        bytes.map(|bytes| OpenObject::whole(bytes.into())).ok_or_else(missing)
    }

    async fn stat(&self, stat: Stat<'_>) -> Result<ObjectStat> {
        let key = stat.location().key.clone();
        let sql = "SELECT length(bytes), written FROM payload WHERE key = ?1";
        let read = |row: &rusqlite::Row<'_>| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?));
        let found = self.run(stat.attempt(), move |db| db.query_row(sql, [key], read).optional()).await?;
        let (len, written) = found.ok_or_else(missing)?;
        let age = Duration::from_micros(now().saturating_sub(written).max(0).unsigned_abs());
        Ok(ObjectStat::new(len.unsigned_abs())
            .with_age(Some(age))
            .with_version(Some(ObjectVersion(written.to_string()))))
    }

    async fn renew(&self, renew: Renew<'_>) -> Result<Renewed> {
        let (key, bytes) = (renew.location().key.clone(), renew.content().to_bytes());
        let seen = renew.version().map(|version| version.0.clone());
        self.run(renew.attempt(), move |db| rewrite(db, &key, &bytes, seen.as_deref())).await
    }

    fn identity(&self) -> StoreIdentity {
        StoreIdentity::new(["sqlite", self.path.to_string_lossy().as_ref()])
    }

    fn diagnostics(&self) -> Vec<(&'static str, String)> {
        vec![("file", self.path.display().to_string())]
    }

    fn permission(&self, request: Request) -> &'static str {
        match request {
            Request::Open | Request::Stat => "read access to the database file",
            _ => "write access to the database file and its directory",
        }
    }
}

/// Writes the row again with a new time stamp, because the time stamp is what an expiry job reads.
fn rewrite(db: &Connection, key: &str, bytes: &[u8], seen: Option<&str>) -> rusqlite::Result<Renewed> {
    let Some(seen) = seen else {
        db.execute("INSERT OR REPLACE INTO payload VALUES (?1, ?2, ?3)", params![key, bytes, now()])?;
        return Ok(Renewed::Renewed(ObjectStat::unknown()));
    };
    let sql = "UPDATE payload SET bytes = ?2, written = ?3 WHERE key = ?1 AND written = ?4";
    if db.execute(sql, params![key, bytes, now(), seen.parse::<i64>().unwrap_or(-1)])? == 1 {
        return Ok(Renewed::Renewed(ObjectStat::unknown()));
    }
    let exists = db.query_row("SELECT 1 FROM payload WHERE key = ?1", [key], |_| Ok(())).optional()?;
    Ok(if exists.is_some() { Renewed::Changed } else { Renewed::Gone })
}

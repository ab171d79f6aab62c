//! Runs the conformance suite against the driver. The four required methods come first; every port
//! below them is optional and lets more cases run.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use extstore::{Claim, Error, StorageDriver};
use extstore_conformance::{Clock, Durability, Foreign, Harness, Profile, RawStore, Scope, async_trait};
use rusqlite::{Connection, OptionalExtension as _, params};
use sqlite_driver::{DRIVER_TYPE, SqliteDriver, SqliteOptions};

const DIRECTORY: &str = "SQLITE_DRIVER_TEST_DIRECTORY";

fn main() -> ExitCode {
    extstore_conformance::main(async { Sqlite::start() })
}

struct Sqlite {
    directory: PathBuf,
}

impl Sqlite {
    /// A child process of the suite finds its parent's directory in the environment.
    fn start() -> std::io::Result<Self> {
        let fresh = || std::env::temp_dir().join(format!("sqlite-driver-{}", std::process::id()));
        let directory = std::env::var_os(DIRECTORY).map_or_else(fresh, PathBuf::from);
        std::fs::create_dir_all(&directory)?;
        Ok(Self { directory })
    }

    fn options(&self, scope: &Scope) -> SqliteOptions {
        // Small, so that a payload of the largest size is cheap; under a prefix, so that there is an outside.
        let small = |object: extstore::object::ObjectOptions| {
            object.with_max_payload_size(1 << 20).with_key_prefix("suite")
        };
        SqliteOptions::new(self.file(scope)).with_object(small)
    }

    fn file(&self, scope: &Scope) -> PathBuf {
        self.directory.join(scope.as_str())
    }
}

#[async_trait]
impl Harness for Sqlite {
    fn name(&self) -> &str {
        "sqlite"
    }

    fn profile(&self) -> Profile {
        Profile::object(DRIVER_TYPE, Durability::PowerLoss)
    }

    async fn driver(&self, scope: &Scope) -> Result<Arc<dyn StorageDriver>, Error> {
        Ok(Arc::new(SqliteDriver::new(self.options(scope))?))
    }

    async fn close(&self) {
        // The operating system clears the temporary directory if this cannot.
        let _ = std::fs::remove_dir_all(&self.directory);
    }

    fn backend(&self) -> (String, String) {
        ("sqlite".into(), format!("SQLite {}", rusqlite::version()))
    }

    fn child_environment(&self) -> Option<Vec<(String, String)>> {
        Some(vec![(DIRECTORY.into(), self.directory.display().to_string())])
    }

    async fn renamed(&self, scope: &Scope, name: &str) -> Option<Result<Arc<dyn StorageDriver>, Error>> {
        let options = self.options(scope).with_object(|object| object.with_name(name));
        Some(SqliteDriver::new(options).map(|driver| Arc::new(driver) as Arc<dyn StorageDriver>))
    }

    fn bad_options(&self) -> Vec<(&'static str, Result<(), Error>)> {
        let refused = |options: SqliteOptions| SqliteDriver::new(options).map(drop);
        let options = || SqliteOptions::new(self.directory.join("bad"));
        vec![
            ("name", refused(options().with_object(|object| object.with_name("")))),
            ("max_payload_size", refused(options().with_object(|object| object.with_max_payload_size(0)))),
        ]
    }

    fn debug_output(&self) -> Vec<String> {
        let options = SqliteOptions::new(self.directory.join("debug"));
        let mut output = vec![format!("{options:?}")];
        output.extend(SqliteDriver::new(options).map(|driver| format!("{driver:#?}")).ok());
        output
    }

    fn raw(&self, scope: &Scope) -> Option<Arc<dyn RawStore>> {
        Some(Arc::new(File(self.file(scope))))
    }

    fn foreign(&self, scope: &Scope) -> Option<Arc<dyn Foreign>> {
        Some(Arc::new(File(self.file(scope))))
    }

    fn clock(&self, scope: &Scope) -> Option<Arc<dyn Clock>> {
        Some(Arc::new(Aging { file: File(self.file(scope)), options: self.options(scope) }))
    }
}

/// Reads and changes the rows behind the driver's back.
struct File(PathBuf);

impl File {
    fn open(&self) -> Connection {
        let connection = Connection::open(Path::new(&self.0)).expect("the driver's file opens");
        connection.busy_timeout(Duration::from_secs(10)).expect("a time-out can be set");
        connection
    }
}

fn key(claim: &Claim) -> &str {
    claim.get("key").expect("the driver wrote the key")
}

#[async_trait]
impl RawStore for File {
    async fn list(&self) -> Vec<String> {
        let db = self.open();
        // Before the first payload there is no table.
        let Ok(mut query) = db.prepare("SELECT key FROM payload ORDER BY key") else { return Vec::new() };
        let rows = query.query_map([], |row| row.get(0)).expect("rows can be listed");
        rows.collect::<Result<_, _>>().expect("keys are text")
    }

    async fn read(&self, claim: &Claim) -> Option<bytes::Bytes> {
        self.read_listed(key(claim)).await
    }

    async fn write(&self, claim: &Claim, bytes: bytes::Bytes) {
        let sql = "INSERT INTO payload VALUES (?1, ?2, CAST(unixepoch('subsec') * 1000000 AS INTEGER))
                   ON CONFLICT DO UPDATE SET bytes = ?2";
        self.open().execute(sql, params![key(claim), &bytes[..]]).expect("a row can be written");
    }

    async fn delete(&self, claim: &Claim) {
        self.open()
            .execute("DELETE FROM payload WHERE key = ?1", [key(claim)])
            .expect("a row can be deleted");
    }

    async fn read_listed(&self, id: &str) -> Option<bytes::Bytes> {
        let db = self.open();
        let row =
            db.query_row("SELECT bytes FROM payload WHERE key = ?1", [id], |row| row.get::<_, Vec<u8>>(0));
        row.optional().expect("a row can be read").map(Into::into)
    }
}

/// The same payload outside the configured prefix, where the driver could read it and must not.
#[async_trait]
impl Foreign for File {
    async fn elsewhere(&self, claim: &Claim) -> Vec<Claim> {
        self.copies(claim, &["", "other/", "suite2/"]).await
    }

    async fn escapes(&self, claim: &Claim) -> Vec<Claim> {
        self.copies(claim, &["suite/../", "suite/./../other/"]).await
    }
}

impl File {
    /// Copies the row behind a claim under other prefixes, and claims the copies.
    async fn copies(&self, claim: &Claim, prefixes: &[&str]) -> Vec<Claim> {
        let bytes = self.read(claim).await.expect("the claim is good");
        let plain = key(claim).strip_prefix("suite/").expect("the driver wrote under its prefix");
        let mut claims = Vec::new();
        for prefix in prefixes {
            let copy = claim.clone().with("key", format!("{prefix}{plain}"));
            self.write(&copy, bytes.clone()).await;
            claims.push(copy);
        }
        claims
    }
}

/// Reads and sets the age of rows: the time stamp that an expiry job would read.
struct Aging {
    file: File,
    options: SqliteOptions,
}

#[async_trait]
impl Clock for Aging {
    async fn driver(&self, _: &Scope, refresh_after: Duration) -> Result<Arc<dyn StorageDriver>, Error> {
        let options = self.options.clone().with_object(|object| object.with_refresh_after(refresh_after));
        Ok(Arc::new(SqliteDriver::new(options)?))
    }

    async fn make_old(&self, claim: &Claim, age: Duration) {
        let micros = i64::try_from(age.as_micros()).expect("an age of this century");
        let sql = "UPDATE payload SET written = written - ?2 WHERE key = ?1";
        self.file.open().execute(sql, params![key(claim), micros]).expect("a row can be made old");
    }

    async fn age(&self, claim: &Claim) -> Option<Duration> {
        let sql =
            "SELECT CAST(unixepoch('subsec') * 1000000 AS INTEGER) - written FROM payload WHERE key = ?1";
        let micros = self.file.open().query_row(sql, [key(claim)], |row| row.get::<_, i64>(0));
        micros
            .optional()
            .expect("a row can be read")
            .map(|micros| Duration::from_micros(micros.max(0).unsigned_abs()))
    }
}

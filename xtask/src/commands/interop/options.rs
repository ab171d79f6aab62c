//! Reads the command line of `cargo xtask interop`.

use std::path::PathBuf;

use crate::command_line::{Flag, Given};
use crate::failure::Failure;

/// Lists both codecs, in the order in which they run.
const CODECS: [&str; 2] = ["none", "xor"];

const CODEC: Flag =
    Flag::once("codec", "none|xor|both", "the codec of all peers; both, one after the other, by default");
const REQUIRE_ALL: Flag = Flag::switch("require-all", "fails where an SDK cannot run");
const JSON: Flag = Flag::once("json", "FILE", "writes the report");
const HISTORIES: Flag =
    Flag::once("histories", "DIR", "keeps the histories and their objects there, and replays them");
const WRITE: Flag = Flag::switch("write", "writes docs/interop.md");

pub(super) const FLAGS: &[Flag] = &[CODEC, REQUIRE_ALL, JSON, HISTORIES, WRITE];

#[derive(Debug)]
pub(super) struct Options {
    /// The only codec that runs; `None` for both.
    codec: Option<&'static str>,
    pub(super) require_all: bool,
    pub(super) json: Option<PathBuf>,
    /// The directory that keeps the fetched histories and the objects that they refer to. What is kept is then
    /// replayed.
    pub(super) histories: Option<PathBuf>,
    pub(super) write: bool,
}

impl Options {
    pub(super) fn read(given: &Given) -> Result<Self, Failure> {
        let options = Self {
            codec: given.text(&CODEC).map_or(Ok(None), codec)?,
            require_all: given.has(&REQUIRE_ALL),
            json: given.path(&JSON),
            histories: given.path(&HISTORIES),
            write: given.has(&WRITE),
        };
        if options.write && options.codec.is_some() {
            return Err(Failure::Usage("--write needs the whole matrix: --codec both".to_owned()));
        }
        Ok(options)
    }

    pub(super) fn codecs(&self) -> Vec<&'static str> {
        self.codec.map_or(CODECS.to_vec(), |codec| vec![codec])
    }
}

fn codec(name: &str) -> Result<Option<&'static str>, Failure> {
    match name {
        "both" => Ok(None),
        _ => CODECS
            .iter()
            .find(|known| **known == name)
            .map(|known| Some(*known))
            .ok_or_else(|| Failure::Usage(format!("unknown codec {name:?}; there are: none, xor, both"))),
    }
}

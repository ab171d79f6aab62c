//! The command line of `cargo xtask interop`.

use std::path::PathBuf;

use crate::failure::Failure;

/// Both, in the order in which they run.
const CODECS: [&str; 2] = ["none", "xor"];

#[derive(Debug, Default)]
pub(super) struct Options {
    /// One codec alone; absent: both.
    codec: Option<&'static str>,
    pub(super) require_all: bool,
    pub(super) json: Option<PathBuf>,
    /// Where the fetched histories and the objects that they refer to are kept. What is kept is then replayed.
    pub(super) histories: Option<PathBuf>,
    /// Writes `docs/interop.md`.
    pub(super) write: bool,
}

impl Options {
    pub(super) fn parse(mut args: lexopt::Parser) -> Result<Self, Failure> {
        use lexopt::prelude::*;
        let mut options = Self::default();
        while let Some(arg) = args.next()? {
            match arg {
                Long("codec") => options.codec = codec(&args.value()?.string()?)?,
                Long("require-all") => options.require_all = true,
                Long("json") => options.json = Some(args.value()?.into()),
                Long("histories") => options.histories = Some(args.value()?.into()),
                Long("write") => options.write = true,
                other => return Err(other.unexpected().into()),
            }
        }
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

//! Reads the command line, which is the same for the peers of all languages.

use lexopt::ValueExt;

/// The addresses of the servers, the names to use, and the codec of the payloads.
#[derive(Debug, Default)]
pub(crate) struct Options {
    pub(crate) address: String,
    pub(crate) namespace: String,
    pub(crate) task_queue: String,
    pub(crate) codec: String,
    pub(crate) s3: String,
    pub(crate) bucket: String,
    /// Makes the bucket and ends. This and the next only this peer is asked for.
    pub(crate) make_bucket: bool,
    /// Fetches the objects whose keys stand in this file, one per line, into the directory `into`, and ends.
    pub(crate) fetch: String,
    pub(crate) into: String,
}

impl Options {
    pub(crate) fn parse() -> Result<Self, lexopt::Error> {
        let (mut options, mut args) = (Self::default(), lexopt::Parser::from_env());
        while let Some(arg) = args.next()? {
            let lexopt::Arg::Long(name) = arg else { return Err(arg.unexpected()) };
            let field = match name {
                "address" => &mut options.address,
                "namespace" => &mut options.namespace,
                "task-queue" => &mut options.task_queue,
                "codec" => &mut options.codec,
                "s3" => &mut options.s3,
                "bucket" => &mut options.bucket,
                "fetch" => &mut options.fetch,
                "into" => &mut options.into,
                "make-bucket" => {
                    options.make_bucket = true;
                    continue;
                }
                _ => return Err(arg.unexpected()),
            };
            *field = args.value()?.string()?;
        }
        Ok(options)
    }
}

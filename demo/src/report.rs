//! Reports the figures of a run, in words and as JSON.

use std::path::Path;

use temporalio_client::Client;

use crate::Outcome;
use crate::album::printing;
use crate::figures::{External, History, Objects};
use crate::story::Finished;

/// Holds the figures of one run.
#[derive(Debug)]
pub(crate) struct Report {
    album: History,
    print: History,
    objects: Objects,
    /// The Web UI's page of the workflow; empty without a Web UI.
    ui: String,
}

impl Report {
    pub(crate) async fn gather(plain: &Client, finished: &Finished, payloads: &Path) -> Outcome<Self> {
        let Finished { workflow, run } = finished;
        let album = History::read(plain, workflow).await?;
        let print = History::read(plain, &printing(workflow)).await?;
        let ui = std::env::var("EXTSTORE_TEMPORAL_UI").unwrap_or_default();
        let page = format!("{ui}/namespaces/default/workflows/{workflow}/{run}/history");
        let ui = if ui.is_empty() { ui } else { page };
        Ok(Self { album, print, objects: Objects::in_directory(payloads)?, ui })
    }

    fn bytes(&self) -> u64 {
        self.album.bytes + self.print.bytes
    }

    fn bytes_inline(&self) -> u64 {
        self.album.bytes_inline + self.print.bytes_inline
    }

    pub(crate) fn print(&self, payloads: &Path) {
        let Objects { count, bytes } = self.objects;
        println!();
        println!("Both histories hold {} bytes.", grouped(self.bytes()));
        println!("Without External Storage they would hold {} bytes,", grouped(self.bytes_inline()));
        println!("  but Temporal would have refused the first of these payloads: its limit is 2 MB.");
        println!("The store holds {count} objects, {} bytes, in {}", grouped(bytes), payloads.display());
        for (name, history) in [("workflow", &self.album), ("child", &self.print)] {
            let External { count, bytes } = history.counted;
            println!(
                "Of the {name} the server itself counts {count} external payloads, {} bytes.",
                grouped(bytes)
            );
        }
        if !self.ui.is_empty() {
            println!("The Web UI shows it: {}", self.ui);
        }
    }

    /// Fails if the server's count and the history's disagree.
    pub(crate) fn check(&self) -> Outcome<()> {
        for history in [&self.album, &self.print] {
            if history.found != history.counted || history.found.count == 0 {
                return Err(format!("the server's count is not the history's: {history:?}").into());
            }
        }
        Ok(())
    }

    pub(crate) fn json(&self) -> String {
        let Objects { count, bytes } = self.objects;
        format!(
            "{{\"history_bytes\":{},\"history_bytes_inline\":{},\"objects\":{count},\"payload_bytes\":{bytes},\"ui\":\"{}\"}}\n",
            self.bytes(),
            self.bytes_inline(),
            self.ui
        )
    }
}

/// Writes a number with its digits in groups of three.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let first = digits.len() % 3;
    let groups = digits.as_bytes()[first..].chunks(3).map(String::from_utf8_lossy);
    let groups: Vec<_> = (first > 0).then(|| digits[..first].into()).into_iter().chain(groups).collect();
    groups.join(",")
}

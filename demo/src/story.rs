//! Runs the demo's client, which prints a sentence for each step of the workflow.

use std::time::Instant;

use temporalio_client::{
    Client, WorkflowExecuteUpdateOptions, WorkflowGetResultOptions, WorkflowQueryOptions,
    WorkflowSignalOptions, WorkflowStartOptions,
};

use crate::Outcome;
use crate::album::{Album, BOOK, MIB};

/// Names the workflow that the client has run.
#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) workflow: String,
    pub(crate) run: String,
}

/// Sends the workflow payloads of every kind, and checks each that it returns.
pub(crate) async fn run(client: &Client, task_queue: &str) -> Outcome<Finished> {
    let clock = Clock(Instant::now());
    let workflow = format!("album-{}", std::process::id());
    clock.say(&format!("The client starts the workflow {workflow} with a scan of 5 MiB."));
    let options = WorkflowStartOptions::new(task_queue, &workflow).build();
    let scan = vec![b's'; 5 * MIB];
    let handle = client.start_workflow(Album::run, scan.clone(), options).await?;

    clock.say("An activity turns the scan into 10 MiB; meanwhile the client signals a page of 1 MiB.");
    let page = vec![b'p'; MIB];
    handle.signal(Album::add_page, page.clone(), WorkflowSignalOptions::default()).await?;

    clock.say("The client updates the workflow with a cover of 3 MiB and gets 6 MiB back.");
    let cover = vec![b'c'; 3 * MIB];
    let options = WorkflowExecuteUpdateOptions::default();
    let framed = handle.execute_update(Album::set_cover, cover.clone(), options).await?;
    same("the framed cover", &framed, &[&cover, &cover])?;

    clock.say("The client queries the pages, 11 MiB.");
    let pages = handle.query(Album::pages, (), WorkflowQueryOptions::default()).await?;
    // The signal may overtake the activity.
    let first = if pages.starts_with(b"p") { [&page[..], &scan, &scan] } else { [&scan[..], &scan, &page] };
    same("the pages", &pages, &first)?;

    clock.say("A child workflow takes the 11 MiB, and its activity binds a book of 50 MiB.");
    let book = handle.get_result(WorkflowGetResultOptions::default()).await?;
    same("the book", &book, &[&pages, &vec![0; BOOK - pages.len()]])?;
    clock.say("The workflow is completed, with the book as its result. Every byte came back as it was sent.");
    Ok(Finished { workflow, run: handle.run_id().unwrap_or_default().to_owned() })
}

/// Compares what came back with the parts that it must consist of.
fn same(what: &str, found: &[u8], expected: &[&[u8]]) -> Outcome<()> {
    let equal = found == expected.concat();
    equal.then_some(()).ok_or_else(|| format!("{what} came back changed, with {} bytes", found.len()).into())
}

/// Prints sentences with the seconds since the demo began.
struct Clock(Instant);

impl Clock {
    fn say(&self, sentence: &str) {
        println!("{:>6.1} s  {sentence}", self.0.elapsed().as_secs_f64());
    }
}

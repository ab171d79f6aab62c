//! Writes `docs/performance.md` for `cargo xtask bench --write`.

use super::client::Clients;
use super::figure::Results;
use super::machine::Machine;
use super::targets::Target;
use super::{table, targets};

const HOW_TO_READ: &str = "\
Every client talks to the same server in memory on the loopback interface, in a process of its own. It answers at once, or
after 20 ms. Each cell is a process of its own, so its peak memory belongs to it; the clients take turns, and a figure is
the median of the rounds. Drawing the payloads and counting the requests is not measured.

* **Processor time per payload** is the figure to trust: it is the client's own, in user space and in the kernel, and
  changes little when somebody else uses the machine. Rates do change: client and server share the cores.
* **fresh** is content that the server does not have: one conditional `PUT` of ours, `HEAD` and `PUT` of the official
  drivers (at 8 MiB Python sends `HEAD` and an upload in parts). **repeated** is the same batch again: ours remembers the
  keys, the others send `HEAD`. **existing** is the same batch stored by a driver of ours that remembers nothing, as after
  a restart: the `PUT` is refused and the object's digest is compared. **retrieve** reads each object once; **cached** reads
  one batch again and again with a driver that was given a cache.
* **raw** is a plain HTTP client of Go's standard library that hashes each payload once, knows its buffers in advance and
  neither signs nor parses: `HEAD` and `PUT`, or under **one-put** a conditional `PUT` alone.
* **plain files** are written and synced one after the other, with their directory, and are not hashed.
";

const WHY: &str = "\
* **Small payloads**: the vendor's client costs about 0.1 ms per request whatever the size, spread over its layers: a quarter
  in the allocator, a sixth in the kernel; finding the endpoint and signing are a few hundredths of it. Each payload is
  hashed once: its digest is the signed payload hash, the checksum and the key.
* **Retrieves**: the vendor's client hands out chunks of its own buffer, so each byte is copied once more than by a client
  that reads into the payload's buffer. The C library gives buffers of a mebibyte back to the kernel after each batch and
  faults them in again for the next: with `MALLOC_TRIM_THRESHOLD_` and `MALLOC_MMAP_THRESHOLD_` set to 1000000000, or with
  another allocator, a retrieve of 1 MiB × 10 costs about a quarter less. That is the application's choice.
* **Ten payloads 20 ms away**: a message makes at most 8 requests at a time unless `Budgets` says otherwise, so ten are two
  waves, of ours alone: the other clients have no such limit.
* **existing**: a store that repeats what another process stored sends the body once more and then looks at the object,
  because an existing object is good news only when it is the right one. It costs a round trip more than the official
  drivers' `HEAD`, which believe what they find.
";

pub(super) fn page(machine: &Machine, clients: &Clients, results: &Results, targets: &[Target]) -> String {
    let versions: Vec<_> =
        clients.versions().into_iter().map(|(name, version)| format!("* {name}: {version}")).collect();
    let missed = targets.iter().filter(|target| target.reached == Some(false)).count();
    let judged = targets.iter().filter(|target| target.reached.is_some()).count();
    format!(
        "# Performance\n\n\
         `cargo xtask bench --write` wrote this page: change the program, not the page.\n\n\
         ## How to read it\n\n{HOW_TO_READ}\n\
         ## Where it was measured\n\n\
         {} with {} cores, {} instructions for SHA-256; Linux {}; {}. Other processes kept {:.1} cores busy meanwhile; \
         the run had niceness {}. Rounds: {}.\n\n{}\n\n\
         ## Aims\n\n\
         {} of {judged} reached. The times were set on another machine; the ratios compare clients of this run.\n\n{}\n\
         ## Where it loses, and why\n\n{WHY}\n\
         ## Figures\n\n{}",
        machine.processor,
        machine.cores,
        if machine.sha { "with" } else { "without" },
        machine.kernel,
        machine.rustc,
        results.load_by_others,
        machine.niceness,
        results.rounds.len(),
        versions.join("\n"),
        judged - missed,
        targets::table(targets),
        table::all(results),
    )
}

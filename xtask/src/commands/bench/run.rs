//! Rounds over all cells and clients, then the shapes of load that only our driver is asked for.

use std::path::Path;

use super::client::{Client, Clients};
use super::figure::{Figure, Results, lines};
use super::load::Load;
use super::matrix::{Cell, FAR_MS, cells, size};
use super::server::Server;
use crate::failure::{Failure, While};
use crate::process::Step;
use crate::project::Project;

/// Sets the batch of the memory figures: 100 × 8 MiB.
const LARGE: (usize, usize) = (8 << 20, 100);

pub(super) fn run(
    project: &Project,
    clients: &Clients,
    rounds: usize,
    quick: bool,
) -> Result<Results, Failure> {
    let mut results = Results::default();
    let load = Load::now();
    {
        let servers =
            [Server::start(&clients.ours.program, 0)?, Server::start(&clients.ours.program, FAR_MS)?];
        let runner = Runner { project, servers: &servers };
        for round in 0..rounds {
            let figures = runner.round(clients, round, quick, &mut results.failures)?;
            results.rounds.push(figures);
        }
        runner.shapes(&clients.ours.program, quick, &mut results)?;
    }
    results.load_by_others = load.by_others_since();
    results.settle();
    Ok(results)
}

struct Runner<'a> {
    project: &'a Project,
    servers: &'a [Server; 2],
}

impl Runner<'_> {
    /// Measures every cell once with every client; the client that goes first changes from cell to cell and from
    /// round to round.
    fn round(
        &self,
        clients: &Clients,
        round: usize,
        quick: bool,
        failures: &mut Vec<String>,
    ) -> Result<Vec<Figure>, Failure> {
        let mut figures = Vec::new();
        let mut order: Vec<&Client> = clients.all().collect();
        order.rotate_left(round % clients.all().count());
        for cell in cells(quick) {
            let disk = (cell.delay_ms == 0).then_some(&clients.disk);
            for client in order.iter().copied().chain(disk) {
                let what =
                    format!("{} {} × {} at {} ms", client.name, size(cell.size), cell.batch, cell.delay_ms);
                println!("round {}: {what}", round + 1);
                match self.cell(client, cell) {
                    Ok(found) => figures.extend(found),
                    Err(failure) => failures.push(format!("{what}: {failure}")),
                }
                self.server(cell.delay_ms).empty()?;
            }
            order.rotate_left(1);
        }
        Ok(figures)
    }

    fn server(&self, delay_ms: u32) -> &Server {
        &self.servers[usize::from(delay_ms > 0)]
    }

    fn cell(&self, client: &Client, cell: Cell) -> Result<Vec<Figure>, Failure> {
        let mut args = client.args.clone();
        args.extend([cell.size, cell.batch, cell.calls].map(|number| number.to_string().into()));
        let output = self.output(client.name, &client.program, args, cell.delay_ms)?;
        let figures = lines(&output).map(|line| {
            let figure: Figure = serde_json::from_value(line).while_doing("reading a figure")?;
            Ok(Figure { delay_ms: cell.delay_ms, ..figure })
        });
        figures.collect()
    }

    fn output(
        &self,
        name: &str,
        program: &Path,
        args: impl IntoIterator<Item = std::ffi::OsString>,
        delay_ms: u32,
    ) -> Result<String, Failure> {
        let step = Step::program(self.project, &format!("bench-{name}"), program, args)
            .env("AWS_ENDPOINT_URL", self.server(delay_ms).endpoint())
            .env("AWS_REGION", "us-east-1")
            .env("AWS_DEFAULT_REGION", "us-east-1")
            .env("AWS_ACCESS_KEY_ID", "bench")
            .env("AWS_SECRET_ACCESS_KEY", self.project.canary.secret()?)
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("NO_PROXY", "127.0.0.1")
            .env("NODE_NO_WARNINGS", "1");
        let finished = step.run()?;
        if finished.success { Ok(finished.text()) } else { Err(Failure::Broken(finished.tail())) }
    }

    /// Measures what the matrix cannot show: copies, large payloads beside small ones, peak memory of a large batch.
    fn shapes(&self, program: &Path, quick: bool, results: &mut Results) -> Result<(), Failure> {
        let claims = self.project.target.join("bench/claims.json");
        let (size, count) = LARGE;
        let memory = |what: &str| {
            let words = ["memory", what, &size.to_string(), &count.to_string()];
            words.map(Into::into).into_iter().chain([claims.clone().into()]).collect::<Vec<_>>()
        };
        let calls = if quick { "30" } else { "200" };
        let runs = [
            ("copies", ["copies", "262144", "100"].map(Into::into).to_vec()),
            ("mixed", ["mixed", calls].map(Into::into).to_vec()),
            ("memory-none", memory("none")),
            ("memory-store", memory("store")),
            ("memory-retrieve", memory("retrieve")),
        ];
        for (name, args) in runs {
            println!("{name}");
            match self.output(name, program, args, 0) {
                Ok(output) => results.add_shape(name, &output),
                Err(failure) => results.failures.push(format!("{name}: {failure}")),
            }
        }
        self.server(0).empty()
    }
}

impl Results {
    /// Keeps the numbers of a line as `name.field`.
    fn add_shape(&mut self, name: &str, output: &str) {
        for line in lines(output) {
            let fields = line.as_object().cloned().unwrap_or_default();
            let numbers = fields.iter().filter_map(|(field, value)| Some((field, value.as_f64()?)));
            self.shapes.extend(numbers.map(|(field, value)| (format!("{name}.{field}"), value)));
        }
    }
}

//! Runs one target.

use std::fs;
use std::path::{Path, PathBuf};

use super::build::Programs;
use super::{Ended, Stats, Until, cover};
use crate::failure::{Failure, While};
use crate::process::{Finished, Step};
use crate::project::Project;

/// Describes a program in `fuzz/fuzz_targets`.
#[derive(Debug)]
pub(super) struct Target {
    pub(super) name: &'static str,
    /// The largest length of an input: longer ones find nothing that shorter ones do not, and are slow.
    max_len: usize,
}

pub(super) static TARGETS: [Target; 5] = [
    Target { name: "scan", max_len: 2048 },
    Target { name: "rewrite", max_len: 2048 },
    Target { name: "reference", max_len: 512 },
    Target { name: "claim", max_len: 256 },
    Target { name: "inbound", max_len: 256 },
];

/// Bounds the inputs of a target that are committed. A fuzz run finds the others again within seconds.
const COMMITTED: usize = 70;

/// Finds the target of that name, or fails with all names.
pub(super) fn by_name(name: &str) -> Result<&'static Target, Failure> {
    TARGETS.iter().find(|target| target.name == name).ok_or_else(|| {
        let names: Vec<_> = TARGETS.iter().map(|target| target.name).collect();
        Failure::Usage(format!("there is no fuzz target {name:?}: {}", names.join(", ")))
    })
}

impl Target {
    /// Runs it from the committed corpus and from what earlier runs found, which stays in the target directory.
    pub(super) fn run(
        &'static self,
        project: &Project,
        programs: &Programs,
        until: Until,
    ) -> Result<Ended, Failure> {
        let (found, findings) = (self.directory(project, "corpus")?, self.directory(project, "findings")?);
        let until = match until {
            Until::Seconds(seconds) => format!("-max_total_time={seconds}"),
            Until::Executions(executions) => format!("-runs={executions}"),
        };
        let flags = [
            until,
            format!("-max_len={}", self.max_len),
            format!("-artifact_prefix={}/", findings.display()),
            "-print_final_stats=1".to_owned(),
            // What takes a minute is a finding: a usual input takes microseconds, also where others want the processor.
            "-timeout=60".to_owned(),
        ];
        let directories = [found, self.committed(project)].map(|path| path.display().to_string());
        let finished = self.start(project, programs, flags.into_iter().chain(directories))?;
        let stats = Stats::of(&finished.text(), finished.took);
        let finding = self.finding(project, programs, &finished, &stats);
        Ok(Ended { target: self, stats, finding })
    }

    /// Merges what earlier runs found into the committed corpus, and keeps the few inputs that take the most edges.
    pub(super) fn minimize(&self, project: &Project, programs: &Programs) -> Result<String, Failure> {
        let (found, committed) = (self.directory(project, "corpus")?, self.committed(project));
        let kept = self.directory(project, "minimal")?;
        fs::remove_dir_all(&kept).and_then(|()| fs::create_dir(&kept)).while_doing(kept.display())?;
        let control = kept.with_extension("control");
        let _ = fs::remove_file(&control);
        // How often an edge is taken does not matter here, or ten times the inputs would stay.
        let flags = ["-set_cover_merge=1".to_owned(), "-use_counters=0".to_owned()];
        let flags = flags.into_iter().chain([format!("-merge_control_file={}", control.display())]);
        let directories = [&kept, &committed, &found].map(|path| path.display().to_string());
        let finished = self.start(project, programs, flags.chain(directories))?;
        if !finished.success {
            return Err(Failure::Broken(format!("minimizing {}\n{}", self.name, finished.tail())));
        }
        let control = fs::read_to_string(&control).while_doing(control.display())?;
        replace(&committed, &cover::choose(&control, COMMITTED)).while_doing(committed.display())
    }

    fn start(
        &self,
        project: &Project,
        programs: &Programs,
        args: impl Iterator<Item = String>,
    ) -> Result<Finished, Failure> {
        Step::program(project, &format!("fuzz-{}", self.name), programs.of(self.name), args).run()
    }

    /// Says why the run is not good enough.
    fn finding(
        &self,
        project: &Project,
        programs: &Programs,
        finished: &Finished,
        stats: &Stats,
    ) -> Option<String> {
        if finished.success && stats.executions > 0 {
            return None;
        }
        let input = stats.finding.as_ref().map_or_else(String::new, |input| {
            format!("; `{} {input}` repeats it", project.shown(&programs.of(self.name)))
        });
        let log = project.shown(&finished.log);
        Some(format!("{}: {}{input}; see {log}\n{}", self.name, finished.status, finished.tail()))
    }

    fn committed(&self, project: &Project) -> PathBuf {
        project.root.join("fuzz/corpus").join(self.name)
    }

    /// Returns a directory of this target for what runs leave behind.
    fn directory(&self, project: &Project, what: &str) -> Result<PathBuf, Failure> {
        let directory = project.target.join("fuzz-runs").join(self.name).join(what);
        fs::create_dir_all(&directory).while_doing(directory.display())?;
        Ok(directory)
    }
}

/// Puts these files in a directory in the place of what is there, and says how many and how large they are.
fn replace(directory: &Path, files: &[PathBuf]) -> std::io::Result<String> {
    // Read first: some of them are there already.
    let contents: Vec<_> =
        files.iter().map(|file| Ok((file, fs::read(file)?))).collect::<std::io::Result<_>>()?;
    if directory.exists() {
        fs::remove_dir_all(directory)?;
    }
    fs::create_dir_all(directory)?;
    for (file, content) in &contents {
        fs::write(directory.join(file.file_name().unwrap_or_default()), content)?;
    }
    let bytes: usize = contents.iter().map(|(_, content)| content.len()).sum();
    Ok(format!("{} files, {bytes} bytes", contents.len()))
}

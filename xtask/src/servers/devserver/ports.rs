//! Chooses the ports where the server listens, always on 127.0.0.1.

use std::net::TcpListener;

use crate::failure::{Failure, While};

/// Holds the ports that one server keeps over restarts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ports {
    pub(super) frontend: u16,
    pub(super) http: u16,
    pub(super) ui: u16,
    pub(super) metrics: u16,
}

impl Ports {
    /// Finds four ports that are free now, and holds all until the last one is found.
    pub(super) fn free() -> Result<Self, Failure> {
        let bind = || TcpListener::bind("127.0.0.1:0").while_doing("finding a free port");
        let held = [bind()?, bind()?, bind()?, bind()?];
        let port = |at: usize| held[at].local_addr().map(|address| address.port());
        let all = || Ok::<_, std::io::Error>([port(0)?, port(1)?, port(2)?, port(3)?]);
        let [frontend, http, ui, metrics] = all().while_doing("finding a free port")?;
        Ok(Self { frontend, http, ui, metrics })
    }

    pub(super) fn flags(self, ui: bool) -> Vec<String> {
        let flag = |name: &str, port: u16| [format!("--{name}"), port.to_string()];
        let always =
            [flag("port", self.frontend), flag("http-port", self.http), flag("metrics-port", self.metrics)];
        let mut flags = always.concat();
        match ui {
            true => flags.extend(flag("ui-port", self.ui)),
            false => flags.push("--headless".to_owned()),
        }
        flags
    }

    /// Lists what must answer before the server is of use: port and path. The namespace is registered last.
    pub(super) fn pages(self, ui: bool) -> Vec<(u16, &'static str)> {
        let mut pages = vec![(self.http, "/api/v1/namespaces/default")];
        pages.extend(ui.then_some((self.ui, "/")));
        pages
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_web_ui_nothing_of_it_is_served_or_awaited() {
        let ports = Ports { frontend: 1, http: 2, ui: 3, metrics: 4 };
        assert!(ports.flags(true).windows(2).any(|pair| pair == ["--ui-port", "3"]));
        assert_eq!(ports.pages(true).last(), Some(&(3, "/")));
        assert!(ports.flags(false).contains(&"--headless".to_owned()));
        assert!(ports.pages(false).iter().all(|(port, _)| *port != 3));
    }

    #[test]
    fn free_ports_differ() {
        let Ports { frontend, http, ui, metrics } = Ports::free().expect("free ports");
        let different = std::collections::BTreeSet::from([frontend, http, ui, metrics]);
        assert_eq!(different.len(), 4);
    }
}

//! Keeps one connection per address of a host name, as `temporalio-client` does by default.

use std::collections::HashSet;
use std::net::SocketAddr;
use std::time::Duration;

use extstore::{ErrorKind, Result};
use extstore_gateway::Status;
use temporalio_client::ConnectionOptions;
use tokio::sync::mpsc::Sender;
use tonic::transport::channel::Change;
use tonic::transport::{Channel, Endpoint};

use crate::{endpoint, status};

/// Bounds the interval: the SDK accepts no shorter one.
const MIN_INTERVAL: Duration = Duration::from_secs(1);

/// Holds a host name that is looked up again and again, and the options of its connections.
#[derive(Clone)]
pub(crate) struct Balance {
    options: ConnectionOptions,
    host: String,
    port: u16,
    interval: Duration,
}

/// Looks the host name up as long as it is held.
pub(crate) struct Refresh(tokio::task::AbortHandle);

impl Drop for Refresh {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Balance {
    /// Returns `None` where balancing is off, or the target is an address and no name.
    pub(crate) fn new(options: &ConnectionOptions) -> Result<Option<Self>> {
        let Some(balancing) = &options.dns_load_balancing else { return Ok(None) };
        if balancing.resolution_interval < MIN_INTERVAL {
            let text = "ConnectionOptions.dns_load_balancing needs a resolution_interval of a second or more";
            return Err(ErrorKind::Config.error(text));
        }
        let Some(host) = options.target.domain().filter(|host| *host != "localhost") else { return Ok(None) };
        Ok(Some(Self {
            options: options.clone(),
            host: host.to_owned(),
            port: options.target.port_or_known_default().unwrap_or(7233),
            interval: balancing.resolution_interval,
        }))
    }

    /// Connects to every address that the name has now, and to those that later look-ups find.
    pub(crate) async fn connect(&self, place: &str) -> Result<(Channel, Refresh), Status> {
        let addresses = self.look_up().await.map_err(|error| status::unreachable(place, &error))?;
        if addresses.is_empty() {
            let none = std::io::Error::new(std::io::ErrorKind::NotFound, "the host name has no address");
            return Err(status::unreachable(place, &none));
        }
        let (channel, changes) = Channel::balance_channel(addresses.len().max(16));
        let mut follower = Follower { balance: self.clone(), changes, known: HashSet::new() };
        follower.apply(addresses).await;
        let task = tokio::spawn(async move { follower.run().await });
        Ok((channel, Refresh(task.abort_handle())))
    }

    async fn look_up(&self) -> std::io::Result<HashSet<SocketAddr>> {
        Ok(tokio::net::lookup_host((self.host.as_str(), self.port)).await?.collect())
    }

    fn endpoint(&self, address: SocketAddr) -> Result<Endpoint> {
        let address = format!("{}://{address}", self.options.target.scheme());
        endpoint::endpoint(&self.options, &address, Some(&self.host))
    }
}

/// Tells a channel which addresses its host name has.
struct Follower {
    balance: Balance,
    changes: Sender<Change<SocketAddr, Endpoint>>,
    known: HashSet<SocketAddr>,
}

impl Follower {
    async fn run(&mut self) {
        while !self.changes.is_closed() {
            #[expect(clippy::disallowed_methods, reason = "nothing tells that a name has other addresses")]
            tokio::time::sleep(self.balance.interval).await;
            match self.balance.look_up().await {
                Ok(found) if !found.is_empty() => self.apply(found).await,
                Ok(_) => {
                    tracing::warn!(host = %self.balance.host, "a look-up found no address; keeping those known")
                }
                Err(error) => {
                    tracing::warn!(host = %self.balance.host, %error, "a look-up failed; keeping the addresses known");
                }
            }
        }
    }

    /// Tells the channel what has changed. A channel that is gone takes no more.
    async fn apply(&mut self, found: HashSet<SocketAddr>) {
        for gone in self.known.difference(&found) {
            let _ = self.changes.send(Change::Remove(*gone)).await;
        }
        for new in found.difference(&self.known) {
            // The same options made an endpoint before: only the address differs.
            match self.balance.endpoint(*new) {
                Ok(endpoint) => drop(self.changes.send(Change::Insert(*new, endpoint)).await),
                Err(error) => tracing::warn!(%error, "an address cannot be used"),
            }
        }
        self.known = found;
    }
}

#[cfg(test)]
mod tests {
    use temporalio_client::{DnsLoadBalancingOptions, Url};
    use tokio::sync::mpsc::{self, Receiver};

    use super::*;

    fn options(target: &str) -> ConnectionOptions {
        ConnectionOptions::new(Url::parse(target).unwrap()).build()
    }

    #[test]
    fn only_names_are_looked_up() {
        for single in ["http://127.0.0.1:7233", "http://[::1]:7233", "http://localhost:7233"] {
            assert!(Balance::new(&options(single)).unwrap().is_none(), "{single}");
        }
        let balance = Balance::new(&options("https://orders.tmprl.test")).unwrap().unwrap();
        assert_eq!((balance.host.as_str(), balance.port), ("orders.tmprl.test", 443));
        assert_eq!(balance.interval, DnsLoadBalancingOptions::default().resolution_interval);
        let mut off = options("https://orders.tmprl.test");
        off.dns_load_balancing = None;
        assert!(Balance::new(&off).unwrap().is_none());
    }

    async fn applied(
        follower: &mut Follower,
        changes: &mut Receiver<Change<SocketAddr, Endpoint>>,
        found: &[&str],
    ) -> Vec<String> {
        follower.apply(found.iter().map(|address| address.parse().unwrap()).collect()).await;
        let mut seen = Vec::new();
        while let Ok(change) = changes.try_recv() {
            seen.push(match change {
                Change::Insert(address, endpoint) => {
                    assert_eq!(endpoint.uri().authority().unwrap().as_str(), address.to_string());
                    format!("+{address}")
                }
                Change::Remove(address) => format!("-{address}"),
            });
        }
        seen.sort();
        seen
    }

    #[tokio::test]
    async fn a_channel_is_told_what_has_changed() {
        let balance = Balance::new(&options("http://orders.tmprl.test:7233")).unwrap().unwrap();
        let (sender, mut changes) = mpsc::channel(8);
        let mut follower = Follower { balance, changes: sender, known: HashSet::new() };
        let first = ["10.0.0.1:7233", "[fd00::1]:7233"];
        assert_eq!(applied(&mut follower, &mut changes, &first).await, ["+10.0.0.1:7233", "+[fd00::1]:7233"]);
        assert!(applied(&mut follower, &mut changes, &first).await.is_empty());
        let second = ["10.0.0.1:7233", "10.0.0.2:7233"];
        assert_eq!(
            applied(&mut follower, &mut changes, &second).await,
            ["+10.0.0.2:7233", "-[fd00::1]:7233"]
        );
    }
}

//! Listens before an endpoint and does to each request what a case asked for.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use tokio::net::{TcpListener, TcpSocket};
use tokio::task::{JoinHandle, JoinSet};

use super::log::Logged;
use super::script::{Fault, On};
use super::shared::Shared;
use super::{exchange, tcp};

const BACKLOG: u32 = 1024;

/// Forwards connections on 127.0.0.1 to one endpoint, and makes faults in them. Dropping it ends all its connections.
///
/// Faults are told by kind of request and in order: [`next`](Self::next) for one request,
/// [`always`](Self::always) for all that nothing was told about. Everything else is forwarded.
#[derive(Debug)]
pub struct Proxy {
    shared: Arc<Shared>,
    address: SocketAddr,
    state: tokio::sync::Mutex<State>,
}

#[derive(Debug)]
enum State {
    Open(Listening),
    /// Bound and not listening: the port refuses connections and nobody else can take it.
    Closed(TcpSocket),
    Moving,
}

/// Holds the task that accepts connections, and ends it when it is dropped.
#[derive(Debug)]
struct Listening(JoinHandle<()>);

impl Proxy {
    /// Starts a proxy that understands HTTP/1.1: faults are per request.
    ///
    /// # Errors
    ///
    /// The operating system's, where no port can be bound.
    pub async fn http(upstream: SocketAddr) -> io::Result<Self> {
        Self::start(upstream, true)
    }

    /// Starts a proxy for any other protocol: faults are per connection, and bodies are all its bytes.
    ///
    /// # Errors
    ///
    /// The operating system's, where no port can be bound.
    pub async fn tcp(upstream: SocketAddr) -> io::Result<Self> {
        Self::start(upstream, false)
    }

    fn start(upstream: SocketAddr, speaks_http: bool) -> io::Result<Self> {
        let socket = bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))?;
        let address = socket.local_addr()?;
        let shared = Arc::new(Shared::new(upstream, speaks_http));
        let state = State::Open(Listening::start(socket, &shared)?);
        Ok(Self { shared, address, state: tokio::sync::Mutex::new(state) })
    }

    /// The address that the driver under test is given.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Tells what happens to the next request of a kind that nothing was told about yet.
    pub fn next(&self, on: On, fault: Fault) {
        self.shared.script().push(on, fault);
    }

    /// Tells what happens to every request of a kind once the faults for single requests are used up.
    pub fn always(&self, on: On, fault: Fault) {
        self.shared.script().always(on, fault);
    }

    /// Forgets all faults that were told: everything is forwarded again.
    pub fn clear(&self) {
        self.shared.script().clear();
    }

    /// Refuses connections from now on and ends those that are open.
    ///
    /// # Errors
    ///
    /// The operating system's, where the port cannot be held.
    pub async fn refuse(&self) -> io::Result<()> {
        let mut state = self.state.lock().await;
        if let State::Open(listening) = std::mem::replace(&mut *state, State::Moving) {
            listening.end().await;
        }
        *state = State::Closed(bind(self.address)?);
        Ok(())
    }

    /// Accepts connections again.
    ///
    /// # Errors
    ///
    /// The operating system's, where the port cannot be listened on.
    pub async fn resume(&self) -> io::Result<()> {
        let mut state = self.state.lock().await;
        *state = match std::mem::replace(&mut *state, State::Moving) {
            State::Closed(socket) => State::Open(Listening::start(socket, &self.shared)?),
            state @ (State::Open(_) | State::Moving) => state,
        };
        Ok(())
    }

    /// Returns all requests so far, in the order of their arrival.
    #[must_use]
    pub fn log(&self) -> Vec<Logged> {
        self.shared.log().entries()
    }

    /// Returns the number of requests that have arrived so far.
    #[must_use]
    pub fn requests(&self) -> usize {
        self.log().len()
    }

    /// Returns the largest number of requests that were under way at once.
    #[must_use]
    pub fn peak_in_flight(&self) -> usize {
        self.shared.log().peak()
    }

    /// Waits until this many requests have arrived since the proxy was started.
    pub async fn wait_for_requests(&self, requests: usize) {
        self.shared.log().reached(requests).await;
    }
}

impl Listening {
    fn start(socket: TcpSocket, shared: &Arc<Shared>) -> io::Result<Self> {
        let listener = socket.listen(BACKLOG)?;
        Ok(Self(tokio::spawn(accept(listener, Arc::clone(shared)))))
    }

    /// Returns once the listener is closed.
    async fn end(mut self) {
        self.0.abort();
        // It was just aborted: that is its outcome.
        let _ = (&mut self.0).await;
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Owns the connections: they end with it.
async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    while let Ok((client, _)) = listener.accept().await {
        let shared = Arc::clone(&shared);
        connections.spawn(async move {
            // Without it the kernel joins what a slicing fault has just cut.
            let _ = client.set_nodelay(true);
            match shared.speaks_http() {
                true => exchange::serve(client, &shared).await,
                false => tcp::serve(client, &shared).await,
            }
        });
        while connections.try_join_next().is_some() {}
    }
}

fn bind(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = TcpSocket::new_v4()?;
    // The port is bound again while its old connections wind down.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    Ok(socket)
}

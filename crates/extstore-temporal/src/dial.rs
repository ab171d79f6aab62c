//! Making the connection, when the first call needs it.

use extstore::{ErrorKind, Result};
use extstore_gateway::Status;
use temporalio_client::{ConnectionOptions, HttpConnectProxyOptions};
use tonic::transport::{Channel, Endpoint};

use crate::balance::{Balance, Refresh};
use crate::{endpoint, status};

/// How to reach the server.
pub(crate) struct Dial {
    way: Way,
    /// The server for people: scheme, host and port, no user information.
    place: String,
}

enum Way {
    Direct(Endpoint),
    Proxy(Endpoint, HttpConnectProxyOptions),
    Balanced(Balance),
}

/// A connection that reconnects by itself.
pub(crate) struct Line {
    pub(crate) channel: Channel,
    /// Ends the look-ups of a balanced connection with it.
    _refresh: Option<Refresh>,
}

impl Dial {
    /// Reads the options. Certificates are parsed here; nothing is sent.
    pub(crate) fn new(options: &ConnectionOptions) -> Result<Self> {
        let target = &options.target;
        let Some(host) = target.host_str() else {
            return Err(ErrorKind::Config.error("ConnectionOptions.target has no host: use http://HOST:PORT"));
        };
        let port = target.port_or_known_default().map(|port| format!(":{port}")).unwrap_or_default();
        let place = format!("{}://{host}{port}", target.scheme());
        let direct = endpoint::endpoint(options, target.as_str(), None)?;
        let way = match (&options.http_connect_proxy, Balance::new(options)?) {
            (Some(proxy), _) => Way::Proxy(direct, proxy.clone()),
            (None, Some(balance)) => Way::Balanced(balance),
            (None, None) => Way::Direct(direct),
        };
        Ok(Self { way, place })
    }

    pub(crate) fn place(&self) -> &str {
        &self.place
    }

    /// Connects. The first connection fails at once, later ones are made again by the channel.
    ///
    /// # Errors
    ///
    /// `UNAVAILABLE` with the address and everything that is known of the cause.
    pub(crate) async fn connect(&self) -> Result<Line, Status> {
        let connected = match &self.way {
            Way::Direct(endpoint) => endpoint.connect().await,
            Way::Proxy(endpoint, proxy) => proxy.connect_endpoint(endpoint).await,
            Way::Balanced(balance) => {
                let (channel, refresh) = balance.connect(&self.place).await?;
                return Ok(Line { channel, _refresh: Some(refresh) });
            }
        };
        let channel = connected.map_err(|error| status::unreachable(&self.place, &error))?;
        Ok(Line { channel, _refresh: None })
    }
}

//! Connects to the server when the first call needs it.

use extstore::{ErrorKind, Result};
use extstore_gateway::Status;
use temporalio_client::{ConnectionOptions, HttpConnectProxyOptions};
use tonic::transport::{Channel, Endpoint};

use crate::balance::{Balance, Refresh};
use crate::{endpoint, status};

/// Holds the options of a connection, read and checked.
pub(crate) struct Dial {
    route: Route,
    /// The server's name in errors and logs: scheme, host and port, no user information.
    place: String,
}

enum Route {
    Direct(Endpoint),
    Proxy(Endpoint, HttpConnectProxyOptions),
    Balanced(Balance),
}

/// Holds a connection that reconnects by itself.
pub(crate) struct Connected {
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
        let route = match (&options.http_connect_proxy, Balance::new(options)?) {
            (Some(proxy), _) => Route::Proxy(direct, proxy.clone()),
            (None, Some(balance)) => Route::Balanced(balance),
            (None, None) => Route::Direct(direct),
        };
        Ok(Self { route, place })
    }

    pub(crate) fn place(&self) -> &str {
        &self.place
    }

    /// Connects. The first connection fails at once, later ones are made again by the channel.
    ///
    /// # Errors
    ///
    /// `UNAVAILABLE` with the address and everything that is known of the cause.
    pub(crate) async fn connect(&self) -> Result<Connected, Status> {
        let connected = match &self.route {
            Route::Direct(endpoint) => endpoint.connect().await,
            Route::Proxy(endpoint, proxy) => proxy.connect_endpoint(endpoint).await,
            Route::Balanced(balance) => {
                let (channel, refresh) = balance.connect(&self.place).await?;
                return Ok(Connected { channel, _refresh: Some(refresh) });
            }
        };
        let channel = connected.map_err(|error| status::unreachable(&self.place, &error))?;
        Ok(Connected { channel, _refresh: None })
    }
}

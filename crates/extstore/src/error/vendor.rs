//! Holds the fields of the store's answer that an error prints.

/// Records what the store answered, as fields that may be printed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Vendor {
    /// The HTTP or gRPC status.
    pub status: Option<u16>,
    /// The store's own error code, such as `NoSuchBucket`.
    pub code: Option<String>,
    /// The id by which the vendor's support finds the request.
    pub request_id: Option<String>,
    /// Facts about the client, such as `client_region`.
    pub details: Vec<(&'static str, String)>,
}

impl Vendor {
    /// Records a status.
    #[must_use]
    pub fn status(status: u16) -> Self {
        Self { status: Some(status), ..Self::default() }
    }

    /// Adds the store's error code.
    #[must_use]
    pub fn with_code(mut self, code: Option<&str>) -> Self {
        self.code = code.map(str::to_owned);
        self
    }

    /// Adds the request id.
    #[must_use]
    pub fn with_request_id(mut self, id: Option<&str>) -> Self {
        self.request_id = id.map(str::to_owned);
        self
    }
}

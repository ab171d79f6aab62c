//! Runs a small HTTP server that keeps every request exactly as it arrived, and answers as a test tells it.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{Receiver, Sender, channel};

/// Holds one request, byte for byte: nothing has been decoded or normalised.
#[derive(Clone, Debug)]
pub(crate) struct Recorded {
    pub(crate) method: String,
    /// The request target as it stands in the request line.
    pub(crate) target: String,
    /// Names in lower case, in the order of arrival.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Recorded {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }
}

/// Holds one answer of the server.
#[derive(Clone, Debug, Default)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
    without_length: bool,
}

impl Answer {
    pub(crate) fn status(status: u16) -> Self {
        Self { status, ..Self::default() }
    }

    pub(crate) fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub(crate) fn with_body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// Announces no length: the body ends with the connection.
    pub(crate) fn without_length(mut self) -> Self {
        self.without_length = true;
        self
    }

    /// Makes a store's answer to an upload.
    pub(crate) fn stored() -> Self {
        Self::status(200).with_header("etag", "\"v1\"")
    }

    /// Makes a store's answer to a read.
    pub(crate) fn object(body: impl Into<Vec<u8>>) -> Self {
        Self::stored().with_body(body)
    }

    /// Makes a store's answer to HEAD for an object of so many bytes.
    pub(crate) fn looked_at(len: usize) -> Self {
        Self::stored().with_header("content-length", len.to_string())
    }

    /// Makes an error as S3 writes it.
    pub(crate) fn error(status: u16, code: &str) -> Self {
        Self::status(status).with_body(format!("<Error><Code>{code}</Code><Message>m</Message></Error>"))
    }

    fn head(&self) -> String {
        let mut head = format!("HTTP/1.1 {} Recorded\r\n", self.status);
        for (name, value) in &self.headers {
            if !(self.without_length && *name == "content-length") {
                head.push_str(&format!("{name}: {value}\r\n"));
            }
        }
        if !self.without_length && !self.headers.iter().any(|(name, _)| *name == "content-length") {
            head.push_str(&format!("content-length: {}\r\n", self.body.len()));
        }
        head + "\r\n"
    }
}

type Respond = dyn Fn(&Recorded) -> Answer + Send + Sync;

/// Holds the running server; it ends with the runtime of its test.
pub(crate) struct Recorder {
    pub(crate) address: SocketAddr,
    requests: Arc<Mutex<Vec<Recorded>>>,
    sent: Receiver<bool>,
}

impl Recorder {
    pub(crate) async fn start(respond: impl Fn(&Recorded) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::<Mutex<Vec<Recorded>>>::default();
        let (log, respond): (_, Arc<Respond>) = (Arc::clone(&requests), Arc::new(respond));
        let (tell, sent) = channel(1024);
        tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                tokio::spawn(serve(connection, Arc::clone(&log), Arc::clone(&respond), tell.clone()));
            }
        });
        Self { address, requests, sent }
    }

    /// Waits until the next answer has left, and says whether the client took all of it.
    pub(crate) async fn client_took_it(&mut self) -> bool {
        self.sent.recv().await.unwrap()
    }

    pub(crate) fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn requests(&self) -> Vec<Recorded> {
        self.requests.lock().unwrap().clone()
    }

    /// Returns the methods of all requests so far, in order.
    pub(crate) fn methods(&self) -> Vec<String> {
        self.requests().into_iter().map(|request| request.method).collect()
    }
}

async fn serve(
    connection: TcpStream,
    log: Arc<Mutex<Vec<Recorded>>>,
    respond: Arc<Respond>,
    tell: Sender<bool>,
) {
    let mut connection = BufReader::new(connection);
    while let Some(request) = read(&mut connection).await {
        let answer = respond(&request);
        let body = if request.method == "HEAD" { &[][..] } else { &answer.body };
        log.lock().unwrap().push(request);
        let sent = connection.write_all(&[answer.head().as_bytes(), body].concat()).await;
        // Most tests do not listen.
        let _ = tell.try_send(sent.is_ok());
        if sent.is_err() || answer.without_length {
            return;
        }
    }
}

/// Reads one request; `None` when the client has left.
async fn read(connection: &mut BufReader<TcpStream>) -> Option<Recorded> {
    let line = read_line(connection).await?;
    let mut words = line.split(' ');
    let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = Vec::new();
    loop {
        let line = read_line(connection).await?;
        let Some((name, value)) = line.split_once(':') else { break };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let mut request = Recorded { method, target, headers, body: Vec::new() };
    let length = request.header("content-length").map_or(0, |length| length.parse().unwrap());
    request.body.resize(length, 0);
    connection.read_exact(&mut request.body).await.ok()?;
    Some(request)
}

async fn read_line(connection: &mut BufReader<TcpStream>) -> Option<String> {
    let mut line = String::new();
    let read = connection.read_line(&mut line).await.ok()?;
    (read > 0).then(|| line.trim_end().to_owned())
}

//! Stops the server and starts it again.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Sends one word to the owner of the server: `kill`, `launch`. Returns when the server is gone, or answers again.
pub(crate) async fn server(word: &str) {
    let address = std::env::var("EXTSTORE_TEMPORAL_CONTROL")
        .expect("`cargo xtask with temporal` names its control port");
    let mut connection = TcpStream::connect(address).await.unwrap();
    connection.write_all(format!("{word}\n").as_bytes()).await.unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await.unwrap();
    assert_eq!(answer.trim(), "ok", "{word}");
}

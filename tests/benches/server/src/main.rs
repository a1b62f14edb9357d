//! A loopback server that answers every create with the documented example, and keeps connections. Its address is the
//! first line that it prints.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const BODY: &str = r#"{"id":"5e9b9c9b0f9c9a0001b0b1f5","name":"Group 1","description":"My first participant group","workspace_id":"5e9b9c9b0f9c9a0001b1ca2f","organisation_id":null,"project_id":null,"participant_count":3,"is_deleted":false,"feeder_studies":[]}"#;

fn main() -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        println!("{}", listener.local_addr()?);
        loop {
            let (connection, _) = listener.accept().await?;
            connection.set_nodelay(true)?;
            tokio::spawn(serve(connection));
        }
    })
}

async fn serve(mut connection: TcpStream) -> std::io::Result<()> {
    let answer = format!(
        "HTTP/1.1 201 Created\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{BODY}",
        BODY.len()
    );
    let mut read = vec![0; 64 * 1024];
    let mut head = Vec::new();
    loop {
        // The head, then as many bytes as it says. Of a large body nothing is kept.
        head.clear();
        let left = loop {
            let count = connection.read(&mut read).await?;
            if count == 0 {
                return Ok(());
            }
            head.extend_from_slice(&read[..count]);
            if let Some(end) = head.windows(4).position(|window| window == b"\r\n\r\n") {
                let text = String::from_utf8_lossy(&head[..end]).to_lowercase();
                let length = text.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
                break (length.unwrap_or(0) + end + 4).saturating_sub(head.len());
            }
        };
        let mut left: usize = left;
        while left > 0 {
            left -= connection.read(&mut read).await?.min(left);
        }
        connection.write_all(answer.as_bytes()).await?;
    }
}

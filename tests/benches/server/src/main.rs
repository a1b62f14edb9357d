//! A loopback server that responds to every create with the documented example, and keeps connections. Its address is the
//! first line that it prints. A first segment in front of the path selects another response.

use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const BODY: &str = r#"{"id":"5e9b9c9b0f9c9a0001b0b1f5","name":"Group 1","description":"My first participant group","workspace_id":"5e9b9c9b0f9c9a0001b1ca2f","organisation_id":null,"project_id":null,"participant_count":3,"is_deleted":false,"feeder_studies":[]}"#;

/// Requests since the last time that somebody asked for `/count`.
static COUNT: AtomicUsize = AtomicUsize::new(0);

fn response(head: &str) -> String {
    let count = COUNT.fetch_add(1, Ordering::Relaxed) + 1;
    let path = head.split(' ').nth(1).unwrap_or_default();
    let json = |status: &str, body: &str| with("application/json", status, body);
    match path.split('/').nth(1).unwrap_or_default() {
        "count" => {
            COUNT.store(0, Ordering::Relaxed);
            json("200 OK", &format!("{}\n", count - 1))
        }
        "null" => json("201 Created", r#"{"id":null,"name":null,"participant_count":null,"feeder_studies":null}"#),
        "enum" => {
            let code = r#"{"code":"C","code_type":"COMPLETION_CODE","action":"SOMETHING_NEW"}"#;
            let study = format!(r#"{{"id":"s","feeder_completion_codes":[{code}]}}"#);
            json("201 Created", &format!(r#"{{"id":"g","feeder_studies":[{study}]}}"#))
        }
        "html" => with("text/html", "201 Created", "<html>Welcome</html>"),
        "gateway" => with("text/html", "502 Bad Gateway", "<html>Bad gateway</html>"),
        "redirect" => "HTTP/1.1 307 Moved\r\nlocation: /elsewhere/\r\ncontent-length: 0\r\n\r\n".to_owned(),
        "throttle" if count == 1 => {
            "HTTP/1.1 429 Too Many Requests\r\nretry-after: 0\r\ncontent-length: 0\r\n\r\n".to_owned()
        }
        _ => json("201 Created", BODY),
    }
}

fn with(content_type: &str, status: &str, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\ncontent-type: {content_type}\r\ncontent-length: {length}\r\n\r\n{body}")
}

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
    let mut read = vec![0; 64 * 1024];
    let mut head = Vec::new();
    loop {
        // The head, then as many bytes as it says. Of a large body nothing is kept.
        head.clear();
        let (text, mut left) = loop {
            let count = connection.read(&mut read).await?;
            if count == 0 {
                return Ok(());
            }
            head.extend_from_slice(&read[..count]);
            if let Some(end) = head.windows(4).position(|window| window == b"\r\n\r\n") {
                let text = String::from_utf8_lossy(&head[..end]).into_owned();
                let lower = text.to_lowercase();
                let length = lower.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
                let length: usize = length.unwrap_or(0);
                break (text, (length + end + 4).saturating_sub(head.len()));
            }
        };
        while left > 0 {
            left -= connection.read(&mut read).await?.min(left);
        }
        connection.write_all(response(&text).as_bytes()).await?;
    }
}

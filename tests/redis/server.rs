//! A redis-server on a free port of loopback, for as long as a test holds it. It keeps nothing on disk.

use std::env;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};

use redis::Client;
use redis::aio::MultiplexedConnection;

/// Ends with the value.
pub(crate) struct Server {
    process: Child,
    client: Client,
}

impl Server {
    pub(crate) async fn start() -> Self {
        let program = env::var("REDIS_SERVER").unwrap_or_else(|_| "redis-server".to_owned());
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut process = Command::new(program)
            .args(["--bind", "127.0.0.1", "--port", &port.to_string(), "--save", "", "--appendonly", "no"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("scripts/setup.sh redis installs a redis-server, and REDIS_SERVER names it");
        let said = BufReader::new(process.stdout.take().unwrap());
        let client = Client::open(("127.0.0.1", port)).unwrap();
        let mut lines = said.lines();
        assert!(lines.any(|line| line.unwrap().contains("Ready to accept connections")), "redis-server ended at once");
        // What it says later must not find the pipe shut.
        std::thread::spawn(move || lines.for_each(drop));
        Self { process, client }
    }

    pub(crate) async fn connect(&self) -> MultiplexedConnection {
        self.client.get_multiplexed_async_connection().await.unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

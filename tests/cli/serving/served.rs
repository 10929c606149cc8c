//! The program as a server of one workspace.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

const ROSTER: &str = "\
workspace: lakeside
platform: telus-chr
connection: { embedded: {} }
main_admin: iyer@lakeside.example
users:
  iyer@lakeside.example: { first_name: Asha, last_name: Iyer, type: practitioner, needs: [schedule] }
";

/// The longest wait for anything, also on a machine with much else to do.
pub(crate) const PATIENCE: Duration = Duration::from_secs(100);

/// A server that is running.
pub(crate) struct Served {
    pub child: Child,
    pub address: SocketAddr,
    token: String,
    _folder: tempfile::TempDir,
}

impl Served {
    /// Starts the program with at most `descriptors` open files, and its errors in a shell's `redirection`, such as `2>/dev/full`.
    #[expect(clippy::disallowed_methods, reason = "a wait that ends")]
    pub(crate) fn start(descriptors: u32, redirection: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("lakeside.yaml"), ROSTER).unwrap();
        let program = env!("CARGO_BIN_EXE_rosterctl");
        let made = Command::new(program)
            .args(["token", "create", folder.path().to_str().unwrap(), "--workspace", "lakeside", "--owner", "iyer@lakeside.example"])
            .args(["--access", "write"])
            .output()
            .unwrap();
        let token = String::from_utf8(made.stdout).unwrap().trim().to_owned();
        // A port that was free a moment ago: with its errors lost, the program cannot say which one it took.
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let script = format!("ulimit -n {descriptors}; exec \"$0\" serve \"$1\" --listen {address} {redirection}");
        let child = Command::new("sh")
            .args(["-c", &script, program, folder.path().to_str().unwrap()])
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let served = Self { child, address, token, _folder: folder };
        let begun = Instant::now();
        while TcpStream::connect(address).is_err() {
            assert!(begun.elapsed() < PATIENCE, "it does not listen");
            std::thread::sleep(Duration::from_millis(20));
        }
        served
    }

    /// Sends a request on a connection of its own and returns the status of the answer.
    pub(crate) fn status(&self, path: &str) -> std::io::Result<u16> {
        self.ask(path).map(|answer| answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0))
    }

    /// Sends a request on a connection of its own and returns the answer.
    pub(crate) fn ask(&self, path: &str) -> std::io::Result<String> {
        let mut stream = TcpStream::connect_timeout(&self.address, PATIENCE)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        write!(stream, "GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nConnection: close\r\n\r\n", self.token)?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    }

    /// The token of the main admin.
    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    /// Sends the program a signal.
    pub(crate) fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([format!("-{name}"), self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    /// Waits until the program ends, and says how long that took.
    #[expect(clippy::disallowed_methods, reason = "what is measured")]
    pub(crate) fn ended(&mut self) -> (ExitStatus, Duration) {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return (status, begun.elapsed());
            }
            assert!(begun.elapsed() < PATIENCE, "it does not end");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

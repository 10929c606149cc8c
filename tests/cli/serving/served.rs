//! The program as a server of one workspace.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
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

const START: &str = "\
start: harbor
accounts:
  wong@harbor.example: { first_name: May, last_name: Wong, type: practitioner, needs: [schedule] }
";

const WORKSPACES: &str = "\
workspaces:
  lakeside: { roster: practice }
  harbor: { platform: telus-chr, start: harbor-start.yaml, main_admin: wong@harbor.example }
";

/// The lines of a configuration with a certificate; `FOLDER` is its folder.
pub(crate) const SETTINGS_TLS: &str = "tls: { certificate: FOLDER/certificate.pem, key: FOLDER/key.pem }\n";

const PROGRAM: &str = env!("CARGO_BIN_EXE_rosterctl");

/// The longest wait for anything, also on a machine with much else to do.
pub(crate) const PATIENCE: Duration = Duration::from_secs(100);

/// A server that is running.
pub(crate) struct Served {
    pub child: Child,
    pub address: SocketAddr,
    token: String,
    folder: tempfile::TempDir,
}

impl Served {
    /// Starts the program with at most `descriptors` open files, and its errors in a shell's `redirection`, such as `2>/dev/full`.
    pub(crate) fn start(descriptors: u32, redirection: &str) -> Self {
        Self::start_in(practices(0), descriptors, redirection)
    }

    /// As [`Self::start`], with the roster of a folder.
    pub(crate) fn start_in(folder: tempfile::TempDir, descriptors: u32, redirection: &str) -> Self {
        let directory = folder.path().to_str().unwrap().to_owned();
        let token = create_token(&[&directory], "lakeside", "iyer@lakeside.example");
        let address = free_address();
        let script = format!("ulimit -n {descriptors}; exec \"$0\" serve \"$1\" --listen {address} {redirection}");
        let child =
            Command::new("sh").args(["-c", &script, PROGRAM, &directory]).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        Self { child, address, token, folder }.listening()
    }

    /// Starts the program with a configuration: the workspace of [`Self::start`] by its roster, and another by a start file. `more` are
    /// further lines of the configuration; its errors go to the file `log`.
    pub(crate) fn configured(more: &str) -> Self {
        let files = [("practice/lakeside.yaml", ROSTER), ("harbor-start.yaml", START)];
        Self::hosting(&format!("{more}{WORKSPACES}"), &files, ("lakeside", "iyer@lakeside.example"))
    }

    /// Starts the program with these lines of a configuration, and with these files beside it. Its token is that of an owner in a workspace.
    pub(crate) fn hosting(lines: &str, files: &[(&str, &str)], (workspace, owner): (&str, &str)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let address = free_address();
        for (name, text) in files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let path = folder.path().join("server.yaml");
        std::fs::write(&path, format!("server: accounts\nlisten: {address}\n{lines}")).unwrap();
        let token = create_token(&["--config", path.to_str().unwrap()], workspace, owner);
        Self { child: spawn(folder.path()), address, token, folder }.listening()
    }

    /// Starts the program of [`Self::configured`] again, after it has ended.
    pub(crate) fn again(mut self) -> Self {
        self.child = spawn(self.folder.path());
        self.listening()
    }

    #[expect(clippy::disallowed_methods, reason = "a wait that ends")]
    fn listening(mut self) -> Self {
        let begun = Instant::now();
        while TcpStream::connect(self.address).is_err() {
            assert!(begun.elapsed() < PATIENCE, "it does not listen");
            let log = || std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
            assert!(self.child.try_wait().unwrap().is_none(), "it has ended: {}", log());
            std::thread::sleep(Duration::from_millis(20));
        }
        self
    }

    /// Its folder.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Returns what a configured server has logged.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.path().join("log")).unwrap()
    }

    /// Waits until a configured server has logged something, and returns the log. It writes its lines after it has answered.
    #[expect(clippy::disallowed_methods, reason = "a wait that ends")]
    pub(crate) fn logged(&self, text: &str) -> String {
        let begun = Instant::now();
        loop {
            let log = self.log();
            if log.contains(text) {
                return log;
            }
            assert!(begun.elapsed() < PATIENCE, "`{text}` is not logged: {log}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Shows another token from now on.
    pub(crate) fn show_token(&mut self, token: String) {
        self.token = token;
    }

    /// Sends a request on a connection of its own and returns the status of the answer.
    pub(crate) fn status(&self, path: &str) -> std::io::Result<u16> {
        self.ask(path).map(|answer| answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0))
    }

    /// Sends a request on a connection of its own and returns the answer.
    pub(crate) fn ask(&self, path: &str) -> std::io::Result<String> {
        self.send(&format!("GET {path}"), &format!("Authorization: Bearer {}\r\n", self.token))
    }

    /// Sends a request without a body: `line` is its method and path, and each header ends its line.
    pub(crate) fn send(&self, line: &str, headers: &str) -> std::io::Result<String> {
        get(&self.address, line, headers)
    }

    /// As [`Self::send`], with a body, whose headers are given; the answer must come.
    pub(crate) fn send_with(&self, line: &str, headers: &str, body: &str) -> String {
        let mut stream = TcpStream::connect_timeout(&self.address, PATIENCE).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        write!(stream, "{line} HTTP/1.1\r\nHost: x\r\n{headers}Connection: close\r\n\r\n{body}").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
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

/// A roster of `lakeside`, and of so many workspaces more, `w1` and so on; each has a database of its own.
pub(crate) fn practices(more: usize) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("lakeside.yaml"), ROSTER).unwrap();
    for name in (1..=more).map(|n| format!("w{n}")) {
        std::fs::write(folder.path().join(format!("{name}.yaml")), ROSTER.replace("lakeside", &name)).unwrap();
    }
    folder
}

/// Sends a request without a body to an address, on a connection of its own.
pub(crate) fn get(address: &SocketAddr, line: &str, headers: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect_timeout(address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let host = if headers.starts_with("Host: ") { "" } else { "Host: x\r\n" };
    write!(stream, "{line} HTTP/1.1\r\n{host}{headers}Connection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

/// A port that was free a moment ago: with its errors lost, the program cannot say which one it took.
pub(crate) fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

/// Makes a token that may write; `place` is the roster's directory or the configuration.
pub(crate) fn create_token(place: &[&str], workspace: &str, owner: &str) -> String {
    let made = Command::new(PROGRAM)
        .args(["token", "create", "--workspace", workspace, "--owner", owner, "--access", "write"])
        .args(place)
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    String::from_utf8(made.stdout).unwrap().trim().to_owned()
}

fn spawn(folder: &Path) -> Child {
    let log = std::fs::File::create(folder.join("log")).unwrap();
    // From another directory: paths are relative to the configuration.
    Command::new(PROGRAM)
        .args(["serve", "--config", folder.join("server.yaml").to_str().unwrap()])
        .stdout(Stdio::null())
        .stderr(log)
        .spawn()
        .unwrap()
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

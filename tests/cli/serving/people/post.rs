//! A mail server and a gateway for text messages: other people's program, aiosmtpd, and a few lines of Python.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::serving::served::PATIENCE;

/// Returns where `./test` installs a program of other people.
#[expect(clippy::disallowed_methods, reason = "the packages may be elsewhere on a developer's machine")]
pub(crate) fn packages(variable: &str, name: &str) -> PathBuf {
    let folder =
        std::env::var_os(variable).map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("target/interop").join(name), PathBuf::from);
    assert!(folder.exists(), "`{}` is missing: run ./test", folder.display());
    folder
}

pub(crate) struct Post {
    child: Child,
    /// It ends when this does.
    _input: ChildStdin,
    folder: tempfile::TempDir,
    mail: SocketAddr,
    text: SocketAddr,
}

impl Post {
    /// Starts both. `encrypted` is empty, or a certificate, its key, a user and a password: then mail needs STARTTLS and the user.
    pub(crate) fn start(encrypted: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/interop/post.py");
        let mut child = Command::new(packages("ROSTERCTL_MAIL", "mail").join("bin/python"))
            .arg(script)
            .arg(folder.path())
            .args(encrypted)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let ports: Value = serde_json::from_str(&line).expect("two ports");
        let address = |name: &str| format!("127.0.0.1:{}", ports[name]).parse().unwrap();
        let (mail, text) = (address("mail"), address("text"));
        Self { _input: child.stdin.take().unwrap(), child, folder, mail, text }
    }

    /// Returns where messages arrive.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The port of the mail server.
    pub(crate) const fn mail_port(&self) -> u16 {
        self.mail.port()
    }

    /// The lines of a configuration that uses both.
    pub(crate) fn lines(&self) -> String {
        let (mail, text) = (self.mail, self.text);
        format!(
            "mail: {{ server: \"{mail}\", from: accounts@practice.example, encryption: none }}\nsms: {{ url: \"http://{text}/messages\" }}\n"
        )
    }

    /// Takes the mail to somebody whose subject begins in this way, when it has arrived.
    pub(crate) fn mail(&self, to: &str, subject: &str) -> Value {
        self.take("mail-", &|message| message["to"][0] == to && message["subject"].as_str().is_some_and(|found| found.starts_with(subject)))
    }

    /// Takes the code in a text message to a number, when it has arrived.
    pub(crate) fn code(&self, to: &str) -> String {
        let message = self.take("text-", &|message| message["to"] == to);
        message["text"].as_str().unwrap().chars().take(6).collect()
    }

    /// Takes the path of the link in a mail.
    pub(crate) fn link(&self, to: &str, subject: &str) -> String {
        let mail = self.mail(to, subject);
        let text = mail["text"].as_str().unwrap();
        let line = text.lines().find(|line| line.starts_with("http")).unwrap_or_else(|| panic!("no link: {text}"));
        let (_, rest) = line.split_once("://").unwrap();
        rest[rest.find('/').unwrap()..].to_owned()
    }

    #[expect(clippy::disallowed_methods, reason = "a wait that ends")]
    fn take(&self, kind: &str, is: &dyn Fn(&Value) -> bool) -> Value {
        let begun = Instant::now();
        loop {
            for file in std::fs::read_dir(self.folder.path()).unwrap() {
                let path = file.unwrap().path();
                let name = path.file_name().unwrap().to_str().unwrap().to_owned();
                if name.starts_with(kind) && path.extension().is_none_or(|end| end != "new") {
                    let message: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
                    if is(&message) {
                        std::fs::remove_file(path).unwrap();
                        return message;
                    }
                }
            }
            assert!(begun.elapsed() < PATIENCE, "no such message arrives ({kind})");
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Post {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

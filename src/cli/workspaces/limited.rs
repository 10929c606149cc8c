//! Reads a file, or what a command prints, within limits of size and time.

use std::fs::File;
use std::io::{self, Read, Write as _};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use crate::cli::signals::running;
use crate::report::clean;

/// The variable that marks a command and every program that it starts, also one that leaves its process group.
const MARK: &str = "ROSTERCTL_SECRET_COMMAND";
/// The number of times that marked programs are looked for: one of them can start another one meanwhile.
const ROUNDS: usize = 8;
/// The time that the last words of a command that has ended may take.
const LAST_WORDS: Duration = Duration::from_secs(1);
/// The number of the next command.
static NEXT: AtomicU64 = AtomicU64::new(0);

/// The most that is read, and the longest wait for it.
#[derive(Clone, Copy)]
pub(super) struct Limits {
    /// In bytes.
    pub size: usize,
    /// From the start to the end of the output.
    pub time: Duration,
}

/// The reason why there is nothing to use.
pub(super) enum Unfetched {
    /// There was more than the limit.
    TooLong,
    /// The end did not come in time.
    TooLate,
    /// It could not be opened, started or read.
    Io(io::Error),
    /// The command ended with this status.
    Failed(ExitStatus),
}

/// Reads a file, which can be a pipe that nobody writes to.
pub(super) fn file(path: &Path, limits: Limits) -> Result<Vec<u8>, Unfetched> {
    let (sender, received) = channel();
    let path = path.to_owned();
    // Nothing can interrupt the opening of a pipe, so the thread may wait until the program ends.
    std::thread::spawn(move || {
        let _ = sender.send(File::open(path).and_then(|file| read(file, limits.size)).map_err(Unfetched::Io));
    });
    wait(&received, limits)
}

/// Runs a command without input and reads what it prints. Ends it, with all programs that it started, if a limit is reached. Its text
/// on standard error, such as a question to touch a key, is shown at once, up to the same size, and escaped like every other text.
pub(super) fn command(mut command: Command, limits: Limits) -> Result<Vec<u8>, Unfetched> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let mark = format!("{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    command.env(MARK, &mark);
    let end_all = {
        let mark = mark.clone();
        move |leader: u32| {
            end_group(leader);
            end_marked(&mark);
        }
    };
    let (mut child, running) = running::start(&mut command, end_all).map_err(Unfetched::Io)?;
    let Some(stdout) = child.stdout.take() else { return Err(Unfetched::Io(io::ErrorKind::BrokenPipe.into())) };
    let id = child.id();
    let (sender, received) = channel();
    let (end, ended) = channel::<()>();
    let (said_all, is_said) = channel::<()>();
    if let Some(stderr) = child.stderr.take() {
        std::thread::spawn(move || {
            pass_on(stderr, limits.size);
            drop(said_all);
        });
    }
    std::thread::spawn(move || {
        let bytes = read(stdout, limits.size);
        if bytes.as_ref().is_ok_and(|bytes| bytes.len() <= limits.size) {
            let status = child.wait();
            send(&sender, bytes, status);
        } else {
            let _ = sender.send(bytes.map_err(Unfetched::Io));
            // The process keeps its number, which is its group's, until somebody waits for it.
            let _ = ended.recv();
            let _ = child.kill();
            let _ = child.wait();
        }
    });
    let answer = wait(&received, limits);
    match &answer {
        Err(Unfetched::TooLong | Unfetched::TooLate | Unfetched::Io(_)) => {
            end_group(id);
            end_marked(&mark);
        }
        // A program that goes on behind the command may keep standard error open.
        Err(Unfetched::Failed(_)) | Ok(_) => _ = is_said.recv_timeout(LAST_WORDS),
    }
    drop(running);
    drop(end);
    answer
}

fn send(sender: &Sender<Result<Vec<u8>, Unfetched>>, bytes: io::Result<Vec<u8>>, status: io::Result<ExitStatus>) {
    let _ = sender.send(match (bytes, status) {
        (Ok(bytes), Ok(status)) if status.success() => Ok(bytes),
        (Ok(_), Ok(status)) => Err(Unfetched::Failed(status)),
        (Err(why), _) | (_, Err(why)) => Err(Unfetched::Io(why)),
    });
}

/// Reads at most one byte more than the limit, even from something endless.
fn read(from: impl Read, limit: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(limit as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Shows what comes, as it comes, up to a limit; the rest is read and dropped, so that the command can go on.
fn pass_on(mut from: impl Read, limit: usize) {
    let (mut buffer, mut left, mut waiting) = ([0; 4096], limit, Vec::new());
    loop {
        let read = match from.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => read.min(left),
            Err(why) if why.kind() == io::ErrorKind::Interrupted => continue,
            Err(_) => break,
        };
        left -= read;
        waiting.extend_from_slice(buffer.get(..read).unwrap_or_default());
        // The end of the bytes may be the beginning of a character.
        let whole = match std::str::from_utf8(&waiting) {
            Err(why) if why.error_len().is_none() => why.valid_up_to(),
            Ok(_) | Err(_) => waiting.len(),
        };
        say(&waiting.drain(..whole).collect::<Vec<u8>>());
    }
    say(&waiting);
}

/// Writes lines to standard error without characters that control a terminal.
fn say(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let lines: Vec<String> = text.split('\n').map(|line| clean(line.strip_suffix('\r').unwrap_or(line))).collect();
    // Nothing can be done about a terminal that is closed.
    let mut stderr = io::stderr().lock();
    let _ = stderr.write_all(lines.join("\n").as_bytes()).and_then(|()| stderr.flush());
}

fn wait(received: &Receiver<Result<Vec<u8>, Unfetched>>, limits: Limits) -> Result<Vec<u8>, Unfetched> {
    match received.recv_timeout(limits.time) {
        Ok(Ok(bytes)) if bytes.len() > limits.size => Err(Unfetched::TooLong),
        Ok(answer) => answer,
        Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => Err(Unfetched::TooLate),
    }
}

/// Kills a process and all that it started, which may have its output open.
fn end_group(leader: u32) {
    kill("kill -s KILL -- \"-$1\" || kill -KILL \"-$1\"", &[leader.to_string()]);
}

/// Kills what left the group. Only Linux shows the environment of other programs as files.
fn end_marked(mark: &str) {
    for _ in 0..ROUNDS {
        let marked = marked(&format!("{MARK}={mark}"));
        if marked.is_empty() {
            return;
        }
        kill("kill -KILL \"$@\"", &marked);
    }
}

/// The numbers of all processes that have this text in their environment.
fn marked(variable: &str) -> Vec<String> {
    let has_it = |process: &String| {
        let environment = std::fs::read(Path::new("/proc").join(process).join("environ")).unwrap_or_default();
        environment.split(|byte| *byte == 0).any(|one| one == variable.as_bytes())
    };
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    names.filter(|name| name.bytes().all(|byte| byte.is_ascii_digit())).filter(has_it).collect()
}

/// Every Unix has this command, and no safe call for it.
fn kill(script: &str, processes: &[String]) {
    let mut kill = Command::new("sh");
    kill.args(["-c", script, "sh"]).args(processes);
    let _ = kill.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
}

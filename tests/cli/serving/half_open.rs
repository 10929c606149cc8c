//! A client that opens connections and never finishes a request.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command};
use std::time::Duration;

use super::served::{PATIENCE, Served, create_token, practices};

const DESCRIPTORS: u32 = 1024;
const HALF_OPEN: usize = 1100;
/// The half-open sockets are spread over several programs, since each may open about a thousand files only.
const PROGRAMS: usize = 2;
const REQUESTS: usize = 100;
/// The variable that tells this test program to hold sockets open: `ADDRESS COUNT REQUEST`.
const HOLD: &str = "ROSTERCTL_TEST_HOLD";

/// A request that is never finished.
const HEAD: &str = "GET /lakeside/scim/v2/Users HTTP/1.1\r\nHost: x\r\n";
/// One whose head is whole, and whose body is not; nobody asks for a token here.
const FORM: &str = "POST /lakeside/sign-in HTTP/1.1\r\nHost: x\r\nOrigin: http://x\r\n\
    Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\nemail=";

fn half_open(address: &str, request: &str) -> std::io::Result<TcpStream> {
    let mut stream = TcpStream::connect(address)?;
    stream.write_all(request.as_bytes())?;
    stream.set_nonblocking(true)?;
    Ok(stream)
}

fn is_closed(stream: &mut TcpStream) -> bool {
    !matches!(stream.read(&mut [0; 1]), Err(why) if why.kind() == ErrorKind::WouldBlock)
}

/// Does nothing, unless the test below started it: then it holds half-open sockets, and opens another for each that is closed.
#[test]
#[expect(clippy::disallowed_methods, reason = "the test below tells it what to do")]
fn holds_sockets_where_another_test_asks_for_it() {
    let Ok(order) = std::env::var(HOLD) else { return };
    let (address, rest) = order.split_once(' ').unwrap();
    let (count, request) = rest.split_once(' ').unwrap();
    let mut open: Vec<TcpStream> = Vec::new();
    let mut is_ready = false;
    loop {
        open.retain_mut(|stream| !is_closed(stream));
        while open.len() < count.parse().unwrap() {
            match half_open(address, request) {
                Ok(stream) => open.push(stream),
                Err(_) => break,
            }
        }
        if !is_ready {
            is_ready = true;
            println!("ready");
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// Holds sockets as long as it lives.
struct Holder(Child);

impl Holder {
    fn start(served: &Served, count: usize, request: &str) -> Self {
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "serving::half_open::holds_sockets_where_another_test_asks_for_it", "--nocapture"])
            .env(HOLD, format!("{} {count} {request}", served.address))
            .stdout(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        let mut holder = Self(child);
        let mut said = String::new();
        while !said.contains("ready") {
            let mut byte = [0];
            holder.0.stdout.as_mut().unwrap().read_exact(&mut byte).unwrap();
            said.push(char::from(byte[0]));
        }
        holder
    }
}

impl Drop for Holder {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

// N4
#[test]
fn eleven_hundred_half_open_sockets_lose_no_request_and_delay_no_end() {
    loses_no_request_and_ends(HEAD);
}

// N4
#[test]
fn eleven_hundred_unfinished_forms_lose_no_request_and_delay_no_end() {
    loses_no_request_and_ends(FORM);
}

/// Sends requests to a server of which a client holds more sockets than it has descriptors, each with this beginning of a request.
fn loses_no_request_and_ends(unfinished: &str) {
    let mut served = Served::start(DESCRIPTORS, "2>/dev/null");
    let holders: Vec<Holder> = (0..PROGRAMS).map(|_| Holder::start(&served, HALF_OPEN / PROGRAMS, unfinished)).collect();
    let answers: Vec<Result<u16, String>> =
        (0..REQUESTS).map(|_| served.status("/lakeside/scim/v2/Users").map_err(|why| why.to_string())).collect();
    let lost: Vec<_> = answers.iter().filter(|answer| **answer != Ok(200)).collect();
    assert!(lost.is_empty(), "{} of {REQUESTS} were lost: {lost:?}", lost.len());
    assert_eq!(served.status("/health").unwrap(), 200);
    served.signal("TERM");
    let (status, took) = served.ended();
    assert!(status.success(), "{status}");
    // Idle connections are closed after a second, and unfinished requests given up after ten; the deadline is 30 s.
    assert!(took < Duration::from_secs(25), "{took:?}");
    drop(holders);
}

#[test]
fn a_request_head_that_is_not_finished_is_given_up() {
    let served = Served::start(DESCRIPTORS, "2>/dev/null");
    let mut stream = half_open(&served.address.to_string(), HEAD).unwrap();
    stream.set_nonblocking(false).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut answer = Vec::new();
    let end = stream.read_to_end(&mut answer);
    assert!(end.is_ok() || end.is_err_and(|why| why.kind() == ErrorKind::ConnectionReset), "it is still open");
}

#[test]
fn a_server_with_few_descriptors_answers_all_the_same() {
    let served = Served::start(64, "2>/dev/null");
    let holders: Vec<Holder> = (0..PROGRAMS).map(|_| Holder::start(&served, 50, HEAD)).collect();
    let lost = (0..3).filter(|_| served.status("/lakeside/scim/v2/Users").ok() != Some(200)).count();
    assert_eq!(lost, 0);
    drop(holders);
}

/// Requests of one workspace that come at the same time, so that its database is read by as many readers as it may have.
const AT_ONCE: usize = 8;

#[test]
fn many_databases_share_the_files_that_may_be_open() {
    const MORE: usize = 19;
    // Enough for one reader of each database, and not for as many as one database may have.
    let served = Served::start_in(practices(MORE), 192, "2>/dev/null");
    let tokens: Vec<String> =
        (1..=MORE).map(|n| create_token(&[served.path().to_str().unwrap()], &format!("w{n}"), &format!("iyer@w{n}.example"))).collect();
    let ask = |n: usize| served.send(&format!("GET /w{}/scim/v2/Users", n + 1), &format!("Authorization: Bearer {}\r\n", tokens[n]));
    for _ in 0..3 {
        for n in 0..MORE {
            let answers: Vec<std::io::Result<String>> = std::thread::scope(|scope| {
                let asked: Vec<_> = (0..AT_ONCE).map(|_| scope.spawn(|| ask(n))).collect();
                asked.into_iter().map(|answer| answer.join().unwrap()).collect()
            });
            let lost: Vec<_> =
                answers.iter().filter(|answer| !answer.as_ref().is_ok_and(|text| text.starts_with("HTTP/1.1 200"))).collect();
            assert!(lost.is_empty(), "{lost:?}");
        }
    }
}

#[test]
fn more_databases_than_files_may_be_open_are_refused_at_the_start() {
    let folder = practices(19);
    let script = "ulimit -n 128; exec \"$0\" serve \"$1\" --listen 127.0.0.1:0";
    let mut program = Command::new("sh");
    program.args(["-c", script, env!("CARGO_BIN_EXE_rosterctl"), folder.path().to_str().unwrap()]);
    let (code, told) = ended_by_itself(&mut program);
    assert_eq!(code, Some(1));
    let expected = "20 databases need at least 172 open files, and the system allows 128: raise the limit (`ulimit -n 256`), or keep all \
                    workspaces in one database with `--database FILE`";
    assert!(told.contains(expected), "{told}");
    assert!(!folder.path().join(".rosterctl").exists(), "nothing was made");
}

/// Waits for a program that should end by itself, and returns its exit code and errors; one that does not end is killed.
#[expect(clippy::disallowed_methods, reason = "a wait that ends")]
fn ended_by_itself(program: &mut Command) -> (Option<i32>, String) {
    let mut child = program.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::piped()).spawn().unwrap();
    let begun = std::time::Instant::now();
    while child.try_wait().unwrap().is_none() {
        if begun.elapsed() > PATIENCE {
            child.kill().unwrap();
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    let ended = child.wait_with_output().unwrap();
    (ended.status.code(), String::from_utf8(ended.stderr).unwrap())
}

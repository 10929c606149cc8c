//! The way in for people: the set-up link, and the messages that arrive in a folder.

use std::process::Command;
use std::time::{Duration, Instant};

use super::served::{PATIENCE, Served};

const PASSWORD: &str = "tram+lens+moss+8";

/// Runs the program beside the server.
fn run(served: &Served, arguments: &[&str]) -> String {
    let folder = served.path().to_str().unwrap();
    let done = Command::new(env!("CARGO_BIN_EXE_rosterctl")).args(arguments).arg(folder).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap()
}

/// Sends a form and returns the answer.
fn post(served: &Served, path: &str, form: &str, headers: &str) -> String {
    let headers = format!("{headers}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n", form.len());
    served.send_with(&format!("POST {path}"), &headers, form)
}

/// The text of the message with a link for a new password, when it has arrived.
#[expect(clippy::disallowed_methods, reason = "a wait that ends")]
fn message(served: &Served) -> String {
    let folder = served.path().join(".rosterctl/outbox/lakeside");
    let begun = Instant::now();
    loop {
        let files = std::fs::read_dir(&folder).into_iter().flatten();
        let mut texts = files.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap());
        // Another message tells of the password that was set.
        if let Some(text) = texts.find(|text| text.ends_with("stays as it is.\n")) {
            return text;
        }
        assert!(begun.elapsed() < PATIENCE, "no message arrives");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn the_main_admin_sets_up_signs_in_and_gets_a_link_for_a_new_password() {
    let served = Served::start(1024, "2>/dev/null");
    let url = run(&served, &["set-up-link", "--url", &format!("http://{}", served.address), "lakeside"]);
    let path = url.trim_end().strip_prefix(&format!("http://{}", served.address)).unwrap();
    let page = served.send(&format!("GET {path}"), "").unwrap();
    assert!(page.starts_with("HTTP/1.1 200 ") && page.contains("Set up lakeside"), "{page}");
    let entered = post(&served, path, &format!("new-password={PASSWORD}"), "");
    assert!(entered.starts_with("HTTP/1.1 303 ") && entered.contains("__Host-rosterctl-lakeside="), "{entered}");
    let cookie = entered.split("__Host-rosterctl-lakeside=").nth(1).unwrap().split(';').next().unwrap();
    let home = served.send("GET /lakeside/", &format!("Cookie: __Host-rosterctl-lakeside={cookie}\r\n")).unwrap();
    assert!(home.contains("Welcome, Asha Iyer"), "{home}");
    let signed_in = post(&served, "/lakeside/sign-in", &format!("email=iyer%40lakeside.example&password={PASSWORD}"), "");
    assert!(signed_in.starts_with("HTTP/1.1 303 "), "{signed_in}");
    let asked = post(&served, "/lakeside/reset", "email=iyer%40lakeside.example", "");
    assert!(asked.contains("Look at your mail"), "{asked}");
    let text = message(&served);
    assert!(text.starts_with("To: iyer@lakeside.example\nSubject: Choose a new password for lakeside\n"), "{text}");
    assert!(text.contains(&format!("http://{}/lakeside/reset/rset_", served.address)), "{text}");
    let here = format!("Host: {}\r\n", served.address);
    let outbox = served.send("GET /lakeside/outbox", &here).unwrap();
    assert!(outbox.contains("Choose a new password for lakeside"), "{outbox}");
    // A proxy or tunnel on this machine, or a page whose name leads to this machine.
    for headers in
        ["Host: staff.example\r\n".to_owned(), format!("{here}X-Forwarded-For: 203.0.113.9\r\n"), format!("{here}Via: 1.1 x\r\n")]
    {
        let hidden = served.send("GET /lakeside/outbox", &headers).unwrap();
        assert!(hidden.starts_with("HTTP/1.1 404 ") && !hidden.contains("rset_"), "{headers}: {hidden}");
    }
}

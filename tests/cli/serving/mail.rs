//! Invitations reach people through a mail server, each once, and one that does not is in the log.

use std::io::{BufRead, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use super::served::{PATIENCE, Served};

/// The commands that a mail server got in one connection.
#[derive(Debug, Default)]
struct Session {
    commands: Vec<String>,
    message: Option<String>,
}

/// Starts a mail server without encryption. It refuses the recipients whose address contains `gone`.
fn mail_server(offers: &'static str) -> (SocketAddr, Receiver<Session>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let sender = sender.clone();
            std::thread::spawn(move || converse(&stream.unwrap(), offers, &sender));
        }
    });
    (address, receiver)
}

fn converse(stream: &TcpStream, offers: &str, sender: &Sender<Session>) {
    let mut session = Session::default();
    let mut writer = stream;
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    write!(writer, "220 mx.practice.example\r\n").unwrap();
    while let Some(line) = lines.next() {
        let answer = match line.get(..4).unwrap_or_default().to_ascii_uppercase().as_str() {
            "EHLO" => format!("250-mx.practice.example\r\n{offers}250 8BITMIME"),
            "AUTH" => "235 welcome".to_owned(),
            "RCPT" if line.contains("gone") => "550 5.1.1 no such person: https://practice.example/secret".to_owned(),
            "DATA" => {
                write!(writer, "354 go on\r\n").unwrap();
                let text: Vec<String> = lines.by_ref().take_while(|line| line != ".").collect();
                session.message = Some(text.join("\n"));
                "250 taken".to_owned()
            }
            "QUIT" => "221 bye".to_owned(),
            _ => "250 fine".to_owned(),
        };
        session.commands.push(line);
        if write!(writer, "{answer}\r\n").is_err() {
            break;
        }
    }
    drop(sender.send(session));
}

/// Creates somebody who gets an invitation.
fn invite(served: &Served, address: &str) {
    let user = serde_json::json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:rosterctl:params:scim:schemas:extension:practice:2.0:User"],
        "userName": address, "name": { "givenName": "Noa", "familyName": "Reed" },
        "roles": [{ "value": "staff", "primary": true }],
        "urn:rosterctl:params:scim:schemas:extension:practice:2.0:User": { "sendInvitation": true },
    })
    .to_string();
    let headers =
        format!("Authorization: Bearer {}\r\nContent-Type: application/scim+json\r\nContent-Length: {}\r\n", served.token(), user.len());
    let answer = served.send_with("POST /lakeside/scim/v2/Users", &headers, &user);
    assert!(answer.starts_with("HTTP/1.1 201 "), "{answer}");
}

/// Undoes the quoted-printable encoding of a part (RFC 2045, section 6.7).
fn plain(text: &str) -> String {
    text.replace("=\n", "").replace("=3D", "=")
}

fn configured(address: SocketAddr, more: &str) -> Served {
    Served::configured(&format!("mail: {{ server: \"{address}\", from: accounts@practice.example, {more} }}\n"))
}

// X-6, CHR-1: the invitation arrives by mail, with a link that works.
#[test]
fn an_invitation_arrives_once_as_text_and_as_a_page() {
    let (address, sessions) = mail_server("250-AUTH PLAIN LOGIN\r\n");
    let served = configured(address, "encryption: none");
    invite(&served, "noa@lakeside.example");
    let session = sessions.recv_timeout(PATIENCE).unwrap();
    let message = session.message.expect("a message");
    for line in [
        "From: lakeside <accounts@practice.example>",
        "To: noa@lakeside.example",
        "Subject: You are invited to lakeside",
        "MIME-Version: 1.0",
    ] {
        assert!(message.lines().any(|l| l == line), "{line}: {message}");
    }
    assert!(message.contains("Content-Type: text/plain") && message.contains("Content-Type: text/html"), "{message}");
    assert!(session.commands.contains(&"MAIL FROM:<accounts@practice.example>".to_owned()), "{:?}", session.commands);
    let text = plain(&message);
    let start = format!("http://{}/lakeside/join/", served.address);
    let token = text.split(&start).nth(1).unwrap().split_whitespace().next().unwrap();
    assert!(text.contains(&format!("<a href=\"{start}{token}\"")), "{text}");
    let page = served.send(&format!("GET /lakeside/join/{token}"), "").unwrap();
    assert!(page.starts_with("HTTP/1.1 200 ") && page.contains("Join lakeside"), "{page}");
    // The next one is the next person's: nothing was sent twice.
    invite(&served, "ana@lakeside.example");
    let next = sessions.recv_timeout(PATIENCE).unwrap();
    assert!(next.message.unwrap().contains("To: ana@lakeside.example"));
}

// somebody has to do something about mail that never arrives.
#[test]
fn a_refused_address_is_in_the_user_log_without_the_words_of_the_mail_server() {
    let (address, _sessions) = mail_server("");
    let served = configured(address, "encryption: none");
    invite(&served, "gone@lakeside.example");
    let log = served.logged("a message (invitation) was not sent: the mail server answered 550");
    assert!(!log.contains("secret"), "{log}");
    // The row of the user log is stored after this line.
    let mut row = String::new();
    for _ in 0..1200 {
        row = served.ask("/lakeside/api/v1/log").unwrap();
        if row.contains("answered 550") {
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(row.contains("gone@lakeside.example") && row.contains("invitation: the mail server answered 550"), "{row}");
    assert!(!row.contains("secret"), "{row}");
}

#[test]
fn nothing_is_sent_to_a_mail_server_that_does_not_encrypt() {
    let (address, sessions) = mail_server("250-AUTH PLAIN LOGIN\r\n");
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("password"), "tram-lens\n").unwrap();
    let path = folder.path().join("password");
    let served = configured(address, &format!("user: accounts, password: {{ file: {} }}", path.display()));
    invite(&served, "noa@lakeside.example");
    served.logged("a message (invitation) was not sent: the mail server does not offer what `mail` requires");
    let session = sessions.recv_timeout(PATIENCE).unwrap();
    assert!(session.message.is_none(), "{session:?}");
    assert!(session.commands.iter().all(|command| command.starts_with("EHLO") || command.starts_with("QUIT")), "{session:?}");
}

//! Secrets that people write in plain text, in every place and form: no character of them is shown.

use std::collections::BTreeSet;

use rosterctl::manifest::{self, Source, Sources, server};

use crate::support::Roster;

/// The text of which a secret is made here: no word of the program contains it.
const CANARY: &str = "Zq7";

/// The signs with which a value can begin so that YAML reads it as something else.
const SIGNS: [&str; 25] =
    ["", "@", "`", "%", "*", "&", "!", "!!", "|", ">", "#", "- ", "? ", ": ", ",", "[", "]", "{", "}", "\"", "'", "“", "~", "=", "<<: "];

/// The ways to write a value behind its key; `S` is where the secret goes, `\n` begins a line of the block below the key.
const FORMS: [&str; 39] = [
    " S",
    " \"S",
    " 'S",
    " \"S\"",
    " \"S\" S",
    " { value: S }",
    " { value: \"S }",
    " { S }",
    " { S: x }",
    " { env: S x }",
    " { env: WORD, value: S }",
    " { env: { value: S } }",
    " { env: [S] }",
    " { env: &S WORD }",
    " { env: !S WORD }",
    " { command: S }",
    " { command: [sh, &S x] }",
    " { command: [[S]] }",
    " { command: [op, rctl_S] }",
    " { command: [op, --token=rset_S] }",
    " { env: rctl_S }",
    " { env: \"rctl_S\" }",
    " { file: rctl_S }",
    " { renew: S }",
    " [S]",
    " [S",
    " { value: S",
    " !x { value: S }",
    " !S { env: WORD }",
    " &x { value: S }",
    " &S { env: WORD }",
    " |\n  S",
    " >-\n  S\n  S",
    "\n  S",
    "\n  value: S",
    "\n  value: S: x",
    "\n  - S\n  - S",
    "\n  S: x\n  S: y",
    "\n\n  # note\n  \"S\n  S",
];

/// The configuration of a server whose workspace begins with a start file.
const SERVER: &str = "\
server: s
listen: 127.0.0.1:0
workspaces: { w: { platform: aesthetic-record, start: start.yaml, main_admin: ada@x.example } }
bad_key: 1
";

/// The documents with the place of a secret: `KEY` is replaced by a key with its value.
const PLACES: [(&str, &str, &str); 16] = [
    (
        "w.yaml",
        "code_word",
        "workspace: bright\nplatform: practice-by-numbers\nconnection: { embedded: {} }\nmain_admin: ada@x.example\nKEY\nusers: { ada@x.example: { first_name: Ada, last_name: Bell, role: owner } }\n",
    ),
    ("w.yaml", "code_wrod", "workspace: bright\nplatform: practice-by-numbers\nconnection: { embedded: {} }\nKEY\nusers: {}\n"),
    ("w.yaml", "code_word", "workspace: bright\nplatform: no-such\nconnection: { embedded: {} }\nusers: {}\nKEY\n"),
    (
        "w.yaml",
        "\"token\"",
        "workspace: far\nplatform: generic\nconnection: { scim: { url: \"https://w.example/scim/v2\", KEY } }\nusers: {}\n",
    ),
    (
        "w.yaml",
        "token",
        "workspace: far\nplatform: generic\nconnection:\n  scim:\n    url: https://w.example/scim/v2\n    KEY\nusers: {}\n",
    ),
    (
        "w.yaml",
        "api_key",
        "workspace: far\nplatform: generic\nconnection:\n  scim:\n    url: https://w.example/scim/v2\n    KEY\nusers: {}\n",
    ),
    (
        "w.yaml",
        "authorization",
        "workspace: far\nplatform: generic\nconnection: { scim: { url: \"https://w.example/scim/v2\", KEY } }\nusers: {}\n",
    ),
    ("w.yaml", "initial_password", "workspace: glow\nplatform: aesthetic-record\nconnection: { embedded: {} }\nKEY\nusers: {}\n"),
    (
        "w.yaml",
        "initial_password",
        "workspace: glow\nplatform: aesthetic-record\nconnection: { embedded: {} }\nusers:\n  ada@x.example:\n    first_name: Ada\n    KEY\n    last_name: Bell\n",
    ),
    (
        "w.yaml",
        "passcode",
        "workspace: glow\nplatform: aesthetic-record\nconnection: { embedded: {} }\nusers:\n  ada@x.example: { first_name: Ada, KEY, last_name: Bell }\n",
    ),
    (
        "w.yaml",
        "pin",
        "workspace: glow\nplatform: aesthetic-record\nconnection: { embedded: {} }\nusers:\n  ada@x.example:\n    first_name: Ada\n    KEY\n",
    ),
    ("w.yaml", "passcode", "define_platform: jane-app\nname: Jane App\nfields:\n  first_name: {}\n  KEY\n"),
    ("w.yaml", "bearer", "define_platform: jane-app\nname: Jane App\nKEY\n"),
    (
        "server.yaml",
        "password",
        "server: s\nlisten: 127.0.0.1:0\nworkspaces: { w: { roster: ../w } }\nmail:\n  host: mail.example\n  user: u\n  KEY\n",
    ),
    (
        "server.yaml",
        "token",
        "server: s\nlisten: 127.0.0.1:0\nworkspaces: { w: { roster: ../w } }\nsms: { url: \"https://sms.example/messages\", form: json, to: to, text: text, KEY }\n",
    ),
    ("start.yaml", "passcode", "start: w\naccounts:\n  ada@x.example:\n    first_name: Ada\n    KEY\n    state: active\n"),
];

/// Texts with a secret in the place `S`, which are URLs or nearly are: of servers, gateways and databases.
const URLS: [&str; 11] = [
    "https://ada:S@x.example/scim",
    "https://ada:S@x.example:8443/scim?a=b",
    "https://S@x.example/scim",
    "https://x.example/scim?token=S",
    "https://x.example/scim?a=b&token=S",
    "https://x.example/scim#S",
    "smtps://accounts:S@smtp.x.example:587",
    "accounts:S@smtp.x.example:587",
    "accounts@x.example:S@smtp.x.example:587",
    "postgres://roster:S@db.x.example:5432/roster",
    "ftp://ada:S@x.example",
];

/// The ways to write such a text behind a key; `U` is the text.
const URL_FORMS: [&str; 22] = [
    " U",
    " \"U\"",
    " 'U'",
    " \"U",
    " [\"U\"]",
    " [U",
    " { scim: U }",
    " { server: \"U\" }",
    " { server: \"U\", from: a@x.example }",
    " { url: \"U\" }",
    " { embedded: { path: \"U\" } }",
    " { scim: { url: \"U\" } }",
    " { scim: { url: [\"U\"] } }",
    " { scim: { uri: \"U\" } }",
    " { scim: { base_url: \"U\", token: { env: A } } }",
    " { scim: { url: \"U\", url: \"U\" } }",
    " { scim: { url: \"U\", token: { env: A } } } }",
    " { scim: { url: U, token: { env: A } } } }",
    " { embedded: {}, scim: { url: \"U\", token: { env: A } } }",
    "\n  scim:\n    url: U\n   token: { env: A }",
    "\n  - U",
    " { U: x }",
];

/// The documents with such a text, at keys where it belongs, and at others.
const URL_PLACES: [(&str, &str, &str); 13] = [
    ("w.yaml", "connection", "workspace: far\nplatform: generic\nKEY\nusers: {}\n"),
    ("w.yaml", "conection", "workspace: far\nplatform: generic\nKEY\nusers: {}\n"),
    ("w.yaml", "connection", "workspace: far\nplatform: generic\nconnection: { embedded: {} }\nKEY\nusers: {}\n"),
    ("w.yaml", "connection", "users_of: far\nKEY\nusers: {}\n"),
    ("w.yaml", "platform", "workspace: far\nKEY\nconnection: { embedded: {} }\nusers: {}\n"),
    ("w.yaml", "workspace", "KEY\nplatform: generic\nconnection: { embedded: {} }\nusers: {}\n"),
    (
        "w.yaml",
        "title",
        "workspace: far\nplatform: generic\nconnection: { embedded: {} }\nusers:\n  ada@x.example:\n    name: 1\n    KEY\n",
    ),
    ("w.yaml", "website", "workspace: far\nplatform: generic\nconnection: { embedded: {} }\nusers:\n  ada@x.example:\n    KEY\n"),
    ("server.yaml", "mail", "server: s\nlisten: 127.0.0.1:0\nworkspaces: { w: { roster: ../w } }\nKEY\n"),
    ("server.yaml", "public_url", "server: s\nlisten: 127.0.0.1:0\nworkspaces: { w: { roster: ../w } }\nKEY\n"),
    ("server.yaml", "database", "server: s\nlisten: 127.0.0.1:0\nworkspaces: { w: { roster: ../w } }\nKEY\n"),
    ("server.yaml", "listen", "server: s\nKEY\nworkspaces: { w: { roster: ../w } }\n"),
    ("server.yaml", "datbase_url", "server: s\nlisten: 127.0.0.1:0\nworkspaces: { w: { roster: ../w } }\nKEY\n"),
];

/// A document with a secret in a place; `None` where a block cannot be, within braces.
fn document((_, key, text): (&str, &str, &str), form: &str, secret: &str) -> Option<String> {
    let line = text.lines().find(|line| line.contains("KEY"))?;
    if line.contains('{') && form.contains('\n') {
        return None;
    }
    let indentation = &line[..line.len() - line.trim_start().len()];
    let value = form.replace('S', secret).replace('\n', &format!("\n{indentation}"));
    Some(text.replace("KEY", &format!("{key}:{value}")))
}

/// The mistakes of a document, as people see them and as they are in JSON.
fn mistakes(name: &str, text: &str) -> String {
    let source = |name: &str, text: &str| Source { name: name.to_owned(), bytes: text.as_bytes().to_vec() };
    let found = match name {
        "w.yaml" => manifest::read(&Sources { files: vec![source(name, text)] }).map(|_| ()),
        "server.yaml" => server::read(&source(name, text), &|_| None).map(|_| ()),
        _ => server::read(&source("server.yaml", SERVER), &|_| Some(text.as_bytes().to_vec())).map(|_| ()),
    };
    let Err(found) = found else { return String::new() };
    let each = found.iter().map(|said| format!("{}\n{}\n", said.message(), said.hint().unwrap_or_default())).collect::<Vec<_>>().concat();
    format!("{found}\n{each}")
}

/// The first lines that show a secret, each once.
fn shown(lines: &BTreeSet<String>) -> String {
    format!("{} lines show a secret, such as\n{}", lines.len(), lines.iter().take(80).cloned().collect::<Vec<_>>().join("\n"))
}

// X-7: whatever the sign with which a secret begins, and however it is written, no mistake shows a character of it.
#[test]
fn no_form_of_a_secret_in_plain_text_is_in_any_mistake() {
    let (mut lines, mut tried, mut refused) = (BTreeSet::new(), 0, 0);
    for place in PLACES {
        for sign in SIGNS {
            for form in FORMS {
                let Some(text) = document(place, form, &format!("{sign}{CANARY}-4711")) else { continue };
                tried += 1;
                let said = mistakes(place.0, &text);
                refused += usize::from(!said.is_empty());
                let wrong = said.lines().filter(|line| line.contains(CANARY) || line.contains("4711"));
                lines.extend(wrong.map(|line| format!("{} {} `{sign}` {form:?}: {line}", place.0, place.1)));
            }
        }
    }
    assert!(tried > 8_000 && refused * 10 > tried * 9, "{refused} of {tried}");
    assert!(lines.is_empty(), "{}", shown(&lines));
}

// X-7: a password in a URL, or before a host, is hidden at every key, in every form and in files that cannot be read.
#[test]
fn no_password_or_query_of_a_url_is_in_any_mistake() {
    let (mut lines, mut tried, mut refused) = (BTreeSet::new(), 0, 0);
    for (at, place) in URL_PLACES.into_iter().enumerate() {
        for (number, url) in URLS.into_iter().enumerate() {
            for (nth, sign) in SIGNS.into_iter().enumerate().filter(|(_, sign)| !sign.contains(' ') || url.contains(":S@")) {
                // Each sign with each form, and with each place.
                for form in URL_FORMS.into_iter().enumerate().filter(|(form, _)| (form + at + number + nth) % 5 == 0).map(|(_, form)| form)
                {
                    let Some(text) = document(place, &form.replace('U', url), &format!("{sign}{CANARY}-4711")) else { continue };
                    tried += 1;
                    let said = mistakes(place.0, &text);
                    refused += usize::from(!said.is_empty());
                    let wrong = said.lines().filter(|line| line.contains(CANARY) || line.contains("4711"));
                    lines.extend(wrong.map(|line| format!("{} {} `{sign}` {url} {form:?}: {line}", place.0, place.1)));
                }
            }
        }
    }
    assert!(tried > 8_000 && refused * 10 > tried * 9, "{refused} of {tried}");
    assert!(lines.is_empty(), "{}", shown(&lines));
}

// X-7: an argument that is wrong is not repeated with its password.
#[test]
fn no_argument_with_a_url_is_repeated_with_its_secret() {
    let here = Roster::example("glow");
    for url in URLS.into_iter().map(|url| url.replace('S', "Zq7-4711")) {
        let arguments: [&[&str]; 9] = [
            &["set-up-link", "glow-medspa", ".", "--url", &url],
            &["serve", ".", "--public-url", &url],
            &["serve", ".", "--listen", &url],
            &["serve", ".", &url],
            &["plan", &url],
            &["plan", ".", "--user", &url],
            &["validate", ".", "--format", &url],
            &["users", ".", &url],
            &[&url],
        ];
        for arguments in arguments {
            let said = here.expect(1, arguments);
            let text = said.stdout + &said.stderr;
            assert!(!text.contains(CANARY) && !text.contains("4711") && text.contains("error"), "{arguments:?}: {text}");
        }
    }
}

// A database of another program would become a file here, with the password in its name.
#[test]
fn the_url_of_a_database_is_refused_and_makes_no_file() {
    let here = Roster::example("glow");
    let before = here.files();
    let url = "postgres://roster:Zq7-4711@db.x.example:5432/roster";
    here.write(
        "s/server.yaml",
        &format!("server: s\nlisten: 127.0.0.1:0\ndatabase: \"{url}\"\nworkspaces: {{ glow-medspa: {{ roster: .. }} }}\n"),
    );
    let connection = format!("workspace: w\nplatform: generic\nconnection: {{ embedded: {{ path: \"{url}\" }} }}\nusers: {{}}\n");
    here.write("r/w.yaml", &connection);
    let arguments: [&[&str]; 8] = [
        &["serve", ".", "--database", url],
        &["set-up-link", "glow-medspa", ".", "--database", url],
        &["token", "create", ".", "--workspace", "glow-medspa", "--owner", "a@x.example", "--access", "read", "--database", url],
        &["code-word", "show", "glow-medspa", ".", "--database", url],
        &["log", ".", "--verify", "--database", url],
        &["serve", "--config", "s/server.yaml"],
        &["validate", "r"],
        &["apply", "r", "--yes"],
    ];
    for arguments in arguments {
        let said = here.expect(1, arguments);
        let text = said.stdout + &said.stderr;
        let (what, hint) = ("rosterctl keeps its data in an SQLite file", "write its path, such as `stores/office.db`");
        assert!(text.contains(what) && text.contains(hint), "{arguments:?}: {text}");
        assert!(!text.contains(CANARY) && !text.contains("4711"), "{arguments:?}: {text}");
    }
    assert_eq!(here.files().len(), before.len() + 2, "{:?}", here.files());
}

// X-7
#[test]
fn no_command_shows_a_secret_in_plain_text() {
    let mut lines = BTreeSet::new();
    for (at, place) in PLACES.into_iter().enumerate() {
        let here = Roster::empty();
        here.write("server.yaml", SERVER);
        let mut commands: Vec<Vec<&str>> = vec![vec!["serve", "--config", "server.yaml"]];
        if place.0 == "w.yaml" {
            commands =
                [&["validate", "r", "--format", "json"][..], &["validate", "r"], &["plan", "r"], &["apply", "r", "--yes"], &["serve", "r"]]
                    .map(<[_]>::to_vec)
                    .into();
            for (number, form) in FORMS.into_iter().enumerate() {
                let secret = format!("{}{CANARY}-4711", SIGNS[(number + 7 * at) % SIGNS.len()]);
                if let Some(text) = document(place, form, &secret) {
                    here.write(&format!("r/{number}.yaml"), &text);
                }
            }
        } else if let Some(text) = document(place, FORMS[at % 20], &format!("{}{CANARY}-4711", SIGNS[at])) {
            here.write(place.0, &text);
        }
        for arguments in commands {
            let said = here.expect(1, &arguments);
            for text in [&said.stdout, &said.stderr] {
                let wrong = text.lines().filter(|line| line.contains(CANARY) || line.contains("4711"));
                lines.extend(wrong.map(|line| format!("{arguments:?} {} {}: {line}", place.0, place.1)));
            }
        }
    }
    assert!(lines.is_empty(), "{}", shown(&lines));
}

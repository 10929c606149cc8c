//! Secrets with a shape of their own go through whole commands; none may come out anywhere but where it is listed (K1, X-7).

use std::path::Path;

use crate::support::{PASSCODES, Roster, Said};
use data_encoding::{BASE64, BASE64URL_NOPAD, HEXLOWER};

const ROSTER: &str = r#"
workspace: glow-medspa
platform: aesthetic-record
connection: { embedded: {} }
main_admin: olivia.stone@glow.example
initial_password: allowed
clinics: { downtown: { name: Glow Downtown } }
users:
  olivia.stone@glow.example: { first_name: Olivia, last_name: Stone, role: administrator, clinics: [downtown], phones: ["+1 602 555 7731"] }
  hugo.brandt@glow.example: { first_name: Hugo, last_name: Brandt, role: front-desk, clinics: [downtown], phones: ["+1 602 555 7732"], passcode: true, initial_password: { env: CANARY_PASSWORD } }
"#;

const DENTAL: &str = r"
workspace: bright-dental
platform: practice-by-numbers
connection: { embedded: {} }
main_admin: dana.fox@bright.example
code_word: { file: secrets/code-word }
users:
  dana.fox@bright.example: { first_name: Dana, last_name: Fox, role: owner }
  pat.wood@ledger.example: { first_name: Pat, last_name: Wood, role: office-administrator, employee: external }
";

const FAR: &str = r#"
workspace: far-away
platform: generic
connection: { scim: { url: "http://127.0.0.1:9/far/scim/v2", token: { command: [echo, canary-token-4b1f77] } } }
users:
  zoe.hart@far.example: { first_name: Zoe, last_name: Hart }
"#;

/// A secret, its forms, and the files that may contain it.
struct Canary {
    name: &'static str,
    value: String,
    listed: fn(&Path) -> bool,
}

impl Canary {
    fn forms(&self) -> Vec<String> {
        let bytes = self.value.as_bytes();
        let url: String = url::form_urlencoded::byte_serialize(bytes).collect();
        let json = serde_json::to_string(&self.value).unwrap().trim_matches('"').to_owned();
        vec![
            self.value.clone(),
            BASE64.encode(bytes),
            BASE64URL_NOPAD.encode(bytes),
            HEXLOWER.encode(bytes),
            HEXLOWER.encode(bytes).to_uppercase(),
            url,
            json,
        ]
    }

    fn is_in(&self, text: &str) -> bool {
        self.forms().iter().any(|form| text.contains(form.as_str()))
    }
}

#[test]
fn no_secret_appears_outside_the_listed_files() {
    let mut roster = Roster::empty();
    roster.write("glow.yaml", ROSTER);
    roster.write("dental.yaml", DENTAL);
    roster.write("far.yaml", FAR);
    roster.write("secrets/code-word", "canary-word-pelican-88c1\n");
    roster.set("CANARY_PASSWORD", "canary-Pass/word 9e2d+?");
    let mut said: Vec<Said> = Vec::new();
    for format in ["text", "json", "markdown"] {
        said.push(roster.run(&["plan", "--format", format, "--out", "first.plan"]));
    }
    said.push(roster.run(&["apply", "--yes", "--format", "json", "--receipt", "first.receipt"]));
    roster.edit("glow.yaml", "passcode: true, initial_password: { env: CANARY_PASSWORD }", "blocked: { reason: activity-review }");
    said.push(roster.run(&["apply", "--yes", "--confirm-phone", "+1 (602) 555-7732"]));
    said.push(roster.run(&["apply", "--yes", "--confirm-phone", "+1 (602) 555-7731"]));
    for file in ["first.plan", "first.receipt"] {
        for format in ["text", "json", "markdown"] {
            said.push(roster.run(&["show", file, "--format", format]));
        }
    }
    let passcode = std::fs::read_to_string(roster.path().join(PASSCODES)).unwrap().trim().rsplit(' ').next().unwrap().to_owned();
    assert!(passcode.len() >= 4);
    let nowhere = |_: &Path| false;
    let canaries = [
        Canary { name: "token", value: "canary-token-4b1f77".to_owned(), listed: |file| file.ends_with("far.yaml") },
        Canary { name: "password", value: "canary-Pass/word 9e2d+?".to_owned(), listed: nowhere },
        // The practice shows it to its admins, so its store holds it (PBN-5).
        Canary {
            name: "code word",
            value: "canary-word-pelican-88c1".to_owned(),
            listed: |file| file.ends_with("secrets/code-word") || file.to_string_lossy().contains("bright-dental.db"),
        },
        Canary { name: "confirmed phone", value: "+1 (602) 555-7731".to_owned(), listed: nowhere },
        Canary {
            name: "confirmed phone, as stored",
            value: "+16025557731".to_owned(),
            listed: |file| file.to_string_lossy().contains("glow-medspa.db"),
        },
        Canary { name: "passcode", value: format!(" {passcode}"), listed: |file| file.ends_with(PASSCODES) },
        Canary { name: "passcode in JSON", value: format!("\"{passcode}\""), listed: nowhere },
    ];
    let files: Vec<_> = (roster.files().into_iter())
        .map(|file| {
            let bytes = std::fs::read(roster.path().join(&file)).unwrap();
            (file, String::from_utf8_lossy(&bytes).into_owned())
        })
        .collect();
    assert!(files.len() > 12, "only {} files were left to look through", files.len());
    for canary in &canaries {
        for said in &said {
            assert!(!canary.is_in(&said.stdout) && !canary.is_in(&said.stderr), "{}:\n{}{}", canary.name, said.stdout, said.stderr);
        }
        for (file, text) in &files {
            assert!((canary.listed)(file) || !canary.is_in(text), "{} is in {}", canary.name, file.display());
        }
    }
    assert!(said.iter().any(|s| s.stdout.contains("who will be blocked")), "a block with the target's own phone was tried");
    assert!(said.iter().any(|s| s.stdout.contains("glow-medspa: matches the roster")), "the block went through in the end");
    assert!(Canary { name: "control", value: "Hugo".to_owned(), listed: nowhere }.is_in(&said[0].stdout), "the search finds what is there");
}

// AR-10: a first password that is missing or too short is known when planning, and never shown.
#[test]
fn a_first_password_is_checked_when_planning() {
    let mut roster = Roster::empty();
    roster.write("glow.yaml", ROSTER);
    let said = roster.expect(1, &["plan", "."]);
    assert!(said.stderr.contains("initial_password of hugo.brandt@glow.example"), "{}", said.stderr);
    roster.set("CANARY_PASSWORD", "sh0rt-1");
    let said = roster.expect(1, &["plan", "."]);
    assert!(said.stderr.contains("8 to 256 characters"), "{}", said.stderr);
    assert!(!format!("{}{}", said.stdout, said.stderr).contains("sh0rt-1"));
    roster.set("CANARY_PASSWORD", "canary-password-1");
    roster.expect(0, &["plan", "."]);
    // An existing user does not need one, also when invited again.
    roster.expect(0, &["apply", ".", "--yes"]);
    roster.unset("CANARY_PASSWORD");
    roster.expect(0, &["plan", "."]);
}

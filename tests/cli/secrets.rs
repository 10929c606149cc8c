//! Commands that print secrets.

use crate::support::Roster;

#[test]
fn a_failing_secret_command_is_named_with_its_workspace() {
    let here = Roster::empty();
    for (command, said) in [
        ("[yes]", "the command `yes` is longer than 64 KiB"),
        ("[sh, -c, exit 3]", "the secret command `sh` failed with exit status: 3"),
        ("[no-such-program]", "cannot start the secret command `no-such-program`"),
    ] {
        here.write(
            "office.yaml",
            &format!(
                "workspace: office
platform: generic
connection: {{ scim: {{ url: \"http://127.0.0.1:9/scim/v2\", token: {{ command: {command} }} }} }}
users: {{}}
"
            ),
        );
        let shown = here.expect(1, &["plan"]).stdout;
        assert!(shown.starts_with("office\n"), "{shown}");
        let shown = shown.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            shown.contains(&format!("connection.scim.token: {said}"))
                || shown.contains(&format!("connection.scim.token: the secret from {said}")),
            "{shown}"
        );
    }
}

#[test]
fn output_of_a_secret_command_has_no_signs_that_control_a_terminal() {
    let here = Roster::empty();
    let command = r"printf 'touch the k\303\251y \033[31mnow\n' >&2; exit 3";
    here.write(
        "office.yaml",
        &format!(
            "workspace: office\nplatform: generic\nusers: {{}}\nconnection: {{ scim: {{ url: \"http://127.0.0.1:9/scim/v2\", token: {{ command: \
             [sh, -c, {}] }} }} }}\n",
            serde_json::to_string(command).unwrap()
        ),
    );
    let said = here.expect(1, &["plan"]).stderr;
    assert!(said.contains("touch the kéy \\u{001b}[31mnow\n"), "{said}");
}

#[test]
fn a_secret_command_that_says_much_is_heard_in_part_and_its_secret_used() {
    let here = Roster::empty();
    here.write(
        "office.yaml",
        "workspace: office\nplatform: generic\nusers: {}\nconnection: { scim: { url: \"http://127.0.0.1:9/scim/v2\", token: { command: \
         [sh, -c, 'head -c 300000 /dev/zero | tr \"\\0\" x >&2; echo a-token-that-is-used'] } } }\n",
    );
    let said = here.expect(1, &["plan"]);
    assert!(said.stdout.contains("127.0.0.1:9"), "the server is asked: {}", said.stdout);
    let shown = said.stderr.matches('x').count();
    assert!((60_000..70_000).contains(&shown), "{shown} of 300000");
}

/// A roster with one person besides its main admin.
fn roster(platform: &str, more: &str, role: &str, people: &str) -> String {
    format!(
        "workspace: corner\nplatform: {platform}\nconnection: {{ embedded: {{}} }}\nmain_admin: rita@corner.example\n{more}users:\n  \
         rita@corner.example: {{ first_name: Rita, last_name: Vogel, {role} }}\n{people}"
    )
}

// AR-10
#[test]
fn a_first_password_that_cannot_be_fetched_leaves_only_its_own_person_out() {
    let mut here = Roster::empty();
    let with = |people: &str| {
        let more = "initial_password: allowed\nclinics: { main: { name: Corner } }\n";
        roster("aesthetic-record", more, "role: administrator, clinics: [main], phones: [\"+1 602 555 0180\"]", people)
    };
    let rest = "role: front-desk, clinics: [main], phones: [\"+1 602 555 0181\"]";
    let tom = |status: &str| format!("  tom@corner.example: {{ first_name: Tom, last_name: Berg, {rest}, status: {status} }}\n");
    let eve = |secret: &str| format!("  eve@corner.example: {{ first_name: Eve, last_name: Dee, {rest}, initial_password: {secret} }}\n");
    here.write("short", "word5\n");
    let mut status = "active";
    here.write("corner.yaml", &with(&tom(status)));
    here.expect(0, &["apply", "--yes"]);
    for (secret, why) in [
        ("{ env: NOBODY_SET_THIS }", "the environment variable `NOBODY_SET_THIS` is not set"),
        ("{ command: ['false'] }", "the secret command `false` failed"),
        ("{ file: short }", "a first password must have"),
    ] {
        status = if status == "active" { "inactive" } else { "active" };
        here.write("corner.yaml", &with(&(tom(status) + &eve(secret))));
        let planned = here.expect(1, &["plan"]);
        assert!(planned.stderr.contains(why), "{}", planned.stderr);
        let said = here.expect(3, &["apply", "--yes"]).stdout;
        let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said.contains(why) && said.contains("initial_password of eve@corner.example"), "{said}");
        here.expect(0, &["plan", "--user", "tom@corner.example", "--detailed-exitcode"]);
        assert!(!here.expect(0, &["users"]).stdout.contains("eve@corner.example"));
    }
    here.set("NOBODY_SET_THIS", "a first password of Eve");
    here.write("corner.yaml", &with(&(tom(status) + &eve("{ env: NOBODY_SET_THIS }"))));
    here.expect(0, &["apply", "--yes"]);
    here.expect(0, &["plan", "--detailed-exitcode"]);
}

// X-7: the secret itself is in the place of the name of a variable.
#[test]
fn a_variable_that_may_be_the_secret_itself_is_not_repeated() {
    let here = Roster::empty();
    let eve = "  eve@corner.example: { first_name: Eve, last_name: Dee, role: front-desk, clinics: [main], phones: [\"+1 602 555 0181\"], \
               initial_password: { env: Summer2026QQ7 } }\n  tom@corner.example: { first_name: Tom, last_name: Berg, role: front-desk, clinics: [main], phones: [\"+1 602 555 0182\"] }\n";
    let more = "initial_password: allowed\nclinics: { main: { name: Corner } }\n";
    let text = roster("aesthetic-record", more, "role: administrator, clinics: [main], phones: [\"+1 602 555 0180\"]", eve);
    here.write("corner.yaml", &text);
    let runs: [(i32, &[&str]); 4] =
        [(1, &["plan"]), (1, &["plan", "--format", "json"]), (1, &["plan", "--out", "a.plan"]), (3, &["apply", "--yes"])];
    for (code, arguments) in runs {
        let said = here.expect(code, arguments);
        let text = said.stdout + &said.stderr;
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains("is not set; if this is the secret itself,"), "{arguments:?}: {text}");
        assert!(!text.contains("QQ7"), "{arguments:?}: {text}");
    }
    let receipts = here.files().into_iter().filter(|file| file.extension().is_none_or(|end| end != "yaml"));
    let mut seen = 0;
    for file in receipts {
        let bytes = std::fs::read(here.path().join(&file)).unwrap();
        assert!(!bytes.windows(3).any(|part| part == b"QQ7"), "{}", file.display());
        seen += usize::from(file.to_string_lossy().contains("receipts"));
    }
    assert!(seen > 0, "there is a receipt");
}

// PBN-5
#[test]
fn a_code_word_that_cannot_be_fetched_leaves_only_itself_unknown() {
    let mut here = Roster::empty();
    let with = |word: &str, status: &str| {
        let tom = format!(
            "  tom@corner.example: {{ first_name: Tom, last_name: Berg, role: front-desk, employee: external, status: {status} }}\n"
        );
        roster("practice-by-numbers", word, "role: owner, employee: external", &tom)
    };
    here.write("corner.yaml", &with("", "active"));
    here.expect(0, &["apply", "--yes"]);
    here.write("corner.yaml", &with("code_word: { env: NOBODY_SET_THIS }\n", "inactive"));
    let why = "code_word: the environment variable `NOBODY_SET_THIS` is not set";
    let planned = here.expect(1, &["plan"]);
    assert!(planned.stderr.contains(why) && planned.stdout.contains("tom@corner.example"), "{}\n{}", planned.stdout, planned.stderr);
    here.expect(0, &["apply", "--yes", "--user", "tom@corner.example"]);
    here.write("corner.yaml", &with("code_word: { env: NOBODY_SET_THIS }\n", "active"));
    let said = here.expect(3, &["apply", "--yes"]).stdout;
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains(why) && !said.contains("No changes") && !said.contains("Matches the roster"), "{said}");
    here.expect(0, &["plan", "--user", "tom@corner.example", "--detailed-exitcode"]);
    let left = here.expect(1, &["plan", "--detailed-exitcode"]);
    assert!(left.stdout.contains("set code word") && !left.stdout.contains("No changes"), "{}", left.stdout);
    here.expect(0, &["users"]);
    here.set("NOBODY_SET_THIS", "blue harbor 7");
    here.expect(0, &["apply", "--yes"]);
    here.expect(0, &["plan", "--detailed-exitcode"]);
    assert_eq!(here.expect(0, &["code-word", "show", "corner"]).stdout, "blue harbor 7\n");
}

/// A program that began a session of its own is in another process group, and has another parent.
#[cfg(target_os = "linux")]
#[test]
fn a_secret_command_is_ended_with_programs_that_began_a_session_of_their_own() {
    let here = Roster::empty();
    let script = "setsid sh -c 'echo $$ > session; sleep 600' & while [ ! -s session ]; do :; done; exec yes";
    here.write(
        "office.yaml",
        &format!(
            "workspace: office
platform: generic
connection: {{ scim: {{ url: \"http://127.0.0.1:9/scim/v2\", token: {{ command: [sh, -c, \"{script}\"] }} }} }}
users: {{}}
"
        ),
    );
    let shown = here.expect(1, &["plan"]).stdout;
    assert!(shown.contains("longer than 64 KiB"), "{shown}");
    let process = std::path::Path::new("/proc").join(std::fs::read_to_string(here.path().join("session")).unwrap().trim()).join("environ");
    // A process that ended and that nobody waited for has an empty environment.
    let is_alive = || std::fs::read(&process).is_ok_and(|environment| !environment.is_empty());
    let ended = (0..6_000).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(10));
        !is_alive()
    });
    assert!(ended, "the program goes on");
}

/// The terminal's Ctrl-C does not reach another process group, and nobody would end the command after the program.
#[cfg(target_os = "linux")]
#[test]
fn a_signal_ends_the_program_and_its_secret_command() {
    use std::os::unix::process::ExitStatusExt as _;
    for signal in ["INT", "TERM", "HUP", "QUIT"] {
        let here = Roster::empty();
        here.write(
            "office.yaml",
            "workspace: office
platform: generic
connection: { scim: { url: \"http://127.0.0.1:9/scim/v2\", token: { command: [sh, -c, \"sh -c 'echo $$ > inner; sleep 600'; echo x\"] } } }
users: {}
",
        );
        let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_rosterctl"))
            .args(["plan", "."])
            .current_dir(here.path())
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        let wait = |is_so: &dyn Fn() -> bool| {
            (0..6_000).any(|_| {
                std::thread::sleep(std::time::Duration::from_millis(10));
                is_so()
            })
        };
        let inner = here.path().join("inner");
        assert!(wait(&|| std::fs::read_to_string(&inner).is_ok_and(|id| id.ends_with('\n'))), "the command never began");
        let kill = std::process::Command::new("sh").args(["-c", &format!("kill -{signal} {}", program.id())]).status().unwrap();
        assert!(kill.success());
        let ended = program.wait().unwrap();
        assert!(!ended.success() && ended.signal().is_none(), "{ended}");
        let process = std::path::Path::new("/proc").join(std::fs::read_to_string(&inner).unwrap().trim()).join("environ");
        assert!(wait(&|| !std::fs::read(&process).is_ok_and(|environment| !environment.is_empty())), "the command goes on after {signal}");
    }
}

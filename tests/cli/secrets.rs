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

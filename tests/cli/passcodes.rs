//! New passcodes: into a file, or not at all without a terminal.

use crate::support::{NO_PASSCODES, Roster};

// AR-11, X-7: nobody would see the passcode, so it is not made; the rest is.
#[test]
fn without_a_terminal_and_without_a_file_no_passcode_is_made() {
    let mut roster = Roster::example("glow");
    roster.set(NO_PASSCODES, "1");
    let planned = roster.expect(0, &["plan"]).stdout;
    assert!(planned.contains("generate passcode") && planned.contains("`--passcodes FILE`"), "{planned}");
    let said = roster.expect(3, &["apply", "--yes"]);
    assert!(said.stdout.contains("there is no terminal to show it on") && said.stdout.contains("`--passcodes FILE`"), "{}", said.stdout);
    assert!(!roster.files().iter().any(|file| file.to_string_lossy().contains("passcodes")));
    roster.expect(2, &["plan", "--detailed-exitcode"]);
    let left = roster.expect(0, &["apply", "--yes", "--passcodes", "new codes.txt"]);
    assert!(
        left.stderr.trim_end().ends_with("New passcodes are in new codes.txt: give them to the users, then delete the file."),
        "{}",
        left.stderr
    );
    let text = std::fs::read_to_string(roster.path().join("new codes.txt")).unwrap();
    let (user, passcode) = text.trim_end().split_once(' ').unwrap();
    assert_eq!(user, "ana.ruiz@glow.example");
    assert!(passcode.len() == 6 && passcode.bytes().all(|b| b.is_ascii_digit()), "{passcode}");
    assert!(!left.stdout.contains(passcode) && !left.stderr.contains(passcode));
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::MetadataExt::mode(&roster.path().join("new codes.txt").metadata().unwrap());
        assert_eq!(mode & 0o077, 0, "only its owner can read it");
    }
    let journals = std::fs::read_dir(roster.path().join(".rosterctl/journals")).unwrap();
    let newest = journals.map(|file| file.unwrap().path()).max().unwrap();
    assert!(std::fs::read_to_string(newest).unwrap().trim_end().ends_with(r#"{"event":"passcodes-shown"}"#));
    roster.expect(0, &["plan", "--detailed-exitcode"]);
}

// X-7
#[test]
fn nothing_is_written_if_the_file_of_passcodes_cannot_be() {
    let roster = Roster::example("glow");
    let said = roster.expect(1, &["apply", "--yes", "--passcodes", "no/such/folder"]);
    assert!(said.stderr.contains("`no/such/folder`"), "{}", said.stderr);
    assert!(!roster.path().join(".rosterctl/glow-medspa.db").exists());
}

// AR-11: a passcode is shown once, so it must not go where it would be lost.
#[cfg(unix)]
#[test]
fn passcodes_are_not_made_for_what_would_lose_them() {
    let roster = Roster::example("glow");
    std::os::unix::fs::symlink("/dev/null", roster.path().join("codes")).unwrap();
    std::fs::create_dir(roster.path().join("folder")).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(roster.path().join("pipe")).status().unwrap().success());
    for (path, why) in [
        ("/dev/null", "`/dev/null` does not keep what is written to it: give a file"),
        ("codes", "`codes` does not keep what is written to it: give a file"),
        ("/dev/full", "`/dev/full` does not keep what is written to it: give a file"),
        ("folder", "`folder` is a folder: give a file in it, such as `folder/passcodes.txt`"),
        ("pipe", "nobody reads the pipe `pipe`: start the program that reads it first, or give a file"),
    ] {
        let said = roster.expect(1, &["apply", "--yes", "--passcodes", path]);
        assert!(said.stderr.contains(why), "{}", said.stderr);
    }
    assert!(!roster.path().join(".rosterctl/glow-medspa.db").exists(), "nothing was written");
    let reader = std::process::Command::new("cat").arg("pipe").current_dir(roster.path()).stdout(std::process::Stdio::piped()).spawn();
    let reader = reader.unwrap();
    // The reader opens the pipe long before the plan is made, or it would be asked for here.
    let opened = std::fs::OpenOptions::new().write(true).open(roster.path().join("pipe")).unwrap();
    roster.expect(0, &["apply", "--yes", "--passcodes", "pipe"]);
    drop(opened);
    let read = String::from_utf8(reader.wait_with_output().unwrap().stdout).unwrap();
    assert!(read.starts_with("ana.ruiz@glow.example "), "{read}");
}

// X-7: a receipt in place of the passcodes, or passcodes in a receipt, would be lost or seen by the wrong people.
#[test]
fn each_file_has_one_purpose() {
    let roster = Roster::example("glow");
    roster.expect(0, &["plan", "--out", "monday.plan"]);
    let folder = roster.path().join("folder");
    std::fs::create_dir(&folder).unwrap();
    for (options, said) in [
        (&["--passcodes", "new", "--receipt", "new"][..], "--receipt and --passcodes name the same file"),
        (&["--passcodes", "new", "--receipt", "folder/../new"], "--receipt and --passcodes name the same file"),
        (&["--plan", "monday.plan", "--passcodes", "monday.plan"], "--plan and --passcodes name the same file"),
        (&["--plan", "monday.plan", "--receipt", "./monday.plan"], "--plan and --receipt name the same file"),
    ] {
        let told = roster.expect(1, &[&["apply", "--yes"], options].concat());
        assert!(told.stderr.contains(said), "{}", told.stderr);
    }
    std::fs::write(roster.path().join("one"), "").unwrap();
    std::fs::hard_link(roster.path().join("one"), roster.path().join("two")).unwrap();
    let told = roster.expect(1, &["apply", "--yes", "--passcodes", "one", "--receipt", "two"]);
    assert!(told.stderr.contains("--receipt and --passcodes name the same file"), "{}", told.stderr);
    for option in ["--passcodes", "--receipt"] {
        let output = std::fs::File::create(roster.path().join("out.txt")).unwrap();
        let mut run = std::process::Command::new(env!("CARGO_BIN_EXE_rosterctl"));
        let run = run.args(["apply", "--yes", option, "out.txt"]).current_dir(roster.path()).stdout(output).output().unwrap();
        let said = String::from_utf8(run.stderr).unwrap();
        assert!(run.status.code() == Some(1) && said.contains("the output of this command is redirected"), "{said}");
    }
    assert!(!roster.path().join("new").exists() && !roster.path().join(".rosterctl/glow-medspa.db").exists());
}

// X-7
#[cfg(unix)]
#[test]
fn a_file_that_others_could_read_is_for_its_owner_alone_before_a_passcode_is_in_it() {
    use std::os::unix::fs::PermissionsExt as _;

    let roster = Roster::example("glow");
    let file = roster.path().join("codes.txt");
    std::fs::write(&file, "last month\n").unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    roster.expect(0, &["apply", "--yes", "--passcodes", "codes.txt"]);
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.starts_with("last month\nana.ruiz@glow.example "), "{text}");
}

// AR-11, AR-19
#[test]
fn a_run_that_is_not_confirmed_leaves_no_file_for_passcodes() {
    let mut roster = Roster::example("glow");
    roster.set("ROSTERCTL_CONFIRM_PHONE", "+1 602 555 0999");
    roster.expect(6, &["apply", "--yes", "--passcodes", "codes.txt"]);
    assert!(!roster.path().join("codes.txt").exists());
    roster.set("ROSTERCTL_CONFIRM_PHONE", crate::support::OWN_PHONE);
    roster.expect(0, &["apply", "--yes", "--passcodes", "codes.txt"]);
    assert_eq!(std::fs::read_to_string(roster.path().join("codes.txt")).unwrap().lines().count(), 1);
}

// The system's limit for the size of a file is like a full disk: a write fails, and what was done is said.
#[cfg(target_os = "linux")]
#[test]
fn the_limit_of_a_files_size_is_reported_like_a_full_disk() {
    let roster = Roster::example("glow");
    let program = assert_cmd::cargo::cargo_bin("rosterctl");
    let run = |limit: &str, arguments: &str| {
        let script = format!("ulimit -f {limit}; exec \"$0\" {arguments}");
        let output = std::process::Command::new("bash").args(["-c", &script]).arg(&program).current_dir(roster.path()).output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap() + &String::from_utf8(output.stdout).unwrap())
    };
    let (code, said) = run("1", "plan --out monday.plan");
    assert!(code == Some(1) && said.contains("cannot write `monday.plan`: File too large"), "{code:?} {said}");
    let (code, said) = run("2", "apply --yes --confirm-phone +16025550100 --passcodes codes.txt");
    assert!(code == Some(1) && said.contains("nothing was written to this workspace"), "{code:?} {said}");
    roster.expect(0, &["apply", "--yes"]);
}

//! Files and folders whose names have a meaning elsewhere: in a URL, in a shell, or because they are not regular files.

use std::fs;
use std::os::unix::fs::FileTypeExt as _;
use std::path::Path;
use std::process::Command;

use crate::support::Roster;

/// Names that a folder can have, each with characters that a URL, a shell or SQLite reads as something else.
const NAMES: [&str; 10] =
    ["two words", "c:old|x", "[x]<y>^z", "back\\slash", "what?#1", "50%41", "file:x", ":memory:", "Größe {x}", "it's `x` $HOME &;"];

const STAFF: &str = "workspace: corner
platform: aesthetic-record
connection: { embedded: {} }
main_admin: rita.vogel@corner.example
clinics: { main: { name: Corner } }
users:
  rita.vogel@corner.example: { first_name: Rita, last_name: Vogel, role: administrator, clinics: [main], phones: [\"+1 602 555 0180\"] }
  tom.berg@corner.example: { first_name: Tom, last_name: Berg, role: front-desk, clinics: [main], phones: [\"+1 602 555 0181\"] }
";

#[cfg(unix)]
#[test]
fn a_database_that_is_a_link_to_nothing_is_refused_before_a_plan_promises_it() {
    let here = Roster::empty();
    here.write("staff.yaml", &STAFF.replace("embedded: {}", "embedded: { path: l.db }"));
    std::os::unix::fs::symlink("elsewhere.db", here.path().join("l.db")).unwrap();
    let said = here.expect(1, &["plan"]).stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("is a link that leads nowhere"), "{said}");
    std::fs::write(here.path().join("elsewhere.db"), "").unwrap();
    here.expect(0, &["apply", "--yes"]);
    here.expect(0, &["plan", "--detailed-exitcode"]);
}

#[test]
fn a_roster_folder_can_have_any_name() {
    let here = Roster::empty();
    for name in NAMES {
        here.write(&format!("{name}/staff.yaml"), STAFF);
        here.expect(0, &["apply", name, "--yes"]);
        here.expect(0, &["plan", name, "--detailed-exitcode"]);
        assert!(here.path().join(name).join(".rosterctl/corner.db").metadata().unwrap().len() > 0, "{name}");
        let said =
            here.expect(0, &["token", "create", name, "--workspace", "corner", "--owner", "rita.vogel@corner.example", "--access", "read"]);
        assert!(!said.stdout.is_empty());
    }
    let top = fs::read_dir(here.path()).unwrap().count();
    assert_eq!(top, NAMES.len(), "each run stays in its own folder");
}

#[test]
fn an_embedded_path_leads_to_the_file_that_it_names() {
    let here = Roster::empty();
    let link = here.path().join("roster/link");
    fs::create_dir_all(here.path().join("far/away")).unwrap();
    fs::create_dir_all(here.path().join("roster")).unwrap();
    std::os::unix::fs::symlink("../far/away", link).unwrap();
    let paths = NAMES.iter().map(|name| (format!("../stores/{name}.db"), format!("stores/{name}.db")));
    // What comes after a link is seen from where the link leads.
    let paths = paths.chain([("link/../x.db".to_owned(), "far/x.db".to_owned()), ("./a//b.db".to_owned(), "roster/a/b.db".to_owned())]);
    for (given, file) in paths {
        let quoted = given.replace('\'', "''");
        here.write("roster/staff.yaml", &STAFF.replace("embedded: {}", &format!("embedded: {{ path: '{quoted}' }}")));
        here.expect(0, &["apply", "roster", "--yes"]);
        assert!(here.path().join(&file).metadata().unwrap().len() > 0, "{given} is {file}");
        here.expect(0, &["plan", "roster", "--detailed-exitcode"]);
    }
}

#[test]
fn a_database_receipt_and_plan_can_have_any_name() {
    let here = Roster::empty();
    here.write("staff.yaml", STAFF);
    for name in NAMES {
        let (plan, receipt, database) = (format!("{name}.plan"), format!("{name}.receipt"), format!("{name}.db"));
        here.expect(0, &["plan", "--out", &plan]);
        here.expect(0, &["show", &plan]);
        here.expect(0, &["apply", "--yes", "--receipt", &receipt]);
        here.expect(0, &["show", &receipt]);
        let owner = ["--workspace", "corner", "--owner", "rita.vogel@corner.example", "--access", "read"];
        here.expect(0, &[&["token", "create", ".", "--database", &database][..], &owner[..]].concat());
        assert!(here.path().join(&database).metadata().unwrap().len() > 0, "{name}");
    }
    let longest = "x".repeat(255);
    here.expect(0, &["plan", "--out", &longest]);
    here.expect(0, &["show", &longest]);
}

#[test]
fn a_pipe_gets_the_plan_and_stays_a_pipe() {
    let here = Roster::empty();
    here.write("staff.yaml", STAFF);
    let pipe = here.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let reader = {
        let pipe = pipe.clone();
        std::thread::spawn(move || fs::read(pipe).unwrap())
    };
    let said = here.expect(0, &["plan", "--out", "pipe"]);
    assert!(!said.stderr.contains("rosterctl apply"), "nothing can be applied from it: {}", said.stderr);
    here.write("copy.plan", std::str::from_utf8(&reader.join().unwrap()).unwrap());
    here.expect(0, &["show", "copy.plan"]);
    assert!(pipe.symlink_metadata().unwrap().file_type().is_fifo());
    let reader = {
        let pipe = pipe.clone();
        std::thread::spawn(move || fs::read(pipe).unwrap())
    };
    here.expect(0, &["apply", "--yes", "--receipt", "pipe"]);
    here.write("copy.receipt", std::str::from_utf8(&reader.join().unwrap()).unwrap());
    here.expect(0, &["show", "copy.receipt"]);
    assert!(pipe.symlink_metadata().unwrap().file_type().is_fifo());
}

#[test]
fn a_link_is_written_through_and_stays_a_link() {
    let here = Roster::empty();
    here.write("staff.yaml", STAFF);
    here.write("far/old.plan", "old");
    for (link, target) in
        [("old", "far/old.plan"), ("new", "far/new.plan"), ("twice", "old"), ("nothing", "/dev/null"), ("out", "/dev/stdout")]
    {
        std::os::unix::fs::symlink(target, here.path().join(link)).unwrap();
        let said = here.expect(0, &["plan", "--out", link]);
        assert!(here.path().join(link).symlink_metadata().unwrap().is_symlink(), "{link}");
        assert_eq!(link == "out", said.stdout.contains("\"checksum\""), "{}", said.stdout);
        assert_eq!(["nothing", "out"].contains(&link), !said.stderr.contains("rosterctl apply"), "{}", said.stderr);
    }
    for file in ["far/old.plan", "far/new.plan"] {
        here.expect(0, &["show", file]);
    }
}

#[test]
fn a_link_that_leads_nowhere_and_a_file_with_two_names_stay_what_they_are() {
    let here = Roster::empty();
    here.write("staff.yaml", STAFF);
    std::os::unix::fs::symlink("loop", here.path().join("loop")).unwrap();
    let said = here.expect(1, &["plan", "--out", "loop"]);
    assert!(said.stderr.contains("`loop`"), "{}", said.stderr);
    assert!(here.path().join("loop").symlink_metadata().unwrap().is_symlink());
    here.write("one.plan", "old");
    fs::hard_link(here.path().join("one.plan"), here.path().join("two.plan")).unwrap();
    here.expect(0, &["plan", "--out", "two.plan"]);
    here.expect(0, &["show", "one.plan"]);
}

#[test]
fn a_file_in_memory_is_replaced_like_any_other() {
    let memory = Path::new("/dev/shm");
    if !memory.is_dir() {
        return;
    }
    let (here, folder) = (Roster::empty(), tempfile::tempdir_in(memory).unwrap());
    here.write("staff.yaml", STAFF);
    let file = folder.path().join("monday.plan");
    for _ in 0..2 {
        here.expect(0, &["plan", "--out", file.to_str().unwrap()]);
        here.expect(0, &["show", file.to_str().unwrap()]);
    }
}

#[test]
fn a_device_or_folder_is_never_replaced() {
    let here = Roster::empty();
    here.write("staff.yaml", STAFF);
    // The folder is this test's own, so a program that replaces what is there does no harm.
    fs::create_dir(here.path().join("folder")).unwrap();
    let said = here.expect(1, &["plan", "--out", "folder"]);
    assert!(said.stderr.contains("`folder`"), "{}", said.stderr);
    let listener = std::os::unix::net::UnixListener::bind(here.path().join("socket")).unwrap();
    here.expect(1, &["plan", "--out", "socket"]);
    assert!(here.path().join("socket").symlink_metadata().unwrap().file_type().is_socket());
    drop(listener);
    std::os::unix::fs::symlink("/dev/full", here.path().join("full")).unwrap();
    here.expect(1, &["plan", "--out", "full"]);
    assert!(Path::new("/dev/full").symlink_metadata().unwrap().file_type().is_char_device());
}

#[test]
fn a_printed_command_can_be_pasted() {
    let here = Roster::empty();
    for name in NAMES.into_iter().chain(["-dash", "~", "line\nbreak", "\u{202e}turned", "-", "plain", "tab\tand\u{1b}[1m"]) {
        let folder = here.path().join(name);
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("staff.yaml"), STAFF).unwrap();
        let plan = format!("{name}.plan");
        let said = here.expect(0, &["plan", &format!("--out={plan}"), "--", name]);
        let shown = said.stderr.lines().last().unwrap().to_owned();
        assert!(!shown.contains(['\u{1b}', '\u{202e}', '\t']), "{shown:?}");
        let command = shown.split_once("Apply it with ").unwrap().1.trim_matches('`');
        let program = assert_cmd::cargo::cargo_bin("rosterctl");
        let script = format!("rosterctl() {{ '{}' \"$@\"; }}\n{command} --yes", program.display());
        let output = Command::new("bash").args(["-c", &script]).current_dir(here.path()).output().unwrap();
        assert!(output.status.success(), "{command}\n{}", String::from_utf8_lossy(&output.stderr));
        here.expect(0, &["plan", "--detailed-exitcode", "--", name]);
    }
}

#[test]
fn a_file_of_the_roster_is_never_written_to() {
    let here = Roster::example("glow");
    let before = std::fs::read(here.path().join("glow.yaml")).unwrap();
    for command in [&["plan", "--out", "glow.yaml"][..], &["apply", "--yes", "--passcodes", "glow.yaml", "--confirm-phone", "+16025550100"]]
    {
        let said = here.expect(1, command).stderr;
        assert!(said.contains("so it is not written to"), "{said}");
    }
    assert_eq!(std::fs::read(here.path().join("glow.yaml")).unwrap(), before);
    assert!(!here.path().join(".rosterctl/glow-medspa.db").exists(), "nothing was written");
}

//
#[test]
fn a_file_that_a_run_writes_never_becomes_a_roster_file() {
    let here = Roster::empty();
    here.write("corner/staff.yaml", STAFF);
    here.write("corner/sub/other.txt", "");
    std::os::unix::fs::symlink("sub/later.yaml", here.path().join("corner/link")).unwrap();
    let before = here.files();
    for (options, instead) in [
        (&["plan", "corner", "--out", "corner/monday.yaml"][..], "write --out corner/monday.plan"),
        (&["plan", "corner", "--out", "corner/sub/../monday.YML"], "write --out corner/sub/../monday.plan"),
        (&["plan", "corner", "--out", "corner/link"], "write --out corner/link.plan"),
        (&["apply", "corner", "--yes", "--receipt", "corner/sub/r.yml"], "write --receipt corner/sub/r.json"),
        (&["apply", "corner", "--yes", "--passcodes", "corner/pc.yaml"], "write --passcodes corner/pc.txt"),
        (&["review", "corner", "--out", "corner/review.yaml"], "write --out corner/review.txt"),
    ] {
        let said = here.expect(1, options);
        assert!(said.stderr.contains(instead) && said.stdout.is_empty(), "{}", said.stderr);
    }
    assert_eq!(here.files(), before);
    for elsewhere in ["monday.yaml", "corner/.monday.yaml", "corner/monday.plan"] {
        here.expect(0, &["plan", "corner", "--out", elsewhere]);
    }
    here.expect(0, &["validate", "corner"]);
}

#[test]
fn a_file_of_a_database_is_never_written_to() {
    let here = Roster::empty();
    here.write("staff.yaml", STAFF);
    here.expect(0, &["apply", "--yes"]);
    for file in [".rosterctl/corner.db", ".rosterctl/corner.key"] {
        let before = fs::read(here.path().join(file)).unwrap();
        std::os::unix::fs::symlink(file, here.path().join("link")).unwrap();
        for name in [file, "link"] {
            let said = here.expect(1, &["plan", "--out", name]).stderr;
            assert!(said.contains("is a file of a database"), "{said}");
            let said = here.expect(1, &["apply", "--yes", "--receipt", name]).stderr;
            assert!(said.contains("is a file of a database"), "{said}");
        }
        fs::remove_file(here.path().join("link")).unwrap();
        assert_eq!(fs::read(here.path().join(file)).unwrap(), before, "{file}");
    }
    here.expect(0, &["plan", "--detailed-exitcode"]);
}

#[test]
fn a_database_of_two_workspaces_is_one_file_in_every_spelling() {
    let here = Roster::empty();
    fs::create_dir(here.path().join("sub")).unwrap();
    let staff = |name: &str, path: &str| {
        STAFF.replace("workspace: corner", &format!("workspace: {name}")).replace("embedded: {}", &format!("embedded: {{ path: {path} }}"))
    };
    for (at, other) in ["./both.db", "sub/../both.db", "sub/.././both.db"].into_iter().enumerate() {
        for file in ["both.db", "both.key"] {
            let _ = fs::remove_file(here.path().join(file));
        }
        here.write("one.yaml", &staff("one", "both.db"));
        here.write("two.yaml", &staff(&format!("two-{at}"), other));
        here.expect(0, &["apply", "--yes"]);
        here.expect(0, &["plan", "--detailed-exitcode"]);
    }
}

#[test]
fn a_database_that_was_lost_is_not_created_anew_in_silence() {
    let here = Roster::empty();
    here.write("staff.yaml", STAFF);
    here.expect(0, &["apply", "--yes"]);
    let database = here.path().join(".rosterctl/corner.db");
    let kept = fs::read(&database).unwrap();
    for left in [None, Some("")] {
        match left {
            None => fs::remove_file(&database).unwrap(),
            Some(content) => fs::write(&database, content).unwrap(),
        }
        for command in ["plan", "apply", "users"] {
            let said = here.expect(1, &[command]);
            let text = format!("{}{}", said.stdout, said.stderr).split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(text.contains("is missing or empty") && text.contains("restore it from a backup"), "{command}: {text}");
        }
    }
    fs::write(&database, kept).unwrap();
    here.expect(0, &["plan", "--detailed-exitcode"]);
    for file in [".rosterctl/corner.db", ".rosterctl/corner.key"] {
        fs::remove_file(here.path().join(file)).unwrap();
    }
    here.expect(0, &["apply", "--yes"]);
}

#[test]
fn a_database_of_another_program_is_left_as_it_is() {
    let here = Roster::empty();
    here.write("staff.yaml", &STAFF.replace("embedded: {}", "embedded: { path: billing.db }"));
    let made = Command::new("python3")
        .args(["-c", "import sqlite3; c = sqlite3.connect('billing.db'); c.execute('create table invoices (a)'); c.commit()"])
        .current_dir(here.path())
        .status();
    assert!(made.unwrap().success());
    let before = fs::read(here.path().join("billing.db")).unwrap();
    for command in ["plan", "apply"] {
        let said = here.expect(1, &[command]);
        let text = format!("{}{}", said.stdout, said.stderr).split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains("is a database of another program"), "{command}: {text}");
    }
    assert!(fs::read(here.path().join("billing.db")).unwrap() == before, "no byte of it is changed");
    assert!(!here.path().join("billing.key").exists());
}

#[test]
fn a_file_that_does_not_exist_is_said_to_be_missing_by_every_command_that_reads_one() {
    let here = Roster::empty();
    here.write("staff.yaml", STAFF);
    here.write(
        "hand.yaml",
        &STAFF.replace("workspace: corner", "workspace: hand").replace("embedded: {}", "snapshot: snapshots/hand.yaml"),
    );
    here.write("monday.plan", "{}");
    let commands: [&[&str]; 8] = [
        &["apply", "--plan", "mondai.plan"],
        &["show", "mondai.plan"],
        &["review", "--staff", "mondai.plan"],
        &["attest", "mondai.plan", "--by", "rita.vogel@corner.example"],
        &["snapshot", "hand", "mondai.plan"],
        &["serve", "--config", "mondai.plan"],
        &["log", "--verify", "--against", "mondai.plan"],
        &["token", "list", "--config", "mondai.plan", "--workspace", "corner"],
    ];
    for command in commands {
        let said = here.expect(1, command).stderr;
        assert!(said.contains("there is no file `mondai.plan`: did you mean `monday.plan`?"), "{command:?}: {said}");
        let missing: Vec<&str> = command.iter().map(|word| if *word == "mondai.plan" { "." } else { *word }).collect();
        let said = here.expect(1, &missing).stderr;
        assert!(said.contains("is a folder: give") && !said.contains("os error"), "{missing:?}: {said}");
    }
}

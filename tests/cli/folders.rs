//! Rosters in several folders and files.

use std::fmt::Write as _;
use std::os::unix::fs::symlink;

use crate::support::Roster;

fn office(name: &str) -> String {
    format!(
        "workspace: {name}
platform: generic
connection: {{ embedded: {{}} }}
main_admin: ada@{name}.example
users:
  ada@{name}.example: {{ first_name: Ada }}
"
    )
}

#[test]
fn yaml_in_folders_is_read() {
    let here = Roster::empty();
    here.write("a.yaml", &office("a"));
    here.write("north/b.yaml", &office("b"));
    here.write("north/far away/c.yaml", &office("c"));
    here.write("north/c-more.yaml", "users_of: c\nusers:\n  bob@c.example: { first_name: Bob }\n");
    here.write(".github/d.yaml", "jobs: {}\n");
    here.write("north/.hidden.yaml", "jobs: {}\n");
    here.write("north/e.yml", "jobs: {}\n");
    symlink("..", here.path().join("north/up")).unwrap();
    symlink("north", here.path().join("also-north")).unwrap();
    let said = here.expect(0, &["validate"]);
    assert_eq!(said.stdout.lines().count(), 4, "{}", said.stdout);
    assert!(said.stdout.contains("c (SCIM): 2 users"), "{}", said.stdout);
    assert!(said.stderr.contains("`north/e.yml` is ignored"), "{}", said.stderr);
    assert!(!said.stderr.contains(".hidden") && !said.stderr.contains(".github"), "{}", said.stderr);
    here.expect(0, &["apply", "--yes"]);
    here.expect(0, &["plan", "--detailed-exitcode"]);
    let more = "users_of: c\nusers:\n  eve@c.example: { first_name: Eve }\n";
    for file in [".c.yaml", ".north/deep/c.yaml"] {
        here.write(file, more);
    }
    let (said, plan) = (here.expect(0, &["validate"]), here.expect(0, &["plan"]));
    for file in [".c.yaml", ".north/deep/c.yaml"] {
        assert!(said.stderr.contains(&format!("`{file}` is ignored: names that begin with a dot")), "{}", said.stderr);
        assert!(plan.stdout.contains(&format!("`{file}` is ignored, so nothing")), "{}", plan.stdout);
    }
    here.write("north/far away/c.yaml", &office("c").replace("first_name", "frist_name"));
    let said = here.expect(1, &["validate"]);
    assert!(said.stderr.contains("north/far away/c.yaml:6:"), "{}", said.stderr);
    assert!(!said.stderr.contains("north/up"), "{}", said.stderr);
    let elsewhere = Roster::empty();
    elsewhere.write("linked.yaml", &office("linked"));
    here.write("north/far away/c.yaml", &office("c"));
    symlink(elsewhere.path(), here.path().join("other")).unwrap();
    assert!(here.expect(0, &["validate"]).stdout.contains("linked (SCIM)"));
}

#[test]
fn a_list_whose_name_is_nearly_right_is_named_before_its_people_lose_access() {
    let here = Roster::empty();
    here.write("a.yaml", &office("a"));
    let more = "users_of: a\nusers:\n  eve@a.example: { first_name: Eve }\n";
    let nearly = ["north/users.yaml.txt", "users.YML.txt", "users.yaml ", "users.yaml (1)", "users.yalm", "users", "list.txt"];
    for file in nearly {
        here.write(file, more);
    }
    // Nobody misses a copy beside its file; one that is left alone may be all there is.
    for copy in ["a.yaml~", "a.yaml.orig", "#a.yaml#"] {
        here.write(copy, more);
    }
    std::fs::write(here.path().join("a.yaml.swp"), "b0VIM 9.0\0").unwrap();
    let alone = ["users.yaml~", "users.yaml.bak", "north/a.yaml.old"];
    for copy in alone {
        here.write(copy, more);
    }
    here.write("notes.txt", "people: to be asked\n");
    here.write("compose.yaml.template", "services: {}\n");
    let (said, plan) = (here.expect(0, &["validate"]), here.expect(0, &["plan"]));
    for file in nearly.into_iter().chain(alone) {
        assert!(said.stderr.contains(&format!("`{file}` is ignored: the names of roster files end in .yaml")), "{file}: {}", said.stderr);
        assert!(plan.stdout.contains(&format!("`{file}` is ignored, so nothing")), "{file}: {}", plan.stdout);
    }
    assert_eq!(said.stderr.matches("is ignored").count(), nearly.len() + alone.len(), "{}", said.stderr);
    let note = "note: these copies of roster files are not read: `#a.yaml#`, `a.yaml.orig`, `a.yaml~`\n";
    assert!(said.stderr.contains(note), "{}", said.stderr);
    assert_eq!(said.stderr.matches("a.yaml~").count(), 1, "{}", said.stderr);
    let only = Roster::empty();
    only.write("a.yaml~", &office("a"));
    let said = only.expect(1, &["validate"]).stderr;
    assert!(said.contains("`a.yaml~` is ignored: the names of roster files end in .yaml, so rename it"), "{said}");
}

#[test]
fn a_folder_with_state_of_its_own_is_another_roster() {
    let here = Roster::empty();
    here.write("a.yaml", &office("a"));
    here.write("trial/a.yaml", &office("a").replace("Ada", "Adele"));
    assert!(here.expect(1, &["validate"]).stderr.contains("the workspace `a` is given twice"));
    here.expect(0, &["apply", "trial", "--yes"]);
    let said = here.expect(0, &["validate"]);
    assert!(said.stderr.contains("`trial` has its own `.rosterctl` folder"), "{}", said.stderr);
    here.expect(0, &["apply", "--yes"]);
    // Users who are added there would be missing from their workspace.
    here.write("trial/more.yaml", "# Office\nusers_of: a\nusers:\n  bob@a.example: { first_name: Bob }\n");
    let said = here.expect(1, &["validate"]).stderr;
    assert!(said.contains("`trial/more.yaml` adds users to a workspace"), "{said}");
}

#[test]
fn the_error_for_a_file_that_is_too_large_says_its_size_and_how_to_split_it() {
    let here = Roster::empty();
    let mut text = office("big");
    for n in 0..90_000 {
        let _ = writeln!(
            text,
            "  user.{n:06}@big.example: {{ first_name: Person, last_name: Number{n:06}, title: Assistant to the Other One }}"
        );
    }
    here.write("big.yaml", &text);
    let said = here.expect(1, &["validate"]).stderr;
    assert!(said.contains(&format!("the file has {} bytes", text.len())), "{said}");
    assert!(said.contains("`users_of: WORKSPACE`"), "{said}");
    // Neither a start file nor the configuration of a server can be divided so.
    let long = format!("\n# {}\n", "x".repeat(9 << 20));
    here.write("big.yaml", &office("big"));
    for first in ["start: big", "snapshot: big", "waivers: []"] {
        here.write("long.yaml", &format!("{first}{long}"));
        let said = here.expect(1, &["validate"]).stderr;
        assert!(said.contains(&format!("the file has {} bytes", first.len() + long.len())), "{said}");
        assert!(!said.contains("users_of"), "{said}");
    }
    here.write("server.yml", &format!("server: big{long}"));
    let said = here.expect(1, &["serve", "--config", "server.yml"]).stderr;
    assert!(said.contains("more than 8388608 bytes") && !said.contains("users_of"), "{said}");
}

#[cfg(unix)]
#[test]
fn names_that_are_not_utf8_are_named_or_work_and_are_never_skipped() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    let here = Roster::empty();
    here.write("a.yaml", &office("a"));
    let odd = |name: &[u8]| here.path().join(OsStr::from_bytes(name));
    std::fs::create_dir(odd(b"north\xfe")).unwrap();
    std::fs::write(odd(b"north\xfe").join("b.yaml"), office("b")).unwrap();
    assert!(here.expect(1, &["validate"]).stderr.contains("the folder name `north\u{fffd}` is not UTF-8: rename the folder"));
    std::fs::rename(odd(b"north\xfe").join("b.yaml"), odd(b"b\xfd.yaml")).unwrap();
    assert!(here.expect(1, &["validate"]).stderr.contains("the file name `b\u{fffd}.yaml` is not UTF-8: rename the file"));
    std::fs::rename(odd(b"b\xfd.yaml"), odd(b"b\xfd.yml")).unwrap();
    let said = here.expect(0, &["validate"]);
    assert!(said.stderr.contains("`b\u{fffd}.yml` is ignored"), "{}", said.stderr);

    // The roster's own folder can have such a name, but a database cannot be made there.
    let root = odd(b"root\xff");
    std::fs::create_dir(&root).unwrap();
    std::fs::write(root.join("a.yaml"), office("a")).unwrap();
    let run = |command: &str| {
        let mut run = assert_cmd::Command::cargo_bin("rosterctl").unwrap();
        let output = run.current_dir(here.path()).arg(command).arg(OsStr::from_bytes(b"root\xff")).output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    assert_eq!(run("validate").0, Some(0));
    let (code, said) = run("plan");
    assert!(code == Some(1) && said.split_whitespace().collect::<Vec<_>>().join(" ").contains("is not UTF-8: rename its folder"), "{said}");
    assert!(!root.join(".rosterctl").exists());
}

#[test]
fn a_file_left_out_of_a_roster_is_named_in_the_plan_too() {
    let here = Roster::empty();
    here.write("a.yaml", &office("a"));
    here.write("b.yaml", &office("b"));
    here.write("more.yml", "# Front desk\nusers_of: b\nusers: {}\n");
    here.write("new.yml", &office("new"));
    here.write("site.yml", "pages: [index]\n");
    here.write("trial/c.yaml", &office("c"));
    here.expect(0, &["apply", "trial", "--yes"]);
    let json: serde_json::Value = serde_json::from_str(&here.expect(0, &["plan", "--format", "json"]).stdout).unwrap();
    let told = |at: usize| json["workspaces"][at]["notices"].to_string();
    assert!(
        told(0).contains("`new.yml` is ignored") && told(0).contains("`trial` has its own") && !told(0).contains("more.yml"),
        "{}",
        told(0)
    );
    assert!(told(1).contains("`more.yml` is ignored") && !told(1).contains("site.yml"), "{}", told(1));
    for format in ["text", "markdown"] {
        let said = here.expect(0, &["plan", "--format", format]).stdout.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said.contains("more.yml") && said.contains("is ignored") && said.contains("another roster"), "{said}");
    }
}

#[test]
fn a_plan_in_which_nothing_could_be_read_does_not_say_that_nothing_is_to_do() {
    let here = Roster::empty();
    let unread = "workspace: a\nplatform: generic\nconnection: { snapshot: list.yaml }\nmain_admin: ada@a.example\nusers:\n  ada@a.example: \
                  { first_name: Ada }\n";
    here.write("a.yaml", unread);
    for format in ["text", "markdown", "html", "runbook"] {
        let said = here.expect(1, &["plan", "--format", format]).stdout;
        assert!(said.contains("No workspace could be read") && !said.contains("No changes"), "{format}: {said}");
    }
    here.write("b.yaml", &office("b"));
    let said = here.expect(1, &["plan"]).stdout;
    assert!(said.contains("No changes in the workspaces that were read. 1 user already matches."), "{said}");
}

#[test]
fn a_link_that_leads_nowhere_may_be_a_folder_of_users_and_stops_the_command() {
    let here = Roster::empty();
    here.write("a.yaml", &office("a"));
    let elsewhere = Roster::empty();
    elsewhere.write("share/more.yaml", "users_of: a\nusers:\n  bob@a.example: { first_name: Bob }\n");
    symlink(elsewhere.path().join("share"), here.path().join("more")).unwrap();
    symlink(elsewhere.path().join("notes.txt"), here.path().join("notes.txt")).unwrap();
    assert!(here.expect(0, &["validate"]).stdout.contains("a (SCIM): 2 users"));
    std::fs::rename(elsewhere.path().join("share"), elsewhere.path().join("away")).unwrap();
    for command in ["validate", "plan", "users"] {
        let said = here.expect(1, &[command]).stderr;
        assert!(said.contains("`more` is a folder of the roster: it is a link that leads nowhere"), "{said}");
    }
    std::fs::remove_file(here.path().join("more")).unwrap();
    symlink("/nowhere/st.mary", here.path().join("st.mary")).unwrap();
    assert!(here.expect(1, &["validate"]).stderr.contains("`st.mary` is a folder of the roster"));
    std::fs::remove_file(here.path().join("st.mary")).unwrap();
    let said = here.expect(0, &["validate"]).stderr;
    assert!(said.contains("`notes.txt` is a link that leads nowhere, and is ignored"), "{said}");
}

#[test]
fn users_behind_a_hidden_link_are_named_as_left_out() {
    let here = Roster::empty();
    here.write("a.yaml", &office("a"));
    let elsewhere = Roster::empty();
    elsewhere.write("more.yaml", "users_of: a\nusers:\n  bob@a.example: { first_name: Bob }\n");
    symlink(elsewhere.path(), here.path().join(".more")).unwrap();
    symlink(".", here.path().join(".own")).unwrap();
    let said = here.expect(0, &["validate"]).stderr;
    assert!(said.contains("`.more/more.yaml` is ignored") && !said.contains(".own"), "{said}");
}

#[test]
fn users_in_a_folder_with_its_own_state_are_never_left_out_in_silence() {
    let more = "users_of: a\nusers:\n  bob@a.example: { first_name: Bob }\n";
    let forms = [
        ("more.yaml", more.to_owned()),
        ("more.yaml", format!("\u{feff}{more}")),
        ("more.yaml", format!("# Front desk\r{}", more.replace('\n', "\r"))),
        ("more.yaml", more.replace("users_of:", "\"users_of\" :")),
        ("more.yaml", "{ users_of: a, users: { bob@a.example: { first_name: Bob } } }\n".to_owned()),
        ("east/desk/more.yaml", more.to_owned()),
    ];
    for (file, text) in forms {
        let here = Roster::empty();
        here.write("a.yaml", &office("a"));
        std::fs::create_dir_all(here.path().join("north/.rosterctl")).unwrap();
        here.write("north/b.yaml", &office("b"));
        here.expect(0, &["validate"]);
        here.write(&format!("north/{file}"), &text);
        let said = here.expect(1, &["validate"]).stderr;
        assert!(said.contains(&format!("`north/{file}` adds users to a workspace")), "{text}: {said}");
        here.write(&format!("north/{file}"), "users_of: b\nusers:\n  bob@b.example: { first_name: Bob }\n");
        here.expect(0, &["validate"]);
    }
}

#[test]
fn a_folder_of_databases_that_cannot_be_looked_into_is_not_a_workspace_that_does_not_exist_yet() {
    let here = Roster::empty();
    here.write("a.yaml", &office("a"));
    here.expect(0, &["apply", "--yes"]);
    let state = here.path().join(".rosterctl");
    std::fs::rename(&state, here.path().join(".kept")).unwrap();
    let checks = |why: &str| {
        for command in ["plan", "users", "log", "review", "apply"] {
            let said = here.expect(1, &[command]);
            let text = format!("{}{}", said.stdout, said.stderr).split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(text.contains(why) && !text.contains("does not exist yet") && !text.contains("No changes."), "{command}: {text}");
        }
        for arguments in [&["log", "--verify"][..], &["log", "--heads"], &["import", "a"], &["token", "list", "--workspace", "a"]] {
            let said = here.expect(1, arguments);
            let text = format!("{}{}", said.stdout, said.stderr);
            assert!(text.contains(why), "{arguments:?}: {text}");
        }
    };
    symlink(here.path().join("not-mounted"), &state).unwrap();
    checks("is a link that leads nowhere");
    std::fs::remove_file(&state).unwrap();
    std::fs::write(&state, "").unwrap();
    checks("cannot tell whether the workspace's database");
    std::fs::remove_file(&state).unwrap();
    std::fs::rename(here.path().join(".kept"), &state).unwrap();
    here.expect(0, &["plan", "--detailed-exitcode"]);
}

#[test]
fn a_link_to_all_files_of_a_machine_is_named_and_not_followed_to_the_end() {
    let here = Roster::empty();
    here.write("a.yaml", &office("a"));
    symlink("/proc", here.path().join("p")).unwrap();
    let said = here.expect(1, &["validate"]);
    assert!(said.stderr.contains("`p` leads to `/proc`, which contains no stored files: remove the link"), "{}", said.stderr);
    std::fs::remove_file(here.path().join("p")).unwrap();
    symlink("/proc/kmsg", here.path().join("k.yaml")).unwrap();
    let said = here.expect(1, &["plan"]);
    assert!(said.stderr.contains("k.yaml` is not a regular file"), "{}", said.stderr);
    std::fs::remove_file(here.path().join("k.yaml")).unwrap();

    let elsewhere = Roster::empty();
    elsewhere.write("b.yaml", &office("b"));
    for n in 0..10_001 {
        let _ = std::fs::File::create(elsewhere.path().join(n.to_string())).unwrap();
    }
    symlink(elsewhere.path(), here.path().join("other")).unwrap();
    let said = here.expect(1, &["plan"]);
    assert!(said.stderr.contains("`other` leads to more than 10000 files that are not of a roster"), "{}", said.stderr);
    std::fs::remove_file(elsewhere.path().join("7")).unwrap();
    assert!(here.expect(0, &["validate"]).stdout.contains("b (SCIM)"));
}

#[test]
fn a_folder_of_a_whole_machine_is_not_read_to_its_end() {
    let here = Roster::empty();
    symlink("/proc", here.path().join("p")).unwrap();
    for given in ["/proc", "p"] {
        let said = here.expect(1, &["validate", given]);
        assert_eq!(said.stderr, format!("error: `{given}` contains no stored files: give the folder that contains the roster files\n"));
    }

    let machine = Roster::empty();
    machine.write("a.yaml", &office("a"));
    for n in 0..50_001 {
        let _ = std::fs::File::create(machine.path().join(n.to_string())).unwrap();
    }
    symlink(machine.path(), here.path().join("machine")).unwrap();
    let said = here.expect(1, &["plan", "machine"]);
    let expected =
        "`machine` contains more than 50000 files and folders that are not of a roster: give the folder that contains the roster files";
    assert!(said.stderr.contains(expected), "{}", said.stderr);
    std::fs::remove_file(machine.path().join("7")).unwrap();
    assert!(here.expect(0, &["validate", "machine"]).stdout.contains("a (SCIM)"));
}

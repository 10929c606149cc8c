//! The values that YAML is read as, and what is said about YAML that is wrong.

use rosterctl::manifest::{Roster, read};
use rosterctl::model::{Connection, EmployeeLink, Field, Manage, ValueRef, WantedPasscode};

use crate::samples::{EXAMPLES, directory, sources};

fn roster(texts: &[(&str, &str)]) -> Roster {
    read(&sources(texts)).unwrap_or_else(|mistakes| panic!("{mistakes}"))
}

#[test]
fn every_example_is_read_without_a_mistake() {
    for example in EXAMPLES {
        let roster = read(&directory(example)).unwrap_or_else(|mistakes| panic!("{example}:\n{mistakes}"));
        assert!(!roster.workspaces.is_empty(), "{example}");
    }
}

#[test]
fn the_samples_of_the_design_are_read_together() {
    let roster = read(&directory("tests/manifest/design")).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    let names: Vec<&str> = roster.workspaces.iter().map(|w| w.workspace.as_str()).collect();
    assert_eq!(names, ["bright-dental", "glow-medspa", "lakeside"]);
    let glow = &roster.workspaces[1];
    assert_eq!(glow.manage, Manage::Exact);
    assert_eq!(glow.waivers.len(), 1);
    assert_eq!(glow.guards.removals_share.millionths(), 250_000);
    assert!(glow.roles["lead-provider"].privileges.contains("export-reports"));
    assert!(glow.roles["lead-provider"].privileges.contains("edit-patient-records"));
    let ana = glow.users.values().find(|u| u.email.as_str() == "ana.ruiz@glow.example").expect("she is listed");
    assert_eq!(ana.fields.flag(Field::Provider), Some(true));
    assert_eq!(ana.fields.text(Field::MdConsent), Some("marcus.lee@glow.example"));
    assert_eq!(ana.fields.get(Field::GoalSalesUsd), Some(ValueRef::Number(25_000)));
    assert_eq!(ana.passcode, Some(WantedPasscode::Set));
    assert_eq!((&*ana.place.file, ana.place.column), ("glow.yaml", 3));
    let dental = &roster.workspaces[0];
    assert!(dental.code_word.is_some());
    assert_eq!(dental.employees[0].id.as_deref(), Some("rob-hale"));
    assert!(dental.users.values().any(|u| u.employee == EmployeeLink::External));
    let iyer = roster.workspaces[2].users.values().next().expect("she is listed");
    assert_eq!(iyer.fields.text(Field::Role), Some("practitioner"));
    assert!(
        matches!(iyer.fields.get(Field::PrivilegeChanges), Some(ValueRef::Changes { grant, revoke }) if grant.len() == 1 && revoke.len() == 1)
    );
}

/// The keys in a text, each with where it begins.
fn keys(text: &str) -> Vec<(usize, &str)> {
    let is_of_key = |c: char| c.is_ascii_lowercase() || c == '_';
    let before_colon = text.match_indices(':').filter(|(at, _)| text[at + 1..].starts_with([' ', '\n']));
    let key = before_colon.map(|(at, _)| {
        let start = text[..at].rfind(|c| !is_of_key(c)).map_or(0, |at| at + 1);
        (start, &text[start..at])
    });
    key.filter(|(at, key)| key.len() > 2 && !text[..*at].ends_with(|c: char| !" {,\n".contains(c))).collect()
}

#[test]
fn a_misspelled_key_is_not_reported_as_missing_too() {
    let (mut tried, mut unknown) = (0, 0);
    for example in EXAMPLES.into_iter().chain(["tests/manifest/design"]) {
        let whole = directory(example);
        for (at, file) in whole.files.iter().enumerate() {
            let text = std::str::from_utf8(&file.bytes).unwrap();
            for (start, key) in keys(text) {
                let mut changed = whole.clone();
                let last = key.chars().next_back().unwrap();
                changed.files[at].bytes = format!("{}{key}{last}{}", &text[..start], &text[start + key.len()..]).into_bytes();
                let Err(mistakes) = read(&changed) else { continue };
                let missing = format!("`{key}` is missing");
                assert!(!mistakes.iter().any(|mistake| mistake.message().contains(&missing)), "{}: {key}: {mistakes}", file.name);
                tried += 1;
                unknown += usize::from(mistakes.iter().any(|mistake| mistake.code() == "unknown-key"));
            }
        }
    }
    assert!(tried > 200 && unknown > 150, "{tried} keys, {unknown} unknown");
}

#[test]
fn a_workspace_can_be_split_over_several_files() {
    let roster = read(&directory("tests/manifest/design")).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    let rosa = roster.workspaces[1].users.values().find(|u| u.email.as_str() == "rosa.diaz@glow.example").expect("she is listed");
    assert_eq!((&*rosa.place.file, rosa.place.line), ("uptown.yaml", 3));
    assert_eq!(rosa.fields.text(Field::Role), Some("front-desk"));

    let main =
        "workspace: w\nplatform: aesthetic-record\nconnection: { embedded: {} }\nmain_admin: a@x.example\nclinics: { c: { name: C } }\n";
    let admin =
        "users:\n  a@x.example: { first_name: A, last_name: B, role: administrator, clinics: [c], phones: [\"+1 602 555 0100\"] }\n";
    let director = "users_of: w\nusers:\n  m@x.example: { first_name: M, last_name: D, role: medical-director, clinics: [c] }\n";
    let provider = "# c\n---\nusers_of: w\nusers:\n  p@x.example: { first_name: P, last_name: R, role: provider, clinics: [c], provider: { md_consent: m@x.example } }\n";
    let files = [("a/m.yaml", director), ("b/p.yaml", provider), ("w.yaml", &format!("{main}{admin}"))];
    let split = self::roster(&files);
    assert_eq!(split.workspaces[0].users.len(), 3);
    // All users, the main admin among them, can be in other files.
    let users = format!("users_of: w\n{admin}");
    assert_eq!(self::roster(&[("u.yaml", &users), ("w.yaml", main)]).workspaces[0].users.len(), 1);
}

/// The mistakes of a roster, as they are shown.
fn mistakes(texts: &[(&str, &str)]) -> String {
    read(&sources(texts)).err().map(|mistakes| mistakes.to_string()).unwrap_or_default()
}

#[test]
fn mistakes_of_a_split_workspace_are_shown_in_the_file_that_has_them() {
    let main = format!("{HEAD}  a@x.example: {{ first_name: A }}\n");
    let twice = "users_of: w\nusers:\n  A@x.example: { first_name: A }\n  b@x.example: { frist_name: B }\n";
    let said = mistakes(&[("more.yaml", twice), ("w.yaml", &main)]);
    assert!(said.contains("`A@x.example` is the same login as `a@x.example`"), "{said}");
    assert!(said.contains("more.yaml:3:3") && said.contains("w.yaml:5:3"), "{said}");
    assert!(said.contains("`frist_name`") && said.contains("more.yaml:4:"), "{said}");
    let same = mistakes(&[("more.yaml", "users_of: w\nusers: { a@x.example: { first_name: A } }\n"), ("w.yaml", &main)]);
    assert!(same.contains("`a@x.example` is listed twice"), "{same}");
    let ids = mistakes(&[("more.yaml", "users_of: w\nusers: { c@x.example: { id: x, formerly: [a@x.example] } }\n"), ("w.yaml", &main)]);
    assert!(ids.contains("`a@x.example` refers to two accounts") && ids.contains("w.yaml:5:3"), "{ids}");
    let nowhere = mistakes(&[("more.yaml", "users_of: v\nusers: {}\n"), ("w.yaml", &main)]);
    assert!(nowhere.contains("the roster has no workspace `v`") && nowhere.contains("`w`"), "{nowhere}");
    let unknown = mistakes(&[("more.yaml", "users_of: w\nusers: {}\n"), ("w.yaml", &main.replace("generic", "genric"))]);
    assert!(!unknown.contains("there is no workspace"), "the mistake is the platform: {unknown}");
}

#[test]
fn the_mistake_of_a_second_file_of_a_workspace_says_how_to_split_it() {
    let main = format!("{HEAD}  a@x.example: {{ first_name: A }}\n");
    let second = "workspace: w\nusers:\n  b@x.example: { first_name: B }\n";
    for names in [["a.yaml", "b.yaml"], ["b.yaml", "a.yaml"]] {
        let said = mistakes(&[(names[0], &main), (names[1], second)]);
        assert!(said.contains("the workspace `w` is given twice") && said.contains("begin this file with `users_of: w`"), "{said}");
        assert!(!said.contains("`platform` is missing"), "{said}");
        assert!(said.contains(&format!("{}:1:1", names[1])), "the incomplete file is the second one: {said}");
    }
}

#[test]
fn a_second_file_of_a_workspace_shows_its_own_mistakes_too() {
    let main = format!("{HEAD}  a@x.example: {{ first_name: A }}\n");
    for (second, own) in [
        ("workspace: w\nplatform: telus\nconnection: { embedded: {} }\n", ["`telus` is not a platform", "`users` is missing"]),
        ("workspace: w\nmanege: exact\ntime_zone: Mars\nusers: {}\n", ["unknown key `manege`", "time zone"]),
        (
            "workspace: w\nplatform: generic\nconnection: { embedded: {} }\nusers: { b@x.example: { frist_name: B } }\n",
            ["`frist_name`", "`main_admin` is missing"],
        ),
    ] {
        for names in [["a.yaml", "b.yaml"], ["b.yaml", "a.yaml"]] {
            let said = mistakes(&[(names[0], &main), (names[1], second)]);
            assert!(said.contains("the workspace `w` is given twice"), "{said}");
            for mistake in own {
                assert!(said.contains(mistake), "{mistake}: {said}");
            }
        }
    }
}

#[test]
fn a_start_is_read_for_the_workspace_that_names_it() {
    let roster = read(&directory("examples/glow")).expect("the example is right");
    let Connection::Embedded { start: Some(start), .. } = &roster.workspaces[0].connection else { panic!("it names a start") };
    assert!(start.accounts.len() > 5);
}

const HEAD: &str = "workspace: w\nplatform: generic\nconnection: { scim: { url: https://w.example/scim, token: { env: W } } }\nusers:\n";

/// The phone numbers of the only user of a roster with these lines.
fn phones(head: &str, number: &str) -> Result<Vec<String>, String> {
    let text = format!("{head}connection: {{ embedded: {{}} }}\nmain_admin: a@x.example\n");
    let user = format!(
        "users:\n  a@x.example: {{ first_name: Ada, last_name: Cole, role: administrator, clinics: [one], phones: [\"{number}\"] }}\n"
    );
    let user = if head.contains("generic") {
        user.replace("clinics: [one], ", "")
    } else {
        format!("clinics: {{ one: {{ name: One }} }}\n{user}")
    };
    let roster = read(&sources(&[("w.yaml", &format!("{text}{user}"))])).map_err(|mistakes| mistakes.to_string())?;
    let user = roster.workspaces[0].users.values().next().expect("she is listed");
    Ok(user.fields.items(Field::Phones).into_iter().map(str::to_owned).collect())
}

#[test]
fn national_numbers_are_those_of_the_workspaces_country() {
    let spa = "workspace: w\nplatform: aesthetic-record\n";
    let plain = "workspace: w\nplatform: generic\n";
    for (head, number, stored) in [
        (spa, "(602) 555-0100", "+16025550100"),
        (spa, "1-602-555-0100", "+16025550100"),
        (spa, "+44 20 7946 0000", "+442079460000"),
        (&format!("{spa}country: GB\n"), "020 7946 0000", "+442079460000"),
        (&format!("{plain}country: DE\n"), "030 1234567", "+49301234567"),
    ] {
        assert_eq!(phones(head, number), Ok(vec![stored.to_owned()]), "{head}{number}");
    }
    for (head, number) in
        [(spa, "555-0100"), (spa, "0049 30 1234567"), (plain, "602 555 0100"), (&format!("{spa}country: GB\n"), "602 555 0100")]
    {
        let said = phones(head, number).unwrap_err();
        assert!(said.contains(&format!("`{number}` is not a phone number")), "{said}");
    }
}

#[test]
fn scalars_are_text_if_the_type_is_text_and_numbers_keep_their_digits() {
    let yaml = format!("{HEAD}  a@x.example: {{ role: no, title: \"0123\", first_name: 12:30, last_name: 2026-01-01, id: 0123 }}\n");
    let roster = roster(&[("w.yaml", &yaml)]);
    let user = roster.workspaces[0].users.values().next().expect("one user");
    let texts: Vec<Option<&str>> = [Field::Role, Field::Title, Field::FirstName, Field::LastName].map(|f| user.fields.text(f)).to_vec();
    assert_eq!(texts, [Some("no"), Some("0123"), Some("12:30"), Some("2026-01-01")]);
    assert_eq!(user.id.as_ref().map(|id| id.0.as_str()), Some("0123"));
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_change_nothing() {
    let plain = format!("{HEAD}  a@x.example: {{ role: é }}\n  b@x.example:\n    title: Ü\n");
    let windows = format!("\u{feff}{}", plain.replace('\n', "\r\n"));
    let (one, two) = (roster(&[("w.yaml", &plain)]), roster(&[("w.yaml", &windows)]));
    assert_eq!(format!("{one:?}"), format!("{two:?}"));
}

#[test]
fn an_absent_key_is_not_managed_and_null_clears_the_field() {
    let yaml = format!("{HEAD}  a@x.example: {{ role: r, title: null, phones: [] }}\n");
    let roster = roster(&[("w.yaml", &yaml)]);
    let fields = &roster.workspaces[0].users.values().next().expect("one user").fields;
    assert_eq!(fields.get(Field::Title), Some(ValueRef::Unset));
    assert_eq!(fields.get(Field::Phones), Some(ValueRef::Unset));
    assert_eq!(fields.get(Field::FirstName), None);
}

#[test]
fn prices_are_cents_and_shares_are_exact() {
    let yaml = "workspace: w\nplatform: telus-chr\nconnection: { embedded: {} }\nmain_admin: a@x.example\n\
        subscription: { billing: yearly, prices: { staff: 49, practitioner: \"99.5\" } }\nguards: { removals: { share: 0.333333 } }\n\
        users: { a@x.example: { type: staff, two_factor: true } }\n";
    let roster = roster(&[("w.yaml", yaml)]);
    let workspace = &roster.workspaces[0];
    assert_eq!(workspace.subscription.prices["staff"], 4_900);
    assert_eq!(workspace.subscription.prices["practitioner"], 9_950);
    assert_eq!(workspace.guards.removals_share.millionths(), 333_333);
}

#[test]
fn a_workspace_whose_file_cannot_be_read_is_not_missing() {
    let others = [
        ("b.yaml", "start: w\n"),
        ("c.yaml", "users_of: w\nusers: {}\n"),
        ("d.yaml", "waivers:\n  - { workspace: w, guard: removals, plan: 0123456789ab, reason: moved, until: 2026-12-01 }\n"),
    ];
    let broken = ["# ours\nworkspace: w # Glow\nplatform: @generic\n", "workspace: \"w\"\n<<<<<<< a\n=======\n>>>>>>> b\n"];
    for workspace in broken {
        let said = mistakes(&[&[("a.yaml", workspace)][..], &others].concat());
        assert!(!said.contains("there is no workspace") && said.contains("a.yaml:"), "{said}");
    }
    let elsewhere = mistakes(&[&[("a.yaml", "workspace: v\nplatform: @generic\n")][..], &others].concat());
    assert_eq!(elsewhere.matches("the roster has no workspace `w`").count(), 3, "{elsewhere}");
}

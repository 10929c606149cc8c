//! Advice for somebody who tries to take access away in words that a roster does not have: following it never lets a person in.

use rosterctl::manifest::read;

use crate::samples::sources;

const GLOW: &str = "workspace: glow
platform: aesthetic-record
connection: { embedded: {} }
main_admin: olivia@glow.example
clinics: { downtown: { name: Downtown } }
users:
  olivia@glow.example: { first_name: O, last_name: S, role: administrator, clinics: [downtown], phones: [\"+1 602 555 0100\"] }
  bo@glow.example: { first_name: Bo, last_name: Lee, role: front-desk, clinics: [downtown], phones: [\"+1 602 555 0101\"] }
";

const BRIGHT: &str = "workspace: bright
platform: practice-by-numbers
connection: { embedded: {} }
main_admin: dana@bright.example
users:
  dana@bright.example: { first_name: Dana, last_name: Fox, role: owner }
  bo@bright.example: { first_name: Bo, last_name: Lee, role: front-desk }
";

const JANE: &str = "define_platform: jane-app
name: Jane App
fields: { first_name: {}, last_name: {}, role: { required: true } }
roles: { front-desk: { name: Front Desk } }
";

const HILL: &str = "workspace: hill
platform: jane-app
connection: { snapshot: hill-list.yaml }
users:
  bo@hill.example: { first_name: Bo, last_name: Lee, role: front-desk }
";

/// Reads files, and returns their mistakes as text.
fn said(files: &[(&str, &str)]) -> String {
    match read(&sources(files)) {
        Err(mistakes) => mistakes.render("in the roster", false),
        Ok(roster) => panic!("no mistake in {files:?}: {:?}", roster.warnings.len()),
    }
}

/// The advice that is given.
fn advice(said: &str) -> Vec<&str> {
    said.lines().filter_map(|line| line.split_once("= help: ")).map(|(_, hint)| hint).collect()
}

/// A document in which Bo's entry has more.
fn with(document: &str, more: &str) -> String {
    let changed = document.replace("last_name: Lee,", &format!("last_name: Lee, {more},"));
    assert_ne!(changed, document);
    changed
}

const ENDED: [&str; 57] = [
    "active: false",
    "isActive: false",
    "enabled: no",
    "disabled: true",
    "inactive: true",
    "Inactive: yes",
    "left: true",
    "left: 2026-11-01",
    "leaver: true",
    "terminated: 2026-11-01",
    "termination_date: 2026-11-01",
    "end_date: 2026-11-01",
    "until: 2026-11-01",
    "last_day: 2026-11-01",
    "employed: { until: 2026-11-01 }",
    "employed: false",
    "employment_status: terminated",
    "fired: true",
    "dismissed: true",
    "resigned: true",
    "retired: true",
    "deleted: true",
    "removed: true",
    "revoked: true",
    "archived: true",
    "offboarded: true",
    "gone: true",
    "access: none",
    "account: closed",
    "note: left in November",
    "staff: false",
    "former: true",
    "formerly: yes",
    "ex: true",
    "kicked_out: true",
    "status: ex-employee",
    "status: previously active",
    "status: no longer working",
    "status: stopped working",
    "access: false",
    "access: null",
    "no_access: true",
    "login: disabled",
    "can_login: false",
    "ensure: absent",
    "state: inactive",
    "state: absent",
    "state: disabled",
    "state: sabbatical",
    "Status: inactive",
    "status: left",
    "status: terminated",
    "status: disabled",
    "status: deactive",
    "status: false",
    "status: null",
    "status: [inactive]",
];

const BLOCKED: [&str; 14] = [
    "block: { reason: other, note: exports }",
    "block: true",
    "blocked: true",
    "blocked: yes",
    "blocked: activity-review",
    "locked: true",
    "suspended: true",
    "suspended: 2026-11-01",
    "banned: true",
    "access: blocked",
    "state: blocked",
    "status: blocked",
    "status: suspended",
    "status: locked",
];

#[test]
fn following_the_advice_never_lets_somebody_in() {
    for slip in ENDED {
        for (document, more) in [(GLOW, &[][..]), (BRIGHT, &[]), (HILL, &[("jane.yaml", JANE)])] {
            let text = with(document, slip);
            let said = said(&[&[("w.yaml", text.as_str())], more].concat());
            let hints = advice(&said);
            assert!(!hints.is_empty() && hints.iter().all(|hint| hint.contains("`status: inactive`")), "{slip}:\n{said}");
            assert!(hints.iter().all(|hint| !hint.starts_with("remove") && !hint.starts_with("choose")), "{slip}:\n{said}");
        }
    }
}

#[test]
fn the_advice_for_a_block_names_the_block_where_there_are_blocks() {
    for slip in BLOCKED {
        let text = with(GLOW, slip);
        let said_there = said(&[("w.yaml", &text)]);
        assert!(
            advice(&said_there).iter().all(|hint| hint.contains("write `blocked: { reason: activity-review }`")),
            "{slip}:\n{said_there}"
        );
        for (document, more) in [(BRIGHT, &[][..]), (HILL, &[("jane.yaml", JANE)])] {
            let text = with(document, slip);
            let said = said(&[&[("w.yaml", text.as_str())], more].concat());
            assert!(advice(&said).iter().any(|hint| hint.contains("write `status: inactive`")), "{slip}:\n{said}");
            assert!(!said.contains("help: remove it"), "{slip}:\n{said}");
        }
    }
}

#[test]
fn an_entry_without_keys_and_a_role_or_clinics_that_say_nothing_lead_to_the_status() {
    let whole = |value: &str| {
        let start = GLOW.find("  bo@").unwrap();
        format!("{}  bo@glow.example: {value}\n", &GLOW[..start])
    };
    let role = |role: &str| GLOW.replace("role: front-desk", &format!("role: {role}"));
    let clinics = |clinics: &str| GLOW.replace("clinics: [downtown], phones: [\"+1 602 555 0101\"]", &format!("clinics: {clinics}"));
    let texts = ["", "null", "false", "inactive", "left", "[]"].map(whole);
    let texts = texts.into_iter().chain(["none", "null", "inactive", "no-access", "disabled", "former"].map(role));
    let texts = texts.chain(["[]", "null", "[none]"].map(clinics));
    let texts = texts.chain(
        ["service: { owner: olivia@glow.example, status: inactive }", "provider: { md_consent: false, active: false }"]
            .map(|more| with(GLOW, more)),
    );
    let texts =
        texts.chain(["inactive: [bo@glow.example]\n", "former_users: { bo@glow.example: {} }\n"].map(|more| format!("{GLOW}{more}")));
    for text in texts {
        let said = said(&[("w.yaml", &text)]);
        assert!(
            advice(&said).iter().any(|hint| hint.contains("write `status: inactive`") || hint.contains("add `status: inactive`")),
            "{text}\n{said}"
        );
    }
    let record = format!("{BRIGHT}employees:\n  - {{ first_name: Bo, last_name: Lee, left: true }}\n");
    let said_of_record = said(&[("w.yaml", &record)]);
    assert!(
        said_of_record.contains("write `active: false` in the record") && said_of_record.contains("`status: inactive`"),
        "{said_of_record}"
    );
    let more = "users_of: glow\ninactive: [bo@glow.example]\nusers: {}\n";
    let said_of_part = said(&[("w.yaml", GLOW), ("more.yaml", more)]);
    assert!(said_of_part.contains("write `status: inactive` for each of these users"), "{said_of_part}");
}

#[test]
fn in_a_start_file_the_advice_is_about_the_state() {
    let glow = GLOW.replace("embedded: {}", "embedded: { start: start.yaml }");
    let start = "start: glow
clinics: { downtown: { name: Downtown } }
accounts:
  olivia@glow.example: { first_name: O, last_name: S, role: administrator, clinics: [downtown], phones: [\"+1 602 555 0100\"] }
  bo@glow.example: { first_name: Bo, last_name: Lee, role: front-desk, clinics: [downtown], phones: [\"+1 602 555 0101\"] }
";
    for (slip, wanted) in [
        ("status: inactive", "write `state: inactive`"),
        ("status: blocked", "write `blocked: { reason: activity-review }`"),
        ("disabled: true", "write `state: inactive`"),
        ("status: active", "remove it: an account without `state` is active"),
        ("state: deactivated", "choose one of: active, pending, inactive, never-accepted"),
    ] {
        let text = with(start, slip);
        let said = said(&[("w.yaml", &glow), ("start.yaml", &text)]);
        assert!(advice(&said).iter().any(|hint| hint.contains(wanted)), "{slip}:\n{said}");
    }
}

#[test]
fn a_key_that_takes_nothing_away_is_not_answered_with_a_status() {
    for (slip, wanted) in [
        ("state: active", "remove it: a user without `status` is active"),
        ("active: true", "remove it: a user without `status` is active"),
        ("disabled: false", "remove it: a user without `status` is active"),
        ("status: pending", "remove it: a user without an account is invited, and pending until they accept"),
        ("status: Active", "did you mean `active`?"),
        ("status: Inactive", "did you mean `inactive`?"),
        ("formerley: [b@glow.example]", "did you mean `formerly`?"),
        (
            "email: b@glow.example",
            "the address is the key of the entry; if it has changed, make the new one the key, and add `formerly: [OLD ADDRESS]`",
        ),
        ("name: Bo Lee", "write `first_name` and `last_name`"),
        ("formerly: [bo@glow.example]", "remove it from `formerly`, which lists earlier addresses"),
        ("invitation: open", "remove it"),
    ] {
        let text = with(GLOW, slip);
        let said = said(&[("w.yaml", &text)]);
        assert_eq!(advice(&said), [wanted], "{slip}:\n{said}");
    }
}

#[test]
fn advice_about_a_form_can_be_pasted_and_has_no_second_mistake() {
    for (right, wrong, wanted) in [
        ("connection: { embedded: {} }", "connection: embedded", "write `connection: { embedded: {} }`, or use `scim` or `snapshot` there"),
        ("connection: { embedded: {} }", "connection: snapshot", "write `connection: { snapshot: snapshots/WORKSPACE.yaml }`"),
        (
            "clinics: { downtown: { name: Downtown } }",
            "clinics: [downtown]",
            "write one clinic per line, such as `downtown: { name: Downtown }`, or `{}` if there are none",
        ),
        ("{ name: Downtown }", "Glow Downtown", "write `{ name: Glow Downtown }`"),
        ("users:", "roles: { lead: Lead }\nusers:", "write `{ name: Lead }`"),
    ] {
        let said = said(&[("w.yaml", &GLOW.replacen(right, wrong, 1))]);
        assert_eq!(advice(&said).first(), Some(&wanted), "{said}");
        assert!(!said.contains("unknown entry `lead`") && (wrong == "clinics: [downtown]" || !said.contains("unknown entry")), "{said}");
    }
}

#[test]
fn of_two_entries_the_one_that_takes_access_away_is_named() {
    let more = |address: &str, status: &str| {
        format!(
            "users_of: glow\nusers:\n  {address}: {{ first_name: Bo, last_name: Lee, role: front-desk, clinics: [downtown]{status} }}\n"
        )
    };
    for address in ["bo@glow.example", "Bo@glow.example"] {
        let said_of = |status: &str| said(&[("a.yaml", GLOW), ("b.yaml", &more(address, status))]);
        let which = "keep only one entry: the one that takes this person's access away, if that is meant";
        assert!(advice(&said_of(", status: inactive"))[0].ends_with(which), "{address}");
        assert!(advice(&said_of(""))[0].ends_with("keep only one entry"), "{address}");
    }
}

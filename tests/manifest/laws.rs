//! Laws about any YAML: order means nothing, damage removes nobody unseen, and one mailbox is one login.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use rosterctl::manifest::{Roster, Source, Sources, read};
use rosterctl::model::{
    Account, Action, Actual, Capabilities, Clinic, Completeness, Desired, Email, Employee, Fingerprint, Place, RemoteId, Role, ServerId,
    Stage, State, Status, WantedPasscode,
};
use rosterctl::platform::{by_id, effective};
use rosterctl::reconcile::{approve, diff};

use crate::samples::{EXAMPLES, directory, sources};

/// The actions of a server of ours.
const ACTIONS: [Action; 6] =
    [Action::Invite, Action::ResendInvitation, Action::WithdrawInvitation, Action::Block, Action::Unblock, Action::GeneratePasscode];

/// A workspace that matches its roster; nobody is pending or blocked.
fn converged(desired: &Desired) -> Actual {
    let catalog = by_id(&desired.platform).catalog();
    let print = || Fingerprint("\"1\"".to_owned());
    let mut roles: BTreeMap<String, Role> = BTreeMap::new();
    for (key, role) in &catalog.roles {
        let role = Role {
            id: RemoteId(key.clone()),
            fingerprint: print(),
            name: role.name.clone(),
            privileges: role.privileges.clone(),
            built_in: true,
        };
        roles.insert(key.clone(), role);
    }
    for (key, role) in &desired.roles {
        let role = Role {
            id: RemoteId(key.clone()),
            fingerprint: print(),
            name: role.name.clone(),
            privileges: role.privileges.clone(),
            built_in: false,
        };
        roles.insert(key.clone(), role);
    }
    let accounts = desired.users.values().enumerate().map(|(i, user)| {
        let main_admin = desired.main_admin.as_ref() == Some(&user.email);
        let given =
            user.fields.text(rosterctl::model::Field::Role).and_then(|r| roles.get(r)).map(|r| r.privileges.clone()).unwrap_or_default();
        Account {
            id: user.id.clone().unwrap_or_else(|| RemoteId(format!("{i:04}"))),
            email: user.email.clone(),
            fingerprint: print(),
            state: State { accepted: true, inactive: user.status == Status::Inactive, ..State::default() },
            fields: user.fields.clone(),
            privileges: effective(catalog, &given, &user.fields, main_admin).into(),
            role_privileges: Some(given.into()),
            has_passcode: user.passcode.is_some_and(WantedPasscode::is_set),
            passcode_made: None,
            main_admin,
            invited_name: None,
            former: Vec::new(),
        }
    });
    let mut accounts: Vec<Account> = accounts.collect();
    accounts.sort_by(|a, b| a.id.cmp(&b.id));
    let name = |email: &Email| email.as_str().to_owned();
    Actual {
        server: ServerId::Scim { url: "test".to_owned() },
        as_of: 1_795_348_800_000,
        accounts,
        clinics: desired
            .clinics
            .iter()
            .map(|(k, c)| (k.clone(), Clinic { id: RemoteId(k.clone()), fingerprint: print(), name: c.name.clone() }))
            .collect(),
        roles,
        employees: desired
            .users
            .keys()
            .map(|e| Employee {
                id: RemoteId(name(e)),
                fingerprint: print(),
                key: name(e),
                first_name: String::new(),
                last_name: String::new(),
                active: true,
                external: false,
            })
            .collect(),
        main_admin: desired.main_admin.clone(),
        token_owner: desired.main_admin.clone(),
        code_word_matches: None,
        capabilities: Capabilities {
            actions: ACTIONS.into(),
            practice_extension: true,
            clinics: true,
            roles: true,
            employees: true,
            etag: true,
            patch: true,
            lacking: std::collections::BTreeSet::new(),
            fixed: std::collections::BTreeSet::new(),
            single: std::collections::BTreeSet::new(),
            is_state_fixed: false,
            one_name: false,
            has_no_schema: false,
            required: std::collections::BTreeSet::new(),
        },
        outdated: Vec::new(),
        without_address: BTreeMap::new(),
        other_addresses: BTreeMap::new(),
        completeness: Completeness::Complete,
        list: None,
        blocked: BTreeMap::new(),
        deliveries: BTreeMap::new(),
    }
}

/// The fate of the cuts.
#[derive(Debug, Default)]
struct Count {
    mistakes: usize,
    complete: usize,
    stopped: usize,
    shown: usize,
}

/// Checks a roster that was cut: a guard stops the removal of the missing users, or the plan lists it among the risks.
fn judge(cut: &Roster, whole: &BTreeMap<String, Actual>, users: &BTreeMap<String, BTreeSet<Email>>, what: &str, count: &mut Count) {
    for desired in &cut.workspaces {
        let (actual, all) = (&whole[&desired.workspace], &users[&desired.workspace]);
        let gone: BTreeSet<&Email> = all.iter().filter(|e| !desired.users.contains_key(*e)).collect();
        let plan = diff(desired, actual);
        let removed: BTreeSet<&Email> = plan
            .changes
            .iter()
            .filter(|c| matches!(c.change.action(), Action::Inactivate | Action::WithdrawInvitation) && c.stage == Stage::Risk)
            .filter_map(|c| c.change.subject().user())
            .collect();
        assert!(removed.is_subset(&gone), "{what}: {removed:?} are listed, and removed");
        let removes = plan.changes.iter().filter(|c| c.change.action() == Action::Inactivate).count();
        assert!(removes <= removed.len(), "{what}: a removal does not stand under the risks");
        let written = !removed.is_empty();
        match approve(plan, actual, desired) {
            Err(_) => count.stopped += 1,
            Ok(_) if written => count.shown += 1,
            Ok(_) => count.complete += 1,
        }
    }
}

// B5
#[test]
fn a_sample_cut_at_any_byte_never_removes_people_unseen() {
    let mut count = Count::default();
    for name in EXAMPLES.into_iter().chain(["tests/manifest/design"]) {
        let whole = directory(name);
        let roster = read(&whole).expect("it is right");
        let actual: BTreeMap<String, Actual> = roster.workspaces.iter().map(|d| (d.workspace.clone(), converged(d))).collect();
        let users = roster.workspaces.iter().map(|d| (d.workspace.clone(), d.users.keys().cloned().collect())).collect();
        for (i, file) in whole.files.iter().enumerate() {
            for at in 0..file.bytes.len() {
                let mut cut = whole.clone();
                cut.files[i].bytes.truncate(at);
                match read(&cut) {
                    Err(_) => count.mistakes += 1,
                    Ok(roster) => judge(&roster, &actual, &users, &format!("{name}/{} cut at {at}", file.name), &mut count),
                }
            }
        }
    }
    println!("{count:?}");
    assert!(count.mistakes > 1_000 && count.stopped > 0, "{count:?}");
}

// B5
#[test]
fn an_empty_file_and_a_missing_start_are_mistakes() {
    assert!(read(&sources(&[("w.yaml", "")])).is_err());
    let mut glow = directory("examples/glow");
    glow.files.retain(|f| f.name != "start.yaml");
    assert!(read(&glow).is_err());
}

/// The workspaces without their places.
fn meaning(sources: &Sources) -> String {
    let mut roster = read(sources).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    for workspace in &mut roster.workspaces {
        workspace.place = Place::default();
        for user in workspace.users.values_mut() {
            user.place = Place::default();
        }
    }
    format!("{:?}", roster.workspaces)
}

/// A block map whose entries at the outermost level, and below `users:`, are in another order; the first stays first.
fn shuffled(text: &str, order: &mut impl FnMut(usize) -> usize) -> String {
    fn blocks(text: &str, indent: usize) -> Vec<String> {
        let mut blocks: Vec<String> = Vec::new();
        for line in text.split_inclusive('\n') {
            let depth = line.len() - line.trim_start().len();
            let begins = !line.trim().is_empty() && !line.trim_start().starts_with('#') && depth == indent;
            if begins || blocks.is_empty() {
                blocks.push(line.to_owned());
            } else if let Some(last) = blocks.last_mut() {
                last.push_str(line);
            }
        }
        blocks
    }
    let text: String = text.split_inclusive('\n').filter(|l| !l.trim_start().starts_with('#')).collect();
    let mut outer = blocks(&text, 0);
    for block in &mut outer {
        if let Some(rest) = block.strip_prefix("users:\n") {
            let mut users = blocks(rest, 2);
            for i in (1..users.len()).rev() {
                users.swap(i, order(i + 1));
            }
            *block = format!("users:\n{}", users.concat());
        }
    }
    for i in (2..outer.len()).rev() {
        outer.swap(i, 1 + order(i));
    }
    outer.concat()
}

fn address() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "a",
        "B",
        "é",
        "e\u{301}",
        "İ",
        "ı",
        "ß",
        "ẞ",
        "Ａ",
        "ａ",
        "ﬁ",
        "\u{200b}",
        "\u{ad}",
        "а",
        "ο",
        "Σ",
        "ς",
        ".",
        "+",
        "-",
        "_",
        "1",
        "xn--",
        "\u{1f600}",
        "K",
        "ǆ",
        "\u{345}",
        "ᾳ",
        "が",
        "か\u{3099}",
        "한",
        "\"",
        " ",
    ]);
    let local = prop::collection::vec(piece.clone(), 1..6).prop_map(|p| p.concat());
    let domain = prop::collection::vec(piece, 1..4).prop_map(|p| format!("{}.example", p.concat()));
    prop_oneof![4 => (local, domain).prop_map(|(l, d)| format!("{l}@{d}")), 1 => any::<String>()]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1_000) })]

    // J6
    #[test]
    fn an_address_in_its_normal_form_stays_as_it_is(text in address()) {
        if let Ok(email) = Email::parse(&text) {
            prop_assert_eq!(Email::parse(email.as_str()), Ok(email.clone()));
            prop_assert!(!email.as_str().chars().any(|c| c.is_uppercase() || c.is_whitespace() || c.is_control()));
        }
    }

    // J6
    #[test]
    fn upper_case_and_decomposition_are_the_same_login(text in address()) {
        use unicode_normalization::UnicodeNormalization as _;
        if let Ok(email) = Email::parse(&text) {
            prop_assert_eq!(Email::parse(&text.nfd().collect::<String>()), Ok(email.clone()));
            prop_assert_eq!(Email::parse(&text.to_ascii_uppercase()), Ok(email));
        }
    }

    // M1, J3
    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = read(&Sources { files: vec![Source { name: "w.yaml".to_owned(), bytes }] });
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn the_order_of_files_means_nothing(seed in any::<u64>()) {
        let mut group = directory("examples/group");
        let wanted = meaning(&group);
        let by = usize::try_from(seed % 3).unwrap_or_default();
        group.files.rotate_left(by);
        if seed % 2 == 0 {
            group.files.reverse();
        }
        prop_assert_eq!(meaning(&group), wanted);
    }

    #[test]
    fn the_order_of_keys_means_nothing(mut seed in 1_u64..) {
        let glow = directory("tests/manifest/design");
        let wanted = meaning(&glow);
        let mut other = glow.clone();
        for file in other.files.iter_mut().filter(|f| f.name != "waivers.yaml") {
            let text = String::from_utf8(file.bytes.clone()).expect("it is text");
            let mut order = |below: usize| {
                seed ^= seed << 13;
                seed ^= seed >> 7;
                seed ^= seed << 17;
                usize::try_from(seed % below as u64).unwrap_or_default()
            };
            file.bytes = shuffled(&text, &mut order).into_bytes();
        }
        prop_assert_eq!(meaning(&other), wanted);
    }

    // M1
    #[test]
    fn an_example_with_damage_is_answered(
        which in 0..EXAMPLES.len(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), prop::sample::select(vec!["", "[", "]", "{", "}", ":", ": ", "- ", "\n", "\t", "\"", "'", "&a ", "*a", "|\n", "#", "!", "\0", "null", "é", ","])), 1..6),
    ) {
        let mut example = directory(EXAMPLES[which]);
        for (at, piece) in edits {
            let file = &mut example.files[0];
            let place = at.index(file.bytes.len());
            let end = (place + piece.len().max(1)).min(file.bytes.len());
            file.bytes.splice(place..end, piece.bytes());
        }
        if let Err(mistakes) = read(&example) {
            prop_assert!(!mistakes.render("in the roster", true).is_empty());
        }
    }
}

// J6
#[test]
fn deceptive_addresses_are_refused_and_distinct_ones_kept_apart() {
    for refused in
        ["ａda@x.example", "ad\u{200b}a@x.example", "ada@x.example.", "ada@x", "a\u{202e}da@x.example", "ﬁa@x.example", "ada@[127.0.0.1]"]
    {
        assert!(Email::parse(refused).is_err(), "{refused:?}");
    }
    let apart = ["ada.b@x.example", "adab@x.example", "ada+b@x.example", "ıda@x.example", "ida@x.example"];
    let logins: BTreeSet<String> = apart.iter().map(|a| Email::parse(a).expect("an address").as_str().to_owned()).collect();
    assert_eq!(logins.len(), apart.len());
    assert_eq!(Email::parse("ada@BÜCHER.example"), Email::parse("ADA@xn--bcher-kva.example"));
}

// J6
#[test]
fn look_alikes_cause_a_warning_and_plain_neighbors_do_not() {
    let head = "workspace: w\nplatform: generic\nconnection: { scim: { url: https://w.example/scim, token: { env: W } } }\nusers:\n";
    let warned = |a: &str, b: &str| {
        let yaml = format!("{head}  {a}: {{ role: r }}\n  {b}: {{ role: r }}\n");
        let roster = read(&sources(&[("w.yaml", &yaml)])).unwrap_or_else(|mistakes| panic!("{mistakes}"));
        roster.warnings.iter().any(|w| w.details().code() == "look-alike")
    };
    assert!(warned("paul@x.example", "p\u{430}ul@x.example"));
    assert!(warned("ada@paypal.example", "ada@p\u{430}yp\u{430}l.example"));
    assert!(!warned("rn@x.example", "m@x.example"));
    assert!(!warned("ana@x.example", "bob@x.example"));
}

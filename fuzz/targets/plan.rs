// From a roster to a plan: the start file is the actual state, the workspace file the desired state.

use std::collections::{BTreeMap, BTreeSet};

use rosterctl::manifest::{self, Source, Sources};
use rosterctl::model::{
    Account, Action, Actual, Capabilities, Clinic, Completeness, Desired, EmbeddedStart, Employee, Field, Fingerprint, Plan, RemoteId, Role,
};
use rosterctl::platform::{effective, named};
use rosterctl::reconcile::{self, approve, diff, project};

/// The separator between the workspace file and the start file.
const CUT: &[u8] = b"\n%%\n";
/// The time of every read: 2026-11-22T12:00:00Z.
const NOW: i64 = 1_795_348_800_000;

/// Plans: the same input gives the same plan, no change refers to a later or missing one, and after all changes the next plan is empty.
pub(crate) fn plan(bytes: &[u8]) {
    let cut = bytes.windows(CUT.len()).position(|w| w == CUT).unwrap_or(bytes.len());
    let source = |name: &str, bytes: &[u8]| Source { name: name.to_owned(), bytes: bytes.to_vec() };
    let start = bytes.get(cut + CUT.len()..).unwrap_or_default();
    let mut files = vec![source("workspace.yaml", &bytes[..cut])];
    if !start.is_empty() {
        files.push(source("start.yaml", start));
    }
    let Ok(roster) = manifest::read(&Sources { files }) else { return };
    for desired in &roster.workspaces {
        let Some(actual) = actual(desired) else { continue };
        let plan = diff(desired, &actual);
        assert_eq!(plan, diff(desired, &actual), "the same inputs give another plan");
        let afterward = project(&plan, &actual);
        assert!(afterward.len() >= actual.accounts.len(), "an account is gone");
        sound(&plan);
        if let Ok(approved) = approve(plan, &actual, desired) {
            assert_eq!(*approved.digest(), reconcile::digest(approved.plan()));
        }
    }
}

/// Checks that changes depend only on others of the same plan, and never on themselves.
fn sound(plan: &Plan) {
    for (at, change) in plan.changes.iter().enumerate() {
        assert!(change.after.iter().all(|other| *other != at && *other < plan.changes.len()), "change {at} waits for what never comes");
    }
}

/// The workspace that an embedded start describes, without a server.
fn actual(desired: &Desired) -> Option<Actual> {
    let empty = EmbeddedStart::default();
    let start = desired.connection.start().unwrap_or(&empty);
    let catalog = named(&desired.platform.0)?.catalog();
    let version = || Fingerprint("W/\"1\"".to_owned());
    let role = |key: &String, name: &String, privileges: &BTreeSet<String>, built_in| {
        let (id, fingerprint) = (RemoteId(format!("role-{key}")), version());
        (key.clone(), Role { id, fingerprint, name: name.clone(), privileges: privileges.clone(), built_in })
    };
    let mut roles: BTreeMap<String, Role> = catalog.roles.iter().map(|(key, r)| role(key, &r.name, &r.privileges, true)).collect();
    roles.extend(start.roles.iter().map(|(key, r)| role(key, &r.name, &r.privileges, false)));
    let clinics = start.clinics.iter().map(|(key, clinic)| {
        let found = Clinic { id: RemoteId(format!("clinic-{key}")), fingerprint: version(), name: clinic.name.clone() };
        (key.clone(), found)
    });
    let employees = start.employees.iter().enumerate().map(|(n, e)| Employee {
        id: RemoteId(format!("employee-{n:06}")),
        fingerprint: version(),
        key: e.id.clone().unwrap_or_else(|| format!("employee-{n:06}")),
        first_name: e.first_name.clone(),
        last_name: e.last_name.clone(),
        active: e.active.unwrap_or(true),
        external: e.external.unwrap_or(false),
    });
    let accounts = start.accounts.iter().enumerate().map(|(n, (email, account))| {
        let main_admin = desired.main_admin.as_ref() == Some(email);
        let held = account.fields.text(Field::Role).and_then(|r| roles.get(r)).map(|r| r.privileges.clone()).unwrap_or_default();
        Account {
            id: RemoteId(format!("account-{n:06}")),
            email: email.clone(),
            fingerprint: version(),
            state: account.state.clone(),
            privileges: effective(catalog, &held, &account.fields, main_admin).into(),
            role_privileges: Some(held.into()),
            fields: account.fields.clone(),
            has_passcode: account.has_passcode,
            passcode_made: None,
            main_admin,
            invited_name: None,
            former: Vec::new(),
        }
    });
    Some(Actual {
        server: rosterctl::model::ServerId::Scim { url: "fuzz".to_owned() },
        as_of: NOW,
        accounts: accounts.collect(),
        outdated: Vec::new(),
        deliveries: BTreeMap::new(),
        without_address: BTreeMap::new(),
        other_addresses: BTreeMap::new(),
        clinics: clinics.collect(),
        employees: employees.collect(),
        roles,
        main_admin: desired.main_admin.clone(),
        token_owner: desired.main_admin.clone(),
        code_word_matches: catalog.code_word.is_some().then_some(rosterctl::model::CodeWordCheck::Differs),
        capabilities: Capabilities {
            actions: [
                Action::Invite,
                Action::ResendInvitation,
                Action::WithdrawInvitation,
                Action::Block,
                Action::Unblock,
                Action::GeneratePasscode,
            ]
            .into(),
            practice_extension: true,
            clinics: true,
            roles: true,
            employees: true,
            etag: true,
            patch: true,
            ..Capabilities::default()
        },
        completeness: Completeness::Complete,
        list: None,
        blocked: std::collections::BTreeMap::new(),
    })
}

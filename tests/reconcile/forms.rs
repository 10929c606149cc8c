//! Values that a foreign server keeps in a form of its own, or may have altered.

use crate::guards::{add_account, email, practice};
use crate::worlds::MAIN;
use rosterctl::model::*;
use rosterctl::platform::named;
use rosterctl::reconcile::diff;

/// A workspace of plain SCIM whose users have these values of a field, the first of them beside the roster's.
fn workspace(field: Field, held: &[&str], wanted: &str) -> (Desired, Actual) {
    let (mut desired, mut actual) = practice();
    desired.platform = named("generic").unwrap().id();
    desired.manage = Manage::Additive;
    desired.clinics.clear();
    actual.accounts.clear();
    actual.server = ServerId::Scim { url: "https://directory.example/v2".to_owned() };
    actual.capabilities.practice_extension = false;
    for (at, value) in held.iter().enumerate() {
        let address = if at == 0 { MAIN.to_owned() } else { format!("u{at}@glow.example") };
        add_account(&mut actual, &address, [(field, Value::Text((*value).to_owned()))].into_iter().collect());
    }
    desired.users.get_mut(&email(MAIN)).expect("listed").fields = [(field, Value::Text(wanted.to_owned()))].into_iter().collect();
    (desired, actual)
}

/// Returns whether a plan changes the value, and whether it says that the server may have altered it.
fn said(desired: &Desired, actual: &Actual) -> (bool, bool) {
    let plan = diff(desired, actual);
    let is_altered = |notice: &Notice| matches!(notice.cause, NoticeCause::PerhapsAltered(..));
    (plan.changes.iter().any(|step| !step.change.fields().is_empty()), plan.notices.iter().any(is_altered))
}

// Rule 10 of the core
#[test]
fn a_value_may_have_been_altered_only_where_nobody_has_one_that_was_not() {
    let rows: [(&[&str], &str, (bool, bool)); 13] = [
        (&["", "", ""], "Doctor", (true, false)),
        (&["Doct", "Nurs", "MD"], "Doctor", (true, true)),
        (&["Doct", "Nurse", "MD"], "Doctor", (true, false)),
        (&["Doct", "Nurs"], "Doctor", (true, false)),
        (&["Nurs", "MD", "RN"], "Doctor", (true, false)),
        (&["", "MD", "RN", "NP"], "Doctor", (true, false)),
        (&["nee", "MD", "RN"], "née", (true, true)),
        (&["nee", "Médecin", "RN"], "née", (true, false)),
        (&["née", "MD", "RN"], "nee", (true, false)),
        (&["nee", "MD"], "née", (true, false)),
        (&["Doctor", "MD", "RN"], "Doctor", (false, false)),
        (&["Doctor", "MD", "RN"], "Doct", (true, false)),
        (&["nee", "Nurse", "RN"], "née Ruiz", (true, false)),
    ];
    for (held, wanted, expected) in rows {
        let (desired, actual) = workspace(Field::Title, held, wanted);
        assert_eq!(said(&desired, &actual), expected, "{held:?}, {wanted}");
    }
}

// Rule 10 of the core
#[test]
fn only_a_foreign_server_is_suspected_of_altering_values() {
    let (desired, actual) = workspace(Field::Title, &["Doct", "Nurs", "MD"], "Doctor");
    assert_eq!(said(&desired, &actual), (true, true));
    let mut own = actual.clone();
    own.capabilities.practice_extension = true;
    assert_eq!(said(&desired, &own), (true, false));
    let embedded = Actual { server: ServerId::Embedded { workspace: "glow-medspa".to_owned(), store: None }, ..actual };
    assert_eq!(said(&desired, &embedded), (true, false));
}

// Rule 6 of the core
#[test]
fn a_difference_of_form_alone_is_left_only_where_the_server_writes_all_values_so() {
    let rows: [(&[&str], &str, bool); 11] = [
        // All values are in one case.
        (&["MARTIN", "LEE", "PARK"], "Martin", false),
        (&["MARTIN", "LEE", "Park"], "Martin", true),
        (&["MARTIN", "LEE"], "Martin", true),
        (&["MARTIN", "LEE  LOU", "PARK"], "Martin", false),
        // One blank in place of several, or none at the ends.
        (&["Ana Maria", "Lee", "Park"], "Ana  Maria", false),
        (&["Ana Maria", "Lee  Lou", "Park"], "Ana  Maria", true),
        (&["Ana Maria", "Lee\u{a0}Lou", "Park"], "Ana  Maria", true),
        // Both.
        (&["ANA MARIA", "LEE", "PARK"], "Ana  Maria", false),
        (&["ANA MARIA", "LEE", "Park"], "Ana  Maria", true),
        // Another value.
        (&["MARTIN", "LEE", "PARK"], "Marten", true),
        (&["MARTIN LEE", "LEE", "PARK"], "MartinLee", true),
    ];
    for (held, wanted, changes) in rows {
        let (desired, actual) = workspace(Field::Title, held, wanted);
        assert_eq!(said(&desired, &actual).0, changes, "{held:?}, {wanted}");
    }
}

#[test]
fn a_role_in_another_case_is_another_role() {
    let (desired, actual) = workspace(Field::Role, &["DESK", "CARE", "LEAD"], "Desk");
    assert!(said(&desired, &actual).0);
}

//! Names and employee records that stay with somebody: nobody else gets them.

use crate::guards::email;
use crate::office::{causes, listed, login, office, record};
use crate::worlds::MAIN;
use rosterctl::model::*;
use rosterctl::reconcile::diff;

const BOB: &str = "bob@dental.example";
const EVE: &str = "eve@dental.example";

/// The addresses of those who get another name.
fn renamed(plan: &Plan) -> Vec<&str> {
    let is_name = |edit: &FieldChange| NAME.contains(&edit.field);
    let steps = plan.changes.iter().filter(|step| step.change.fields().iter().any(is_name));
    steps.filter_map(|step| step.change.subject().user()).map(Email::as_str).collect()
}

// PBN-2
#[test]
fn nobody_is_invited_on_the_employee_record_of_somebody_else() {
    let refused = || vec![RefusalCause::EmployeeOfAnother { key: "bob-cee".to_owned(), holder: email(BOB) }];
    let invited = |has_left: bool, name: [&str; 2], record_name: [&str; 2]| {
        let (mut desired, mut actual) = office();
        login(&mut actual, BOB, ["Bob", "Cee"], "front-desk", "bob-cee").state.inactive = has_left;
        record(&mut actual, "bob-cee", record_name);
        let bob = listed(&mut desired, BOB, ["Bob", "Cee"], "front-desk");
        bob.status = if has_left { Status::Inactive } else { Status::Active };
        listed(&mut desired, EVE, name, "office-administrator").employee = EmployeeLink::Key("bob-cee".to_owned());
        let plan = diff(&desired, &actual);
        (plan.changes.len(), causes(&plan))
    };
    for has_left in [false, true] {
        assert_eq!(invited(has_left, ["Eve", "Dee"], ["Bob", "Cee"]), (0, refused()), "{has_left}");
    }
    assert_eq!(invited(true, ["Bob", "Cee"], ["Bob", "Cee"]), (1, Vec::new()), "he is back under another address");
    assert_eq!(invited(true, ["Eve", "Dee"], ["Eve", "Dee"]), (1, Vec::new()), "the record is hers by now");
}

// PBN-2
#[test]
fn an_account_whose_new_employee_record_is_somebody_elses_keeps_its_name() {
    let (mut desired, mut actual) = office();
    login(&mut actual, BOB, ["Bob", "Cee"], "front-desk", "bob-cee");
    record(&mut actual, "bob-cee", ["Bob", "Cee"]);
    login(&mut actual, EVE, ["Eve", "Dee"], "front-desk", "eve-dee");
    record(&mut actual, "eve-dee", ["Eve", "Dee"]);
    listed(&mut desired, BOB, ["Bob", "Cee"], "front-desk");
    listed(&mut desired, EVE, ["Eve", "Gray"], "front-desk").employee = EmployeeLink::Key("bob-cee".to_owned());
    let plan = diff(&desired, &actual);
    assert_eq!(plan.changes, []);
    assert_eq!(causes(&plan), [RefusalCause::EmployeeOfAnother { key: "bob-cee".to_owned(), holder: email(BOB) }]);
}

// PBN-1
#[test]
fn the_main_admin_keeps_the_name_that_the_employee_record_keeps() {
    for (acting, expected) in [(BOB, Vec::new()), (MAIN, vec![MAIN])] {
        let (mut desired, mut actual) = office();
        login(&mut actual, BOB, ["Bob", "Cee"], "office-administrator", "bob-cee");
        record(&mut actual, "bob-cee", ["Bob", "Cee"]);
        listed(&mut desired, BOB, ["Bob", "Cee"], "office-administrator");
        desired.users.get_mut(&email(MAIN)).unwrap().fields.set(Field::LastName, Value::Text("Married".to_owned()));
        actual.token_owner = Some(email(acting));
        let plan = diff(&desired, &actual);
        assert_eq!(renamed(&plan), expected);
        let refused = if acting == MAIN {
            Vec::new()
        } else {
            vec![RefusalCause::MainAdminsRecord, RefusalCause::MainAdminsField { field: Field::LastName }]
        };
        assert_eq!((causes(&plan), plan.unchanged), (refused, 1));
    }
}

// PBN-2
#[test]
fn two_people_change_names_together_or_not_at_all() {
    let link = |is_external: bool| if is_external { EmployeeLink::External } else { EmployeeLink::ByName };
    for (ann, bea) in [(false, false), (false, true), (true, false), (true, true)] {
        let (mut desired, mut actual) = office();
        login(&mut actual, "ann@dental.example", ["Ann", "Aye"], "front-desk", "ann-aye");
        record(&mut actual, "ann-aye", ["Ann", "Aye"]).external = ann;
        login(&mut actual, "bea@dental.example", ["Bea", "Bee"], "front-desk", "bea-bee");
        record(&mut actual, "bea-bee", ["Bea", "Bee"]).external = bea;
        listed(&mut desired, "ann@dental.example", ["Bea", "Bee"], "front-desk").employee = link(ann);
        listed(&mut desired, "bea@dental.example", ["Ann", "Aye"], "front-desk").employee = link(bea);
        let plan = diff(&desired, &actual);
        let together = if ann && bea { vec!["ann@dental.example", "bea@dental.example"] } else { Vec::new() };
        assert_eq!(renamed(&plan), together, "{ann} {bea}: {:?}", plan.refusals);
        assert_eq!(causes(&plan).len(), 2 - together.len(), "{ann} {bea}");
    }
}

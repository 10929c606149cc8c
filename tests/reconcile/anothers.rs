//! An address that passes from one person to another: nobody gets the account, the access or the role of somebody else in silence.

use crate::guards::{add_account, add_user, email, fields, practice};
use rosterctl::model::*;
use rosterctl::reconcile::{diff, follow};

const OFFICE: &str = "office@glow.example";
const BOB: &str = "bob@home.example";

fn called(first: &str, last: &str, role: &str) -> Fields {
    let mut fields = fields(role);
    fields.set(Field::FirstName, Value::Text(first.to_owned()));
    fields.set(Field::LastName, Value::Text(last.to_owned()));
    fields
}

fn steps(plan: &Plan) -> Vec<(Action, String)> {
    let steps = plan.changes.iter().map(|step| &step.change);
    steps.filter_map(|change| Some((change.action(), change.subject().user()?.to_string()))).collect()
}

#[test]
fn a_former_address_of_somebody_else_is_a_new_persons() {
    for (manage, first, inactive, expected) in [
        (Manage::Exact, "Eve", false, vec![(Action::Inactivate, BOB), (Action::Invite, OFFICE)]),
        (Manage::Exact, "Eve", true, vec![(Action::Invite, OFFICE)]),
        (Manage::Additive, "Eve", false, vec![(Action::Invite, OFFICE)]),
        // Somebody who has another last name by now is the same person.
        (Manage::Exact, "Bob", false, vec![]),
        (Manage::Exact, "Bob", true, vec![(Action::Activate, BOB)]),
    ] {
        let (mut desired, mut actual) = practice();
        desired.manage = manage;
        let account = add_account(&mut actual, BOB, called("Bob", "Cee", "front-desk"));
        (account.former, account.state.inactive) = (vec![email(OFFICE)], inactive);
        add_user(&mut desired, OFFICE, called(first, "Dee", "front-desk"));
        follow(&mut desired, &actual);
        let expected: Vec<_> = expected.into_iter().map(|(action, address)| (action, address.to_owned())).collect();
        assert_eq!(steps(&diff(&desired, &actual)), expected, "{manage:?} {first} {inactive}");
    }
}

#[test]
fn an_account_whose_names_are_anothers_is_not_activated_and_its_changes_are_risks() {
    let plan_for = |first: &str, inactive: bool| {
        let (mut desired, mut actual) = practice();
        add_account(&mut actual, OFFICE, called("Bob", "Cee", "front-desk")).state.inactive = inactive;
        add_user(&mut desired, OFFICE, called(first, "Dee", "administrator"));
        diff(&desired, &actual)
    };
    let refused = plan_for("Eve", true);
    assert_eq!(steps(&refused), []);
    let is_of_another = |refusal: &Refusal| refusal.cause == RefusalCause::AccountOfAnother { first: "Bob".into(), last: "Cee".into() };
    assert!(refused.refusals.iter().any(is_of_another), "{:?}", refused.refusals);
    for (first, risky) in [("Eve", true), ("Bob", false)] {
        let plan = plan_for(first, false);
        assert_eq!(steps(&plan), [(Action::Update, OFFICE.to_owned())]);
        let step = plan.changes.iter().find(|step| step.change.action().updates()).unwrap();
        assert_eq!(step.risky, risky, "{first}");
    }
    assert_eq!(steps(&plan_for("Bob", true)).last(), Some(&(Action::Activate, OFFICE.to_owned())));
}

#[test]
fn an_address_that_is_taken_over_changes_neither_account_until_it_is_free() {
    for (manage, inactive) in [(Manage::Exact, true), (Manage::Exact, false), (Manage::Additive, true)] {
        let (mut desired, mut actual) = practice();
        desired.manage = manage;
        add_account(&mut actual, OFFICE, called("Eve", "Dee", "front-desk")).state.inactive = inactive;
        let bob = add_account(&mut actual, BOB, called("Bob", "Cee", "front-desk")).id.clone();
        add_user(&mut desired, OFFICE, called("Bob", "Cee", "provider")).formerly = vec![email(BOB)];
        let plan = diff(&desired, &actual);
        assert_eq!(steps(&plan), [], "{manage:?} {inactive}");
        let eve = actual.accounts.iter().find(|account| account.email == email(OFFICE)).unwrap().id.clone();
        let cause = RefusalCause::AddressTaken { id: bob, other: eve, email: email(OFFICE) };
        assert_eq!(plan.refusals.iter().map(|refusal| &refusal.cause).collect::<Vec<_>>(), [&cause]);
    }
}

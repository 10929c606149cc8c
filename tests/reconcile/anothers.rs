//! An address that passes from one person to another: nobody gets the account, the access or the role of somebody else in silence.

use crate::guards::{add_account, add_user, email, fields, practice};
use rosterctl::model::*;
use rosterctl::reconcile::{diff, follow, narrow};

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

// AR-13: a member may change both names together with the address, and the account still says under which name it was invited.
#[test]
fn a_member_who_changed_address_and_both_names_is_found_by_the_name_of_the_invitation() {
    for (invited, listed, is_found) in [
        (Some(("Bob", "Cee")), "Bob", true),
        (Some(("Bob", "Cee")), "Eve", false),
        (Some(("Max", "Big")), "Bob", false),
        (None, "Bob", false),
    ] {
        let (mut desired, mut actual) = practice();
        desired.manage = Manage::Exact;
        let account = add_account(&mut actual, BOB, called("Robert", "Married", "front-desk"));
        account.former = vec![email(OFFICE)];
        account.invited_name = invited.map(|(first, last)| Box::new((first.to_owned(), last.to_owned())));
        add_user(&mut desired, OFFICE, called(listed, if listed == "Bob" { "Cee" } else { "Dee" }, "front-desk"));
        follow(&mut desired, &actual);
        let plan = diff(&desired, &actual);
        let anew = vec![(Action::Inactivate, BOB.to_owned()), (Action::Invite, OFFICE.to_owned())];
        assert_eq!(steps(&plan), if is_found { Vec::new() } else { anew }, "{invited:?} {listed}");
        let is_said = plan.notices.iter().any(|notice| notice.cause.is_address_changed());
        assert_eq!(is_said, is_found, "{:?}", plan.notices);
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
    let is_of_another =
        |refusal: &Refusal| refusal.cause == RefusalCause::AccountOfAnother { first: "Bob".into(), last: "Cee".into(), in_use: false };
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
    let cases = [
        (Manage::Exact, true, true),
        (Manage::Exact, false, true),
        (Manage::Exact, true, false),
        (Manage::Additive, true, true),
        (Manage::Additive, true, false),
    ];
    // By `formerly`, and by what the account says of itself.
    for ((manage, inactive, stays), is_listed) in cases.into_iter().flat_map(|case| [(case, true), (case, false)]) {
        let (mut desired, mut actual) = practice();
        desired.manage = manage;
        add_account(&mut actual, OFFICE, called("Eve", "Dee", "front-desk")).state.inactive = inactive;
        let bob = add_account(&mut actual, BOB, called("Bob", "Cee", "front-desk"));
        let id = bob.id.clone();
        let user = add_user(&mut desired, OFFICE, called("Bob", "Cee", "provider"));
        if is_listed {
            user.formerly = vec![email(BOB)];
        } else {
            bob.former = vec![email(OFFICE)];
        }
        user.status = if stays { Status::Active } else { Status::Inactive };
        follow(&mut desired, &actual);
        let plan = diff(&desired, &actual);
        // An exact roster that calls them inactive ends the account that has their names.
        let ends = !stays && manage.removes_unlisted();
        let expected = ends.then(|| (Action::Inactivate, BOB.to_owned()));
        assert_eq!(steps(&plan), Vec::from_iter(expected), "{manage:?} {inactive} {stays} {is_listed}");
        let eve = actual.accounts.iter().find(|account| account.email == email(OFFICE)).unwrap().id.clone();
        let cause = RefusalCause::AddressTaken { id, other: eve, email: email(OFFICE), login: Some(email(BOB)), leaves: !stays };
        assert_eq!(plan.refusals.iter().map(|refusal| &refusal.cause).collect::<Vec<_>>(), [&cause]);
    }
}

#[test]
fn an_old_line_of_somebody_who_is_listed_takes_no_invitation_from_a_colleague() {
    for bob in [BOB, "zed@home.example"] {
        let (mut desired, mut actual) = practice();
        desired.manage = Manage::Additive;
        add_account(&mut actual, bob, called("Bob", "Cee", "front-desk")).former = vec![email(OFFICE)];
        add_account(&mut actual, OFFICE, called("Eve", "Dee", "front-desk")).state.accepted = false;
        add_user(&mut desired, bob, called("Bob", "Cee", "front-desk"));
        add_user(&mut desired, OFFICE, called("Bob", "Cee", "front-desk")).status = Status::Inactive;
        let plan = diff(&desired, &actual);
        assert_eq!(steps(&plan), [], "{bob}");
        let codes: Vec<RefusalTopic> = plan.refusals.iter().map(|refusal| refusal.cause.topic()).collect();
        assert_eq!(codes, [RefusalTopic::Word("email")], "{bob}: {:?}", plan.refusals);
    }
}

#[test]
fn somebody_new_at_the_former_address_of_a_colleague_is_said_to_be_and_a_risk_under_the_same_name() {
    for (first, last, is_namesake) in [("Bob", "Cee", true), ("Bob", "Married", true), ("Eve", "Dee", false)] {
        let (mut desired, mut actual) = practice();
        let account = add_account(&mut actual, BOB, called("Bob", "Cee", "front-desk"));
        account.former = vec![email(OFFICE)];
        add_user(&mut desired, BOB, called("Bob", "Cee", "front-desk"));
        add_user(&mut desired, OFFICE, called(first, last, "front-desk"));
        follow(&mut desired, &actual);
        let plan = diff(&desired, &actual);
        assert_eq!(steps(&plan), [(Action::Invite, OFFICE.to_owned())]);
        let invited = plan.changes.iter().filter(|step| step.change.action().invites());
        assert_eq!(invited.map(|step| step.risky).collect::<Vec<_>>(), [is_namesake], "{first} {last}");
        let holder = FormerHolder { login: email(BOB), name: "Bob Cee".to_owned(), is_namesake };
        let said = plan.notices.iter().any(|notice| notice.cause == NoticeCause::AddressWas(Box::new(holder.clone())));
        assert!(said, "{:?}", plan.notices);
    }
}

#[test]
fn an_id_says_whose_an_account_is_whatever_its_names() {
    for (by_id, expected) in [(true, 0), (false, 1)] {
        let (mut desired, mut actual) = practice();
        let eve = add_account(&mut actual, OFFICE, called("Eve", "Dee", "front-desk")).id.clone();
        add_account(&mut actual, BOB, called("Bob", "Cee", "front-desk"));
        let user = add_user(&mut desired, OFFICE, called("Bob", "Cee", "front-desk"));
        (user.formerly, user.id) = (vec![email(BOB)], by_id.then_some(eve));
        let plan = diff(&desired, &actual);
        let is_taken = |refusal: &&Refusal| refusal.cause.code(&|_| "") == "address-taken";
        assert_eq!(plan.refusals.iter().filter(is_taken).count(), expected, "by id: {by_id}: {:?}", plan.refusals);
    }
}

// CHR-4
#[test]
fn an_account_that_keeps_the_confirmed_names_of_another_does_not_match() {
    let cases = [("Eve", "Dee", true, 1), ("Bob", "Dee", true, 0), ("Bob", "Cee", true, 0), ("Eve", "Dee", false, 0)];
    for (first, last, accepted, expected) in cases {
        let (mut desired, mut actual) = practice();
        desired.platform = rosterctl::platform::named("telus-chr").unwrap().id();
        add_account(&mut actual, OFFICE, called("Bob", "Cee", "front-desk")).state.accepted = accepted;
        add_user(&mut desired, OFFICE, called(first, last, "provider"));
        let plan = diff(&desired, &actual);
        let changes = plan.changes.iter().filter(|step| step.change.subject().user() == Some(&email(OFFICE))).count();
        assert_eq!(changes == 0, expected == 1, "{first} {last} {accepted}: {:?}", plan.changes);
        let cause = RefusalCause::AccountOfAnother { first: "Bob".into(), last: "Cee".into(), in_use: true };
        assert_eq!(plan.refusals.iter().filter(|refusal| refusal.cause == cause).count(), expected, "{first} {last} {accepted}");
    }
}

#[test]
fn a_former_address_counts_beside_the_present_one_only_if_its_account_has_the_names() {
    for (held, expected) in [(Some(("Bob", "Cee")), 1), (Some(("Zed", "Poe")), 0), (None, 0)] {
        let (mut desired, mut actual) = practice();
        add_account(&mut actual, OFFICE, called("Eve", "Dee", "front-desk"));
        let former = add_account(&mut actual, BOB, fields("front-desk"));
        for (at, field) in NAME.into_iter().enumerate() {
            let name = held.map(|(first, last)| Value::Text([first, last][at].to_owned()));
            former.fields.set(field, name.unwrap_or(Value::Unset));
        }
        add_user(&mut desired, OFFICE, called("Bob", "Cee", "front-desk")).formerly = vec![email(BOB)];
        let plan = diff(&desired, &actual);
        let is_taken = |refusal: &&Refusal| refusal.cause.code(&|_| "") == "address-taken";
        assert_eq!(plan.refusals.iter().filter(is_taken).count(), expected, "{held:?}: {:?}", plan.refusals);
    }
}

#[test]
fn an_entry_that_has_one_account_by_id_and_the_address_of_another_ends_neither() {
    for status in [Status::Active, Status::Inactive] {
        let (mut desired, mut actual) = practice();
        add_account(&mut actual, OFFICE, called("Eve", "Dee", "front-desk"));
        let bob = add_account(&mut actual, BOB, called("Bob", "Cee", "front-desk")).id.clone();
        let user = add_user(&mut desired, OFFICE, called("Bob", "Cee", "front-desk"));
        (user.id, user.status) = (Some(bob), status);
        assert_eq!(steps(&diff(&desired, &actual)), [], "{status:?}");
    }
}

#[test]
fn an_account_without_names_makes_nobody_new_a_risk() {
    let (mut desired, mut actual) = practice();
    let account = add_account(&mut actual, BOB, fields("front-desk"));
    account.former = vec![email(OFFICE)];
    for field in NAME {
        account.fields.set(field, Value::Unset);
    }
    let nameless = account.fields.clone();
    add_user(&mut desired, BOB, nameless);
    add_user(&mut desired, OFFICE, called("Eve", "Dee", "front-desk"));
    let plan = diff(&desired, &actual);
    let invited: Vec<bool> = plan.changes.iter().filter(|step| step.change.action().invites()).map(|step| step.risky).collect();
    assert_eq!(invited, [false], "{:?}", plan.notices);
}

#[test]
fn somebody_who_leaves_loses_the_account_at_a_former_address_too_unless_it_has_the_name_of_another() {
    let former = email("ana.old@glow.example");
    for (name, manage, ends) in [("Ana", Manage::Additive, true), ("Eva", Manage::Additive, false), ("Ana", Manage::Exact, true)] {
        let (mut desired, mut actual) = practice();
        desired.manage = manage;
        let user = add_user(&mut desired, "ana@glow.example", called("Ana", "Ruiz", "front-desk"));
        (user.status, user.formerly) = (Status::Inactive, vec![former.clone()]);
        add_account(&mut actual, "ana@glow.example", called("Ana", "Ruiz", "front-desk"));
        add_account(&mut actual, former.as_str(), called(name, if name == "Ana" { "Ruiz" } else { "Moss" }, "front-desk"));
        let plan = diff(&desired, &actual);
        let expected = |address: &str| (Action::Inactivate, address.to_owned());
        let both = [expected("ana.old@glow.example"), expected("ana@glow.example")];
        assert_eq!(steps(&plan), if ends { both.to_vec() } else { both[1..].to_vec() }, "{name} {manage:?}");
        let is_twin = plan.notices.iter().any(|notice| matches!(notice.cause, NoticeCause::FormerlyAnother { .. }));
        assert_eq!(is_twin, !ends, "{:?}", plan.notices);
        let only = narrow(plan, &[email("ana@glow.example")].into(), &desired, &actual);
        assert_eq!(steps(&only).len(), if ends { 2 } else { 1 });
    }
}

#[test]
fn an_account_at_a_former_address_stays_if_another_user_has_it_or_its_name_is_not_that_of_the_leaver() {
    let ends = |held: Option<(&str, &str)>, is_listed: bool| {
        let (mut desired, mut actual) = practice();
        desired.manage = Manage::Additive;
        let leaver = add_user(&mut desired, "ana@glow.example", called("Maria", "Lopez", "front-desk"));
        (leaver.status, leaver.formerly) = (Status::Inactive, vec![email(OFFICE)]);
        add_account(&mut actual, "ana@glow.example", called("Maria", "Lopez", "front-desk"));
        let former = add_account(&mut actual, OFFICE, fields("front-desk"));
        for (at, field) in NAME.into_iter().enumerate() {
            former.fields.set(field, held.map_or(Value::Unset, |(first, last)| Value::Text([first, last][at].to_owned())));
        }
        if is_listed {
            let (first, last) = held.unwrap();
            add_user(&mut desired, OFFICE, called(first, last, "front-desk"));
        }
        let plan = diff(&desired, &actual);
        assert!(plan.refusals.iter().all(|refusal| refusal.subject != Subject::User(email(OFFICE))), "{:?}", plan.refusals);
        steps(&plan).contains(&(Action::Inactivate, OFFICE.to_owned()))
    };
    assert!(ends(Some(("Maria", "Lopez")), false));
    for (held, is_listed) in
        [(Some(("Maria", "Diaz")), true), (Some(("Maria", "Lopez")), true), (Some(("Maria", "Diaz")), false), (None, false)]
    {
        assert!(!ends(held, is_listed), "{held:?} {is_listed}");
    }
}

//
#[test]
fn somebody_without_access_whose_id_is_gone_loses_an_account_at_a_former_address_under_the_same_name() {
    for (name, ends) in [(("Maria", "Lopez"), true), (("Maria", "Diaz"), false)] {
        let (mut desired, mut actual) = practice();
        desired.manage = Manage::Additive;
        let leaver = add_user(&mut desired, BOB, called("Maria", "Lopez", "front-desk"));
        (leaver.status, leaver.formerly, leaver.id) = (Status::Inactive, vec![email(OFFICE)], Some(RemoteId("gone".to_owned())));
        add_account(&mut actual, OFFICE, called(name.0, name.1, "front-desk"));
        let plan = diff(&desired, &actual);
        assert_eq!(steps(&plan).contains(&(Action::Inactivate, OFFICE.to_owned())), ends, "{:?}", plan.changes);
        let of_bob = plan.notices.iter().filter(|notice| notice.subject == Subject::User(email(BOB)));
        let said: Vec<&NoticeCause> = of_bob.map(|notice| &notice.cause).collect();
        assert_eq!(said.contains(&&NoticeCause::InactiveWithoutAccount), !ends, "{said:?}");
        assert_eq!(said.iter().any(|cause| matches!(cause, NoticeCause::FormerlyAnother { .. })), !ends, "{said:?}");
    }
}

// AR-19
#[test]
fn somebody_who_is_blocked_is_blocked_at_a_former_address_too_unless_the_account_is_anothers() {
    let plan_of = |held: (&str, &str), manage: Manage, is_listed: bool| {
        let (mut desired, mut actual) = practice();
        actual.accounts[0].fields.set(Field::Phones, Value::List(vec!["+16025550100".to_owned()]));
        desired.manage = manage;
        let user = add_user(&mut desired, BOB, called("Maria", "Lopez", "front-desk"));
        user.formerly = vec![email(OFFICE)];
        user.blocked = Some(DesiredBlock::Blocked { reason: BlockReason::ActivityReview, note: None });
        add_account(&mut actual, BOB, called("Maria", "Lopez", "front-desk"));
        add_account(&mut actual, OFFICE, called(held.0, held.1, "front-desk"));
        if is_listed {
            add_user(&mut desired, OFFICE, called(held.0, held.1, "front-desk"));
        }
        let plan = diff(&desired, &actual);
        assert!(steps(&plan).contains(&(Action::Block, BOB.to_owned())), "{:?} {:?}", plan.changes, plan.refusals);
        let narrowed = narrow(plan.clone(), &[email(BOB)].into(), &desired, &actual);
        let of_office =
            |plan: &Plan| steps(plan).into_iter().filter(|(_, who)| who == OFFICE).map(|(action, _)| action).collect::<Vec<_>>();
        (of_office(&plan), of_office(&narrowed).contains(&Action::Block))
    };
    let (lopez, diaz) = (("Maria", "Lopez"), ("Maria", "Diaz"));
    assert_eq!(plan_of(lopez, Manage::Additive, false), (vec![Action::Block], true));
    assert_eq!(plan_of(lopez, Manage::Exact, false), (vec![Action::Block, Action::Inactivate], true));
    assert_eq!(plan_of(lopez, Manage::Additive, true), (vec![], false));
    assert_eq!(plan_of(diaz, Manage::Additive, false), (vec![], false));
}

//! Directors who are there, come, or leave: what becomes of those who name them; and what is taken out of an update that does not fit.

use crate::guards::{add_account, add_user, email, fields, practice};
use rosterctl::model::*;
use rosterctl::reconcile::diff;

const ZOE: &str = "zoe@glow.example";
const PIA: &str = "pia@glow.example";

fn provider(director: &str) -> Fields {
    let mut provider = fields("provider");
    provider.set(Field::Provider, Value::Flag(true));
    provider.set(Field::MdConsent, Value::Text(director.to_owned()));
    provider
}

/// The causes of the refusals about somebody.
fn refused<'p>(plan: &'p Plan, address: &str) -> Vec<&'p RefusalCause> {
    let subject = Subject::User(email(address));
    plan.refusals.iter().filter(|refusal| refusal.subject == subject).map(|refusal| &refusal.cause).collect()
}

fn actions(plan: &Plan, address: &str) -> Vec<Action> {
    let address = email(address);
    plan.changes.iter().filter(|step| step.change.subject().user() == Some(&address)).map(|step| step.change.action()).collect()
}

fn blocked() -> Block {
    Block { reason: BlockReason::ActivityReview, note: None }
}

fn wants_block() -> DesiredBlock {
    DesiredBlock::Blocked { reason: BlockReason::ActivityReview, note: None }
}

/// An edit of an account, if there is one.
type Edit<'e> = Option<&'e dyn Fn(&mut Account)>;

// AR-9, AR-25
#[test]
fn a_new_provider_can_name_whom_the_plan_leaves_active() {
    type Held = Option<fn(&mut Account)>;
    type Listed = Option<fn(&mut DesiredUser)>;
    let cases: [(&str, Manage, Held, Listed, bool); 13] = [
        ("not listed, and left", Manage::Additive, Some(|_| ()), None, true),
        ("not listed, and inactive", Manage::Additive, Some(|account| account.state.inactive = true), None, false),
        ("not listed, and inactivated", Manage::Exact, Some(|_| ()), None, false),
        ("new", Manage::Exact, None, Some(|_| ()), true),
        ("listed as inactive, without an account", Manage::Exact, None, Some(|user| user.status = Status::Inactive), false),
        ("listed as blocked, without an account", Manage::Exact, None, Some(|user| user.blocked = Some(wants_block())), false),
        ("inactivated", Manage::Exact, Some(|_| ()), Some(|user| user.status = Status::Inactive), false),
        ("returns", Manage::Exact, Some(|account| account.state.inactive = true), Some(|_| ()), true),
        ("active and blocked", Manage::Exact, Some(|account| account.state.block = Some(blocked())), Some(|_| ()), true),
        (
            "returns, and stays blocked",
            Manage::Exact,
            Some(|account| account.state = State { accepted: true, inactive: true, block: Some(blocked()), ..State::default() }),
            Some(|_| ()),
            true,
        ),
        (
            "inactive and to be blocked",
            Manage::Exact,
            Some(|account| account.state.inactive = true),
            Some(|user| user.blocked = Some(wants_block())),
            false,
        ),
        (
            "never accepted, and blocked",
            Manage::Exact,
            Some(|account| account.state = State { inactive: true, block: Some(blocked()), ..State::default() }),
            Some(|_| ()),
            false,
        ),
        (
            "never accepted, and to be unblocked",
            Manage::Exact,
            Some(|account| account.state = State { inactive: true, block: Some(blocked()), ..State::default() }),
            Some(|user| user.blocked = Some(DesiredBlock::Unblocked)),
            true,
        ),
    ];
    for (case, manage, held, listed, allowed) in cases {
        let (mut desired, mut actual) = practice();
        desired.manage = manage;
        if let Some(edit) = held {
            edit(add_account(&mut actual, ZOE, fields("medical-director")));
        }
        if let Some(edit) = listed {
            edit(add_user(&mut desired, ZOE, fields("medical-director")));
        }
        add_user(&mut desired, PIA, provider(ZOE));
        let plan = diff(&desired, &actual);
        assert_eq!(refused(&plan, PIA).is_empty(), allowed, "{case}: {:?}", plan.refusals);
    }
}

// AR-9
#[test]
fn nobody_returns_before_a_director_whose_own_return_is_refused() {
    let returning = |director_of_zoe: Option<&str>| {
        let (mut desired, mut actual) = practice();
        let zoe = director_of_zoe.map_or_else(
            || fields("medical-director"),
            |other| {
                let mut zoe = provider(other);
                zoe.set(Field::Role, Value::Text("medical-director".to_owned()));
                zoe
            },
        );
        for (address, fields) in [(PIA, provider(ZOE)), (ZOE, zoe)] {
            add_account(&mut actual, address, fields.clone()).state.inactive = true;
            add_user(&mut desired, address, fields);
        }
        let plan = diff(&desired, &actual);
        [ZOE, PIA].map(|address| actions(&plan, address))
    };
    assert_eq!(returning(None), [vec![Action::Activate], vec![Action::Activate]]);
    assert_eq!(returning(Some("ghost@glow.example")), [vec![], vec![]]);
}

#[test]
fn an_update_of_a_blocked_account_that_breaks_a_rule_takes_no_other_update_along() {
    let (mut desired, mut actual) = practice();
    let color = |fields: &mut Fields| fields.set(Field::AppointmentColor, Value::Text("#3aa675".to_owned()));
    let mut plain = fields("front-desk");
    plain.set(Field::AppointmentColor, Value::Unset);
    plain.set(Field::Provider, Value::Flag(false));
    plain.set(Field::MdConsent, Value::Unset);
    for address in ["ann@glow.example", "kim@glow.example"] {
        add_account(&mut actual, address, plain.clone());
        color(&mut add_user(&mut desired, address, plain.clone()).fields);
    }
    actual.accounts[2].state.inactive = true;
    let kim = desired.users.get_mut(&email("kim@glow.example")).unwrap();
    kim.blocked = Some(wants_block());
    kim.fields.set(Field::Provider, Value::Flag(true));
    let plan = diff(&desired, &actual);
    assert_eq!([actions(&plan, "ann@glow.example"), actions(&plan, "kim@glow.example")], [vec![Action::Update], vec![]]);
    let causes = refused(&plan, "kim@glow.example");
    assert!(causes.iter().any(|cause| matches!(cause, RefusalCause::Breaks { .. })), "{causes:?}");
}

/// The fields that a plan changes of one account, and how many refusals there are.
fn changed(held: &[(Field, Value)], wanted: &[(Field, Value)]) -> (Vec<Field>, usize) {
    let (mut desired, mut actual) = practice();
    let with = |values: &[(Field, Value)]| {
        let mut fields = fields("front-desk");
        for (field, value) in values {
            fields.set(*field, value.clone());
        }
        fields
    };
    add_account(&mut actual, "kim@glow.example", with(held));
    add_user(&mut desired, "kim@glow.example", with(wanted));
    let plan = diff(&desired, &actual);
    (plan.changes.iter().flat_map(|step| step.change.fields()).map(|edit| edit.field).collect(), plan.refusals.len())
}

// AR-9
#[test]
fn of_an_update_only_what_breaks_a_rule_is_refused() {
    let number = Value::List(vec!["+16025550142".to_owned()]);
    let (color, other) = (Value::Text("#3aa675".to_owned()), Value::Text("#112233".to_owned()));
    let held = [
        (Field::Phones, number),
        (Field::AppointmentColor, color),
        (Field::DashboardAccess, Value::Flag(false)),
        (Field::Provider, Value::Flag(true)),
        (Field::MdConsent, Value::Flag(false)),
        (Field::NotifySms, Value::Flag(true)),
    ];
    let wanted = [(Field::Phones, Value::Unset), (Field::AppointmentColor, other), (Field::DashboardAccess, Value::Flag(true))];
    let (fields, refused) = changed(&held, &wanted);
    assert!(fields.contains(&Field::AppointmentColor) && fields.contains(&Field::DashboardAccess), "{fields:?}");
    assert!(!fields.contains(&Field::Phones), "messages still go to that number: {fields:?}");
    assert_eq!(refused, 1);
}

// AR-9
#[test]
fn a_setting_that_the_workspace_has_no_value_of_is_missing_all_the_same() {
    assert_eq!(changed(&[(Field::Provider, Value::Flag(false))], &[(Field::Provider, Value::Flag(true))]), (Vec::new(), 1));
}

// AR-12
#[test]
fn the_default_clinic_follows_when_its_clinic_is_taken_away() {
    let clinics = |keys: &[&str]| Value::Set(keys.iter().map(|key| (*key).to_owned()).collect());
    let (mut desired, mut actual) = practice();
    add_account(&mut actual, "kim@glow.example", fields("front-desk")).fields.set(Field::Clinics, clinics(&["downtown", "uptown"]));
    let kim = add_user(&mut desired, "kim@glow.example", fields("front-desk"));
    kim.fields = kim.fields.iter().filter(|(field, _)| *field != Field::DefaultClinic).map(|(f, value)| (f, value.to_value())).collect();
    kim.fields.set(Field::Clinics, clinics(&["uptown"]));
    let plan = diff(&desired, &actual);
    let edits: Vec<_> = plan.changes.iter().flat_map(|step| step.change.fields()).map(|edit| (edit.field, edit.after.clone())).collect();
    assert_eq!(edits, [(Field::Clinics, clinics(&["uptown"])), (Field::DefaultClinic, Value::Text("uptown".to_owned()))]);
}

// AR-9, AR-13
#[test]
fn a_director_whose_new_address_is_refused_is_not_named_by_it() {
    const MOVED: &str = "zoe.lee@home.example";
    for manage in [Manage::Exact, Manage::Additive] {
        let (mut desired, mut actual) = practice();
        desired.manage = manage;
        add_account(&mut actual, ZOE, fields("medical-director"));
        add_account(&mut actual, PIA, provider(ZOE));
        add_user(&mut desired, MOVED, fields("medical-director")).formerly = vec![email(ZOE)];
        let mut pia = provider(MOVED);
        pia.set(Field::Clinics, Value::Set(["downtown".to_owned(), "uptown".to_owned()].into()));
        add_user(&mut desired, PIA, pia);
        let plan = diff(&desired, &actual);
        assert!(!refused(&plan, MOVED).is_empty() && !refused(&plan, PIA).is_empty(), "{manage:?}: {:?}", plan.refusals);
        let follows =
            |cause: &RefusalCause| matches!(cause, RefusalCause::Breaks { waits_for: Some(director), .. } if *director == email(MOVED));
        assert!(plan.refusals.iter().any(|refusal| follows(&refusal.cause)), "{manage:?}: {:?}", plan.refusals);
        let changed: Vec<Field> = plan.changes.iter().flat_map(|step| step.change.fields()).map(|edit| edit.field).collect();
        assert_eq!(changed, [Field::Clinics], "{manage:?}: {:?}", plan.refusals);
    }
}

// AR-9: a colleague is the account that the plan leaves, also where the roster has a new address for it.
#[test]
fn a_director_with_a_new_address_is_judged_as_the_account_at_the_former_one() {
    let cases: [(&str, &str, &str, Status, bool); 4] = [
        ("stays", "medical-director", "medical-director", Status::Active, true),
        ("becomes one", "front-desk", "medical-director", Status::Active, true),
        ("changes role", "medical-director", "front-desk", Status::Active, false),
        ("leaves", "medical-director", "medical-director", Status::Inactive, false),
    ];
    for (case, held, wanted, status, returns) in cases {
        let (mut desired, mut actual) = practice();
        desired.manage = Manage::Exact;
        add_account(&mut actual, ZOE, fields(held));
        add_account(&mut actual, PIA, provider(ZOE)).state.inactive = true;
        let zoe = add_user(&mut desired, "zoe.new@glow.example", fields(wanted));
        zoe.formerly = [email(ZOE)].into_iter().collect();
        zoe.status = status;
        add_user(&mut desired, PIA, fields("provider"));
        let plan = diff(&desired, &actual);
        assert_eq!(actions(&plan, PIA).contains(&Action::Activate), returns, "{case}: {:?}", plan.refusals);
        assert_eq!(refused(&plan, PIA).is_empty(), returns, "{case}: {:?}", plan.refusals);
    }
}

// AR-9
#[test]
fn nobody_is_given_to_a_director_who_stays_away_while_the_former_one_leaves() {
    let away = |account: &mut Account| account.state = State { accepted: true, inactive: true, block: Some(blocked()), ..State::default() };
    let never = |account: &mut Account| account.state = State { inactive: true, block: Some(blocked()), ..State::default() };
    let inactive = |account: &mut Account| account.state.inactive = true;
    let other_role = |account: &mut Account| {
        account.state.inactive = true;
        account.fields.set(Field::Role, Value::Text("front-desk".to_owned()));
    };
    let cases: [Edit<'_>; 5] = [Some(&away), Some(&never), Some(&inactive), Some(&other_role), None];
    for (case, held) in cases.into_iter().enumerate() {
        for former_stays in [false, true] {
            let (mut desired, mut actual) = practice();
            if let Some(held) = held {
                add_account(&mut actual, ZOE, fields("medical-director"));
                held(actual.accounts.last_mut().unwrap());
            }
            add_user(&mut desired, ZOE, fields("medical-director")).blocked = Some(wants_block());
            add_account(&mut actual, "dan@glow.example", fields("medical-director"));
            if former_stays {
                add_user(&mut desired, "dan@glow.example", fields("medical-director"));
            }
            add_account(&mut actual, PIA, provider("dan@glow.example"));
            add_user(&mut desired, PIA, provider(ZOE));
            let plan = diff(&desired, &actual);
            assert_eq!(actions(&plan, PIA), [], "case {case}, {former_stays}");
            assert!(matches!(refused(&plan, PIA)[..], [RefusalCause::Breaks { .. }]), "case {case}, {former_stays}: {:?}", plan.refusals);
        }
    }
}

// AR-9
#[test]
fn a_provider_to_be_whose_director_is_away_is_refused_for_that_alone() {
    let (mut desired, mut actual) = practice();
    add_account(&mut actual, ZOE, fields("medical-director")).state.inactive = true;
    add_user(&mut desired, ZOE, fields("medical-director")).blocked = Some(wants_block());
    let mut none = fields("provider");
    none.set(Field::Provider, Value::Flag(false));
    none.set(Field::MdConsent, Value::Unset);
    add_account(&mut actual, PIA, none);
    add_user(&mut desired, PIA, provider(ZOE));
    let plan = diff(&desired, &actual);
    assert_eq!(refused(&plan, PIA).len(), 1, "{:?}", refused(&plan, PIA));
    assert_eq!(actions(&plan, PIA), []);
}

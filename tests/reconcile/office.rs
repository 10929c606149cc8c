//! A dental practice with employee records, and what is decided about each of them (PBN-1 to PBN-8).

use crate::guards::email;
use crate::worlds::{MAIN, empty_actual_on, empty_desired_on};
use rosterctl::model::*;
use rosterctl::platform::{effective, named};
use rosterctl::reconcile::{diff, project};

fn text(value: &str) -> Value {
    Value::Text(value.to_owned())
}

/// An exact roster of a practice, with its main admin on both sides.
pub(crate) fn office() -> (Desired, Actual) {
    let platform = named("practice-by-numbers").unwrap();
    let (mut desired, mut actual) = (empty_desired_on(platform, Manage::Exact), empty_actual_on(platform));
    desired.roles.clear();
    actual.roles.retain(|_, role| role.built_in);
    login(&mut actual, MAIN, ["Olivia", "Stone"], "owner", "main").main_admin = true;
    record(&mut actual, "main", ["Olivia", "Stone"]);
    listed(&mut desired, MAIN, ["Olivia", "Stone"], "owner");
    (desired, actual)
}

/// An account in use, on an employee record if its key is not empty.
pub(crate) fn login<'a>(actual: &'a mut Actual, address: &str, [first, last]: [&str; 2], role: &str, record: &str) -> &'a mut Account {
    let catalog = named("practice-by-numbers").unwrap().catalog();
    let gives = actual.roles.get(role).map(|role| role.privileges.clone()).unwrap_or_default();
    let values = [(Field::FirstName, first), (Field::LastName, last), (Field::Role, role), (Field::Employee, record)];
    let fields: Fields = values.into_iter().filter(|(_, value)| !value.is_empty()).map(|(field, value)| (field, text(value))).collect();
    let at = actual.accounts.len();
    actual.accounts.push(Account {
        id: RemoteId(format!("id-{at:06}")),
        email: email(address),
        fingerprint: Fingerprint("W/\"1\"".to_owned()),
        state: State { accepted: true, ..State::default() },
        privileges: effective(catalog, &gives, &fields, false).into(),
        role_privileges: Some(gives.into()),
        fields,
        has_passcode: false,
        passcode_made: None,
        main_admin: false,
        invited_name: None,
        former: Vec::new(),
    });
    &mut actual.accounts[at]
}

pub(crate) fn listed<'a>(desired: &'a mut Desired, address: &str, [first, last]: [&str; 2], role: &str) -> &'a mut DesiredUser {
    let fields = [(Field::FirstName, text(first)), (Field::LastName, text(last)), (Field::Role, text(role))];
    crate::guards::add_user(desired, address, fields.into_iter().collect())
}

pub(crate) fn record<'a>(actual: &'a mut Actual, key: &str, [first, last]: [&str; 2]) -> &'a mut Employee {
    let at = actual.employees.len();
    actual.employees.push(Employee {
        id: RemoteId(format!("e{at}")),
        fingerprint: Fingerprint("W/\"1\"".to_owned()),
        key: key.to_owned(),
        first_name: first.to_owned(),
        last_name: last.to_owned(),
        active: true,
        external: false,
    });
    &mut actual.employees[at]
}

fn described<'a>(desired: &'a mut Desired, id: Option<&str>, [first, last]: [&str; 2]) -> &'a mut DesiredEmployee {
    let at = desired.employees.len();
    let (first_name, last_name) = (first.to_owned(), last.to_owned());
    desired.employees.push(DesiredEmployee { id: id.map(str::to_owned), first_name, last_name, active: None, external: None });
    &mut desired.employees[at]
}

/// The changes of employee records.
fn updates(plan: &Plan) -> Vec<&EmployeeUpdate> {
    fn update(step: &Step) -> Option<&EmployeeUpdate> {
        if let Change::UpdateEmployee(update) = &step.change { Some(update) } else { None }
    }
    plan.changes.iter().filter_map(update).collect()
}

/// The causes of what is refused, apart from a subject.
fn causes(plan: &Plan) -> Vec<RefusalCause> {
    plan.refusals.iter().map(|refusal| refusal.cause.clone()).collect()
}

fn no_record([first, last]: [&str; 2]) -> RefusalCause {
    RefusalCause::NoEmployeeNamed { first: first.to_owned(), last: last.to_owned() }
}

const PAT: &str = "pat@dental.example";

/// Pat Lee on a record of that name, who is Pat Wood in the roster.
fn pat() -> (Desired, Actual) {
    let (mut desired, mut actual) = office();
    login(&mut actual, PAT, ["Pat", "Lee"], "front-desk", "pat-lee");
    record(&mut actual, "pat-lee", ["Pat", "Lee"]);
    listed(&mut desired, PAT, ["Pat", "Wood"], "front-desk");
    (desired, actual)
}

/// Returns whether the plan gives Pat's record the new name.
fn is_renamed((desired, actual): &(Desired, Actual)) -> bool {
    let plan = diff(desired, actual);
    let found = updates(&plan);
    assert!(found.iter().all(|update| update.key == "pat-lee" && update.last_name.is_some()), "{found:?}");
    found.iter().any(|update| update.last_name.as_ref().is_some_and(|name| name.after == "Wood"))
}

// PBN-1
#[test]
fn the_record_of_an_account_gets_its_new_name_unless_the_record_is_somebody_elses_business() {
    type Edit = fn(&mut (Desired, Actual));
    let cases: [(&str, bool, Edit); 13] = [
        ("another last name", true, |_| ()),
        ("only another role", false, |(desired, _)| {
            let user = desired.users.get_mut(&email(PAT)).unwrap();
            user.fields.set(Field::LastName, text("Lee"));
            user.fields.set(Field::Role, text("billing"));
        }),
        ("a server without records", false, |(_, actual)| actual.capabilities.employees = false),
        ("a record of another name", false, |(_, actual)| actual.employees[1].first_name = "Patricia".to_owned()),
        ("described by key", false, |(desired, _)| _ = described(desired, Some("pat-lee"), ["Pat", "Gray"])),
        ("described by the server's id", false, |(desired, _)| _ = described(desired, Some("e1"), ["Pat", "Gray"])),
        ("described by name", false, |(desired, _)| _ = described(desired, None, ["Pat", "Lee"])),
        ("another record is described", true, |(desired, _)| _ = described(desired, Some("main"), ["Olivia", "Stone"])),
        ("shared with somebody who signs in", false, |(desired, actual)| {
            login(actual, "kim@dental.example", ["Kim", "Park"], "front-desk", "pat-lee");
            listed(desired, "kim@dental.example", ["Kim", "Park"], "front-desk");
        }),
        ("shared with somebody who left", true, |(_, actual)| {
            login(actual, "kim@dental.example", ["Kim", "Park"], "front-desk", "pat-lee").state.inactive = true;
        }),
        ("another record has the new name", false, |(desired, actual)| {
            actual.accounts[1].state.accepted = false;
            record(actual, "pat-wood", ["Pat", "Wood"]);
            desired.users.get_mut(&email(PAT)).unwrap().employee = EmployeeLink::Key("pat-lee".to_owned());
        }),
        ("a move that the server does not make", false, |(desired, actual)| {
            desired.users.get_mut(&email(PAT)).unwrap().employee = EmployeeLink::Key("main".to_owned());
            actual.capabilities.fixed.insert(Field::Employee);
        }),
        ("no last name", false, |(desired, _)| desired.users.get_mut(&email(PAT)).unwrap().fields.set(Field::LastName, Value::Unset)),
    ];
    for (case, renamed, edit) in cases {
        let mut sides = pat();
        edit(&mut sides);
        assert_eq!(is_renamed(&sides), renamed, "{case}");
    }
}

// PBN-1, PBN-2
#[test]
fn somebody_checks_a_login_in_use_that_moves_to_another_record_and_no_other() {
    let other = |employee: EmployeeLink, edit: fn(&mut Account)| {
        let (mut desired, mut actual) = pat();
        record(&mut actual, "pat-wood", ["Pat", "Wood"]);
        desired.users.get_mut(&email(PAT)).unwrap().employee = employee;
        edit(&mut actual.accounts[1]);
        let plan = diff(&desired, &actual);
        let step = plan.changes.iter().find(|step| step.change.subject().user() == Some(&email(PAT))).expect("an update").clone();
        let record = step.change.fields().iter().find(|edit| edit.field == Field::Employee).map(|edit| edit.after.clone());
        (record, step.risky)
    };
    let (moved, key) = (Some(text("pat-wood")), || EmployeeLink::Key("pat-wood".to_owned()));
    assert_eq!(other(key(), |_| ()), (moved.clone(), true));
    assert_eq!(other(EmployeeLink::ByName, |_| ()), (moved.clone(), true));
    assert_eq!(other(key(), |account| account.state.accepted = false), (moved.clone(), false), "nobody has the login yet");
    let off_record = |account: &mut Account| account.fields.set(Field::Employee, Value::Unset);
    assert_eq!(other(key(), off_record), (moved, false), "it was on no record");
    let stays = EmployeeLink::Key("pat-lee".to_owned());
    assert_eq!(other(stays.clone(), |_| ()), (None, true), "it stays, and gets the name of another record");
    for link in [stays, EmployeeLink::ByName] {
        let (mut desired, actual) = pat();
        let user = desired.users.get_mut(&email(PAT)).unwrap();
        user.employee = link;
        assert!(!diff(&desired, &actual).changes.iter().any(|step| step.risky), "nobody else has that name");
        assert!(is_renamed(&(desired, actual)));
    }
    let (mut desired, mut actual) = pat();
    let user = listed(&mut desired, "ann@dental.example", ["Ann", "Day"], "dentist");
    user.employee = EmployeeLink::ByName;
    login(&mut actual, "ann@dental.example", ["Ann", "Day"], "hygienist", "ann-day");
    record(&mut actual, "ann-day", ["Ann", "Day"]);
    let plan = diff(&desired, &actual);
    let ann = plan.changes.iter().find(|step| step.change.subject().user() == Some(&email("ann@dental.example"))).expect("an update");
    assert!(!ann.risky, "the record is hers");
}

// PBN-2
#[test]
fn a_record_whose_holder_gets_another_name_in_the_roster_is_still_the_holders() {
    let holder = |edit: fn(&mut DesiredUser)| {
        let (mut desired, mut actual) = office();
        login(&mut actual, "b@dental.example", ["Pat", "Wood"], "front-desk", "pat-wood");
        record(&mut actual, "pat-wood", ["Pat", "Wood"]);
        described(&mut desired, Some("pat-wood"), ["Pat", "Wood"]);
        listed(&mut desired, "pat@dental.example", ["Pat", "Wood"], "billing");
        let mut lee = listed(&mut desired, "b@dental.example", ["Lee", "Gray"], "front-desk").clone();
        desired.users.remove(&lee.email);
        edit(&mut lee);
        desired.users.insert(lee.email.clone(), lee);
        causes(&diff(&desired, &actual))
    };
    let record = || ("pat-wood".to_owned(), "Pat".to_owned(), "Wood".to_owned());
    let (key, first, last) = record();
    let refused = vec![
        RefusalCause::EmployeeNamedOtherwise { key, first, last },
        RefusalCause::EmployeeOfAnother { key: record().0, holder: email("b@dental.example") },
    ];
    assert_eq!(holder(|_| ()), refused);
    assert_eq!(
        holder(|user| user.email = email("lee@dental.example")),
        [no_record(["Lee", "Gray"])],
        "somebody new, and the account leaves"
    );
    let by_id = |user: &mut DesiredUser| {
        user.email = email("lee@dental.example");
        user.id = Some(RemoteId("id-000001".to_owned()));
    };
    assert_eq!(holder(by_id), refused);
    let formerly = |user: &mut DesiredUser| {
        user.email = email("lee@dental.example");
        user.formerly = vec![email("b@dental.example")];
    };
    assert_eq!(holder(formerly), refused);
    let elsewhere = |user: &mut DesiredUser| user.employee = EmployeeLink::Key("main".to_owned());
    assert_eq!(holder(elsewhere), [], "they leave it");
}

// PBN-1, PBN-2
#[test]
fn a_login_and_its_record_that_the_roster_names_differently_are_refused_as_in_a_new_workspace() {
    type Edit = fn(&mut Desired);
    fn user(desired: &mut Desired, name: [&str; 2]) {
        let user = desired.users.get_mut(&email(PAT)).unwrap();
        NAME.iter().zip(name).for_each(|(field, part)| user.fields.set(*field, text(part)));
    }
    let cases: [(&str, Option<[&str; 2]>, Edit); 9] = [
        ("the login has another last name", Some(["Pat", "Lee"]), |desired| _ = described(desired, Some("pat-lee"), ["Pat", "Lee"])),
        ("the record is described by its name", Some(["Pat", "Lee"]), |desired| _ = described(desired, None, ["Pat", "Lee"])),
        ("the login is somebody else's", Some(["Pat", "Lee"]), |desired| {
            user(desired, ["Eve", "Dee"]);
            described(desired, Some("pat-lee"), ["Pat", "Lee"]);
        }),
        ("the record is somebody else's", Some(["Ana", "Lee"]), |desired| {
            user(desired, ["Pat", "Lee"]);
            described(desired, Some("pat-lee"), ["Ana", "Lee"]);
        }),
        ("both have the new name", None, |desired| _ = described(desired, Some("pat-lee"), ["Pat", "Wood"])),
        ("the names differ in case only", None, |desired| _ = described(desired, Some("pat-lee"), ["PAT", "wood"])),
        ("the roster says which record it is", None, |desired| {
            desired.users.get_mut(&email(PAT)).unwrap().employee = EmployeeLink::Key("pat-lee".to_owned());
            described(desired, Some("pat-lee"), ["Pat", "Lee"]);
        }),
        ("somebody from outside", None, |desired| {
            desired.users.get_mut(&email(PAT)).unwrap().employee = EmployeeLink::External;
            described(desired, Some("pat-lee"), ["Pat", "Lee"]).external = Some(true);
        }),
        ("somebody who should be inactive", None, |desired| {
            desired.users.get_mut(&email(PAT)).unwrap().status = Status::Inactive;
            described(desired, Some("pat-lee"), ["Pat", "Lee"]);
        }),
    ];
    let (mut desired, mut actual) = pat();
    record(&mut actual, "pat-2", ["Pat", "Lee"]);
    described(&mut desired, Some("pat-2"), ["Pat", "Lee"]);
    assert_eq!(causes(&diff(&desired, &actual)), [no_record(["Pat", "Wood"])], "the entry is another person's");
    for (case, named, edit) in cases {
        let (mut desired, actual) = pat();
        edit(&mut desired);
        let codes = |actual: &Actual| -> Vec<String> {
            causes(&diff(&desired, actual)).iter().map(|cause| cause.code(&|_| "rule").to_owned()).collect()
        };
        assert_eq!(codes(&actual), codes(&office().1), "{case}");
        let expected = named.map(|[first, last]| RefusalCause::EmployeeNamedOtherwise {
            key: "pat-lee".to_owned(),
            first: first.to_owned(),
            last: last.to_owned(),
        });
        let plan = diff(&desired, &actual);
        assert_eq!(causes(&plan), expected.into_iter().collect::<Vec<_>>(), "{case}");
        let names = plan.changes.iter().filter(|step| step.change.subject().user() == Some(&email(PAT)));
        let changes_names = names.flat_map(|step| step.change.fields()).any(|edit| NAME.contains(&edit.field));
        assert_eq!(changes_names, named.is_none() && !case.contains("inactive"), "{case}");
    }
}

/// Pat's entry with other names, on an employee record.
fn meant<'a>(desired: &'a mut Desired, name: [&str; 2], link: EmployeeLink) -> &'a mut DesiredUser {
    let user = desired.users.get_mut(&email(PAT)).unwrap();
    NAME.iter().zip(name).for_each(|(field, part)| user.fields.set(*field, text(part)));
    user.employee = link;
    user
}

/// The steps that a plan takes for Pat: what each does, which fields it changes, and whether somebody should look at it.
fn for_pat(plan: &Plan) -> Vec<(Action, Vec<Field>, bool)> {
    let of_pat = plan.changes.iter().filter(|step| step.change.subject().user() == Some(&email(PAT)));
    of_pat.map(|step| (step.change.action(), step.change.fields().iter().map(|edit| edit.field).collect(), step.risky)).collect()
}

// PBN-2
#[test]
fn nobody_returns_as_somebody_whose_record_is_not_clear() {
    type Edit = fn(&mut Desired, &mut Actual);
    let key = |key: &str| EmployeeLink::Key(key.to_owned());
    let cases: [(&str, bool, EmployeeLink, Edit); 8] = [
        ("their own record", true, EmployeeLink::ByName, |_, _| ()),
        ("their own record by its key", true, key("pat-lee"), |_, _| ()),
        ("another name than `employees` has", false, EmployeeLink::ByName, |desired, _| {
            meant(desired, ["Pat", "Wood"], EmployeeLink::ByName);
        }),
        ("a wrong key", false, key("pat-leigh"), |_, _| ()),
        ("a wrong key, and another last name", false, key("pat-leigh"), |desired, _| {
            meant(desired, ["Pat", "Wood"], EmployeeLink::Key("pat-leigh".to_owned()));
        }),
        ("a wrong key, and somebody else's name", false, key("pat-leigh"), |desired, _| {
            meant(desired, ["Eve", "Dee"], EmployeeLink::Key("pat-leigh".to_owned()));
        }),
        ("an inactive record", false, key("pat-2"), |_, actual| record(actual, "pat-2", ["Pat", "Lee"]).active = false),
        ("an account without a record", false, EmployeeLink::ByName, |desired, actual| {
            actual.accounts[1].fields.set(Field::Employee, Value::Unset);
            meant(desired, ["Pat", "Wood"], EmployeeLink::ByName);
        }),
    ];
    for (case, is_back, link, edit) in cases {
        let (mut desired, mut actual) = pat();
        meant(&mut desired, ["Pat", "Lee"], link);
        described(&mut desired, Some("pat-lee"), ["Pat", "Lee"]);
        edit(&mut desired, &mut actual);
        actual.accounts[1].state.inactive = true;
        let plan = diff(&desired, &actual);
        let expected = if is_back { vec![(Action::Activate, Vec::new(), true)] } else { Vec::new() };
        assert_eq!((for_pat(&plan), plan.refusals.len()), (expected, usize::from(!is_back)), "{case}");
        assert!(updates(&plan).is_empty(), "{case}");
    }
    let (mut desired, mut actual) = pat();
    meant(&mut desired, ["Pat", "Lee"], EmployeeLink::ByName);
    actual.accounts[1].fields.set(Field::Employee, Value::Unset);
    actual.accounts[1].state.inactive = true;
    actual.employees.clear();
    actual.capabilities.employees = false;
    assert_eq!(for_pat(&diff(&desired, &actual)), [(Action::Activate, Vec::new(), true)], "nobody has a record there");
}

// PBN-2
#[test]
fn a_login_whose_record_is_not_clear_gets_nothing_of_somebody_else_and_somebody_checks_the_rest() {
    let promoted = |name: [&str; 2], link: EmployeeLink, edit: fn(&mut DesiredUser, &mut Account)| {
        let (mut desired, mut actual) = pat();
        described(&mut desired, Some("pat-lee"), ["Pat", "Lee"]);
        let mut user = meant(&mut desired, name, link).clone();
        user.fields.set(Field::Role, text("office-administrator"));
        edit(&mut user, &mut actual.accounts[1]);
        desired.users.remove(&email(PAT));
        desired.users.insert(user.email.clone(), user);
        let plan = diff(&desired, &actual);
        (for_pat(&plan), plan.refusals.len())
    };
    let readdressed = |user: &mut DesiredUser, _: &mut Account| {
        user.email = email("wood@dental.example");
        user.formerly = vec![email(PAT)];
    };
    let off_record = |_: &mut DesiredUser, account: &mut Account| account.fields.set(Field::Employee, Value::Unset);
    let pending = |_: &mut DesiredUser, account: &mut Account| account.state.accepted = false;
    let unblocked = |user: &mut DesiredUser, account: &mut Account| {
        user.blocked = Some(DesiredBlock::Unblocked);
        account.state.block = Some(Block { reason: BlockReason::ActivityReview, note: None });
    };
    let wrong = || EmployeeLink::Key("pat-leigh".to_owned());
    let role = |risky: bool| (vec![(Action::Update, vec![Field::Role], risky)], usize::from(risky));
    assert_eq!(promoted(["Pat", "Lee"], EmployeeLink::ByName, |_, _| ()), role(false), "the record is Pat's");
    assert_eq!(promoted(["Pat", "Wood"], EmployeeLink::ByName, |_, _| ()), role(true));
    assert_eq!(promoted(["Pat", "Lee"], wrong(), |_, _| ()), role(true));
    assert_eq!(promoted(["Pat", "Wood"], wrong(), |_, _| ()), role(true));
    assert_eq!(promoted(["Pat", "Wood"], EmployeeLink::ByName, off_record), role(true));
    let moved = (vec![(Action::Update, vec![Field::Email, Field::Role], true)], 1);
    assert_eq!(promoted(["Pat", "Wood"], EmployeeLink::ByName, readdressed), moved);
    let nothing = (Vec::new(), 1);
    for link in [EmployeeLink::ByName, wrong()] {
        assert_eq!(promoted(["Eve", "Dee"], link.clone(), |_, _| ()), nothing);
        assert_eq!(promoted(["Eve", "Dee"], link.clone(), readdressed), nothing);
        assert_eq!(promoted(["Eve", "Dee"], link.clone(), off_record), nothing);
        assert_eq!(promoted(["Eve", "Dee"], link.clone(), pending), nothing);
        assert_eq!(promoted(["Eve", "Dee"], link, unblocked), nothing);
    }
}

// PBN-1, PBN-2
#[test]
fn somebody_from_outside_with_the_name_of_an_inside_record_gets_a_record_of_their_own_as_in_a_new_workspace() {
    let plan = |is_described: bool| {
        let (mut desired, mut actual) = pat();
        actual.employees[1].external = true;
        record(&mut actual, "pat-wood", ["Pat", "Wood"]);
        if is_described {
            described(&mut desired, Some("pat-lee"), ["Pat", "Lee"]).external = Some(true);
        }
        meant(&mut desired, ["Pat", "Wood"], EmployeeLink::External);
        let plan = diff(&desired, &actual);
        let renames: Vec<&str> = updates(&plan).into_iter().map(|update| update.key.as_str()).collect();
        let moves = plan.changes.iter().flat_map(|step| step.change.fields()).find(|edit| edit.field == Field::Employee);
        (renames.join(" "), moves.map(|edit| edit.after.clone()), causes(&plan))
    };
    assert_eq!(plan(true), (String::new(), Some(text("pat-wood-2")), Vec::new()));
    assert_eq!(plan(false), ("pat-lee".to_owned(), None, Vec::new()), "nothing says that the record is another person's");
}

// PBN-8
#[test]
fn a_record_that_becomes_inactive_takes_nobody_new_and_waits_for_those_who_work() {
    let ended = |edit: fn(&mut Desired, &mut Actual)| {
        let (mut desired, mut actual) = office();
        record(&mut actual, "pat-lee", ["Pat", "Lee"]);
        described(&mut desired, Some("pat-lee"), ["Pat", "Lee"]).active = Some(false);
        edit(&mut desired, &mut actual);
        let plan = diff(&desired, &actual);
        let ended: Vec<bool> = updates(&plan).iter().filter_map(|update| update.active.as_ref()).map(|active| active.after).collect();
        (ended, causes(&plan))
    };
    let refused = || vec![RefusalCause::InactiveEmployee { key: "pat-lee".to_owned() }];
    let in_use = |holder: &str| vec![RefusalCause::AccountInUse { holder: email(holder), is_main_admin: false }];
    assert_eq!(ended(|_, _| ()), (vec![false], Vec::new()));
    assert_eq!(ended(|desired, _| _ = listed(desired, PAT, ["Pat", "Lee"], "front-desk")), (vec![false], refused()), "somebody new");
    let back = |desired: &mut Desired, actual: &mut Actual| {
        login(actual, PAT, ["Pat", "Lee"], "front-desk", "pat-lee").state.inactive = true;
        listed(desired, PAT, ["Pat", "Lee"], "front-desk");
    };
    assert_eq!(ended(back), (vec![false], refused()), "somebody who would return");
    let gone = |_: &mut Desired, actual: &mut Actual| _ = login(actual, PAT, ["Pat", "Lee"], "front-desk", "pat-lee");
    assert_eq!(ended(gone), (vec![false], Vec::new()), "an exact roster takes that account away");
    let stays = |desired: &mut Desired, actual: &mut Actual| {
        desired.manage = Manage::Additive;
        login(actual, PAT, ["Pat", "Lee"], "front-desk", "pat-lee");
    };
    assert_eq!(ended(stays), (Vec::new(), in_use(PAT)));
    let several = |desired: &mut Desired, actual: &mut Actual| {
        desired.manage = Manage::Additive;
        for address in ["zed@dental.example", "ann@dental.example", "kim@dental.example"] {
            login(actual, address, ["Pat", "Lee"], "front-desk", "pat-lee");
        }
    };
    assert_eq!(ended(several), (Vec::new(), in_use("ann@dental.example")), "the first of them is named");
}

// PBN-8
#[test]
fn a_record_stays_active_where_the_server_inactivates_nobody() {
    let (mut desired, mut actual) = office();
    actual.capabilities.is_state_fixed = true;
    login(&mut actual, PAT, ["Pat", "Lee"], "front-desk", "pat-lee");
    record(&mut actual, "pat-lee", ["Pat", "Lee"]);
    described(&mut desired, Some("pat-lee"), ["Pat", "Wood"]).active = Some(false);
    record(&mut actual, "ann-day", ["Ann", "Day"]);
    described(&mut desired, Some("ann-day"), ["Ann", "Day"]).active = Some(false);
    let plan = diff(&desired, &actual);
    let found: Vec<_> =
        updates(&plan).into_iter().map(|update| (update.key.as_str(), update.last_name.is_some(), update.active.is_some())).collect();
    assert_eq!(found, [("ann-day", false, true), ("pat-lee", true, false)]);
    assert!(causes(&plan).contains(&RefusalCause::AccountInUse { holder: email(PAT), is_main_admin: false }), "{:?}", plan.refusals);
}

// PBN-8
#[test]
fn a_record_that_everybody_leaves_is_renamed_and_inactivated_in_one_change() {
    let (mut desired, mut actual) = office();
    login(&mut actual, PAT, ["Pat", "Lee"], "front-desk", "pat-lee");
    record(&mut actual, "pat-lee", ["Pat", "Lee"]);
    record(&mut actual, "ann-day", ["Ann", "Day"]);
    described(&mut desired, Some("ann-day"), ["Ann", "Night"]);
    described(&mut desired, Some("pat-lee"), ["Pat", "Gone"]).active = Some(false);
    listed(&mut desired, PAT, ["Pat", "Lee"], "front-desk").employee = EmployeeLink::Key("main".to_owned());
    let plan = diff(&desired, &actual);
    let found: Vec<_> =
        updates(&plan).into_iter().map(|update| (update.key.as_str(), update.last_name.is_some(), update.active.is_some())).collect();
    assert_eq!(found, [("ann-day", true, false), ("pat-lee", true, true)], "{:?}", plan.refusals);
}

// PBN-1
#[test]
fn a_record_that_never_got_a_key_is_found_by_its_name() {
    let found = |record_key: &str, given: Option<&str>| {
        let (mut desired, mut actual) = office();
        record(&mut actual, record_key, ["Pat", "Lee"]);
        described(&mut desired, given, ["Pat", "Lee"]).external = Some(true);
        let plan = diff(&desired, &actual);
        plan.changes.iter().map(|step| step.change.action()).collect::<Vec<_>>()
    };
    assert_eq!(found("e1", Some("pat-lee")), [Action::UpdateEmployee], "its key is the server's id");
    assert_eq!(found("own-key", Some("pat-lee")), [Action::CreateEmployee], "it is another person's");
    assert_eq!(found("own-key", None), [Action::UpdateEmployee]);
    assert_eq!(found("pat-lee", Some("pat-lee")), [Action::UpdateEmployee]);
}

#[test]
fn a_record_that_another_entry_names_is_that_entrys() {
    let (mut desired, mut actual) = office();
    record(&mut actual, "pat-1", ["Pat", "Lee"]);
    described(&mut desired, Some("pat-1"), ["Pat", "Lee"]);
    described(&mut desired, None, ["Pat", "Lee"]);
    let actions: Vec<_> = diff(&desired, &actual).changes.iter().map(|step| step.change.action()).collect();
    assert_eq!(actions, [Action::CreateEmployee]);
}

// PBN-2
#[test]
fn a_login_that_gets_the_name_of_a_newcomer_from_outside_is_moved_to_the_newcomers_record_at_once() {
    let (mut desired, mut actual) = pat();
    desired.users.remove(&email(PAT));
    listed(&mut desired, PAT, ["Ana", "Lee"], "front-desk");
    listed(&mut desired, "ana@ledger.example", ["Ana", "Lee"], "billing").employee = EmployeeLink::External;
    let plan = diff(&desired, &actual);
    let on = |step: &Step| step.change.fields().iter().find(|edit| edit.field == Field::Employee).map(|edit| edit.after.clone());
    let moved: Vec<Value> = plan.changes.iter().filter_map(on).collect();
    assert_eq!(moved, [text("ana-lee"), text("ana-lee")], "{:?}", plan.changes);
    // As a run leaves it, nothing is to change.
    actual.accounts = project(&plan, &actual);
    record(&mut actual, "ana-lee", ["Ana", "Lee"]).external = true;
    assert_eq!(diff(&desired, &actual).changes, []);
}

/// A row of logins, each of which should get the name of the next one; what happens to the last one is for the test to say.
fn row(people: usize) -> (Desired, Actual) {
    let name = |i: usize| format!("Person{}", char::from(b'A' + u8::try_from(i).unwrap()));
    let (mut desired, mut actual) = office();
    for i in 0..people {
        let (address, key) = (format!("p{i:02}@dental.example"), format!("record-{i:02}"));
        login(&mut actual, &address, [&name(i), "Hale"], "billing", &key);
        record(&mut actual, &key, [&name(i), "Hale"]);
        listed(&mut desired, &address, [&name(i + 1), "Hale"], "billing");
    }
    (desired, actual)
}

fn moved(plan: &Plan) -> usize {
    let moves = |step: &&Step| step.change.fields().iter().any(|edit| edit.field == Field::Employee);
    plan.changes.iter().filter(moves).count()
}

// PBN-2
#[test]
fn logins_move_up_in_a_row_of_employee_records_each_after_the_next_one() {
    for people in [2, 3, 12] {
        let (desired, mut actual) = row(people);
        record(&mut actual, "free", [&format!("Person{}", char::from(b'A' + u8::try_from(people).unwrap())), "Hale"]);
        let plan = diff(&desired, &actual);
        assert_eq!((causes(&plan), moved(&plan)), (Vec::new(), people));
        let waiting = plan.changes.iter().filter(|step| !step.after.is_empty()).count();
        assert_eq!(waiting, people - 1, "only the last login need not wait");
        assert!(plan.changes.iter().all(|step| step.risky));
    }
}

// PBN-2
#[test]
fn nobody_moves_in_a_row_of_employee_records_if_the_last_one_stays() {
    for people in [2, 3, 12] {
        let (desired, mut actual) = row(people);
        record(&mut actual, "free", [&format!("Person{}", char::from(b'A' + u8::try_from(people).unwrap())), "Hale"]).active = false;
        let plan = diff(&desired, &actual);
        assert_eq!((causes(&plan).len(), moved(&plan)), (people, 0), "{:?}", causes(&plan));
    }
}

// PBN-1, PBN-2
#[test]
fn a_login_gets_the_name_that_another_login_and_its_record_give_up_in_the_same_run() {
    for [one, other] in [["a@dental.example", "b@dental.example"], ["b@dental.example", "a@dental.example"]] {
        let (mut desired, mut actual) = office();
        login(&mut actual, one, ["Pat", "Wood"], "billing", "pat-wood");
        record(&mut actual, "pat-wood", ["Pat", "Wood"]);
        login(&mut actual, other, ["Lee", "Gray"], "billing", "lee-gray");
        record(&mut actual, "lee-gray", ["Lee", "Gray"]);
        listed(&mut desired, one, ["Quinn", "Wood"], "billing");
        listed(&mut desired, other, ["Pat", "Wood"], "billing");
        let plan = diff(&desired, &actual);
        assert_eq!((causes(&plan), updates(&plan).len(), moved(&plan)), (Vec::new(), 2, 0));
    }
}

//! The rights that a write gives, and what an account needs before it works.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::terms;
use super::writing::{accepted, account, dental, main_admin, record, text, wanted};
use crate::model::{Account, Field, Fields, State, Ungranted, Value};
use crate::platform::{Platform, Surroundings, code, named};
use crate::workspace::{Acting, Changed, Employed, Event, Facts, Password, Refusal, WantedUser, change, create};

/// A workspace with one medical director, who is inactive.
struct Spa;

impl Surroundings for Spa {
    fn has_clinic(&self, _: &str) -> bool {
        true
    }

    fn has_role(&self, _: &str) -> bool {
        true
    }

    fn colleague(&self, _: &str) -> Option<(String, bool)> {
        Some(("medical-director".to_owned(), false))
    }

    fn clinic_keys(&self) -> Vec<String> {
        Vec::new()
    }

    fn role_keys(&self) -> Vec<String> {
        Vec::new()
    }
}

fn spa() -> &'static Platform {
    named("aesthetic-record").unwrap()
}

fn names(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

// PBN-8, AR-9
#[test]
fn an_inactive_account_is_made_without_what_a_working_one_needs() {
    let (account, nothing, roles) = (account(State::default()), BTreeSet::new(), BTreeMap::new());
    let made = |platform: &Platform, user: &WantedUser, employee: &Employed| {
        let facts = Facts { around: &Spa, roles: &roles, employee };
        create(platform, &main_admin(&nothing), &account.email, user, &facts, &terms()).map(|decision| decision.event)
    };
    let user = |invited: bool| WantedUser { send_invitation: invited, active: None, ..wanted(&account) };
    assert_eq!(made(dental(), &user(true), &record(false)), Err(Refusal::InactiveEmployee));
    assert_eq!(made(dental(), &user(false), &record(false)), Ok(Event::Created));
    let values = [
        (Field::Role, text("provider")),
        (Field::Clinics, Value::Set(names(&["downtown"]))),
        (Field::Provider, Value::Flag(true)),
        (Field::MdConsent, text("zoe@glow.example")),
    ];
    let fields: Fields = values.into_iter().collect();
    let provider = |invited: bool| WantedUser { role: Some("provider".to_owned()), fields: fields.clone(), ..user(invited) };
    let Err(Refusal::Broken(why)) = made(spa(), &provider(true), &Employed::NotKept) else { panic!("the director is inactive") };
    assert_eq!(code(&why, spa().catalog()), "medical-director");
    assert_eq!(made(spa(), &provider(false), &Employed::NotKept), Ok(Event::Created));
    let off = WantedUser { active: Some(false), password: Password::Hashed, ..provider(false) };
    assert_eq!(made(spa(), &off, &Employed::NotKept), Ok(Event::Created));
}

/// Somebody at the front desk with these privileges, who got `role_gave` with the role.
fn holder(privileges: &[&str], role_gave: &[&str]) -> Account {
    let fields = [(Field::Role, text("front-desk")), (Field::Clinics, Value::Set(names(&["downtown"])))];
    Account {
        fields: fields.into_iter().collect(),
        privileges: Arc::new(names(privileges)),
        role_privileges: Some(Arc::new(names(role_gave))),
        ..account(accepted(false))
    }
}

fn changed_by(acting: &Acting<'_>, platform: &Platform, account: &Account, user: &WantedUser) -> Result<Changed, Refusal> {
    let roles = BTreeMap::from([("front-desk".to_owned(), names(&["block-user"]))]);
    let employed = if platform.catalog().employees { record(true) } else { Employed::NotKept };
    change(platform, acting, account, Some("e1"), user, &Facts { around: &Spa, roles: &roles, employee: &employed }, &terms())
}

#[test]
fn an_address_is_given_only_with_what_the_giver_has() {
    let front = names(&["manage-logins", "general"]);
    let acting = Acting { main_admin: false, role: Some("office-administrator"), ..main_admin(&front) };
    let moved = |account: &Account| WantedUser { user_name: "lee@dental.example".to_owned(), ..wanted(account) };
    let owner = |id: &str| {
        let mut account = Account { privileges: Arc::new(front.clone()), ..account(accepted(false)) };
        id.clone_into(&mut account.id.0);
        account.fields.set(Field::Role, text("owner"));
        account
    };
    let owners = |changed: Result<Changed, Refusal>| assert_eq!(changed, Err(Refusal::Ungranted(Ungranted::Role("owner".to_owned()))));
    owners(changed_by(&acting, dental(), &owner("b"), &moved(&owner("b"))));
    let rename = |account: &Account| {
        let mut user = wanted(account);
        user.fields.set(Field::LastName, text("Wood"));
        user
    };
    assert!(changed_by(&acting, dental(), &owner("b"), &rename(&owner("b"))).is_ok(), "the role stays");
    assert!(changed_by(&acting, dental(), &owner("a"), &moved(&owner("a"))).is_ok(), "nobody gives themselves what they have");
    let mut promoted = wanted(&account(accepted(false)));
    promoted.role = Some("owner".to_owned());
    promoted.fields.set(Field::Role, text("owner"));
    owners(changed_by(&acting, dental(), &account(accepted(false)), &promoted));
}

// AR-6
#[test]
fn a_role_that_is_not_applied_again_gives_what_it_gave() {
    let own = names(&["manage-users"]);
    let acting = Acting { main_admin: false, ..main_admin(&own) };
    let account = holder(&["view-reports"], &["view-reports"]);
    let user = wanted(&account);
    assert_eq!(changed_by(&acting, spa(), &account, &user).map(|changed| changed.applies_role), Ok(false));
    let named = WantedUser { names_role: true, ..user };
    let blocks = Err(Refusal::Ungranted(Ungranted::Privileges(names(&["block-user"]))));
    assert_eq!(changed_by(&acting, spa(), &account, &named), blocks, "the role blocks users by now");
}

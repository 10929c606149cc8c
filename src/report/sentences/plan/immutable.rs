//! The sentences about values that an admin cannot change, and about those that are left as they are.

use crate::model::{Field, Immutable, Keep};
use crate::platform::{Catalog, sentences};

/// Says why an admin cannot change a field, and what to do instead.
#[must_use]
pub fn immutable(why: &Immutable, field: Field, catalog: &Catalog) -> (String, &'static str) {
    match why {
        Immutable::Server => {
            ("the server does not let anybody change it".to_owned(), "keep the present value in the roster, or change it in the workspace")
        }
        Immutable::NotOnPlatform => (sentences::has_no(field, catalog), "remove it from the roster"),
        Immutable::MembersOwn { pending: true, .. } => {
            let remedy = if field == Field::Email {
                "give the old address `status: inactive` to withdraw it, and list the new address as a new user, without `formerly` and `id`"
            } else {
                "write `status: inactive` and apply to withdraw it, then remove `status`: the next plan writes this name and sends a new invitation; if this is another person, list that person under their own address"
            };
            ("it belongs to the invitation, which nobody has accepted yet".to_owned(), remedy)
        }
        Immutable::MembersOwn { withdrawn: true, .. } => (
            "nobody accepted the invitation to the old address, and it was withdrawn".to_owned(),
            "list the new address as a new user, without `formerly` and `id`",
        ),
        Immutable::MembersOwn { main_admin, .. } if field == Field::Email && has_no_address_page(catalog) => (
            "nobody can change the address of somebody who has accepted the invitation".to_owned(),
            if *main_admin {
                "keep the old address here, or list the new one as another administrator, without `formerly` and `id`, and hand the main admin role over to that account, in the profile"
            } else {
                "keep the old address here; if the person needs the new one, give the old address `status: inactive`, and list the new one as a new user, without `formerly` and `id`: that is a second account"
            },
        ),
        Immutable::MembersOwn { main_admin: true, .. } if field == Field::Email => (
            "only the main admin can change it, in their own profile".to_owned(),
            "ask the main admin to change it: with `formerly: [OLD ADDRESS]` beside the new address here, the same account is found; a login that began with a set-up link has no page for that: then list the new address as another administrator, without `formerly` and `id`, and hand the main admin role over to that account, in the profile",
        ),
        Immutable::MembersOwn { pending: false, .. } => {
            let remedy = if field == Field::Email {
                "ask the member to change it: with `formerly: [OLD ADDRESS]` beside the new address here, the same account is found; if this is another person, inactivate this account and invite the new person"
            } else {
                "ask the member to change it, then write the new name here; if this is another person, give this account `status: inactive`, and list the new person under an address of their own"
            };
            ("only the member can change it, in their own profile".to_owned(), remedy)
        }
    }
}

/// Returns whether members have a profile in which they cannot change the address: their login is one account's alone.
fn has_no_address_page(catalog: &Catalog) -> bool {
    catalog.members.is_some() && !catalog.shares_logins()
}

/// Says why a difference is left as it is.
#[must_use]
pub const fn kept(why: Keep) -> &'static str {
    match why {
        Keep::MemberConfirmed => "the member has confirmed it, so it is not changed",
        Keep::BeforeFirstLogin => "it can only be set before the first login",
        Keep::LoginExisted => "the invitation had that name, and the member's own profile has this one: if it is right, write it here",
        Keep::OwnForm => {
            "the workspace keeps every value in this form; if it takes this one when somebody writes it there by hand, the next plan writes the others"
        }
    }
}

/// Says why a value is kept, behind words that say already that it cannot be changed.
#[must_use]
pub const fn kept_because(why: Keep) -> &'static str {
    match why {
        Keep::MemberConfirmed => "the member has confirmed it",
        Keep::BeforeFirstLogin | Keep::LoginExisted | Keep::OwnForm => kept(why),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::named;

    #[test]
    fn nobody_is_sent_to_a_page_that_does_not_exist() {
        let said = |platform: &str, main_admin| {
            let why = Immutable::MembersOwn { requirement: None, pending: false, withdrawn: false, main_admin };
            let (why, remedy) = immutable(&why, Field::Email, named(platform).unwrap().catalog());
            format!("{why}: {remedy}")
        };
        assert!(said("aesthetic-record", false).contains("ask the member to change it"));
        let own = said("aesthetic-record", true);
        assert!(
            own.contains("a login that began with a set-up link has no page for that") && own.contains("hand the main admin role over")
        );
        for main_admin in [false, true] {
            let said = said("telus-chr", main_admin);
            assert!(said.starts_with("nobody can change") && !said.contains("ask the") && said.contains("without `formerly`"), "{said}");
        }
    }
}

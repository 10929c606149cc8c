//! Sentences about broken rules and about fields that an admin cannot change. Roster, plan and server use the same ones.

use std::collections::BTreeSet;

use crate::model::{DAY, Email, Field, HOUR, Immutable, Keep, MINUTE, Rule, Suggestion, Ungranted, Violation};

use super::checks::broken::own_rule;
use super::checks::code_word::LONGEST_CODE_WORD;
use super::{Catalog, CodeWordFault};
use crate::model::characters::breaks_line;

/// The command that hands over the main admin role in a workspace of rosterctl's own, to a person named by address.
#[must_use]
pub fn hand_over(to: &str) -> String {
    format!("rosterctl set-up-link WORKSPACE --main-admin {to}")
}

/// Says which rights somebody cannot give.
#[must_use]
pub fn ungranted(why: &Ungranted) -> String {
    match why {
        Ungranted::Privileges(names) => format!("only somebody who has {} can give it", listed(names)),
        Ungranted::ToOneself(names) => format!("nobody can add to their own privileges; this would add {}", listed(names)),
        Ungranted::Role(role) => format!("only somebody who has the role `{role}` can give it"),
        Ungranted::RoleChange(role) => format!("only somebody who has the role `{role}` can change it"),
    }
}

/// Says why people could not type a code word, and what to do. The sentence never contains the word.
#[must_use]
pub fn code_word(fault: CodeWordFault) -> String {
    match fault {
        CodeWordFault::Empty => "it is empty: give the word".to_owned(),
        CodeWordFault::TooLong => format!("it has more than {LONGEST_CODE_WORD} characters: give the word alone"),
        CodeWordFault::LineBreak => "it contains a line break: give the word alone, on one line".to_owned(),
        CodeWordFault::Quoted => "it is in quotes, which people would have to type: give the word alone".to_owned(),
        CodeWordFault::Named => {
            "it begins with its own name and `=` or `:`, which people would have to type: give the word alone".to_owned()
        }
        CodeWordFault::Unseen(character) => {
            format!("it contains the character U+{:04X}, which people do not see or cannot type: write the word anew", u32::from(character))
        }
    }
}

/// The requirement behind a right that somebody cannot give, as the catalog has it.
#[must_use]
pub fn source_of<'a>(why: &Ungranted, catalog: &'a Catalog) -> Option<&'a str> {
    match why {
        Ungranted::Privileges(names) | Ungranted::ToOneself(names) => {
            names.iter().find_map(|name| catalog.privileges.get(name)?.source.as_deref())
        }
        Ungranted::Role(role) | Ungranted::RoleChange(role) => catalog.roles.get(role)?.source.as_deref(),
    }
}

/// Names in backticks, at most five of them.
fn listed(names: &BTreeSet<String>) -> String {
    few(&names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>(), 5)
}

/// Lists the first of several words, and says how many more there are.
#[must_use]
pub fn few<W: AsRef<str>>(all: &[W], shown: usize) -> String {
    let first = all.iter().take(shown).map(AsRef::as_ref).collect::<Vec<_>>().join(", ");
    match all.len().saturating_sub(shown) {
        0 => first,
        more => format!("{first} and {more} more"),
    }
}

/// Says how long a span of time is (milliseconds), rounded up to whole minutes, hours or days.
#[must_use]
pub fn span(millis: i64) -> String {
    let (unit, name) = match millis {
        days if (days > 0 && days % DAY == 0) || days > 2 * DAY => (DAY, "day"),
        hours if (hours > 0 && hours % HOUR == 0) || hours > 2 * HOUR => (HOUR, "hour"),
        _ => (MINUTE, "minute"),
    };
    let article = if unit == HOUR { "an" } else { "a" };
    match millis.saturating_add(unit - 1).div_euclid(unit).max(1) {
        1 => format!("{article} {name}"),
        count => format!("{count} {name}s"),
    }
}

/// Says what is wrong.
#[must_use]
pub fn message(violation: &Violation, catalog: &Catalog) -> String {
    let field = violation.field;
    let key = catalog.yaml_key(field);
    let entry = violation.entry.as_deref().unwrap_or_default();
    match &violation.rule {
        Rule::Required => format!("`{key}` is missing"),
        Rule::TooMany { count, most } => format!("`{key}` has {count} entries; at most {most} are allowed"),
        Rule::Unwritable { character } => unwritable(key, *character).0,
        Rule::TooLong { bytes, most } => format!("`{key}` has {bytes} bytes; at most {most} are allowed"),
        Rule::UnknownValue(_) | Rule::UnknownRole(_) | Rule::UnknownClinic(_) | Rule::UnknownPrivilege(_) => {
            format!("unknown entry `{entry}` in `{key}`")
        }
        Rule::OtherPlatform => has_no(field, catalog),
        Rule::DefaultClinicNotAmong { .. } => format!("default clinic `{entry}` is not among the user's clinics"),
        Rule::DefaultClinicMissing => "`default_clinic` is missing".to_owned(),
        Rule::GrantedAndRevoked => format!("`{entry}` is both granted and revoked"),
        Rule::Phone => format!("`{entry}` is not a phone number"),
        Rule::Color => format!("`{entry}` is not a color"),
        Rule::Email => format!("`{entry}` is not an e-mail address"),
        Rule::Own(own) => own_rule(own, catalog).message(violation, catalog),
    }
}

/// Says that a text contains a character that no workspace stores, and what to do.
#[must_use]
pub fn unwritable(key: &str, character: char) -> (String, &'static str) {
    if breaks_line(character) {
        (format!("`{key}` contains a line break"), "write it on one line")
    } else {
        (format!("`{key}` contains {}", named(character)), "remove it")
    }
}

/// Names a character that a text cannot contain.
#[must_use]
pub fn named(character: char) -> String {
    let kind = if character.is_control() { "control" } else { "invisible" };
    format!("the {kind} character U+{:04X}", u32::from(character))
}

/// Says what to do about it.
#[must_use]
pub fn hint(violation: &Violation, catalog: &Catalog) -> String {
    let said = match &violation.rule {
        Rule::Required => return format!("{} requires it for every user", catalog.name),
        Rule::TooMany { most, .. } => return format!("keep at most {most}; the first must be the cell phone"),
        Rule::UnknownValue(known) | Rule::UnknownRole(known) | Rule::UnknownClinic(known) | Rule::UnknownPrivilege(known) => {
            return match known {
                Suggestion::Near(near) => format!("did you mean `{near}`?"),
                Suggestion::OneOf(known) => format!("choose one of: {}", known.join(", ")),
                Suggestion::Nothing => "none are defined".to_owned(),
            };
        }
        Rule::DefaultClinicNotAmong { declared, instead } => return default_clinic(*declared, instead),
        Rule::Email => {
            let why = violation.entry.as_deref().and_then(|entry| Email::parse(entry).err());
            return why.map(|why| why.to_string()).unwrap_or_default();
        }
        Rule::TooLong { .. } => "shorten it",
        Rule::Unwritable { character } => unwritable("", *character).1,
        Rule::OtherPlatform => "remove it: only other platforms have it",
        Rule::DefaultClinicMissing => "add `default_clinic: CLINIC`; a user with more than one clinic needs it",
        Rule::GrantedAndRevoked => "keep only one of them",
        Rule::Phone => "write 8 to 15 digits with the country code, such as `+1 602 555 0100`",
        Rule::Color => "write six hex digits in quotes, such as `\"#3aa675\"`",
        Rule::Own(own) => return own_rule(own, catalog).hint(violation, catalog),
    };
    said.to_owned()
}

fn default_clinic(declared: bool, instead: &Suggestion) -> String {
    match (declared, instead) {
        (true, Suggestion::Nothing) => "add it to `clinics`".to_owned(),
        (true, Suggestion::OneOf(clinics)) => format!("add it to `clinics`, or choose one of: {}", clinics.join(", ")),
        (false, Suggestion::Nothing) => "remove it: no such clinic is defined".to_owned(),
        (false, Suggestion::OneOf(clinics)) => format!("choose one of: {}", clinics.join(", ")),
        (_, Suggestion::Near(near)) => format!("did you mean `{near}`?"),
    }
}

fn has_no(field: Field, catalog: &Catalog) -> String {
    format!("{} has no `{}`", catalog.name, field.key())
}

/// Says what to write about a rule that an account breaks because of a value that only the workspace has.
#[must_use]
pub fn hint_in_workspace(violation: &Violation, catalog: &Catalog) -> String {
    match &violation.rule {
        Rule::Own(own) => own_rule(own, catalog).hint_in_workspace(violation, catalog),
        Rule::Required
        | Rule::TooMany { .. }
        | Rule::TooLong { .. }
        | Rule::Unwritable { .. }
        | Rule::UnknownValue(_)
        | Rule::UnknownRole(_)
        | Rule::UnknownClinic(_)
        | Rule::UnknownPrivilege(_)
        | Rule::OtherPlatform
        | Rule::DefaultClinicNotAmong { .. }
        | Rule::DefaultClinicMissing
        | Rule::GrantedAndRevoked
        | Rule::Phone
        | Rule::Color
        | Rule::Email => hint(violation, catalog),
    }
}

/// Says why an admin cannot change a field, and what to do instead.
#[must_use]
pub fn immutable(why: &Immutable, field: Field, catalog: &Catalog) -> (String, &'static str) {
    match why {
        Immutable::Server => {
            ("the server does not let anybody change it".to_owned(), "keep the present value in the roster, or change it in the workspace")
        }
        Immutable::NotOnPlatform => (has_no(field, catalog), "remove it from the roster"),
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

/// Whether members have a profile in which they cannot change the address: their login is one account's alone.
fn has_no_address_page(catalog: &Catalog) -> bool {
    catalog.members.as_ref().is_some_and(|rules| !rules.shared_login)
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

    #[test]
    fn a_span_is_rounded_up_to_what_people_count_in() {
        let said = [1, MINUTE, 10 * MINUTE, 14 * MINUTE - 1, 90 * MINUTE, HOUR, 3 * HOUR - 1, 24 * HOUR, 2 * DAY + 1, 7 * DAY].map(span);
        assert_eq!(
            said,
            ["a minute", "a minute", "10 minutes", "14 minutes", "90 minutes", "an hour", "3 hours", "a day", "3 days", "7 days"]
        );
    }
}

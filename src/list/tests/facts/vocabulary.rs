//! The headers and words with which products were seen, each with its meaning.

use crate::list::general::{is_dash, meaning, state, yes_or_no};
use crate::list::meaning::{Sense, StateWord};
use crate::list::words::{Kept, squash, without_brackets};
use crate::model::{Field, Standing};

/// The headers in a line of words with commas between them.
fn each(line: &'static str) -> impl Iterator<Item = &'static str> {
    line.split(", ").map(str::trim)
}

#[test]
fn headers_of_products_have_their_meaning() {
    let field = Kept::Field;
    for (kept, headers) in [
        (
            Kept::Email,
            "email, E-mail, Email Address [Required], work email, Work Contact: Work Email, User principal name, userPrincipalName, primary email, \
             mail, user email, login email, SAML name",
        ),
        (Kept::Login, "username, User Name, login, user id, Network ID"),
        (
            Kept::Name,
            "name, full name, fullname, Display name, displayName, user, member, staff member, employee, Employee name, Payroll Name",
        ),
        (field(Field::FirstName), "First Name [Required], firstname, givenName, Legal First Name, preferred name"),
        (field(Field::LastName), "last name, surname, family name, Legal Last Name"),
        (
            field(Field::Role),
            "role, roles, User role, account role, access level, permission group, privilege group, security role, user group, user groups, type, \
             userType, Organization Roles",
        ),
        (
            field(Field::Clinics),
            "clinic, clinics, location, locations, center, site, office, department, practice, has access to, Org Unit Path [Required], workspaces",
        ),
        (field(Field::DefaultClinic), "default clinic, default location, home location"),
        (Kept::Status, "status, state, account status, active, is active, accountEnabled, can login, enabled, Membership status"),
        (Kept::Status, "disabled, is hidden, inactive, is employee inactive"),
        (Kept::Status, "end date, Termination Date, suspension date, deactivated date, Soft deletion time stamp"),
        (Kept::Blocked, "Block credential, blocked, suspended"),
    ] {
        for header in each(headers) {
            assert_eq!(meaning(&squash(&without_brackets(header)), false).map(|meaning| meaning.kept), Some(kept), "{header}");
        }
    }
    let sense = |header: &str| meaning(&squash(header), false).map(|meaning| meaning.sense);
    for header in each("disabled, is hidden, inactive, is employee inactive") {
        assert_eq!(sense(header), Some(Sense::Inverted(Standing::Inactive)), "{header}");
    }
    for header in each("end date, termination date, suspension date, deactivated date, soft deletion time stamp") {
        assert_eq!(sense(header), Some(Sense::Date), "{header}");
    }
}

#[test]
fn words_of_states_have_their_meaning() {
    for (expected, words) in [
        (StateWord::Is(Standing::Active), "active, enabled, approved, accepted, member, confirmed"),
        (
            StateWord::Is(Standing::Pending),
            "pending, invited, invite sent, Not Activated, Pending user action, STAGED, PROVISIONED, Pending Provision, awaiting acceptance, not started",
        ),
        (
            StateWord::Is(Standing::Inactive),
            "inactive, deactivated, DEPROVISIONED, disabled, deleted, archived, terminated, removed, No Access, former",
        ),
        (StateWord::Blocked, "blocked, suspended"),
        (StateWord::Unknown, "locked out, password expired, password reset, RECOVERY, on leave, not on payroll, bot, guest, unlicensed"),
    ] {
        for word in each(words) {
            assert_eq!(state(&squash(word)), Some(expected), "{word}");
        }
    }
    for (expected, words) in [
        (Some(true), "yes, Y, TRUE, 1, x, ✓, ✔, on, enabled"),
        (Some(false), "no, N, False, 0, ✗, ✘, off, disabled"),
        (None, "–, —, n/a, …"),
    ] {
        for word in each(words) {
            assert_eq!(yes_or_no(word), expected, "{word}");
            assert_eq!(is_dash(word), expected.is_none(), "{word}");
        }
    }
}

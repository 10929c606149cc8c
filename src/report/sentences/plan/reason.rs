//! The sentences about why a plan contains a change.

use crate::model::{Email, Moment, Reason, Topic};
use crate::platform::Catalog;
use crate::report::sentences::lists::user_list;
use crate::report::words;
use crate::report::words::SAYS_INACTIVE;

/// Says why a plan contains a passcode that a person generates in the product; `None` for other reasons.
#[must_use]
pub fn passcode_by_hand(reason: &Reason) -> Option<String> {
    passcode_asked(reason).map(|asked| format!("{asked}; the product shows it once"))
}

/// Says which passcode the roster asks for; `None` for other reasons.
#[must_use]
pub fn passcode_asked(reason: &Reason) -> Option<String> {
    let asked = "the roster asks for a passcode";
    let since = reason.passcode_since().map(|since| format!(" that is made {}", since_text(since))).unwrap_or_default();
    reason.asks_for_passcode().then(|| format!("{asked}{since}"))
}

/// Says how somebody gets another passcode in place of one that was made before now (epoch milliseconds).
#[must_use]
pub fn make_another_passcode(now: i64) -> String {
    // A passcode of this very second is older than the next one.
    let next = Moment::of_millis(now.saturating_add(1000));
    format!("write `passcode: {{ renew: {} }}` for them, and apply", next.timestamp())
}

/// Says from when on something must be.
fn since_text(since: Moment) -> String {
    since.day().map_or_else(|| format!("at {} or later", user_list::when(since)), |day| format!("on {day} or later"))
}

/// Says why a plan contains a change.
#[must_use]
pub fn reason(reason: &Reason, catalog: &Catalog) -> String {
    let said = match reason {
        Reason::NoAccount => "no account yet",
        Reason::NotInList => "not in the list, which is not complete: look for them first; if they are not there, create the account",
        Reason::ListDiffers { fields } => return user_list::differences(fields, catalog),
        Reason::NoAccountTemporaryPassword => "active immediately, with a temporary password; no invitation is sent",
        Reason::PasscodeWanted => "the roster asks for a passcode; it is shown once, at the end of `apply` or in its `--passcodes FILE`",
        Reason::PasscodeMissing => {
            "the roster asks for a passcode, and there is none; it is shown once, at the end of `apply` or in its `--passcodes FILE`"
        }
        Reason::PasscodeOlder(older) => {
            let made = older.made.map(|made| format!(", and this one was made on {}", user_list::when(made))).unwrap_or_default();
            return format!(
                "the roster asks for one that is made {}{made}; it is shown once, at the end of `apply` or in its `--passcodes FILE`",
                since_text(older.since)
            );
        }
        Reason::WantedInactive => SAYS_INACTIVE,
        Reason::NotListed => "no longer in the roster",
        Reason::WantedActive => "the roster says active, and the account is inactive",
        Reason::BlockEndedInvitation => "the block ended the earlier invitation",
        Reason::InvitationOver => "the invitation expired or was ended",
        Reason::AddressChanged => "the earlier invitation went to the former address",
        Reason::InvitationWithdrawn => "an earlier invitation was withdrawn before it was accepted",
        Reason::WantedBlocked(why) => return why.as_str().replace('-', " "),
        Reason::WantedUnblocked => "the roster says not blocked",
        Reason::FieldsDiffer { fields, role_again } => {
            let keys: Vec<&str> = fields.iter().map(|field| catalog.yaml_key(*field)).collect();
            return match (role_again, keys.as_slice()) {
                (true, []) => "re-apply role: its privileges have changed since this person got it".to_owned(),
                (true, keys) => format!("{} differ; re-apply role: its privileges have changed", keys.join(", ")),
                (false, [one]) => format!("{one} differs"),
                (false, keys) => format!("{} differ", keys.join(", ")),
            };
        }
        Reason::ColleagueComesIn => {
            catalog.needed_colleague.as_ref().map_or("names a colleague whom this plan adds", |needed| &needed.comes_in)
        }
        Reason::NoClinic => "no such clinic yet",
        Reason::ClinicDiffers => "its name differs",
        Reason::NoRole => "no such role yet",
        Reason::RoleDiffers => "the role differs",
        Reason::NoEmployee => "no such employee record yet",
        Reason::NoEmployeeForExternal => {
            let cited = catalog.cite(Topic::ExternalPeople);
            return format!("someone from outside the practice needs an employee record first{cited}");
        }
        Reason::EmployeeDiffers => "the employee record differs",
        Reason::EmployeeOfLoginsDiffers { logins } => return employee_of(logins),
        Reason::OtherCodeWord => "the workspace has a different code word",
        Reason::CodeWordNotFetched => "the roster's code word could not be fetched, so it is unknown whether the workspace has it",
        Reason::CodeWordNotCompared => {
            "it is unknown whether the workspace has the roster's code word: the server was asked for too many wrong ones, and compares none until tomorrow"
        }
    };
    said.to_owned()
}

/// Names the logins of an employee record that gets another name.
fn employee_of(logins: &[(Email, Option<String>)]) -> String {
    let named = logins.iter().map(|(email, role)| {
        let role = role.as_ref().map(|role| format!(" ({role})")).unwrap_or_default();
        format!("{}{role}", words::login(email))
    });
    let named: Vec<String> = named.collect();
    let named: Vec<&str> = named.iter().map(String::as_str).collect();
    let (login, them) = if named.len() == 1 { ("the login", "it") } else { ("the logins", "them") };
    format!(
        "{login} of this record, {}, will belong to the new name: inactivate {them} first if that is another person",
        words::few(&named, 5)
    )
}

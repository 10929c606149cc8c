//! The sentences about facts that the reader of a plan should know.

use crate::model::{Email, Field, FormerHolder, NamesakeFate, NoticeCause, PartialCause, RemoteId, Repeating, RosterOddity, Topic, Value};
use crate::platform::{Catalog, sentences};
use crate::report::clean::clean;
use crate::report::words;
use crate::report::words::{SAYS_BLOCKED, SAYS_INACTIVE};

use super::immutable::kept;
use super::reason;
use super::refusal::both_in_quotes;
use crate::report::sentences::lists::partial;
use crate::report::sentences::lists::user_list::{hand_state, when};

/// Says what to do if two addresses belong to one person.
#[must_use]
pub fn one_person(old: &str, new: &str, phone: bool) -> String {
    let same = if phone { "name and phone" } else { "name" };
    format!(
        "both have the same {same}: if this is one person with a new address, add `formerly: [{old}]` to {new}, and the account is kept"
    )
}

fn namesake(other: &Email, (has_phone, is_like): (bool, bool), fate: NamesakeFate) -> String {
    let same = match (has_phone, is_like) {
        (true, false) => "the same name and phone",
        (false, false) => "the same name",
        (true, true) => "nearly the same name and the same phone",
        (false, true) => "nearly the same name",
    };
    match fate {
        NamesakeFate::LosesAccess => {
            format!("this plan takes access from {other}, who has {same}: if this is the same person, add `formerly: [{other}]`")
        }
        NamesakeFate::KeepsAccess => format!(
            "{other} has {same}, and keeps access: if this is the same person with a new address, add `formerly: [{other}]`, and the \
             account is kept; if nobody should use {other} anymore, also list it with `status: inactive`"
        ),
        NamesakeFate::KeepsInvitation => format!(
            "{other} has {same}, and can still accept an invitation: if that address is wrong, also list it with `status: inactive`, \
             which withdraws the invitation"
        ),
        NamesakeFate::OutlastsAccess => format!(
            "{other} has {same}, is not in the roster, and still lets somebody in: if this is the same person, add \
             `formerly: [{other}]`, and that account is ended"
        ),
    }
}

fn shares_phone(other: &Email, fate: NamesakeFate) -> String {
    let fate = match fate {
        NamesakeFate::LosesAccess => "loses access with this plan",
        NamesakeFate::KeepsAccess => "keeps access",
        NamesakeFate::KeepsInvitation => "can still accept an invitation",
        NamesakeFate::OutlastsAccess => "still lets somebody in",
    };
    format!(
        "{other} has the same phone number and a similar name or none, and {fate}: if this is the same person, add `formerly: [{other}]`"
    )
}

fn nobody_administers(taken: &[Email], catalog: &Catalog) -> String {
    let taken = words::few(&taken.iter().map(Email::as_str).collect::<Vec<_>>(), 6);
    format!(
        "by the list and by what people have attested since then, nobody is an administrator anymore ({taken}): before anything else, see in the product who still \
         is one; if nobody is, only the support of {} can help",
        catalog.name
    )
}

fn no_schema(unseen: &[Field], catalog: &Catalog) -> String {
    let keys: Vec<String> = unseen.iter().map(|field| format!("`{}`", catalog.yaml_key(*field))).collect();
    let may_lack = if keys.is_empty() {
        String::new()
    } else {
        format!(". No account there has {}: the server may not store that", words::plain_list(keys.iter().map(String::as_str)))
    };
    format!(
        "the server has no schema that says what it stores. Only the receipt can say which values it refused or changed, and each plan after it shows them again{may_lack}"
    )
}

fn both_say(workspace: &Value, roster: &Value) -> String {
    let [workspace, roster] = both_in_quotes(workspace, roster);
    let is = workspace.unwrap_or_else(|| "not set".to_owned());
    let says = roster.map_or_else(|| "wants it empty".to_owned(), |value| format!("says {value}"));
    format!("{is} in the workspace, the roster {says}")
}

/// Says what the reader should know.
#[must_use]
pub fn notice(cause: &NoticeCause, catalog: &Catalog) -> String {
    match cause {
        NoticeCause::Kept { field, workspace, roster, why } => {
            format!("`{}` is {}: {}", catalog.yaml_key(*field), both_say(workspace, roster), kept(*why))
        }
        NoticeCause::BlockReasonKept { reason } => {
            format!("already blocked with reason `{}`: that reason is kept{}", reason.as_str(), catalog.cite(Topic::BlockReasons))
        }
        NoticeCause::AddressOfAnother { id, login } => address_of_another(id, login),
        NoticeCause::FormerlyAnother { former, id } => {
            format!("{former} (`formerly`) is a separate account, {id}: it is handled on its own")
        }
        NoticeCause::PartialRead { why } => {
            let why = partial(why);
            format!("the workspace could not be read in full ({why}): users who seem to be missing may exist; run it again")
        }
        NoticeCause::ListUnproven { why } => {
            let advice = match why {
                PartialCause::Odd { .. } | PartialCause::Repeats { .. } | PartialCause::Lacks { .. } => {
                    "compare this number with the workspace, since this plan does not see anybody else"
                }
                PartialCause::NotAllLookedUp { .. } => "the run finds out when it writes their changes, and stops there",
                PartialCause::NotLookedUp { .. } => "look in the workspace, since this plan does not see anybody else",
            };
            format!("{}: {advice}", partial(why))
        }
        NoticeCause::InvitationNeedsLogin { fields } => {
            let keys: Vec<String> = fields.iter().map(|field| format!("`{}`", catalog.yaml_key(*field))).collect();
            let rule = catalog.invitation_details.as_deref().map(|rule| format!(" ({rule})")).unwrap_or_default();
            let (keys, name) = (keys.join(" and no "), &catalog.name);
            format!("the roster gives no {keys}: only somebody who already has a login on {name} can accept the invitation{rule}")
        }
        NoticeCause::Unusual(violation) => {
            let rule = if violation.requirement.is_empty() { String::new() } else { format!(" ({})", violation.requirement) };
            format!("{}{rule}: {}", sentences::message(violation, catalog), sentences::hint(violation, catalog))
        }
        NoticeCause::LooksLike { other } => {
            let other = words::login(other);
            format!("this address looks like {other} (X-1): if both are the same person, keep only their real address")
        }
        NoticeCause::PerhapsTheSame { other, phone, is_like, fate } => namesake(other, (*phone, *is_like), *fate),
        NoticeCause::SharesPhone { other, fate } => shares_phone(other, *fate),
        NoticeCause::NotRepeated { attribute, value } => {
            let what = match attribute {
                Repeating::Emails => "the login",
                Repeating::FormattedName | Repeating::DisplayName => "this name",
            };
            format!("`{}` in the workspace is `{value}`, not {what}: if it is an old one, change it in the workspace", attribute.as_str())
        }
        NoticeCause::FewAdministrators { left, at_least, invited, unknown } => few_administrators(*left, *at_least, invited, *unknown),
        NoticeCause::NobodyCountsAdministrators => format!(
            "the definition of {} does not say who is an administrator, so no guard checks that one is left: add `administrators: {{ roles: [ROLE] }}`",
            catalog.name
        ),
        NoticeCause::NobodyAdministers(taken) => nobody_administers(taken, catalog),
        NoticeCause::OwnerUnknown => OWNER_UNKNOWN.to_owned(),
        NoticeCause::NoSchema { unseen } => no_schema(unseen, catalog),
        NoticeCause::PerhapsAltered(field, held) => perhaps_altered(catalog.yaml_key(*field), held),
        NoticeCause::AddressWas(holder) => address_was(holder),
        NoticeCause::Roster(oddity) => roster_oddity(oddity),
        NoticeCause::CannotConfirmBlocks => {
            format!("without a phone number, this admin cannot confirm a block{}: keep one under `phones`", catalog.cite(Topic::BlockConfirmation))
        }
        NoticeCause::LeftBlocked => "blocked in the workspace, and the roster does not mention it: left blocked".to_owned(),
        NoticeCause::Differs { action, reason: why, step: _ } => {
            format!("differs: {} ({}); `manage: observe` writes nothing", words::action_on(*action, catalog), reason(why, catalog))
        }
        NoticeCause::NoAddress { login } => format!(
            "the active account `{login}` has no e-mail address, so no roster can name it: it is left as it is; give it an address, or end it in the workspace"
        ),
        NoticeCause::NotListed => "not in the roster: left alone".to_owned(),
        NoticeCause::NotManaged { fields } => not_managed(fields, catalog),
        NoticeCause::ClinicNotListed { name } => format!("clinic {name} is not in the roster: left alone"),
        NoticeCause::RoleNotListed { name } => format!("role {name} is not in the roster: left alone"),
        NoticeCause::InactiveWithoutAccount => format!("{SAYS_INACTIVE}, and there is no account: nothing to do"),
        NoticeCause::BlockedWithoutAccount => {
            format!("{SAYS_BLOCKED}, and there is no account: nothing to do, and nobody is invited")
        }
        NoticeCause::NotInIncompleteList | NoticeCause::BlockedNotInIncompleteList { .. } => {
            "the roster gives this person no access. The list does not show them, but it is not complete: check the workspace for an account"
                .to_owned()
        }
        NoticeCause::UnlistedNotInIncompleteList { login: _, taken } => format!(
            "not in the roster. The list of {} showed this account; the newest list does not, but it is not complete: check the workspace for it",
            when(*taken)
        ),
        NoticeCause::LookedFor(state) => {
            format!("the roster gives this person no access, and the list does not show them. That they have no account is {}", hand_state(state))
        }
        NoticeCause::CellsNotShown { fields } => {
            let keys: Vec<&str> = fields.iter().map(|field| catalog.yaml_key(*field)).collect();
            format!("the list does not show what this person has as {}", keys.join(", "))
        }
        NoticeCause::StatusNotShown => "the list does not show whether this account is active".to_owned(),
        NoticeCause::InactiveWhileBlocked => "blocked and inactive: stays inactive until the block is lifted".to_owned(),
        NoticeCause::NotInvitedWhileBlocked => "blocked, and never accepted an invitation: not invited again while blocked".to_owned(),
        NoticeCause::NoPasscodeWhileBlocked => "blocked: no passcode is made until the block is lifted".to_owned(),
    }
}

fn perhaps_altered(key: &str, held: &str) -> String {
    format!(
        "the workspace may cut or respell what it gets as `{key}`: if this change comes back after an apply, let the roster say `{held}`, as the workspace does"
    )
}

fn address_was(FormerHolder { login, name, is_namesake }: &FormerHolder) -> String {
    let (holder, name) = (words::login(login), clean(name));
    if *is_namesake {
        format!(
            "this was the address of {holder}, who has the same name: if this is the same person, remove this entry; otherwise they get a second \
             account, and its invitation goes to their old mailbox"
        )
    } else {
        format!("this was the address of {holder} ({name}): if this is the same person, write {holder} in place of this address")
    }
}

const OWNER_UNKNOWN: &str = "the server does not say whose token this is: check that nobody who loses access here owns it";

fn address_of_another(id: &RemoteId, login: &Email) -> String {
    format!("account {id} ({login}) also has this address in `emails`: if it is theirs, check that both should exist")
}

fn not_managed(fields: &[(Field, Value)], catalog: &Catalog) -> String {
    let value_of = |value| words::in_sentence(value).unwrap_or_else(|| "nothing".to_owned());
    let said: Vec<String> = fields.iter().map(|(field, value)| format!("{}: {}", catalog.yaml_key(*field), value_of(value))).collect();
    format!("not managed, left unchanged: {}", said.join("; "))
}

/// Says how many administrators are left, as far as that is known, and who may become one.
fn few_administrators(left: usize, at_least: usize, invited: &[Email], unknown: usize) -> String {
    let invited: Vec<String> = invited.iter().map(words::login).collect();
    let hope = match invited.as_slice() {
        [] => "no other administrator has been invited".to_owned(),
        invited => format!("invited: {}", invited.join(", ")),
    };
    if unknown == 0 {
        return format!("{left} can manage users; there should be at least {at_least}; {hope}");
    }
    let known = match left {
        0 => "nobody is known to be able to manage users".to_owned(),
        1 => "1 person is known to be able to manage users".to_owned(),
        left => format!("{left} people are known to be able to manage users"),
    };
    format!("{known}; there should be at least {at_least}; the list does not show whether {unknown} more can; {hope}")
}

/// Says what may be a mistake in a workspace's files.
fn roster_oddity(oddity: &RosterOddity) -> String {
    match oddity {
        RosterOddity::UnusedStart { file } => {
            format!(
                "`{file}` is a start file for this workspace, which does not use it: add it with `connection: {{ embedded: {{ start: FILE }} }}`"
            )
        }
        RosterOddity::UnusedList { file } => {
            format!("`{file}` is a list of users of this workspace, which does not use it: add it with `connection: {{ snapshot: FILE }}`")
        }
        RosterOddity::NoUsers => "the roster has no `users` for this workspace yet".to_owned(),
        RosterOddity::NotRead { file } => {
            let why = if file.split('/').any(|part| part.starts_with('.')) {
                "names that begin with a dot are not read"
            } else {
                "the names of roster files end in .yaml"
            };
            format!("`{file}` is ignored, so nothing in it is planned: {why}, so rename it")
        }
        RosterOddity::AddressChanged { old, new } => {
            format!(
                "{old} changed the address to {new}, and this is the same account: write {new} wherever the roster has {old}, with `formerly: [{old}]` in the \
                 entry"
            )
        }
        RosterOddity::OtherRoster { folder } => {
            format!("`{folder}` has its own `.rosterctl` folder, so it is another roster, and nothing in it is planned")
        }
    }
}

//! What a reader of a plan should know, in words.

use crate::model::{Email, NoticeCause};
use crate::platform::{Catalog, sentences};
use crate::report::words;

use super::reason;
use super::refusal::in_quotes;

/// What there is to know.
#[must_use]
pub fn notice(cause: &NoticeCause, catalog: &Catalog) -> String {
    match cause {
        NoticeCause::Kept { field, workspace, roster, why } => {
            let is = in_quotes(workspace).unwrap_or_else(|| "not set".to_owned());
            let says = in_quotes(roster).map_or_else(|| "wants it empty".to_owned(), |value| format!("says {value}"));
            format!("`{}` is {is} in the workspace, YAML {says}: {}", catalog.yaml_key(*field), sentences::kept(*why))
        }
        NoticeCause::BlockReasonKept { reason } => {
            format!("already blocked with reason `{}`: the reason given then is kept (AR-26)", reason.as_str())
        }
        NoticeCause::FormerlyAnother { former, id } => {
            format!("{former} (formerly) is another account, {id}: it is treated on its own")
        }
        NoticeCause::PartialRead { why } => {
            format!("the workspace could not be read in full ({why}): who seems to be missing may be there; run it again")
        }
        NoticeCause::FewAdministrators { left, at_least, invited } => {
            let invited: Vec<&str> = invited.iter().map(Email::as_str).collect();
            let hope = match invited.as_slice() {
                [] => "nobody who could is invited".to_owned(),
                invited => format!("invited are: {}", invited.join(", ")),
            };
            format!("{left} can manage users, {at_least} are wanted; {hope}")
        }
        NoticeCause::LeftBlocked => "blocked in the workspace, YAML silent: left blocked".to_owned(),
        NoticeCause::Differs { action, reason: why } => {
            format!("differs: {} ({}); nothing is written in `manage: observe`", action.as_str(), reason(why, catalog))
        }
        NoticeCause::NotListed => "not listed in the YAML: left alone".to_owned(),
        NoticeCause::NotManaged { fields } => {
            let said: Vec<String> = (fields.iter())
                .map(|(field, value)| {
                    format!("{}: {}", catalog.yaml_key(*field), words::in_sentence(value).unwrap_or_else(|| "nothing".to_owned()))
                })
                .collect();
            format!("not managed, left as it is: {}", said.join("; "))
        }
        NoticeCause::ClinicNotListed { name } => format!("clinic {name} is not in the YAML: left alone"),
        NoticeCause::RoleNotListed { name } => format!("role {name} is not in the YAML: left alone"),
        NoticeCause::InactiveWithoutAccount => "wanted inactive, and there is no account: nothing to take away".to_owned(),
        NoticeCause::BlockedWithoutAccount => "wanted blocked, and there is no account: nothing to take away, nobody is invited".to_owned(),
        NoticeCause::InactiveWhileBlocked => "blocked, and inactive: stays inactive until the block is lifted".to_owned(),
        NoticeCause::NotInvitedWhileBlocked => "blocked, and never accepted an invitation: nobody is invited while blocked".to_owned(),
    }
}

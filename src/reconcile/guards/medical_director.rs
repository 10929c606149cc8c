//! A medical director would leave while providers still name them (AR-25).

use crate::model::{Account, Email, Field, StopCause};

use super::Case;

pub(super) fn check(case: &Case<'_>) -> Option<StopCause> {
    let moved = case.after.touched();
    let left: Vec<&Account> = moved.filter_map(|(before, after)| before.filter(|b| directs(case, b) && !directs(case, &after))).collect();
    if left.is_empty() {
        return None;
    }
    let mut stranded: Vec<(Email, Email)> = (case.after.iter())
        .filter(|(_, a)| !a.state.inactive && a.fields.flag(Field::Provider) == Some(true))
        .filter_map(|(_, a)| {
            let director = a.fields.text(Field::MdConsent)?;
            left.iter().find(|d| d.email.as_str() == director).map(|d| (a.email.clone(), d.email.clone()))
        })
        .collect();
    stranded.sort_unstable();
    (!stranded.is_empty()).then(|| StopCause::MedicalDirector { stranded: stranded.into() })
}

fn directs(case: &Case<'_>, account: &Account) -> bool {
    !account.state.inactive && account.fields.text(Field::Role).is_some_and(|role| case.platform.supervises(role))
}

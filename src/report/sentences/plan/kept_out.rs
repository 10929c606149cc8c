//! The sentence about users who already match and cannot sign in.

use crate::model::{KeptOut, KeptOutBy};

/// Says how many of the users who match are invited, blocked or without an account, and until when links are valid; `None` if there are none.
#[must_use]
pub fn kept_out(users: &[KeptOut]) -> Option<String> {
    let (mut sent, mut ends) = (Vec::new(), Vec::new());
    let (mut invited, mut blocked, mut without) = (0, 0, 0);
    for KeptOut { user: _, by } in users {
        match by {
            KeptOutBy::Invitation { since, until } => {
                invited += 1;
                sent.extend(*since);
                ends.extend(*until);
            }
            KeptOutBy::Block => blocked += 1,
            KeptOutBy::NoAccount => without += 1,
        }
    }
    let days = match (sent.iter().min(), ends.iter().min()) {
        (Some(since), Some(until)) if invited == 1 => format!(" (since {since}, link valid until {until})"),
        (Some(since), Some(until)) => format!(" (the first since {since}; the first link to expire is valid until {until})"),
        (Some(_) | None, Some(_) | None) => String::new(),
    };
    let be = |number: usize| if number == 1 { "is" } else { "are" };
    let have = if without == 1 { "has" } else { "have" };
    let parts: Vec<String> = [
        (invited > 0).then(|| format!("{invited} {} invited{days}", be(invited))),
        (blocked > 0).then(|| format!("{blocked} {} blocked", be(blocked))),
        (without > 0).then(|| format!("{without} {have} no account")),
    ]
    .into_iter()
    .flatten()
    .collect();
    let (last, first) = parts.split_last()?;
    let said = if first.is_empty() { last.clone() } else { format!("{} and {last}", first.join(", ")) };
    Some(format!("Of these, {said}."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Email;

    fn user(by: KeptOutBy) -> KeptOut {
        KeptOut { user: Email::parse("ana@glow.example").unwrap(), by }
    }

    fn invited(since: i8, until: i8) -> KeptOut {
        let day = |day| Some(jiff::civil::date(2026, 11, day));
        user(KeptOutBy::Invitation { since: day(since), until: day(until) })
    }

    #[test]
    fn those_who_cannot_sign_in_are_counted_by_reason() {
        assert_eq!(kept_out(&[]), None);
        let said = |users: &[KeptOut]| kept_out(users).unwrap();
        assert_eq!(said(&[invited(21, 28)]), "Of these, 1 is invited (since 2026-11-21, link valid until 2026-11-28).");
        assert_eq!(
            said(&[invited(22, 29), user(KeptOutBy::NoAccount), invited(21, 28), user(KeptOutBy::Block), user(KeptOutBy::NoAccount)]),
            "Of these, 2 are invited (the first since 2026-11-21; the first link to expire is valid until 2026-11-28), 1 is blocked and 2 \
             have no account."
        );
        assert_eq!(said(&[user(KeptOutBy::Invitation { since: None, until: None })]), "Of these, 1 is invited.");
    }
}

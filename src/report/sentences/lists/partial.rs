//! The sentences about why a list of users cannot be trusted to be complete.

use crate::model::{Oddity, PartialCause, SecondRead};

/// Says why a list cannot be trusted.
#[must_use]
pub fn partial(cause: &PartialCause) -> String {
    match cause {
        PartialCause::Odd { endpoint, first, second } => match second {
            SecondRead::LacksSome => format!("{endpoint}: {}, and a second read lacks some users of the first", odd(first)),
            SecondRead::SmallerTotal { total } => format!("{endpoint}: {}, and a second read found a smaller total: {total}", odd(first)),
            SecondRead::Odd(again) if again == first => format!("{endpoint}: {}, in two reads", odd(first)),
            SecondRead::Odd(again) => format!("{endpoint}: {}, and in a second read {}", odd(first), odd(again)),
        },
        PartialCause::Repeats { endpoint, listed } => {
            format!("{endpoint}: the server sends the same {listed} whatever page is asked for, and there may be more")
        }
        PartialCause::NotLookedUp { email, status } => {
            let answer = status.map_or_else(|| "did not answer".to_owned(), |status| format!("answered {status}"));
            format!("/Users: the server {answer} when it was asked whether {email} has an account, so the list may not have everybody")
        }
        PartialCause::NotAllLookedUp { asked, unasked } => {
            let (were, accounts) = if *unasked == 1 { ("was", "it has an account") } else { ("were", "one of them has an account") };
            format!(
                "/Users: {asked} addresses of this plan were looked up, and {unasked} {were} not, so nobody knows whether {accounts} that the list does not contain"
            )
        }
        PartialCause::Lacks { email } => format!("/Users: {email} has an account that the list does not contain"),
    }
}

fn odd(oddity: &Oddity) -> String {
    match oddity {
        Oddity::TotalChanged { before, after } => format!("the total changed from {before} to {after} between pages"),
        Oddity::EndedEarly { listed, total } => format!("the list ended after {listed} of {total}"),
        Oddity::MoreThanAnnounced { listed, total } => format!("it listed {listed}, although it announced {total}"),
        Oddity::Empty => "it was empty".to_owned(),
        Oddity::NoTotal => "the server does not say how many there are".to_owned(),
    }
}

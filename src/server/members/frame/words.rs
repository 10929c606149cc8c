//! The sentences of the pages.

use crate::members::{CodeFault, DeadLink, Guarded, PasswordFault, RESET_LIVES};
use crate::model::joined;
use crate::platform::unwritable_in_line;
use crate::report::span;

/// The titles of pages that another page has a link to.
pub(in crate::server::members) const HAND_OVER: &str = "Hand over the main admin role";
pub(in crate::server::members) const SET_UP_FACTOR: &str = "Set up a second factor";
pub(in crate::server::members) const CHANGE_CELL: &str = "Change the cell phone";
pub(in crate::server::members) const CHANGE_ADDRESS: &str = "Change the e-mail address";
pub(in crate::server::members) const OWN_LOGIN: &str = "Use this login in other practices";

pub(in crate::server::members) const MAY_DO: &str = "What you may do";

pub(in crate::server::members) const NUMBER_HINT: &str = "With the country code, such as +1 602 555 0100.";
pub(in crate::server::members) const NOT_A_NUMBER: &str = "Type the number with its country code, such as +1 602 555 0100.";
pub(in crate::server::members) const CODE_HINT: &str = "Six digits, in a text message to your cell phone.";
/// The words of the user log for a wrong one-time code.
pub(in crate::server::members) const WRONG_CODE_ROW: &str = "a wrong one-time code";

pub(in crate::server::members) const NOWHERE: &str =
    "The address is wrong, or the page has moved. Open the link in your mail again, or ask an administrator.";
pub(in crate::server::members) const FOREIGN_FORM: &str =
    "The form did not come from this site. Open the page again and send it from there.";
pub(in crate::server::members) const UNREADABLE_FORM: &str = "The form was incomplete or too long. Go back, and send it again.";

/// Returns what somebody reads who gets no place among the forms that are being answered; `then` says what to do.
pub(in crate::server::members) fn busy(then: &str) -> String {
    format!("Too many people are signing in right now. Wait a few seconds, {then}.")
}

pub(in crate::server::members) const NEEDS_HTTPS: &str =
    "Browsers sign in only over https, or on the server's own machine. Ask the person who runs the server.";

/// One sentence for an unknown address, a wrong password, a locked, blocked or inactive account: it tells nothing.
pub(in crate::server::members) fn not_right() -> String {
    let free = Guarded::Password.free();
    format!(
        "The e-mail address or the password is not right. After {free} wrong passwords you have to wait a minute, and longer \
         each time; we then send you an e-mail."
    )
}

pub(in crate::server::members) const NOT_THE_PASSWORD: &str = joined!(NOT_YOUR_PASSWORD, " It is the one of your login on this platform.");
/// One sentence for a wrong code, one that was used, and too many of them.
pub(in crate::server::members) fn not_the_code() -> String {
    let free = Guarded::SecondFactor.free();
    format!("The code is not right. Each code works once; after {free} wrong ones you have to wait a minute, and longer each time.")
}

pub(in crate::server::members) const NOT_THE_FIRST_CODE: &str =
    "The code is not right. Type the one that the app shows now, and check that your phone has the right time.";
pub(in crate::server::members) const NOT_YOUR_PASSWORD: &str = "The password is not right.";
pub(in crate::server::members) const WRONG_WORD: &str = "The code word is not right. An administrator of the practice tells it to you.";
pub(in crate::server::members) const TOO_MANY_WORDS: &str =
    "Too many wrong code words were typed with this link today. Try again tomorrow.";

/// The advice on what a password can be made of.
pub(in crate::server::members) const EASY_PASSWORDS: &str = "A few words that do not belong together are easy to remember.";

/// One sentence for every address.
pub(in crate::server::members) fn reset_sent() -> String {
    format!("If that address has an account here, a link is on its way to it. It works once, within {}.", span(RESET_LIVES))
}

/// Says why a link that once existed does not work. `since` is when it stopped, as text.
pub(in crate::server::members) fn dead(why: DeadLink, since: Option<&str>) -> String {
    let when = since.map(|at| format!(" on {at}")).unwrap_or_default();
    match why {
        DeadLink::Used => format!("This link was used{when}. It works once."),
        DeadLink::Replaced => format!("A newer link was sent{when}. Open that one."),
        DeadLink::Withdrawn => format!("This link was withdrawn{when}. Ask an administrator of the practice."),
        DeadLink::Expired => format!("This link expired{when}. Ask for a new one."),
    }
}

/// Says why a password is not accepted.
pub(in crate::server::members) fn password(why: PasswordFault) -> String {
    match why {
        PasswordFault::TooShort { least } => {
            format!("Choose a password of at least {least} characters. {EASY_PASSWORDS}")
        }
        PasswordFault::TooLong => format!("Choose a shorter password: at most {} bytes.", crate::members::LONGEST_PASSWORD),
        PasswordFault::Guessable => {
            "Choose another password: this one is easy to guess. A few words that do not belong together are better.".to_owned()
        }
    }
}

/// The sentence in place of the form for names, in a session that a set-up link opened.
pub(in crate::server::members) const SIGN_IN_TO_RENAME: &str =
    "A set-up link opened this session. Your name shows in every practice that you belong to: sign in with your password to change it.";

/// The fault of a password that an administrator chose before.
pub(in crate::server::members) const STILL_THE_FIRST: &str = "An administrator chose this password. Choose one that only you know.";

/// The fault of a password that somebody else may know.
pub(in crate::server::members) const STILL_THE_SAME: &str = "This is the password that you had. Choose another one.";

/// The longest name, in characters.
const LONGEST_NAME: usize = 100;

/// The fault of a typed name; empty for none.
pub(in crate::server::members) fn name(text: &str, is_required: bool) -> String {
    if text.is_empty() && is_required {
        "Type your name.".to_owned()
    } else if text.chars().count() > LONGEST_NAME {
        format!("Use at most {LONGEST_NAME} characters.")
    } else if unwritable_in_line(text).is_some() {
        "This has a character that cannot be read. Type it again.".to_owned()
    } else {
        String::new()
    }
}

/// Says why a one-time code is not accepted.
pub(in crate::server::members) const fn code(why: CodeFault) -> &'static str {
    match why {
        CodeFault::Wrong => "The code is not right. Type the one that was sent last.",
        CodeFault::NoneGood => "The code is no longer valid. Have a new one sent.",
    }
}

/// Says how long somebody has to wait for another code.
pub(in crate::server::members) fn wait(millis: i64) -> String {
    format!("Too many codes were sent. {}", again_in(millis))
}

/// Says how long somebody has to wait for another link.
pub(in crate::server::members) fn wait_for_link(millis: i64) -> String {
    format!("Too many links were sent. {}", again_in(millis))
}

fn again_in(millis: i64) -> String {
    format!("Try again in {}.", span(millis))
}

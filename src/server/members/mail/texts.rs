//! The words of messages.

use askama::Template;

use crate::members::{ADDRESS_LIVES, CODE_LIVES, Guarded, MessageKind, OFFER_LIVES, RESET_LIVES};
use crate::model::Secret;
use crate::report::span;
use crate::server::members::frame::page_name::PageName;

/// A message as it leaves.
pub(super) struct Letter {
    /// The first line of a mail; a text message has none.
    pub(super) subject: Option<String>,
    pub(super) text: String,
}

/// A mail as a page: the same paragraphs, in which a line that is a link can be followed.
#[derive(Template)]
#[template(path = "mail.html")]
struct MailPage<'a> {
    title: &'a str,
    paragraphs: Vec<&'a str>,
}

impl Letter {
    /// The text as a page. It loads nothing, so opening it tells nobody.
    pub(super) fn html(&self) -> String {
        let paragraphs = self.text.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty()).collect();
        // A template over plain values cannot fail.
        MailPage { title: self.subject.as_deref().unwrap_or_default(), paragraphs }.render().unwrap_or_default()
    }
}

/// The facts that a message needs to be written.
pub(super) struct MessageContext<'a> {
    /// The name of the workspace.
    pub(super) workspace: &'a str,
    /// The name of the product.
    pub(super) product: &'a str,
    /// The address of the pages, without a slash at the end.
    pub(super) base: &'a str,
    /// This is said of the code word that every link needs; `None` if the platform has none.
    pub(super) code_word: Option<&'a str>,
}

/// Writes a message; `None` if it lacks its secret.
pub(super) fn write(kind: MessageKind, about: &MessageContext<'_>, secret: Option<&Secret>) -> Option<Letter> {
    let MessageContext { workspace, product, base, code_word } = about;
    let word = code_word.map(|said| format!("{said}\n\n")).unwrap_or_default();
    let link = |page: PageName| Some(format!("{base}{}", page.path_of_link(workspace, secret?.expose())));
    let reset = format!("{base}{}", PageName::AskReset.path(workspace));
    let letter = match kind {
        MessageKind::Invitation => Letter {
            subject: Some(format!("You are invited to {workspace}")),
            text: format!(
                "You are invited to {workspace} on {product}.\n\nOpen this link to accept:\n\n{}\n\n{word}The link works once. \
                 If you do not know the practice, you need not do anything.\n",
                link(PageName::Join)?
            ),
        },
        MessageKind::Reset => Letter {
            subject: Some(format!("Choose a new password for {workspace}")),
            text: format!(
                "Somebody asked for a new password for your account in {workspace} on {product}.\n\nOpen this link to choose one:\n\n\
                 {}\n\n{word}The link works once, within {}. If it was not you, you need not do anything: your password stays as it is.\n",
                link(PageName::Reset)?,
                span(RESET_LIVES)
            ),
        },
        MessageKind::PasswordChanged => Letter {
            subject: Some(format!("Your password for {workspace} was changed")),
            text: format!(
                "The password of your account in {workspace} on {product} was changed, and your other sessions were ended.\n\n\
                 If it was not you, choose a new one now: {reset}\n"
            ),
        },
        MessageKind::WrongPasswords => wrong_passwords(about, &reset),
        MessageKind::PasswordOff => password_off(about, &reset),
        MessageKind::FactorSetUp => Letter {
            subject: Some(format!("A second factor was set up for {workspace}")),
            text: format!(
                "A second factor was set up for your account in {workspace} on {product}, and your other sessions were ended.\n\n\
                 If it was not you, tell an administrator of the practice, and choose a new password now: {reset}\n"
            ),
        },
        MessageKind::FactorRemoved => Letter {
            subject: Some(format!("Your second factor for {workspace} was removed")),
            text: format!(
                "The second factor of your account in {workspace} on {product} was removed, and your other sessions were ended.\n\n\
                 If you did not ask for it, tell an administrator of the practice, and choose a new password now: {reset}\n"
            ),
        },
        MessageKind::RecoveryCodeUsed => Letter {
            subject: Some(format!("A recovery code for {workspace} was used")),
            text: format!(
                "Somebody signed in to your account in {workspace} on {product} with one of your recovery codes. It does not work again.\n\n\
                 If it was not you, tell an administrator of the practice, and choose a new password now: {reset}\n"
            ),
        },
        MessageKind::CellChanged => Letter {
            subject: Some(format!("Your cell phone for {product} was changed")),
            text: format!(
                "The codes for your login on {product} go to another cell phone from now on.\n\n\
                 If it was not you, tell an administrator of the practice, and choose a new password now: {reset}\n"
            ),
        },
        MessageKind::ConfirmAddress => Letter {
            subject: Some(format!("Confirm your e-mail address for {product}")),
            text: format!(
                "Somebody wants to use this e-mail address for their login on {product}.\n\nIf it was you, open this link:\n\n\
                 {}\n\nThe link works once, within {}. If it was not you, you need not do anything.\n",
                link(PageName::ConfirmAddress)?,
                span(ADDRESS_LIVES)
            ),
        },
        MessageKind::AddressChanged => Letter {
            subject: Some(format!("Your e-mail address for {product} was changed")),
            text: format!(
                "Your login on {product} has another e-mail address from now on. This one no longer opens it.\n\n\
                 If it was not you, tell an administrator of {workspace} at once.\n"
            ),
        },
        MessageKind::MainAdminOffered => Letter {
            subject: Some(format!("You are asked to become main admin of {workspace}")),
            text: format!(
                "The main admin of {workspace} on {product} wants you to take over the main admin role.\n\nTo accept it, open this link and type your password:\n\n\
                 {}\n\nThe link works once, within {}. If you do not want to, you need not do anything.\n",
                link(PageName::BecomeMainAdmin)?,
                span(OFFER_LIVES)
            ),
        },
        MessageKind::MainAdminMoved => Letter {
            subject: Some(format!("You are no longer the main admin of {workspace}")),
            text: format!(
                "Somebody else is the main admin of {workspace} on {product} from now on.\n\n\
                 If you did not expect this, ask an administrator of the practice, or the person who runs the server.\n"
            ),
        },
        // Phones fill the code in on this host alone where the last line names it.
        MessageKind::Code => {
            let (code, host) = (secret?.expose(), base.split_once("://").map_or(*base, |(_, host)| host));
            Letter {
                subject: None,
                text: format!("{code} is your code for {workspace}. It is valid for {}.\n\n@{host} #{code}\n", span(CODE_LIVES)),
            }
        }
    };
    Some(letter)
}

/// Writes to the owner of an account for which somebody types wrong passwords.
fn wrong_passwords(about: &MessageContext<'_>, reset: &str) -> Letter {
    let MessageContext { workspace, product, base: _, code_word: _ } = about;
    Letter {
        subject: Some(format!("Wrong passwords for {workspace}")),
        text: format!(
            "{} wrong passwords in a row were typed for your account in {workspace} on {product}. Nobody was let in by them. Each \
             further try has to wait, longer each time.\n\nIf it was you, wait a few minutes, or choose a new password here:\n\n\
             {reset}\n\nIf it was not you, you need not do anything, unless your password is easy to guess: then choose a new one.\n",
            Guarded::Password.free()
        ),
    }
}

/// Writes to the owner of an account whose password is turned off.
fn password_off(about: &MessageContext<'_>, reset: &str) -> Letter {
    let MessageContext { workspace, product, base: _, code_word: _ } = about;
    Letter {
        subject: Some(format!("Your password for {workspace} is turned off")),
        text: format!(
            "{} wrong passwords in a row were typed for your account in {workspace} on {product}. For safety, your password is turned off: \
             it no longer opens your account, not even for you.\n\nTo sign in again, choose a new password here:\n\n{reset}\n\n\
             If it was not you who typed them, tell an administrator of the practice, too.\n",
            Guarded::Password.most().unwrap_or_default()
        ),
    }
}

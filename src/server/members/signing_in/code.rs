//! The code of the second factor, or a recovery code, after the right password.

use axum::http::StatusCode;
use axum::response::Response;
use futures::FutureExt;

use super::entering::Entered;
use super::{entering, hidden_next, known_next, needed, path_of_next, second_factor, tries, with_next};
use crate::members::{
    Failures, Guarded, Login, LoginEvent, MessageKind, RECOVERY_CODES, TRUST_DAYS, after_failure, may_try, read_code, step_of,
};
use crate::model::{DAY, OwnSecret, Secret};
use crate::server::failure::Failure;
use crate::server::hashing::sha256;
use crate::server::ids;
use crate::server::members::frame::page_name::PageName;
use crate::server::members::view::{FieldKind, FieldView, FormView, Page};
use crate::server::members::visit::{MemberLogRow, Session, Visit};
use crate::server::members::{answer, words};
use crate::store::members::logins;
use crate::store::members::{recovery_codes, second_factors, sessions, trusted_devices};
use crate::store::{AccountRow, Conn, accounts};

/// The proof that somebody gives besides the password.
#[derive(Clone, Copy)]
enum Means {
    App,
    RecoveryCode,
}

impl Means {
    /// Reads the query.
    fn asked(visit: &Visit) -> Self {
        if Self::RecoveryCode.word() == Some(visit.form.text("with")) { Self::RecoveryCode } else { Self::App }
    }

    /// As the query says it: the app needs no word.
    const fn word(self) -> Option<&'static str> {
        match self {
            Self::App => None,
            Self::RecoveryCode => Some("recovery-code"),
        }
    }

    /// The message to the holder of the account.
    const fn message(self) -> Option<MessageKind> {
        match self {
            Self::App => None,
            Self::RecoveryCode => Some(MessageKind::RecoveryCodeUsed),
        }
    }

    /// As the user log says it.
    const fn detail(self) -> &'static str {
        match self {
            Self::App => "with a second factor",
            Self::RecoveryCode => "with a recovery code",
        }
    }
}

/// `GET /sign-in/code`.
pub(in crate::server::members) fn ask(visit: &Visit) -> Response {
    answer::page(StatusCode::OK, &page(visit, Means::asked(visit), ""))
}

fn page(visit: &Visit, means: Means, fault: &str) -> Page {
    let next = known_next(visit.form.text("next"));
    let here = visit.path(PageName::SignInCode);
    let (field, other) = match means {
        Means::App => (
            FieldView {
                name: "code",
                label: "Code".to_owned(),
                kind: FieldKind::Code,
                autocomplete: "one-time-code",
                hint: "Six digits, in the app on your phone.".to_owned(),
                fault: fault.to_owned(),
                ..FieldView::default()
            },
            ("Use a recovery code".to_owned(), format!("{here}?with=recovery-code")),
        ),
        Means::RecoveryCode => (
            FieldView {
                name: "code",
                label: "Recovery code".to_owned(),
                kind: FieldKind::CodeWord,
                autocomplete: "off",
                hint: format!("One of the {RECOVERY_CODES} that you kept when you set up the second factor."),
                fault: fault.to_owned(),
                ..FieldView::default()
            },
            ("Use the app".to_owned(), here.clone()),
        ),
    };
    let trust = FieldView {
        name: "trust",
        label: format!("Trust this browser: for {TRUST_DAYS} days, it asks for the password alone"),
        kind: FieldKind::Tick,
        ..FieldView::default()
    };
    let mut hidden = hidden_next(next);
    if let Some(word) = means.word() {
        hidden.push(("with".to_owned(), word.to_owned()));
    }
    let form = FormView { action: here, fields: vec![field, trust], hidden, button: "Sign in".to_owned() };
    let mut page = visit.page("Type your code");
    page.links = vec![other, ("Sign in as somebody else".to_owned(), with_next(visit, PageName::SignIn, next))];
    Page { form: Some(form), ..page }
}

/// The result of a try.
pub(super) enum CodeAnswer {
    /// The code was right: the session, and the secret of a browser that is trusted from now on.
    In(Entered, Option<Secret>),
    /// It was wrong or used, or there were too many.
    NotRight,
    /// The session has ended.
    SignedOut,
}

/// `POST /sign-in/code`.
pub(in crate::server::members) async fn give(visit: Visit) -> Response {
    let means = Means::asked(&visit);
    match compare(&visit).await {
        Ok(CodeAnswer::In(entered, trust)) => {
            let mut response = entering::entered(&visit, &entered, &path_of_next(&visit, known_next(visit.form.text("next"))));
            if let Some(trust) = trust {
                answer::add_trust_cookie(&mut response, &visit.workspace.name, trust.expose());
            }
            response
        }
        Ok(CodeAnswer::NotRight) => answer::page(StatusCode::UNPROCESSABLE_ENTITY, &page(&visit, means, &words::not_the_code())),
        Ok(CodeAnswer::SignedOut) => needed(&visit, true),
        Err(why) => visit.failed(&why),
    }
}

/// Compares the code that was typed, of the kind that was asked for.
pub(super) async fn compare(visit: &Visit) -> Result<CodeAnswer, Failure> {
    let Some(session) = visit.session.clone() else { return Ok(CodeAnswer::SignedOut) };
    let (inside, means) = (visit.clone(), Means::asked(visit));
    visit.write(move |writing| async move { attempt(&mut writing.conn, &inside, &session, means).await }.boxed()).await
}

/// Compares a code inside the workspace's lock: of simultaneous tries each is counted, and one can be right.
async fn attempt(conn: &mut Conn, visit: &Visit, session: &Session, means: Means) -> Result<CodeAnswer, Failure> {
    let (name, now) = (visit.workspace.name.as_str(), visit.now());
    let Some(account) = entering::still(conn, visit, session).await? else { return Ok(CodeAnswer::SignedOut) };
    let login = logins::of_account(conn, name, &account.id).await?.ok_or(Failure::Damaged)?;
    let origin = [(Guarded::Origin, visit.origin.as_deref().unwrap_or_default())];
    let is_right = tries::reserve(conn, &visit.workspace, &origin, now).await?
        && match means {
            Means::App => is_of_app(conn, visit, &login).await?,
            Means::RecoveryCode => is_recovery(conn, visit, &login).await?,
        };
    if !is_right {
        let detail = Some("a wrong second factor".to_owned());
        visit.log(conn, &account, MemberLogRow { denied: true, detail, ..MemberLogRow::new(LoginEvent::SignedIn) }).await?;
        return Ok(CodeAnswer::NotRight);
    }
    tries::was_right(conn, &visit.workspace, &origin).await?;
    sessions::end(conn, name, &account.id, &session.row.id, now).await?;
    accounts::signed_in(conn, name, &account.id, now).await?;
    let detail = Some(means.detail().to_owned());
    visit.log(conn, &account, MemberLogRow { detail, ..MemberLogRow::new(LoginEvent::SignedIn) }).await?;
    if let Some(kind) = means.message() {
        second_factor::notify(conn, visit, &account, kind).await?;
    }
    let trust = if visit.form.text("trust").is_empty() { None } else { Some(trust(conn, visit, &account).await?) };
    Ok(CodeAnswer::In(entering::begin(conn, visit, &account, true).await?, trust))
}

async fn is_of_app(conn: &mut Conn, visit: &Visit, login: &Login) -> Result<bool, Failure> {
    let now = visit.now();
    let Some(stored) = second_factors::find(conn, &login.id).await? else { return Ok(false) };
    let before = Failures { count: stored.wrong, last: stored.wrong_at };
    if may_try(Guarded::SecondFactor, &before, now).is_err() {
        return Ok(false);
    }
    // A key that was sealed with a lost file opens no more: a recovery code does.
    let key = visit.server.store.vault().unseal(&second_factor::purpose(&login.id), &stored.secret);
    if let Some(step) = key.and_then(|key| step_of(&key, &read_code(visit.form.text("code")), stored.step, now)) {
        second_factors::use_step(conn, &login.id, step).await?;
        return Ok(true);
    }
    let after = after_failure(Guarded::SecondFactor, &before, now);
    second_factors::set_wrong(conn, &login.id, (after.count, after.last)).await?;
    Ok(false)
}

async fn is_recovery(conn: &mut Conn, visit: &Visit, login: &Login) -> Result<bool, Failure> {
    let now = visit.now();
    let counted = [(Guarded::RecoveryCode, login.id.as_str())];
    if !tries::reserve(conn, &visit.workspace, &counted, now).await? {
        return Ok(false);
    }
    let mark = second_factor::recovery_mark(visit, &login.id, visit.form.text("code"));
    let is_right = recovery_codes::use_up(conn, &login.id, &mark, now).await?;
    if is_right {
        tries::was_right(conn, &visit.workspace, &counted).await?;
    }
    Ok(is_right)
}

/// Trusts the browser from now on; returns its secret, which leaves with the answer.
async fn trust(conn: &mut Conn, visit: &Visit, account: &AccountRow) -> Result<Secret, Failure> {
    let secret = ids::random_token(OwnSecret::TrustedBrowser);
    let (hash, ends) = (sha256(&[secret.expose().as_bytes()]), visit.now().saturating_add(TRUST_DAYS * DAY));
    trusted_devices::insert(conn, &visit.workspace.name, &account.id, &hash, ends).await?;
    visit.log(conn, account, MemberLogRow::new(LoginEvent::TrustedBrowser)).await?;
    Ok(secret)
}

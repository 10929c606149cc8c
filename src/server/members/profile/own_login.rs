//! The login of one account becomes a person's, for every workspace of its platform (design.md, "Login and account"): its holder opens a
//! link in mail, types a code that went to a cell phone, and chooses the password anew. Sessions and devices from before end.
//!
//! Where the person has a login for the platform already, the account joins that one, as with an invitation (AR-3): the code goes to the
//! cell phone of that login, and its password is asked for.

use axum::http::StatusCode;
use axum::response::Response;
use futures::FutureExt;
use subtle::ConstantTimeEq;

use super::{Profile, address_link, answer};
use crate::members::{
    CODE_LIVES, CodeFault, DeadLink, Guarded, Login, LoginEvent, MessageKind, SentCode, check_code, choose, may_send, read_code,
};
use crate::model::{DAY, Email, Field, Value as FieldValue};
use crate::platform::phone_form;
use crate::server::AttributeChanges;
use crate::server::failure::Failure;
use crate::server::hashing::sha256;
use crate::server::ids;
use crate::server::members::frame::page_name::PageName;
use crate::server::members::links::{self, Found};
use crate::server::members::mail::queue::{Message, queue};
use crate::server::members::passwords::{known_of, new_password, present_password, user_name};
use crate::server::members::signing_in::{self, PasswordComparison, guess_mark, second_factor, tries};
use crate::server::members::view::{FieldKind, FieldView, FormView, Page};
use crate::server::members::visit::{MemberLogRow, Session, Visit};
use crate::server::members::words;
use crate::server::scim::users::rules;
use crate::store::members::links::LinkKind;
use crate::store::members::{codes, logins};
use crate::store::{AccountRow, Conn, Writing};

/// The name that the codes are kept under.
const CODE: &str = "own-login";

/// The page that asks for the link.
pub(super) fn page(visit: &Visit, profile: &Profile, wrong_password: &str) -> Page {
    let form = FormView {
        action: visit.path(PageName::ChangeAddress),
        fields: vec![user_name(&profile.account.user_name), present_password(wrong_password)],
        hidden: Vec::new(),
        button: "Send the link".to_owned(),
    };
    let mut page = visit.page(words::OWN_LOGIN);
    page.lead.push(format!(
        "An administrator made this login for {} alone. To use it in other practices on {}, and to change your address and cell phone \
         yourself, confirm both: we send a link to {}.",
        visit.workspace.name,
        visit.workspace.catalog().name,
        profile.account.user_name
    ));
    Page { form: Some(form), ..page }
}

/// Sends the link to the address of the account.
pub(super) async fn send(visit: &Visit, profile: &Profile, session: Session) -> Result<Response, Failure> {
    if !signing_in::is_right(visit, &profile.account, visit.form.typed("password")).await? {
        return Ok(answer::page(StatusCode::UNPROCESSABLE_ENTITY, &page(visit, profile, words::NOT_YOUR_PASSWORD)));
    }
    let own = Email::parse(&profile.account.user_name).map_err(|_| Failure::Damaged)?;
    let (inside, to) = (visit.clone(), own.clone());
    let done =
        visit.write(move |writing| async move { address_link::send_to(&mut writing.conn, &inside, &session, &to).await }.boxed()).await?;
    Ok(match done {
        None => signing_in::needed(visit, true),
        Some(Err(wait)) => answer::wait(wait, &page(visit, profile, &words::wait_for_link(wait.millis))),
        Some(Ok(())) => address_link::on_its_way(visit, own.as_str()),
    })
}

/// The holder of the link.
pub(super) struct LoginOwner {
    pub(super) account: Box<AccountRow>,
    /// The login of the account alone.
    pub(super) login: Login,
    /// The person's login for every workspace of the platform, where there is one.
    known: Option<Login>,
}

/// Looks up whether the person has a login for the platform already.
pub(super) async fn holder(visit: &Visit, account: Box<AccountRow>, login: Login) -> Result<LoginOwner, Failure> {
    let (platform, address) = (visit.workspace.catalog().platform.clone(), account.user_name.clone());
    let known = visit.read(move |conn| async move { Ok(logins::of_person(conn, &platform, &address).await?) }.boxed()).await?;
    Ok(LoginOwner { account, login, known })
}

/// The first page of the link: where the code goes.
pub(super) fn number_page(visit: &Visit, holder: &LoginOwner, typed: &str, fault: &str) -> Page {
    let number = FieldView {
        name: "number",
        label: "Cell phone".to_owned(),
        kind: FieldKind::Phone,
        autocomplete: "tel",
        value: typed.to_owned(),
        hint: words::NUMBER_HINT.to_owned(),
        fault: fault.to_owned(),
    };
    let mut page = visit.page(words::OWN_LOGIN);
    if holder.known.is_some() {
        page.lead.push(format!("You have a login on {} already. We send a code to its cell phone.", visit.workspace.catalog().name));
        fault.clone_into(&mut page.notice);
    } else {
        page.lead.push("We send a code to your cell phone. Codes go there from then on.".to_owned());
    }
    let fields = if holder.known.is_some() { Vec::new() } else { vec![number] };
    let form = FormView { action: visit.path(PageName::ConfirmAddress), fields, hidden: Vec::new(), button: "Send a code".to_owned() };
    Page { form: Some(form), ..page }
}

fn code_page(visit: &Visit, holder: &LoginOwner, number: &str, wrong_code: &str, wrong_password: &str) -> Page {
    let code = FieldView {
        name: "code",
        label: "Code".to_owned(),
        kind: FieldKind::Code,
        autocomplete: "one-time-code",
        hint: words::CODE_HINT.to_owned(),
        fault: wrong_code.to_owned(),
        ..FieldView::default()
    };
    let password = if holder.known.is_some() { present_password(wrong_password) } else { new_password(wrong_password) };
    let form = FormView {
        action: visit.path(PageName::ConfirmAddress),
        fields: vec![user_name(&holder.account.user_name), code, password],
        hidden: vec![("number".to_owned(), number.to_owned())],
        button: "Use this login".to_owned(),
    };
    let mut page = visit.page(words::OWN_LOGIN);
    if holder.known.is_some() {
        page.lead.push("The password is the one of the login that you have already.".to_owned());
    }
    page.links.push(("Begin again".to_owned(), visit.path(PageName::ConfirmAddress)));
    Page { form: Some(form), ..page }
}

/// `POST /address/{token}`, for the link of such a login: first the number, then code and password.
pub(super) async fn confirmed(visit: &Visit, holder: LoginOwner) -> Result<Response, Failure> {
    let typed = visit.form.text("number").to_owned();
    let Some(number) = (match &holder.known {
        Some(known) => known.cell.clone(),
        None => phone_form(&typed),
    }) else {
        let page = number_page(visit, &holder, &typed, words::NOT_A_NUMBER);
        return Ok(answer::page(StatusCode::UNPROCESSABLE_ENTITY, &page));
    };
    let hidden = if holder.known.is_some() { "" } else { number.as_str() };
    if visit.form.text("code").is_empty() {
        return send_code(visit, &holder, &number, hidden).await;
    }
    let again =
        |code: &str, password: &str| Ok(answer::page(StatusCode::UNPROCESSABLE_ENTITY, &code_page(visit, &holder, hidden, code, password)));
    let (inside, id, to) = (visit.clone(), (*holder.account).clone(), number.clone());
    let checked = visit.write(move |writing| async move { check(&mut writing.conn, &inside, &id, &to).await }.boxed()).await?;
    if let Err(why) = checked {
        return again(words::code(why), "");
    }
    let becomes = if let Some(known) = &holder.known {
        match signing_in::compare(visit, &holder.account, known, visit.form.typed("password"), None).await? {
            PasswordComparison::Right => Becomes::Known { known: known.clone() },
            PasswordComparison::Wrong | PasswordComparison::NotCompared => return again("", words::NOT_THE_PASSWORD),
        }
    } else {
        let password = match choose(visit.form.typed("new-password"), &known_of(visit, &holder.account), false) {
            Ok(password) => password,
            Err(why) => return again("", &words::password(why)),
        };
        if visit.server.hashing.verify(password.clone(), holder.login.password_hash.clone()).await? {
            return again("", words::STILL_THE_SAME);
        }
        Becomes::Persons { hash: visit.server.hashing.hash(password).await? }
    };
    let (inside, login, account, to) = (visit.clone(), holder.login.clone(), (*holder.account).clone(), number.clone());
    let done = visit.write(move |writing| async move { store(writing, &inside, (&account, &login), &to, becomes).await }.boxed()).await?;
    match done {
        OwnLoginEnd::Done => {
            let mut page = visit.page("This login is yours");
            page.lead
                .push("Your sessions were ended. Sign in again: the same login now opens every practice that you belong to.".to_owned());
            page.links.push(("Sign in".to_owned(), visit.path(PageName::SignIn)));
            Ok(answer::page(StatusCode::OK, &page))
        }
        OwnLoginEnd::NotTheCode(why) => again(words::code(why), ""),
        OwnLoginEnd::Dead(other) => Ok(links::dead_page(visit, &other)),
    }
}

/// A code as it is kept: bound to the account, the link, and the number that it went to.
fn mark(visit: &Visit, account: &str, number: &str, code: &str) -> String {
    let name = visit.workspace.name.as_bytes();
    let parts = [CODE.as_bytes(), name, account.as_bytes(), visit.token.as_bytes(), number.as_bytes(), code.as_bytes()];
    visit.server.store.seal(&sha256(&parts))
}

async fn send_code(visit: &Visit, holder: &LoginOwner, number: &str, hidden: &str) -> Result<Response, Failure> {
    let (inside, account, to) = (visit.clone(), (*holder.account).clone(), number.to_owned());
    let sent = visit
        .write(move |writing| {
            async move {
                let (conn, name, now) = (&mut writing.conn, inside.workspace.name.as_str(), inside.now());
                let earlier = codes::since(conn, name, &account.id, CODE, now.saturating_sub(DAY)).await?;
                if let Err(wait) = may_send(&earlier.iter().map(|code| code.sent_at).collect::<Vec<_>>(), now) {
                    return Ok::<_, Failure>(Err(wait));
                }
                let code = ids::random_code();
                codes::insert(conn, name, &account.id, CODE, &mark(&inside, &account.id, &to, code.expose()), now).await?;
                let message =
                    Message { workspace: name, account: &account.id, kind: MessageKind::Code, recipient: &to, secret: Some(&code) };
                queue(conn, &inside.server.store, &message, now).await?;
                inside.log(conn, &account, MemberLogRow::new(LoginEvent::SentCode)).await?;
                Ok(Ok(()))
            }
            .boxed()
        })
        .await?;
    Ok(match sent {
        Ok(()) => answer::page(StatusCode::OK, &code_page(visit, holder, hidden, "", "")),
        Err(wait) => answer::wait(wait, &number_page(visit, holder, hidden, &words::wait(wait.millis))),
    })
}

/// Compares the typed code, and counts a wrong one; a right one stays good until the password was accepted, too.
async fn check(conn: &mut Conn, visit: &Visit, account: &AccountRow, number: &str) -> Result<Result<(), CodeFault>, Failure> {
    let (name, now) = (visit.workspace.name.as_str(), visit.now());
    let rows = codes::since(conn, name, &account.id, CODE, now.saturating_sub(CODE_LIVES)).await?;
    let sent = rows.into_iter().map(|row| SentCode { hash: row.hash, sent_at: row.sent_at, wrong: row.wrong, used: row.used });
    let typed = mark(visit, &account.id, number, &read_code(visit.form.text("code")));
    if let Err(why) = check_code(&sent.collect::<Vec<_>>(), &typed, now, |a, b| a.as_bytes().ct_eq(b.as_bytes()).into()) {
        codes::count_wrong(conn, name, &account.id, CODE, now.saturating_sub(CODE_LIVES)).await?;
        let row =
            MemberLogRow { denied: true, detail: Some(words::WRONG_CODE_ROW.to_owned()), ..MemberLogRow::new(LoginEvent::ChangedCell) };
        visit.log(conn, account, row).await?;
        return Ok(Err(why));
    }
    Ok(Ok(()))
}

/// The login that one account gets.
enum Becomes {
    /// The person's login for every workspace, with this password.
    Persons { hash: String },
    /// None: the account joins the login that the person has already, whose password was right a moment ago.
    Known { known: Login },
}

/// The outcome of the last step.
enum OwnLoginEnd {
    Done,
    NotTheCode(CodeFault),
    Dead(Found),
}

async fn store(
    writing: &mut Writing,
    visit: &Visit,
    (account, login): (&AccountRow, &Login),
    number: &str,
    becomes: Becomes,
) -> Result<OwnLoginEnd, Failure> {
    let (conn, name, now) = (&mut writing.conn, visit.workspace.name.as_str(), visit.now());
    if let Err(why) = check(conn, visit, account, number).await? {
        return Ok(OwnLoginEnd::NotTheCode(why));
    }
    let account = match links::take(conn, visit, LinkKind::Address).await? {
        Found::Open(account) => account,
        other @ (Found::Dead(..) | Found::Unknown) => return Ok(OwnLoginEnd::Dead(other)),
    };
    let present = logins::of_account(conn, name, &account.id).await?;
    let persons = logins::of_person(conn, &visit.workspace.catalog().platform, &account.user_name).await?;
    let is_as_seen = match &becomes {
        Becomes::Persons { .. } => persons.is_none(),
        Becomes::Known { known } => persons.is_some_and(|persons| persons.is_still(known)),
    };
    if !is_as_seen || !present.is_some_and(|present| present.is_still(login) && !present.is_persons()) {
        return Ok(OwnLoginEnd::Dead(Found::Dead(DeadLink::Withdrawn, Some(now))));
    }
    codes::use_up(conn, name, &account.id, CODE, now).await?;
    second_factor::forget_sign_ins(conn, &login.id, now).await?;
    tries::forget(conn, &visit.workspace, Guarded::Password, &guess_mark(visit, &account.user_name, Some(login))).await?;
    let changes = match becomes {
        Becomes::Persons { hash } => {
            let text = |field| account.particulars.fields().text(field);
            let names = text(Field::FirstName).zip(text(Field::LastName));
            logins::become_persons(conn, &login.id, &account.user_name, names, number).await?;
            logins::set_password(conn, &login.id, &hash, false).await?;
            AttributeChanges::default()
        }
        Becomes::Known { known } => {
            logins::attach(conn, name, &account.id, &known.id).await?;
            let (first, last) = known.name().cloned().unzip();
            let names = [(Field::FirstName, first), (Field::LastName, last)];
            let names: Vec<_> = names.into_iter().filter_map(|(field, text)| Some((field, FieldValue::Text(text?)))).collect();
            rules::rewrite(conn, &visit.workspace, &account, &names, now).await?
        }
    };
    let message =
        Message { workspace: name, account: &account.id, kind: MessageKind::PasswordChanged, recipient: &account.user_name, secret: None };
    queue(conn, &visit.server.store, &message, now).await?;
    let detail = Some("the member confirmed the address by mail and a cell phone by a code".to_owned());
    visit.log(conn, &account, MemberLogRow { detail, changes, ..MemberLogRow::new(LoginEvent::ChangedPassword) }).await?;
    writing.forget();
    Ok(OwnLoginEnd::Done)
}

//! New recovery codes: shown once, downloaded as text, and a box to tick before going on.

use axum::http::{StatusCode, header};
use axum::response::Response;
use futures::FutureExt;

use crate::model::Secret;
use crate::server::answer::put;
use crate::server::failure::Failure;
use crate::server::members::answer;
use crate::server::members::frame::page_name::PageName;
use crate::server::members::view::{FieldKind, FieldView, FormView, Page};
use crate::server::members::visit::Visit;
use crate::store::members::logins;

/// The field that the codes return in, sealed.
const CODES: &str = "codes";
/// The box to tick.
const SAVED: &str = "saved";

/// Returns the purpose that the codes on a page are sealed for: no other login reads them.
fn purpose(login: &str) -> String {
    format!("recovery codes shown to login {login}")
}

/// New recovery codes of a login. The server keeps none of them, so the page has them a second time, sealed, for what is done with it.
pub(super) fn page(visit: &Visit, title: &str, login: &str, codes: Vec<String>) -> Result<Page, Failure> {
    let sealed = visit.server.store.vault().seal(&purpose(login), &Secret::new(codes.join("\n"))).ok_or(Failure::Damaged)?;
    Ok(filled(visit, title, &sealed, codes, ""))
}

fn filled(visit: &Visit, title: &str, sealed: &str, codes: Vec<String>, fault: &str) -> Page {
    let mut page = visit.page(title);
    page.signed_in = true;
    page.lead.push(
        "Download these recovery codes, print them, or write them down, and keep them where you find them without your phone. Each one works \
         once in place of a code of the app. They are not shown again."
            .to_owned(),
    );
    page.codes = codes;
    let form = |page: PageName, fields: Vec<FieldView>, button: &str| FormView {
        action: visit.path(page),
        fields,
        hidden: vec![(CODES.to_owned(), sealed.to_owned())],
        button: button.to_owned(),
    };
    let tick = FieldView {
        name: SAVED,
        label: "I have saved these codes".to_owned(),
        kind: FieldKind::Tick,
        fault: fault.to_owned(),
        ..FieldView::default()
    };
    page.download = Some(form(PageName::CodesFile, Vec::new(), "Download the codes"));
    page.form = Some(form(PageName::SavedCodes, vec![tick], "Go on"));
    page
}

/// `POST /second-factor/recovery-codes/saved`.
pub(in crate::server::members) async fn go_on(visit: Visit) -> Response {
    if !visit.form.text(SAVED).is_empty() {
        return answer::go(&visit.path(PageName::Home));
    }
    let shown = sent(&visit).await.map(|codes| match codes {
        Some(codes) => {
            let codes = codes.expose().lines().map(str::to_owned).collect();
            let fault = "Save the codes, and tick the box.";
            let page = filled(&visit, "Your recovery codes", visit.form.typed(CODES), codes, fault);
            answer::page(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        None => answer::go(&visit.path(PageName::SecondFactor)),
    });
    visit.answered(shown)
}

/// `POST /second-factor/recovery-codes/file`: the codes as a file.
pub(in crate::server::members) async fn file(visit: Visit) -> Response {
    let codes = match sent(&visit).await {
        Ok(Some(codes)) => codes,
        Ok(None) => return answer::go(&visit.path(PageName::SecondFactor)),
        Err(why) => return visit.failed(&why),
    };
    let text = format!("Recovery codes for {}\n\n{}\n", visit.workspace.name, codes.expose());
    let mut response = Response::new(text.into());
    put(&mut response, header::CONTENT_TYPE, Some("text/plain; charset=utf-8"));
    put(&mut response, header::CONTENT_DISPOSITION, Some("attachment; filename=\"recovery-codes.txt\""));
    response
}

/// The codes that a form brought back, if they were shown to the login of this session.
async fn sent(visit: &Visit) -> Result<Option<Secret>, Failure> {
    let Some(session) = visit.session.clone() else { return Ok(None) };
    let name = visit.workspace.name.clone();
    let login = visit.read(move |conn| async move { Ok(logins::of_account(conn, &name, &session.row.account).await?) }.boxed()).await?;
    Ok(login.and_then(|login| visit.server.store.vault().unseal(&purpose(&login.id), visit.form.typed(CODES))))
}

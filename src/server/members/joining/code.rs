//! The one-time code of an invitation: sent to the cell phone, compared, and the proof that it was right.

use futures::FutureExt;
use subtle::ConstantTimeEq;

use super::invited::Invited;
use crate::members::{CODE_LIVES, CodeFault, LoginEvent, MessageKind, SentCode, Wait, check_code, may_send, read_code};
use crate::model::DAY;
use crate::server::failure::Failure;
use crate::server::hashing::sha256;
use crate::server::ids;
use crate::server::members::mail::queue::{Message, queue};
use crate::server::members::visit::{MemberLogRow, Visit};
use crate::server::members::words;
use crate::store::Conn;
use crate::store::members::codes;

/// The name that codes and proofs are kept under.
const CODE: &str = "join";
const PROOF: &str = "join-proof";

/// The words of the user log for a last step that was refused.
const REFUSED_PASSWORD: &str = "the password was refused";

/// A code or proof as it is kept: bound to its account, its invitation, and the number that the code went to (design.md, "Login and account").
fn mark(visit: &Visit, invited: &Invited, text: &str) -> String {
    let (account, cell) = (invited.account.id.as_str(), invited.cell.as_deref().unwrap_or_default());
    let parts =
        [b"code".as_slice(), visit.workspace.name.as_bytes(), account.as_bytes(), visit.token.as_bytes(), cell.as_bytes(), text.as_bytes()];
    visit.server.store.seal(&sha256(&parts))
}

/// Sends a code, unless too many were sent.
pub(super) async fn send(visit: &Visit, invited: &Invited) -> Result<Result<(), Wait>, Failure> {
    let (inside, invited) = (visit.clone(), invited.clone());
    visit
        .write(move |writing| {
            async move {
                let (conn, name, now) = (&mut writing.conn, inside.workspace.name.as_str(), inside.now());
                let (account, Some(cell)) = (&invited.account, &invited.cell) else { return Ok(Ok(())) };
                // A person's codes all go to one phone, whichever workspaces invite them (G5).
                let platform = &inside.workspace.catalog().platform;
                let earlier = codes::sent_to_address(conn, platform, &account.user_name, CODE, now.saturating_sub(DAY)).await?;
                if let Err(wait) = may_send(&earlier, now) {
                    return Ok(Err(wait));
                }
                let code = ids::random_code();
                codes::insert(conn, name, &account.id, CODE, &mark(&inside, &invited, code.expose()), now).await?;
                let message =
                    Message { workspace: name, account: &account.id, kind: MessageKind::Code, recipient: cell, secret: Some(&code) };
                queue(conn, &inside.server.store, &message, now).await?;
                if invited.is_complete {
                    inside.log(conn, account, MemberLogRow::new(LoginEvent::SentCode)).await?;
                }
                Ok(Ok(()))
            }
            .boxed()
        })
        .await
}

/// Compares the typed code; returns the proof of a right one, which the next form carries.
pub(super) async fn check(visit: &Visit, invited: &Invited) -> Result<Result<String, CodeFault>, Failure> {
    let (inside, invited) = (visit.clone(), invited.clone());
    let typed = mark(visit, &invited, &read_code(visit.form.text("code")));
    visit
        .write(move |writing| {
            async move {
                let (conn, name, now) = (&mut writing.conn, inside.workspace.name.as_str(), inside.now());
                let account = &invited.account;
                match check_code(&sent(conn, name, &account.id, CODE, now).await?, &typed, now, same) {
                    Ok(_) => {
                        codes::use_up(conn, name, &account.id, CODE, now).await?;
                        let proof = ids::random_proof();
                        codes::insert(conn, name, &account.id, PROOF, &mark(&inside, &invited, proof.expose()), now).await?;
                        Ok(Ok(proof.expose().to_owned()))
                    }
                    Err(why) => {
                        codes::count_wrong(conn, name, &account.id, CODE, now.saturating_sub(CODE_LIVES)).await?;
                        refused(conn, &inside, &invited, words::WRONG_CODE_ROW).await?;
                        Ok(Err(why))
                    }
                }
            }
            .boxed()
        })
        .await
}

/// Leaves the row about a step that was refused, unless it would tell that there is a login already.
async fn refused(conn: &mut Conn, visit: &Visit, invited: &Invited, why: &str) -> Result<(), Failure> {
    if !invited.is_complete {
        return Ok(());
    }
    let row = MemberLogRow { denied: true, detail: Some(why.to_owned()), ..MemberLogRow::new(LoginEvent::AcceptedInvitation) };
    visit.log(conn, &invited.account, row).await
}

/// Leaves the row about the last step. It does not tell whether the password of a login was wrong or a new one was not accepted (AR-4).
pub(super) async fn log_refused_password(visit: &Visit, invited: &Invited) -> Result<(), Failure> {
    let (inside, invited) = (visit.clone(), invited.clone());
    visit.write(move |writing| async move { refused(&mut writing.conn, &inside, &invited, REFUSED_PASSWORD).await }.boxed()).await
}

/// Returns whether the form has the proof of a right code, within its time.
pub(super) async fn is_proved(visit: &Visit, invited: &Invited) -> Result<bool, Failure> {
    let (name, account, now) = (visit.workspace.name.clone(), invited.account.id.clone(), visit.now());
    let typed = mark(visit, invited, visit.form.text("proof"));
    let sent = visit.read(move |conn| async move { sent(conn, &name, &account, PROOF, now).await }.boxed()).await?;
    Ok(check_code(&sent, &typed, now, same).is_ok())
}

/// Uses up what is kept of an account's codes, once its invitation is accepted.
pub(super) async fn forget(conn: &mut Conn, visit: &Visit, account: &str) -> Result<(), Failure> {
    Ok(codes::use_up_all(conn, &visit.workspace.name, account, visit.now()).await?)
}

async fn sent(conn: &mut Conn, workspace: &str, account: &str, purpose: &str, now: i64) -> Result<Vec<SentCode>, Failure> {
    let rows = codes::since(conn, workspace, account, purpose, now.saturating_sub(CODE_LIVES)).await?;
    Ok(rows.into_iter().map(|row| SentCode { hash: row.hash, sent_at: row.sent_at, wrong: row.wrong, used: row.used }).collect())
}

fn same(a: &str, b: &str) -> bool {
    a.as_bytes().ct_eq(b.as_bytes()).into()
}

//! Members who name a colleague by address, such as a provider the medical director (AR-9).

use crate::model::{Action, Field, Value as FieldValue};
use crate::server::failure::Failure;
use crate::server::members::visit::{MemberLogRow, Visit};
use crate::server::scim::users::rules;
use crate::store::{Conn, accounts};

/// Names a colleague, whose address changed, by the new one.
pub(super) async fn follow(conn: &mut Conn, visit: &Visit, (old, new): (&str, &str)) -> Result<(), Failure> {
    let workspace = &visit.workspace;
    for row in accounts::page(conn, &workspace.name, "", i64::MAX).await? {
        let fields = row.particulars.fields().iter();
        let named: Vec<(Field, FieldValue)> =
            fields.filter(|(_, value)| value.as_text() == Some(old)).map(|(field, _)| (field, FieldValue::Text(new.to_owned()))).collect();
        if named.is_empty() {
            continue;
        }
        let changes = rules::rewrite(conn, workspace, &row, &named, visit.now()).await?;
        if !changes.is_empty() {
            let detail = Some("a colleague has another address".to_owned());
            visit.log(conn, &row, MemberLogRow { detail, changes, ..MemberLogRow::new(Action::Update) }).await?;
        }
    }
    Ok(())
}

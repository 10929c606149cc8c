//! Finds workspaces that are one and the same on their server: a copied file whose address nobody changed.

use std::collections::BTreeMap;

use crate::model::{Connection, SecretRef};
use crate::platform;
use crate::yaml::Finding;

use super::attached::Workspaces;
use crate::manifest::file_read::FileRead;

/// Reports each workspace with the address of an earlier one: each plan would remove the other's people.
///
/// A server of plain SCIM can tell its workspaces apart by the token; one of a practice's platform has the workspace in the address.
pub(in crate::manifest) fn find_shared(reads: &mut [FileRead<'_>], workspaces: &Workspaces) {
    let mut known: BTreeMap<(String, Option<&SecretRef>), &str> = BTreeMap::new();
    let mut in_order: Vec<_> = workspaces.iter().collect();
    in_order.sort_by_key(|(_, (file, _))| *file);
    for (name, (file, workspace)) in in_order {
        let Connection::Scim(to) = &workspace.desired.connection else { continue };
        let is_plain = platform::by_id(&workspace.desired.platform).catalog().main_admin_optional;
        let address = to.url.as_str().trim_end_matches('/').to_owned();
        let Some(first) = known.get(&(address.clone(), is_plain.then_some(&to.token))) else {
            known.insert((address, is_plain.then_some(&to.token)), name);
            continue;
        };
        let Some((other, held)) = workspaces.get(*first) else { continue };
        let message = format!("the workspaces `{first}` and `{name}` have the same `connection.scim.url`, so they are one workspace");
        let finding = Finding::new("same-connection", workspace.name, message)
            .hint("write the address of this workspace; to split one workspace over several files, begin the others with `users_of: NAME`")
            .also_in(*other, held.name, "the other one");
        if let Some(read) = reads.get_mut(*file) {
            read.sink.push(finding);
        }
    }
}

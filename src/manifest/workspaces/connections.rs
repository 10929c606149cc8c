//! Finds workspaces that are one and the same on their server: a copied file whose address nobody changed.

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;
use url::{Host, Url};

use crate::model::SecretRef;
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
        let Some(to) = workspace.desired.connection.scim() else { continue };
        let is_plain = platform::by_id(&workspace.desired.platform).catalog().main_admin_optional;
        let address = address(&to.url);
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

/// Writes an address in the one form that all its spellings have: with names of this computer, closing dots, doubled slashes and encoded
/// letters.
fn address(url: &Url) -> String {
    let host = match url.host() {
        Some(Host::Domain(name)) if name.trim_end_matches('.') == "localhost" => "127.0.0.1".to_owned(),
        Some(Host::Domain(name)) => name.trim_end_matches('.').to_owned(),
        Some(Host::Ipv6(address)) if address.is_loopback() => "127.0.0.1".to_owned(),
        Some(Host::Ipv6(address)) => address.to_string(),
        Some(Host::Ipv4(address)) => address.to_string(),
        None => String::new(),
    };
    let parts = url.path_segments().into_iter().flatten().filter(|part| !part.is_empty());
    let path: Vec<String> = parts.map(|part| percent_decode_str(part).decode_utf8_lossy().into_owned()).collect();
    let port = url.port_or_known_default().unwrap_or_default();
    format!("{}://{host}:{port}/{}?{}", url.scheme(), path.join("/"), url.query().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_an_address_has_one_form() {
        let form = |text: &str| address(&Url::parse(text).unwrap());
        for other in ["https://H.example:443/scim/", "https://h.example./scim", "https://h.example//scim", "https://h.example/%73cim"] {
            assert_eq!(form(other), form("https://h.example/scim"), "{other}");
        }
        for other in ["http://127.0.0.1:8/a", "http://[::1]:8/a", "http://localhost.:8/a"] {
            assert_eq!(form(other), form("http://localhost:8/a"), "{other}");
        }
        for other in ["http://h.example/scim", "https://h.example/b/scim", "https://h.example/scim?b", "https://b.example/scim"] {
            assert_ne!(form(other), form("https://h.example/scim"), "{other}");
        }
    }
}

//! Reads a whole workspace as one value.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError};

use http::{HeaderMap, Method};
use serde_json::{Value as Json, json};
use serde_json_borrow::Value as Borrowed;

use super::address;
use super::listing::{Listing, list};
use super::page::id_text;
use crate::directory::scim::client::{Client, get, text};
use crate::directory::scim::{ScimDirectory, outdated, unmapped};
use crate::directory::{DirectoryError, Reader, Transport};
use crate::model::{
    Account, Actual, BlockRecord, Capabilities, Clinic, CodeWordCheck, Completeness, Delivery, Email, Employee, OtherAddresses, Outdated,
    RemoteId, Role, ServerWarning, joined,
};
use crate::platform::{is_key, key_of};
use crate::scim::map::{self, KeysAndIds, MapError, Privileges, user_to_account_sharing};
use crate::scim::paths;
use crate::scim::schema::record_names::{clinic, employee, role, user};
use crate::scim::{Node, urn};

impl<T: Transport> Reader for ScimDirectory<T> {
    async fn read(&self) -> Result<Actual, DirectoryError> {
        let offered = &self.discovery.capabilities;
        let mut complete = Completeness::Complete;
        let clinics: BTreeMap<String, Clinic> =
            if offered.clinics { with_keys(self.all(clinic::ENDPOINT, &mut complete, |r| map::clinic(r)).await?) } else { BTreeMap::new() };
        let roles: BTreeMap<String, Role> = if offered.roles {
            self.all(role::ENDPOINT, &mut complete, |r| map::role(r)).await?.into_iter().collect()
        } else {
            BTreeMap::new()
        };
        let mut employees: Vec<Employee> =
            if offered.employees { self.all(employee::ENDPOINT, &mut complete, |r| map::employee(r)).await? } else { Vec::new() };
        employees.sort_by(|a, b| a.id.cmp(&b.id));
        let mut names = KeysAndIds::new();
        for (key, clinic) in &clinics {
            names.add_clinic(key, &clinic.id);
        }
        for employee in &employees {
            names.add_employee(&employee.key, &employee.id);
        }
        let Listing { resources, completeness, date } = self.users(&self.client, &names).await?;
        *self.read_at.lock().unwrap_or_else(PoisonError::into_inner) = date;
        *self.names.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(names);
        let (mut outdated, mut blocked, mut others, mut addresses) = (Vec::new(), BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        let mut deliveries = BTreeMap::new();
        // Done in place: a second list of ten thousand accounts is a tenth of the memory of a plan.
        let mut accounts: Vec<Account> = resources
            .into_iter()
            .filter_map(|listed| {
                let Listed { account, outdated: found, block, delivery, others: to_choose, addresses: several } = listed?;
                addresses.extend(Some(several).filter(|several| !several.is_empty()).map(|several| (account.id.clone(), several)));
                outdated.extend(found);
                others.extend(Some(to_choose).filter(|others| !others.is_empty()).map(|others| (account.id.clone(), others)));
                blocked.extend(block.map(|block| (account.id.clone(), *block)));
                deliveries.extend(delivery.map(|delivery| (account.id.clone(), *delivery)));
                Some(account)
            })
            .collect();
        accounts.sort_unstable_by(|a, b| a.id.cmp(&b.id));
        self.choose_addresses(&mut accounts, &others);
        self.look_closer(&mut accounts).await;
        let ids = accounts.iter().map(|account| &account.id).filter(|_| self.is_foreign());
        *self.twins.lock().unwrap_or_else(PoisonError::into_inner) = twins(ids);
        let mut other_addresses = OtherAddresses::new();
        for account in &accounts {
            address::add_others(&mut other_addresses, account, addresses.remove(&account.id).unwrap_or_default());
        }
        if let Some(account) = accounts.first() {
            self.remember(&account.email);
        }
        let Me { owner: token_owner, main_admin } = self.me(&accounts).await?;
        if let Some(account) = accounts.iter_mut().find(|account| main_admin.as_ref() == Some(&account.id)) {
            account.main_admin = true;
        }
        Ok(Actual {
            server: self.name.clone(),
            as_of: date.unwrap_or(self.now),
            outdated,
            without_address: self.active_without_address(),
            other_addresses,
            blocked,
            deliveries,
            clinics,
            roles,
            employees,
            main_admin: accounts.iter().find(|a| a.main_admin).map(|a| a.email.clone()),
            token_owner,
            code_word_matches: self.code_word_matches().await?,
            capabilities: Capabilities { one_name: offered.one_name || self.names_seen.are_one_text(), ..offered.clone() },
            completeness: completeness.and(complete),
            list: None,
            accounts,
        })
    }
}

impl<T: Transport> ScimDirectory<T> {
    /// Lists everything at an endpoint, and notes what makes the list partial.
    async fn all<R>(
        &self,
        endpoint: &str,
        complete: &mut Completeness,
        read: impl Fn(&Borrowed<'_>) -> Result<R, MapError>,
    ) -> Result<Vec<R>, DirectoryError> {
        let listing = list(&self.client, endpoint, self.discovery.paging, |r| read(r).map_err(unmapped)).await?;
        *complete = listing.completeness.and(std::mem::replace(complete, Completeness::Complete));
        Ok(listing.resources)
    }

    /// Reads the keys of the clinics by their ids, so that a log can name them; none if the server does not say them.
    pub async fn clinic_keys(&self) -> BTreeMap<String, String> {
        if !self.discovery.capabilities.clinics {
            return BTreeMap::new();
        }
        let found = self.all(clinic::ENDPOINT, &mut Completeness::Complete, |r| map::clinic(r)).await;
        with_keys(found.unwrap_or_default()).into_iter().map(|(key, clinic)| (clinic.id.0, key)).collect()
    }

    /// Lists all users. A user without an address is left out with a warning, and is never changed.
    pub(super) async fn users<C: Transport>(
        &self,
        client: &Client<C>,
        names: &KeysAndIds,
    ) -> Result<Listing<Option<Listed>>, DirectoryError> {
        let context = self.context(names);
        let mut privileges = Privileges::default();
        let mut shown = BTreeSet::new();
        let listing =
            list(client, user::ENDPOINT, self.discovery.paging, |user| match user_to_account_sharing(user, &context, &mut privileges) {
                Ok(account) => {
                    shown.extend(account.fields.iter().filter(|(_, value)| !value.is_empty()).map(|(field, _)| field));
                    let mut account = self.names_seen.adjust(user, account, &self.discovery.capabilities);
                    self.order_phones(user, &mut account);
                    let outdated =
                        if self.discovery.capabilities.practice_extension { Vec::new() } else { outdated::found(user, &account) };
                    let others = self.other_addresses(user, &account);
                    let addresses = if self.is_foreign() { address::several(user, &account.email) } else { Vec::new() };
                    let (block, delivery) = (map::block_record(user).map(Box::new), map::delivery(user).map(Box::new));
                    Ok(Some(Listed { account, outdated, block, delivery, others, addresses }))
                }
                Err(MapError::NoAddress { id }) => {
                    let login = map::is_active_user(user).then(|| user.member("userName").and_then(Node::text).unwrap_or(&id).to_owned());
                    self.without_address.lock().unwrap_or_else(PoisonError::into_inner).insert(id.clone(), login);
                    self.warn(ServerWarning::NoAddress { id });
                    Ok(None)
                }
                Err(
                    error @ (MapError::Lacks { .. }
                    | MapError::UnknownClinic(_)
                    | MapError::UnknownEmployee(_)
                    | MapError::NoWireForm { .. }),
                ) => Err(unmapped(error)),
            })
            .await;
        self.listed.lock().unwrap_or_else(PoisonError::into_inner).extend(shown);
        listing
    }

    /// Asks whose token this is (RFC 7644 section 3.11).
    async fn me(&self, accounts: &[Account]) -> Result<Me, DirectoryError> {
        let url = self.client.below(paths::ME);
        let with_id = |id: &RemoteId| accounts.iter().find(|account| account.id == *id).map(|account| account.email.clone());
        let owner = |owner: Option<Email>| Me { owner, main_admin: None };
        let answer = match self.client.send_to(Method::GET, &url, None, HeaderMap::new()).await {
            // Some servers redirect to the account. That is not followed, but it names the id.
            Ok(answer) if answer.status.is_redirection() => return Ok(owner(answer.located().and_then(|id| with_id(&id)))),
            Ok(answer) if answer.trouble().is_none() => Ok(answer),
            Ok(_) | Err(_) => self.client.get(&url).await,
        };
        match answer {
            Ok(answer) if answer.status.is_success() => {
                let main_admin = answer.linked(urn::MAIN_ADMIN);
                let Some(user) = answer.resource() else { return Ok(Me { owner: None, main_admin }) };
                let by_id = get(&user, "id").and_then(id_text).and_then(|id| with_id(&RemoteId(id)));
                let by_address = || self.account(&user).ok().map(|account| account.email);
                let by_login = || text(&user, "userName").and_then(|name| Email::parse(name.trim()).ok());
                Ok(Me { owner: by_id.or_else(by_address).or_else(by_login), main_admin })
            }
            Ok(answer) if matches!(answer.status.as_u16(), 403 | 404 | 405 | 501) => Ok(owner(None)),
            Err(DirectoryError::Protocol { .. }) => Ok(owner(None)),
            Ok(answer) => Ok(owner(self.owner_unknown(&answer.refusal()))),
            // The users were read with the same token.
            Err(error @ (DirectoryError::Unreachable { .. } | DirectoryError::Busy { .. } | DirectoryError::Auth { .. })) => {
                Ok(owner(self.owner_unknown(&error)))
            }
            Err(
                error
                @ (DirectoryError::Stale(_) | DirectoryError::Taken | DirectoryError::Refused { .. } | DirectoryError::Dropped { .. }),
            ) => Err(error),
        }
    }

    /// Warns that the owner of the token is unknown, although the server could say: a guard cannot work then.
    fn owner_unknown(&self, why: &DirectoryError) -> Option<Email> {
        self.warn(ServerWarning::OwnerUnknown { error: why.cause() });
        None
    }

    /// Returns whether the roster's code word is the one that is set (PBN-5); `None` if there is none to compare.
    async fn code_word_matches(&self) -> Result<Option<CodeWordCheck>, DirectoryError> {
        if self.platform.catalog().code_word.is_none() {
            return Ok(None);
        }
        let Some(word) = &self.code_word else { return Ok(self.lacks_code_word.then_some(CodeWordCheck::NotFetched)) };
        let Some(url) = self.client.beside(joined!(paths::CODE_WORD, paths::VERIFY)) else { return Ok(None) };
        let answer = self.client.ask(&url, &json!({ "codeWord": word.expose() })).await;
        if answer.as_ref().is_err_and(DirectoryError::is_put_off) {
            return Ok(Some(CodeWordCheck::NotCompared));
        }
        let answer = answer?;
        match answer.status.as_u16() {
            200 => {
                let check = |matches| if matches { CodeWordCheck::Matches } else { CodeWordCheck::Differs };
                Ok(answer.json()?.get("matches").and_then(Json::as_bool).map(check))
            }
            404 | 405 | 501 => Ok(None),
            _ => Err(answer.refusal()),
        }
    }
}

/// The clinics by keys that a roster can have: one that has none gets a key made from its name, the same one as long as there are no others.
fn with_keys(mut found: Vec<(String, Clinic)>) -> BTreeMap<String, Clinic> {
    found.sort_by(|(a, one), (b, other)| (!is_key(a), &one.id).cmp(&(!is_key(b), &other.id)));
    let mut clinics = BTreeMap::new();
    for (own, clinic) in found {
        let made = key_of(if is_key(&own) { &own } else { &clinic.name });
        let mut keys = std::iter::once(made.clone()).chain((2_usize..).map(|n| format!("{made}-{n}")));
        let free = keys.find(|key| is_key(&own) || !clinics.contains_key(key));
        clinics.insert(free.unwrap_or(own), clinic);
    }
    clinics
}

/// The ids of which there is another one that differs in capitals or blanks only.
fn twins<'a>(ids: impl Iterator<Item = &'a RemoteId>) -> BTreeSet<RemoteId> {
    let mut alike: BTreeMap<String, Vec<&RemoteId>> = BTreeMap::new();
    for id in ids.filter(|id| id.0.contains(|c: char| c.is_alphabetic() || c.is_whitespace())) {
        alike.entry(id.0.trim().to_lowercase()).or_default().push(id);
    }
    alike.into_values().filter(|ids| ids.len() > 1).flatten().cloned().collect()
}

/// The facts that `/Me` has.
struct Me {
    /// The address of the account whose token this is; `None` if the server does not say.
    owner: Option<Email>,
    /// The id of the main admin's account, where users have no attribute for it.
    main_admin: Option<RemoteId>,
}

/// One user of a list.
pub(super) struct Listed {
    pub(super) account: Account,
    outdated: Vec<Outdated>,
    /// Boxed: few accounts are blocked.
    block: Option<Box<BlockRecord>>,
    /// Boxed: few invitations are open.
    delivery: Option<Box<Delivery>>,
    /// Other addresses that the roster has.
    others: Vec<Email>,
    /// All addresses, if there are others than the one by which the account is known.
    addresses: Vec<Email>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Fingerprint;

    #[test]
    fn a_clinic_without_a_usable_key_gets_one_from_its_name() {
        let clinic = |id: &str, key: &str, name: &str| {
            (key.to_owned(), Clinic { id: RemoteId(id.to_owned()), fingerprint: Fingerprint(String::new()), name: name.to_owned() })
        };
        let found = vec![
            clinic("3", "Glow Zürich!", "Glow Zürich"),
            clinic("2", "Clinic 2", "Uptown"),
            clinic("1", "uptown", "Glow Uptown"),
            clinic("4", "Clinic 4", "院"),
        ];
        let ids =
            |clinics: BTreeMap<String, Clinic>| clinics.into_iter().map(|(key, clinic)| format!("{key} {}", clinic.id)).collect::<Vec<_>>();
        let keys = ids(with_keys(found.clone()));
        assert_eq!(keys, ["glow-zurich 3", "other 4", "uptown 1", "uptown-2 2"]);
        assert_eq!(ids(with_keys(found.into_iter().rev().collect())), keys, "whatever their order");
    }
}

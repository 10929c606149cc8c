//! The platforms that rosters bring.
//!
//! The id of one has a hash of its catalog, so that two rosters can call different things by one name, and a plan finds the catalog it was
//! made with.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use sha2::{Digest as _, Sha256};

use crate::model::PlatformId;

use super::catalogs::catalog::{Catalog, PrivilegeEntry};
use crate::platform::rules::NoRules;
use crate::platform::{Platform, named};

/// The most platforms that one run of the program can know besides the built-in ones.
const MOST: usize = 1024;

/// The hex digits of a hash that an id has.
const DIGITS: usize = 16;

/// The privilege that the roles have that make an administrator.
const MANAGES_USERS: &str = "manage users";

/// All of them, by id. A platform that was made stays.
static PLATFORMS: Mutex<BTreeMap<PlatformId, &'static Arc<Platform>>> = Mutex::new(BTreeMap::new());

/// Makes a platform of a roster's own catalog, or finds it; `None` if there are too many already.
#[must_use]
pub fn of_roster(mut catalog: Catalog) -> Option<&'static Arc<Platform>> {
    catalog.is_own = true;
    name_administrators(&mut catalog);
    let text = serde_json::to_vec(&catalog).unwrap_or_default();
    let mut hash = data_encoding::HEXLOWER.encode(&Sha256::digest(&text));
    hash.truncate(DIGITS);
    let id = PlatformId::of_roster(&catalog.platform, &hash);
    let mut platforms = PLATFORMS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = platforms.get(&id) {
        return Some(known);
    }
    if platforms.len() == MOST || named(&catalog.platform).is_some() {
        return None;
    }
    let platform: &'static Arc<Platform> = Box::leak(Box::new(Arc::new(Platform { id: id.clone(), catalog, rules: &NoRules })));
    platforms.insert(id, platform);
    Some(platform)
}

/// Gives the roles that make an administrator a privilege that says so, by which guards count them.
fn name_administrators(catalog: &mut Catalog) {
    let (Some(administrators), None) = (&catalog.administrators, &catalog.manages_users) else { return };
    for key in &administrators.roles {
        if let Some(role) = catalog.roles.get_mut(key) {
            role.privileges.insert(MANAGES_USERS.to_owned());
        }
    }
    let entry = PrivilegeEntry { name: Some("Manage users".to_owned()), source: None, assumed: false };
    catalog.privileges.insert(MANAGES_USERS.to_owned(), entry);
    catalog.manages_users = Some(MANAGES_USERS.to_owned());
}

/// Returns the platform with an id, if a roster or a saved plan brought it.
pub(in crate::platform) fn by_id(id: &PlatformId) -> Option<&'static Arc<Platform>> {
    PLATFORMS.lock().unwrap_or_else(PoisonError::into_inner).get(id).copied()
}

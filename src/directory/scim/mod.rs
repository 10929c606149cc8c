//! A SCIM server as a directory: reads everything, writes one change at a time (RFC 7643, 7644).

mod client;
mod message_form;
mod pacing;
mod phone_order;
mod places;
mod reading;
mod writing;

use reading::{discovery, full_name, listing, outdated};

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use serde_json::Value as Json;
use url::Url;

pub use self::writing::compare::is_done;

use self::client::Client;
use self::phone_order::RosterPhones;
use self::reading::address::{AddressesById, LastNames};
use self::reading::discovery::Discovery;
use self::reading::full_name::NamesSeen;
use self::writing::content::LeftOutAttributes;
use self::writing::patching::WriteForm;
use super::retry::Backoff;
use super::{DirectoryError, Transport};
use crate::model::{
    Account, Capabilities, Country, Desired, Email, Field, PlatformId, ProtocolError, RemoteId, Secret, ServerId, ServerWarning,
};
use crate::platform::{self, Platform};
use crate::scim::map::{self, Context, KeysAndIds, MapError, user_to_account};

/// The things that a connection to a server needs.
pub struct Server {
    /// The server and the workspace, as plans name them.
    pub name: ServerId,
    /// The base URL, such as `https://host/workspace/scim/v2`.
    pub base: Url,
    /// The workspace's platform.
    pub platform: PlatformId,
    /// The country whose national phone numbers are understood.
    pub country: Option<Country>,
    /// The roster's code word, to be compared (PBN-5).
    pub code_word: Option<Secret>,
    /// The time to use if the server sends none, epoch milliseconds.
    pub now: i64,
    /// Says how often and when a read is tried again.
    pub backoff: Backoff,
}

/// A SCIM server.
pub struct ScimDirectory<T> {
    client: Client<T>,
    name: ServerId,
    platform: Arc<Platform>,
    country: Option<Country>,
    code_word: Option<Secret>,
    /// Says whether the roster has a code word that could not be fetched.
    lacks_code_word: bool,
    now: i64,
    discovery: Discovery,
    names: RwLock<Arc<KeysAndIds>>,
    warnings: Mutex<Vec<ServerWarning>>,
    /// The ids of users without a valid address, who are left as they are, with the logins of those who are active.
    without_address: Mutex<BTreeMap<String, Option<String>>>,
    /// The keys of the changes that requests of this run took effect for, until the change is done.
    effective: Mutex<BTreeSet<String>>,
    /// The server's answers to the parts of changes that it refused, by the keys of the changes.
    answers: Mutex<BTreeMap<String, String>>,
    /// Somebody who has an account, to try the server's filter with.
    known: Mutex<Option<Email>>,
    /// The roster's people, if it prefers addresses.
    roster: LastNames,
    /// The phone numbers that the roster's people have in it.
    roster_phones: RosterPhones,
    /// The addresses that were chosen among several.
    chosen: Mutex<AddressesById>,
    /// In what form the server has people's names.
    names_seen: NamesSeen,
    /// Says whether the server has not answered a question about `emails` in this run.
    finds_no_emails: AtomicBool,
    /// The form of changes that worked in this run.
    form: Mutex<Option<WriteForm>>,
    /// Says whether the server has accepted a PATCH with a path in this run.
    takes_paths: AtomicBool,
    /// Says whether the server has not allowed any form of changing a user in this run.
    allows_nothing: AtomicBool,
    /// Says whether the server has answered that a version is another one, and shown the same one.
    compares_nothing: AtomicBool,
    /// Says whether the server has forbidden every attribute of a change of somebody in this run (403).
    forbids_changes: AtomicBool,
    /// Says whether the server has forbidden to create a user with their login alone in this run (403).
    forbids_creation: AtomicBool,
    /// Says whether the server has accepted the whole of a user only without what clients cannot write.
    puts_less: AtomicBool,
    /// Says whether the server has not accepted the whole of a user for what it has no PATCH for.
    puts_in_vain: AtomicBool,
    /// The attributes that new users were created without in this run.
    creation: Mutex<LeftOutAttributes>,
    /// Says whether a new user was accepted only with a name for people to read, on a server without a schema.
    needs_display_name: AtomicBool,
    /// The time at which the users were listed, by the server's clock; `None` if it does not say.
    read_at: Mutex<Option<i64>>,
    /// Says whether the list and each user alone have different versions, so that only what they say is compared.
    own_versions: AtomicBool,
    /// Says whether the list shows less of users than each of them does, so that each is read alone.
    reads_alone: AtomicBool,
    /// Those who are read alone whenever the list is read, since a plan sets what it hides.
    known_alone: Mutex<BTreeSet<RemoteId>>,
    /// The ids of which the list has another one that differs in capitals or blanks only.
    twins: Mutex<BTreeSet<RemoteId>>,
    /// The fields that the list of users shows of anybody.
    listed: Mutex<BTreeSet<Field>>,
}

impl<T: Transport> ScimDirectory<T> {
    /// Asks the server what it can do.
    ///
    /// # Errors
    /// If the server cannot be reached or does not accept the token. A broken discovery document is a warning.
    pub async fn connect(transport: T, server: Server) -> Result<Self, DirectoryError> {
        let Server { name, base, platform, country, code_word, now, backoff } = server;
        let client = Client::new(transport, &base, backoff);
        let discovery = discovery::discover(&client).await?;
        let warnings = Mutex::new(discovery.warnings.clone());
        // A version that nobody vouches for may stay the same whatever is changed.
        let own_versions = AtomicBool::new(!discovery.capabilities.practice_extension && !discovery.capabilities.etag);
        let platform = Arc::clone(platform::by_id(&platform));
        Ok(Self {
            client,
            name,
            platform,
            country,
            code_word,
            lacks_code_word: false,
            now,
            discovery,
            names: RwLock::default(),
            warnings,
            without_address: Mutex::default(),
            effective: Mutex::default(),
            answers: Mutex::default(),
            known: Mutex::default(),
            roster: LastNames::default(),
            roster_phones: RosterPhones::default(),
            chosen: Mutex::default(),
            names_seen: NamesSeen::default(),
            finds_no_emails: AtomicBool::default(),
            form: Mutex::default(),
            takes_paths: AtomicBool::default(),
            allows_nothing: AtomicBool::default(),
            compares_nothing: AtomicBool::default(),
            forbids_changes: AtomicBool::default(),
            forbids_creation: AtomicBool::default(),
            puts_less: AtomicBool::default(),
            puts_in_vain: AtomicBool::default(),
            creation: Mutex::default(),
            needs_display_name: AtomicBool::default(),
            read_at: Mutex::default(),
            own_versions,
            reads_alone: AtomicBool::default(),
            known_alone: Mutex::default(),
            twins: Mutex::default(),
            listed: Mutex::default(),
        })
    }

    /// Takes note of whether the roster has a code word. One that could not be fetched is unknown; everything else is read and written
    /// without it.
    #[must_use]
    pub const fn expecting_code_word(mut self, desired: &Desired) -> Self {
        self.lacks_code_word = desired.code_word.is_some() && self.code_word.is_none();
        self
    }

    /// Returns what was unusual about the server so far.
    #[must_use]
    pub fn warnings(&self) -> Vec<ServerWarning> {
        self.warnings.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Returns the ids of users without a valid address, whom no list contains.
    #[must_use]
    pub fn without_address(&self) -> BTreeSet<String> {
        self.without_address.lock().unwrap_or_else(PoisonError::into_inner).keys().cloned().collect()
    }

    fn active_without_address(&self) -> BTreeMap<String, String> {
        let known = self.without_address.lock().unwrap_or_else(PoisonError::into_inner);
        known.iter().filter_map(|(id, login)| Some((id.clone(), login.clone()?))).collect()
    }

    /// Returns what the server can do.
    #[must_use]
    pub const fn capabilities(&self) -> &Capabilities {
        &self.discovery.capabilities
    }

    /// Returns how the server is reached.
    #[must_use]
    pub const fn transport(&self) -> &T {
        self.client.transport()
    }

    fn warn(&self, warning: ServerWarning) {
        let mut warnings = self.warnings.lock().unwrap_or_else(PoisonError::into_inner);
        if !warnings.contains(&warning) {
            warnings.push(warning);
        }
    }

    fn write_form(&self) -> WriteForm {
        let learned = *self.form.lock().unwrap_or_else(PoisonError::into_inner);
        learned.unwrap_or(if self.discovery.put_only { WriteForm::Whole } else { WriteForm::default() })
    }

    fn learn_form(&self, form: WriteForm) {
        *self.form.lock().unwrap_or_else(PoisonError::into_inner) = Some(form);
    }

    fn names(&self) -> Arc<KeysAndIds> {
        Arc::clone(&self.names.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Changes the known keys and ids; readers that already have them keep the old ones.
    fn learn(&self, change: impl FnOnce(&mut KeysAndIds)) {
        change(Arc::make_mut(&mut *self.names.write().unwrap_or_else(PoisonError::into_inner)));
    }

    fn context<'a>(&'a self, names: &'a KeysAndIds) -> Context<'a> {
        let practice_extension = self.discovery.capabilities.practice_extension;
        Context { catalog: self.platform.catalog(), names, practice_extension, every_role_counts: true, country: self.country }
    }

    fn account(&self, user: &Json) -> Result<Account, DirectoryError> {
        let names = self.names();
        let account = user_to_account(user, &self.context(&names)).map_err(unmapped)?;
        let mut account = self.names_seen.adjust(user, account, &self.discovery.capabilities);
        self.keep_chosen(user, &mut account);
        self.order_phones(user, &mut account);
        if self.own_versions.load(Ordering::Relaxed) {
            account.fingerprint = map::own_fingerprint(&account);
        }
        Ok(account)
    }
}

fn unmapped(error: MapError) -> DirectoryError {
    ProtocolError::from(error).into()
}

//! Loads the configuration of a server, and the rosters and start files that it names.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::manifest::server::{Hosted, ServerConfig, read};
use crate::manifest::{Roster, Source};
use crate::model::{Connection, Desired, Secret, scim_address};
use crate::server::Carrier;
use crate::store::Store;

use super::carriers;
use super::certificate::CertificateFiles;
use super::served;
use crate::cli::files::database_file;
use crate::cli::files::path_text::{not_read, shown};
use crate::cli::files::state_dir;
use crate::cli::roster::{self, find_workspace};
use crate::cli::terminal::Terminal;
use crate::cli::workspaces::stores::{DatabaseFiles, Stores};

/// The database's name if the configuration says nothing.
const DATABASE: &str = "server.db";

/// A configuration with everything that it names.
pub(in crate::cli) struct Configured {
    pub(in crate::cli) config: ServerConfig,
    /// The workspaces, sorted by name.
    pub(in crate::cli) workspaces: Vec<Desired>,
    /// The folder of the configuration.
    folder: PathBuf,
    /// The workspaces whose rosters have databases of their own, which `apply` changes, with those files.
    elsewhere: Vec<(String, PathBuf)>,
}

/// Loads a configuration, or shows its mistakes and returns `None`.
///
/// # Errors
/// Fails if a file cannot be read, or if a roster does not have the workspace that it should.
pub(in crate::cli) fn load_or_show(path: &Path, terminal: Terminal) -> anyhow::Result<Option<Configured>> {
    let bytes = roster::read(path).map_err(|why| not_read(path, why))?.0;
    let folder = path.parent().map(Path::to_owned).unwrap_or_default();
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    let open = |start: &str| roster::read(&folder.join(start)).ok().map(|(bytes, _)| bytes);
    let config = match read(&Source { name, bytes }, &open) {
        Ok(config) => config,
        Err(mistakes) => {
            terminal.say(&mistakes.render("in the configuration", terminal.colors_stderr()));
            return Ok(None);
        }
    };
    let mut rosters: BTreeMap<PathBuf, Roster> = BTreeMap::new();
    let (mut workspaces, mut elsewhere) = (Vec::new(), Vec::new());
    for (name, hosted) in &config.workspaces {
        let (directory, platform) = match hosted {
            Hosted::Start(desired) => {
                workspaces.push((**desired).clone());
                continue;
            }
            Hosted::Roster { directory, platform } => (folder.join(directory), platform),
        };
        // Two spellings of one directory are one roster, whose warnings are shown once.
        let directory = fs::canonicalize(&directory).unwrap_or(directory);
        if !rosters.contains_key(&directory) {
            let Some(roster) = roster::load_or_show(&directory, terminal)? else { return Ok(None) };
            rosters.insert(directory.clone(), roster);
        }
        let listed = rosters.get(&directory).map(|roster| roster.workspaces.as_slice()).unwrap_or_default();
        let desired = find_workspace(listed, name, &format!("the roster in `{}`", shown(&directory)))?;
        if let Some(platform) = platform.as_ref().filter(|platform| **platform != desired.platform) {
            let (there, here) = (&desired.platform.0, &platform.0);
            anyhow::bail!("`{name}` is on `{there}` according to its roster in `{}`, but not `{here}`", shown(&directory));
        }
        elsewhere.extend(database_file::path_of(desired, &directory).map(|database| (name.clone(), database)));
        workspaces.push(desired.clone());
    }
    Ok(Some(Configured { config, workspaces, folder, elsewhere }))
}

impl Configured {
    /// Returns the files of the certificate, if the server speaks TLS.
    pub(in crate::cli) fn certificate(&self) -> Option<CertificateFiles> {
        let files = self.config.tls.as_ref()?;
        Some(CertificateFiles { certificate: self.folder.join(&files.certificate), key: self.folder.join(&files.key) })
    }

    /// Returns who carries mail and text messages. Secrets are fetched now, so that a server that starts can send.
    ///
    /// # Errors
    /// Fails if a secret or a certificate cannot be read.
    pub(in crate::cli) async fn carriers(&self) -> anyhow::Result<(Option<Carrier>, Option<Carrier>)> {
        carriers::carriers(&self.config, &self.folder).await
    }

    /// Returns the secret that goes into the hashes of passwords, if the configuration names one.
    ///
    /// # Errors
    /// Fails if it cannot be read, or if it is too short.
    pub(in crate::cli) async fn pepper(&self) -> anyhow::Result<Option<Secret>> {
        carriers::pepper(&self.config, &self.folder).await.context("cannot use `pepper` of the configuration")
    }

    /// Warns of rosters whose plans never reach the server, since they are for another database.
    pub(in crate::cli) fn warn_of_other_databases(&self, terminal: Terminal) {
        let exact = |path: &Path| fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let own = exact(&self.database());
        for (name, database) in self.elsewhere.iter().filter(|(_, database)| exact(database) != own) {
            let address = scim_address(self.config.public_url.as_deref().unwrap_or("http://HOST"), name);
            terminal.warn(&format!(
                "`apply` changes `{name}` in the roster's own database `{}`, and not on this server: write \
                 `connection: {{ scim: {{ url: {address}, token: … }} }}` in the roster",
                shown(database)
            ));
        }
    }

    /// Returns the path of the database.
    pub(in crate::cli) fn database(&self) -> PathBuf {
        match &self.config.database {
            Some(path) => self.folder.join(path),
            None => self.folder.join(state_dir::NAME).join(DATABASE),
        }
    }

    /// Returns the files of the database.
    fn files(&self) -> DatabaseFiles {
        DatabaseFiles { database: self.database(), key: self.config.key_file.as_ref().map(|path| self.folder.join(path)) }
    }

    /// Opens the database, which must exist.
    ///
    /// # Errors
    /// Fails if it does not exist, or if it cannot be opened.
    pub(in crate::cli) async fn existing(&self, stores: &Stores) -> anyhow::Result<Store> {
        served::existing_in(&self.files(), "after `rosterctl serve --config` has created it", stores).await
    }

    /// Returns the workspace of that name.
    ///
    /// # Errors
    /// Fails if the configuration does not have it.
    pub(in crate::cli) fn workspace(&self, name: &str) -> anyhow::Result<&Desired> {
        find_workspace(&self.workspaces, name, "this configuration")
    }

    /// Returns the workspaces as they are in the server's database, whatever their rosters connect to.
    pub(in crate::cli) fn in_database(&self) -> Vec<Desired> {
        let own = |desired: &Desired| {
            let connection = Connection::Embedded { path: Some(self.database()), start: desired.connection.start().cloned() };
            // What a roster refers to is not read here.
            Desired { connection, code_word: None, ..desired.clone() }
        };
        self.workspaces.iter().map(own).collect()
    }

    /// Opens the store of a workspace, creating the file and the workspace if they do not exist yet.
    ///
    /// # Errors
    /// Fails if the file cannot be opened, or if the workspace cannot be created.
    pub(in crate::cli) async fn open(&self, desired: &Desired, stores: &Stores) -> anyhow::Result<Store> {
        served::open_in(&self.files(), desired, &self.folder, stores).await
    }
}

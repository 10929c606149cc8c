//! The certificate of a server, read from its files.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::server::{OperatorLog, Tls};

use crate::cli::files::path_text::{not_read, shown};
use crate::cli::signals::reloading::at_each_hangup;

/// The files of a certificate and its key.
#[derive(Clone)]
pub(in crate::cli) struct CertificateFiles {
    pub(in crate::cli) certificate: PathBuf,
    pub(in crate::cli) key: PathBuf,
}

impl CertificateFiles {
    /// Reads the files.
    ///
    /// # Errors
    /// Fails if a file cannot be read, or if they do not have a certificate and its key.
    pub(in crate::cli) fn load(&self) -> anyhow::Result<Tls> {
        let (certificate, key) = self.read()?;
        Tls::new(&certificate, &key).with_context(|| self.why())
    }

    /// Reads the files again at each SIGHUP. If they cannot be used then, the old certificate stays.
    ///
    /// # Errors
    /// Fails if the system does not allow it.
    pub(in crate::cli) fn reload_on_hangup(self, tls: Tls, log: OperatorLog) -> anyhow::Result<()> {
        let work = move || {
            let read = self.read().and_then(|(certificate, key)| tls.replace(&certificate, &key).with_context(|| self.why()));
            match read {
                Ok(()) => log.line("The certificate was read again."),
                Err(why) => log.warn(&format!("The old certificate stays: {why:#}")),
            }
        };
        at_each_hangup(work).context("cannot wait for signals")
    }

    fn read(&self) -> anyhow::Result<(Vec<u8>, Vec<u8>)> {
        let read = |path: &Path| fs::read(path).map_err(|why| not_read(path, why));
        Ok((read(&self.certificate)?, read(&self.key)?))
    }

    fn why(&self) -> String {
        format!("cannot use the certificate `{}` with the key `{}`", shown(&self.certificate), shown(&self.key))
    }
}

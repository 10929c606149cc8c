//! Arguments that may contain a secret by mistake: an error about one does not repeat its value, as errors about other arguments do.

use std::ffi::OsStr;
use std::path::PathBuf;

use clap::builder::TypedValueParser;
use clap::error::ErrorKind;

use crate::manifest::server::public_url;
use crate::manifest::{DATABASE_IS_A_FILE, WRITE_ITS_PATH, is_url};

/// Reads an argument, or says what is wrong with it.
#[derive(Clone)]
pub(in crate::cli) struct Unrepeated<T>(fn(&OsStr) -> Result<T, String>);

impl<T: Clone + Send + Sync + 'static> TypedValueParser for Unrepeated<T> {
    type Value = T;

    fn parse_ref(&self, command: &clap::Command, argument: Option<&clap::Arg>, value: &OsStr) -> Result<T, clap::Error> {
        (self.0)(value).map_err(|why| {
            let argument = argument.map(ToString::to_string).unwrap_or_default();
            clap::Error::raw(ErrorKind::ValueValidation, format!("invalid value for '{argument}': {why}\n")).with_cmd(command)
        })
    }
}

/// Reads the URL of a server that somebody typed.
pub(in crate::cli) fn server_url() -> Unrepeated<String> {
    Unrepeated(|text| public_url(&text.to_string_lossy()).map_err(|problem| problem.in_one_line()))
}

/// Reads the path of a database.
pub(in crate::cli) fn database() -> Unrepeated<PathBuf> {
    Unrepeated(|text| {
        if is_url(&text.to_string_lossy()) {
            return Err(format!("{DATABASE_IS_A_FILE}: {WRITE_ITS_PATH}"));
        }
        Ok(PathBuf::from(text))
    })
}

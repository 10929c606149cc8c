//! The file that has the key of a vault.

use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use rand::RngExt;

/// The length of the key, in bytes.
const KEY: usize = 32;
/// In a key file, this word says that the key is lost and that a new one takes its place.
const NEW: &str = "new";

/// The content of a key file.
pub(super) enum KeyFile {
    /// There is no file.
    Missing,
    /// Somebody wrote that the key is lost.
    Lost,
    /// A key, which may be damaged.
    Key(Vec<u8>),
}

/// Reads a key file.
pub(super) fn read(path: &Path) -> io::Result<KeyFile> {
    let mut text = String::new();
    match std::fs::File::open(path).and_then(|mut file| file.read_to_string(&mut text)) {
        Err(why) if why.kind() == io::ErrorKind::NotFound => return Ok(KeyFile::Missing),
        // It is a file of something else, as a key is text.
        Err(why) if why.kind() == io::ErrorKind::InvalidData => return Ok(KeyFile::Key(Vec::new())),
        Err(why) => return Err(why),
        Ok(_) => {}
    }
    let text = text.trim();
    if text == NEW {
        return Ok(KeyFile::Lost);
    }
    Ok(KeyFile::Key(data_encoding::BASE64URL_NOPAD.decode(text.as_bytes()).unwrap_or_default()))
}

/// Makes a key file with mode 0600, where there is none yet. Of two programs that do so at once, both get the key of the first.
pub(super) fn make(path: &Path) -> io::Result<KeyFile> {
    let complete = write_complete(path)?;
    // A link never replaces a file, so the first one stays.
    let linked = std::fs::hard_link(&complete, path);
    std::fs::remove_file(&complete)?;
    match linked {
        Err(why) if why.kind() != io::ErrorKind::AlreadyExists => Err(why),
        Ok(()) | Err(_) => read(path),
    }
}

/// Replaces a key file by one with a new key.
pub(super) fn replace(path: &Path) -> io::Result<KeyFile> {
    std::fs::rename(write_complete(path)?, path)?;
    read(path)
}

/// Returns a random key.
pub(super) fn random_key() -> [u8; KEY] {
    let mut key = [0_u8; KEY];
    rand::rng().fill(&mut key);
    key
}

/// Writes a random key into a hidden file beside a path.
fn write_complete(path: &Path) -> io::Result<PathBuf> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let fresh = folder.join(format!(".{}.key", uuid::Uuid::new_v4()));
    let mut open = std::fs::OpenOptions::new();
    open.create_new(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut open, 0o600);
    let mut file = open.open(&fresh)?;
    file.write_all(data_encoding::BASE64URL_NOPAD.encode(&random_key()).as_bytes())?;
    file.sync_all()?;
    Ok(fresh)
}

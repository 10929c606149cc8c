//! The mail server and the gateway of a configuration, with their secrets.

use std::path::Path;

use anyhow::Context as _;

use crate::cli::files::path_text::{not_read, shown};
use crate::cli::workspaces::secrets;
use crate::manifest::server::{Encryption, MailConfig, ServerConfig, TextsConfig, TextsLogin};
use crate::model::{Secret, SecretRef};
use crate::report::sentences;
use crate::server::{Carrier, GatewayForm, GatewayLogin, MailEncryption, MailServer, TextGateway};

/// Returns who carries mail and text messages.
///
/// # Errors
/// Fails if a secret or a certificate cannot be read.
pub(super) async fn carriers(config: &ServerConfig, folder: &Path) -> anyhow::Result<(Option<Carrier>, Option<Carrier>)> {
    let mail = match &config.mail {
        Some(mail) => Some(Carrier::Mail(Box::new(server(mail, folder).await.context("cannot use `mail` of the configuration")?))),
        None => None,
    };
    let texts = match &config.texts {
        Some(texts) => Some(Carrier::Texts(Box::new(gateway(texts, folder).await.context("cannot use `sms` of the configuration")?))),
        None => None,
    };
    Ok((mail, texts))
}

async fn server(mail: &MailConfig, folder: &Path) -> anyhow::Result<MailServer> {
    let login = match &mail.login {
        Some((user, password)) => Some((user.clone(), fetch(password, folder).await?)),
        None => None,
    };
    let path = mail.authority.as_ref().map(|path| folder.join(path));
    let read = |path: &Path| std::fs::read(path).map_err(|why| not_read(path, why));
    let server = MailServer {
        host: mail.host.clone(),
        port: mail.port,
        from: mail.from.clone(),
        encryption: match mail.encryption {
            Encryption::StartTls => MailEncryption::StartTls,
            Encryption::Tls => MailEncryption::Tls,
            Encryption::None => MailEncryption::None,
        },
        login,
        authority: path.as_deref().map(read).transpose()?,
    };
    if let Some(path) = path.filter(|_| !server.has_usable_authority()) {
        anyhow::bail!("`{}` is not a PEM file with a certificate", shown(&path));
    }
    Ok(server)
}

async fn gateway(texts: &TextsConfig, folder: &Path) -> anyhow::Result<TextGateway> {
    let login = match &texts.login {
        Some(TextsLogin::Token(token)) => Some(GatewayLogin::Token(fetch(token, folder).await?)),
        Some(TextsLogin::Password(user, password)) => Some(GatewayLogin::Password(user.clone(), fetch(password, folder).await?)),
        None => None,
    };
    let form = if texts.as_form { GatewayForm::Form } else { GatewayForm::Json };
    let names = (texts.to.clone(), texts.text.clone());
    let url = url::Url::parse(&texts.url).context("`url` is not a web address")?;
    TextGateway::new(url, form, names, texts.fields.clone(), login).context("cannot prepare HTTPS")
}

/// The shortest pepper, in characters: a shorter one could be guessed along with a password.
const SHORTEST_PEPPER: usize = 16;

/// Returns the secret that goes into the hashes of passwords.
///
/// # Errors
/// Fails if it cannot be read, or if it is too short.
pub(super) async fn pepper(config: &ServerConfig, folder: &Path) -> anyhow::Result<Option<Secret>> {
    let Some(reference) = &config.pepper else { return Ok(None) };
    let pepper = fetch(reference, folder).await?;
    if pepper.expose().chars().count() < SHORTEST_PEPPER {
        anyhow::bail!("it has less than {SHORTEST_PEPPER} characters: use a random one, such as the output of `openssl rand -base64 24`");
    }
    Ok(Some(pepper))
}

/// Fetches a secret on a thread of its own, since a command may take long.
async fn fetch(reference: &SecretRef, folder: &Path) -> anyhow::Result<Secret> {
    let (reference, folder) = (reference.clone(), folder.to_owned());
    let fetched = tokio::task::spawn_blocking(move || secrets::fetch(&reference, &folder)).await?;
    fetched.map_err(|why| anyhow::Error::msg(sentences::secret_error(&why)))
}

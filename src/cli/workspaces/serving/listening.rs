//! Runs a server until a signal stops it.

use anyhow::Context as _;
use axum::Router;
use tokio::net::TcpListener;

use crate::model::Network;
use crate::server::{self, Carrier, Health, Listening, LogForm, Metrics, OperatorLog, Post};
use crate::store::Store;

use super::certificate::CertificateFiles;
use crate::cli::exit::Exit;
use crate::cli::signals::stopping;

/// A server that is about to listen.
pub(in crate::cli) struct Ready {
    pub(in crate::cli) router: Router,
    /// Its databases.
    pub(in crate::cli) stores: Vec<Store>,
    /// The host and port to listen on.
    pub(in crate::cli) listen: String,
    /// Says where to choose another address.
    pub(in crate::cli) choose: &'static str,
    pub(in crate::cli) proxies: Vec<Network>,
    /// The certificate that it shows, if it speaks TLS.
    pub(in crate::cli) certificate: Option<CertificateFiles>,
    /// The address where monitors read what is counted.
    pub(in crate::cli) monitors: Option<String>,
    pub(in crate::cli) metrics: Metrics,
    /// Says where mail and text messages go.
    pub(in crate::cli) messages: Messages,
    pub(in crate::cli) log: OperatorLog,
}

/// Says who carries mail and text messages, and how members reach the server if not at its address. A message that nobody carries waits.
pub(in crate::cli) struct Messages {
    pub(in crate::cli) mail: Option<Carrier>,
    pub(in crate::cli) texts: Option<Carrier>,
    pub(in crate::cli) public_url: Option<String>,
}

impl Messages {
    /// Sends the messages of each database for as long as the server runs.
    fn send(self, stores: &[Store], at: &str, metrics: &Metrics, log: &OperatorLog) {
        let Self { mail, texts, public_url } = self;
        let post = Post { base: public_url.unwrap_or_else(|| at.to_owned()), mail, texts };
        for store in stores {
            tokio::spawn(server::deliver(store.clone(), post.clone(), metrics.clone(), log.clone()));
        }
    }
}

/// Starts the operator's log, which has panics, too: the usual message would be written by the thread that answers requests.
///
/// # Errors
/// Fails if the system cannot start a thread.
pub(in crate::cli) fn start_log(form: LogForm) -> anyhow::Result<OperatorLog> {
    let log = OperatorLog::start(form).context("cannot start the log")?;
    let panics = log.clone();
    std::panic::set_hook(Box::new(move |panic| panics.error(None, &panic.to_string())));
    Ok(log)
}

impl Ready {
    /// Answers requests until a signal stops the server. `greeting` says where it listens, given the address.
    ///
    /// # Errors
    /// Fails if the address cannot be used.
    pub(in crate::cli) async fn run(self, greeting: impl FnOnce(&str) -> String) -> anyhow::Result<Exit> {
        let Self { router, stores, listen, choose, proxies, certificate, monitors, metrics, messages, log } = self;
        let tls = certificate.as_ref().map(CertificateFiles::load).transpose()?;
        let listener = bind(&listen, choose).await?;
        let monitors = match monitors {
            Some(listen) => Some(bind(&listen, "`listen` under `metrics`").await?),
            None => None,
        };
        let address = listener.local_addr().context("cannot determine the address")?;
        let stop = stopping::watch(log.clone()).context("cannot wait for signals")?;
        if let (Some(files), Some(tls)) = (certificate, &tls) {
            files.reload_on_hangup(tls.clone(), log.clone())?;
        }
        log.lines(&greeting(&address.to_string()));
        let scheme = if tls.is_some() { "https" } else { "http" };
        messages.send(&stores, &format!("{scheme}://{address}"), &metrics, &log);
        let connections = server::most_connections(stores.len());
        let how = Listening { connections, proxies, health: Health::new(stores, metrics), log: log.clone(), tls, monitors };
        let cut_off = server::listen(listener, router, how, stop.requested()).await;
        if cut_off > 0 {
            log.warn(&format!("stopped; {cut_off} connections had a request in progress and were cut off"));
        }
        log.finish().await;
        // Within the deadline, so the stop is an ordinary one: clients send an unanswered request again.
        Ok(Exit::Done)
    }
}

async fn bind(listen: &str, choose: &str) -> anyhow::Result<TcpListener> {
    TcpListener::bind(listen).await.with_context(|| format!("cannot listen on {listen}: choose another address with {choose}"))
}

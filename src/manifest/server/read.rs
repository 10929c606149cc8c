//! Reads the configuration of a server, and the start files that it names.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::{Connection, Desired, Guards, LISTEN, ListWords, Manage, Subscription};
use crate::platform::sentences::key_form;
use crate::platform::{self, Platform, is_key};
use crate::yaml::{self, Finding, Given, Lines, Mistakes, NodeKind, NodeRef, Sink, Span, Spot, suggest};

use super::addresses::{Proxy, database, path};
use super::entries::{HostedEntry, LogEntry, MetricsEntry, ServerEntry, TlsEntry};
use super::post;
use super::{Hosted, SERVER, ServerConfig, TlsFiles};
use crate::manifest::file::File;
use crate::manifest::file_read::{FileRead, What, conclude};
use crate::manifest::part::too_large;
use crate::manifest::scalars::{add_platform, invalid_name};
use crate::manifest::secrets::secret;
use crate::manifest::sources::Source;
use crate::manifest::workspaces::start::start;

/// A configuration whose start files are still to be read.
pub(in crate::manifest) struct Document {
    config: ServerConfig,
    starts: Vec<StartFile>,
}

/// A start file that a workspace names.
struct StartFile {
    workspace: String,
    path: String,
    place: Span,
}

/// Reads the configuration of a server. `open` returns the content of a start file, by its path as it is written.
///
/// # Errors
/// All mistakes in the configuration and in the start files, each with its place; never empty.
pub fn read(source: &Source, open: &dyn Fn(&str) -> Option<Vec<u8>>) -> Result<ServerConfig, Mistakes> {
    let mut own = Sink::default();
    let (mut config, starts) =
        configuration(source, &mut own).map_or_else(Default::default, |document| (Some(document.config), document.starts));
    let mut opened: Vec<(String, Source)> = Vec::new();
    for StartFile { workspace, path, place } in starts {
        match open(&path) {
            Some(bytes) => opened.push((workspace, Source { name: path, bytes })),
            None => own.push(
                Finding::new("start", place, format!("`{path}` cannot be read"))
                    .hint("write the path of a start file relative to the folder of this document; the file must begin with `start:`"),
            ),
        }
    }
    let mut reads = vec![FileRead { sink: own, what: What::Nothing }];
    for (index, (workspace, source)) in (1..).zip(&opened) {
        let mut sink = Sink::default();
        if let Some(Hosted::Start(desired)) = config.as_mut().and_then(|config| config.workspaces.get_mut(workspace)) {
            begin(source, index, desired, &mut sink);
        }
        reads.push(FileRead { sink, what: What::Nothing });
    }
    let files: Vec<&Source> = std::iter::once(source).chain(opened.iter().map(|(_, source)| source)).collect();
    conclude(&files, reads, BTreeMap::new())?;
    config.ok_or(Mistakes { list: Vec::new(), more: 1 })
}

fn configuration(source: &Source, sink: &mut Sink) -> Option<Document> {
    if let Some(finding) = too_large(source, &BTreeMap::new()) {
        sink.push(finding);
        return None;
    }
    let tree = yaml::tree(&source.bytes, sink)?;
    let lines = Lines::new(tree.source());
    let root = tree.root().filter(|root| root.kind() == NodeKind::Map);
    let Some(root) = root.filter(|root| root.entries().next().is_some_and(|(key, _)| key.text() == SERVER)) else {
        let spot = root.and_then(|root| root.entries().next()).map_or(Spot::File, |(key, _)| Spot::Text(key.span()));
        let finding = Finding::at("unknown-document", spot, "this is not the configuration of a server");
        sink.push(finding.hint("its first key must be `server: NAME`"));
        return None;
    };
    let file = File::new(Arc::from(source.name.as_str()), 0, &tree, &lines, std::mem::take(sink));
    let found = document(&file, root);
    *sink = file.decoder.into_sink();
    found
}

/// Reads the start file of a workspace.
fn begin(source: &Source, index: usize, desired: &mut Desired, sink: &mut Sink) {
    if let Some(finding) = too_large(source, &BTreeMap::new()) {
        return sink.push(finding);
    }
    let Some(tree) = yaml::tree(&source.bytes, sink) else { return };
    let lines = Lines::new(tree.source());
    let Some((root, (key, value))) = tree.root().filter(|r| r.kind() == NodeKind::Map).and_then(|r| Some((r, r.entries().next()?))) else {
        let finding = Finding::at("start", Spot::File, "this is not a start file");
        return sink.push(finding.hint("it must begin with `start:` and the name of the workspace"));
    };
    if key.text() != "start" || value.text() != desired.workspace {
        let finding = Finding::new("start", key.span(), format!("this is not the start file of `{}`", desired.workspace));
        return sink.push(finding.hint(format!("it must begin with `start: {}`", desired.workspace)));
    }
    let mut file = File::new(Arc::from(source.name.as_str()), index, &tree, &lines, std::mem::take(sink));
    let accounts = start(&mut file, root, desired, false);
    *sink = file.decoder.into_sink();
    desired.connection = Connection::Embedded { path: None, start: accounts };
}

/// Reads a configuration without its start files.
pub(in crate::manifest) fn document(file: &File<'_>, root: NodeRef<'_>) -> Option<Document> {
    let entry: ServerEntry = file.decoder.decode(root)?;
    let head = file.key_span(root, SERVER);
    if entry.workspaces.is_absent() && !file.may_have(root, "workspaces") {
        let finding = Finding::new("missing", head, "`workspaces` is missing");
        file.push(finding.hint("list them by name, such as `workspaces: { glow-medspa: { roster: ../practice } }`"));
    }
    let has_proxies = entry.proxies.value().is_none_or(|each| file.node(each.0).children().next().is_some());
    if !entry.proxies.is_absent() && has_proxies && entry.public_url.is_absent() && !file.may_have(root, "public_url") {
        let finding = Finding::new("missing", file.key_span(root, "proxies"), "`public_url` is missing");
        file.push(finding.hint("behind a proxy, the server does not know its own address: add `public_url: https://…`"));
    }
    let proxies = entry.proxies.value().map(|each| file.decoder.each::<Proxy>(file.node(each.0))).unwrap_or_default();
    let (mut workspaces, mut starts) = (BTreeMap::new(), Vec::new());
    let table = entry.workspaces.value().map(|table| file.node(table.0));
    if let Some(table) = table.filter(|table| table.entries().next().is_none()) {
        let finding = Finding::new("missing", table.span(), "the server has no workspaces");
        file.push(finding.hint("list them by name, such as `glow-medspa: { roster: ../practice }`"));
    }
    for (key, node) in table.into_iter().flat_map(NodeRef::entries) {
        if !is_key(key.text()) {
            let finding = Finding::new("key", key.span(), invalid_name(key.text()));
            file.push(finding.hint(format!("write the workspace's name: {}", key_form())));
        }
        if let Some((hosted, start)) = hosted(file, key, node) {
            workspaces.insert(key.text().to_owned(), hosted);
            starts.extend(start);
        }
    }
    let metrics = metrics(file, entry.metrics);
    let tls = tls(file, entry.tls);
    let logs_json = entry.log.take().is_some_and(|form| match form {
        LogEntry::Text => false,
        LogEntry::Json => true,
    });
    let config = ServerConfig {
        logs_json,
        mail: post::mail(file, entry.mail),
        texts: post::texts(file, entry.sms),
        metrics,
        tls,
        name: entry.server.take().map_or_else(String::new, |name| name.0),
        listen: entry.listen.take().map_or_else(|| LISTEN.to_owned(), |address| address.0),
        public_url: entry.public_url.take().map(|url| url.0),
        database: database(file, entry.database),
        key_file: path(file, entry.key_file),
        invitations_valid_for: entry.invitations_valid_for.take().map(|age| age.0),
        pepper: secret(file, entry.pepper),
        proxies: proxies.into_iter().map(|(proxy, _)| proxy.0).collect(),
        workspaces,
    };
    Some(Document { config, starts })
}

/// Reads where the certificate is.
fn tls(file: &File<'_>, given: Given<TlsEntry>) -> Option<TlsFiles> {
    let (entry, at) = given.with_node()?;
    let node = file.node(at);
    for (key, is_absent) in [("certificate", entry.certificate.is_absent()), ("key", entry.key.is_absent())] {
        if is_absent && !file.may_have(node, key) {
            let finding = Finding::new("missing", node.span(), format!("`{key}` is missing"));
            file.push(finding.hint("TLS needs both files: `tls: { certificate: FILE, key: FILE }`"));
        }
    }
    let (certificate, key) = (path(file, entry.certificate), path(file, entry.key));
    Some(TlsFiles { certificate: certificate?, key: key? })
}

/// Reads where the metrics are.
fn metrics(file: &File<'_>, given: Given<MetricsEntry>) -> Option<String> {
    let (entry, at) = given.with_node()?;
    let node = file.node(at);
    if entry.listen.is_absent() && !file.may_have(node, "listen") {
        let finding = Finding::new("missing", node.span(), "`listen` is missing");
        file.push(finding.hint("say where Prometheus reads the metrics: `metrics: { listen: 127.0.0.1:9464 }`"));
    }
    entry.listen.take().map(|address| address.0)
}

/// Reads a workspace; the second value is the start file that it names.
fn hosted(file: &File<'_>, key: NodeRef<'_>, node: NodeRef<'_>) -> Option<(Hosted, Option<StartFile>)> {
    let entry: HostedEntry = file.decoder.decode(node)?;
    let platform = platform(file, &entry.platform);
    let missing = |key: &str, place: Span, hint: &str| {
        file.push(Finding::new("missing", place, format!("`{key}` is missing")).hint(hint));
    };
    match (entry.roster.is_absent(), entry.start.is_absent()) {
        (false, false) => {
            let finding = Finding::new("twice", file.key_span(node, "start"), "a workspace begins with a roster or with a start file");
            file.push(finding.hint("remove one of them"));
            None
        }
        (true, true) => {
            if !["roster", "start"].iter().any(|key| file.may_have(node, key)) {
                let hint =
                    "add `roster: DIR`, the directory of the roster that describes the workspace, or `platform: NAME` and `start: FILE`";
                missing("roster", key.span(), hint);
            }
            None
        }
        (false, true) => {
            let said = [
                ("main_admin", entry.main_admin.is_absent()),
                ("time_zone", entry.time_zone.is_absent()),
                ("country", entry.country.is_absent()),
            ];
            for (key, _) in said.into_iter().filter(|(_, is_absent)| !is_absent) {
                let finding = Finding::new("twice", file.key_span(node, key), format!("the roster says what `{key}` is"));
                file.push(finding.hint("remove it here"));
            }
            let directory = path(file, entry.roster)?;
            Some((Hosted::Roster { directory, platform: platform.map(Platform::id) }, None))
        }
        (true, false) => {
            if entry.platform.is_absent() && !file.may_have(node, "platform") {
                missing("platform", key.span(), &add_platform(&words()));
            }
            let is_optional = platform.is_none_or(|platform| platform.catalog().main_admin_optional);
            if entry.main_admin.is_absent() && !is_optional && !file.may_have(node, "main_admin") {
                missing("main_admin", key.span(), "add `main_admin: ADDRESS`, one of the accounts in the start file");
            }
            let place = file.key_span(node, "start");
            let start = path(file, entry.start.clone())?.to_str().map(|path| StartFile {
                workspace: key.text().to_owned(),
                path: path.to_owned(),
                place,
            });
            Some((Hosted::Start(Box::new(begun(file, key, platform?, entry))), start))
        }
    }
}

/// The workspace that a start file begins.
fn begun(file: &File<'_>, name: NodeRef<'_>, platform: &Platform, entry: HostedEntry) -> Desired {
    Desired {
        workspace: name.text().to_owned(),
        platform: platform.id(),
        connection: Connection::Embedded { path: None, start: None },
        subscription: Subscription::default(),
        time_zone: entry.time_zone.take().map_or_else(|| "UTC".to_owned(), |zone| zone.0),
        country: entry.country.take().map(|country| country.0).or(platform.catalog().country),
        main_admin: entry.main_admin.take().map(|address| address.0),
        manage: Manage::default(),
        guards: Guards::default(),
        waivers: Vec::new(),
        clinics: BTreeMap::new(),
        roles: BTreeMap::new(),
        users: BTreeMap::new(),
        code_word: None,
        employees: Vec::new(),
        initial_password_allowed: false,
        list: ListWords::default(),
        stale_after: 0,
        oddities: Vec::new(),
        place: file.place(name.span()),
    }
}

/// The platforms that a server can serve.
fn words() -> Vec<&'static str> {
    platform::built_in().iter().map(|platform| platform.word()).collect()
}

fn platform(file: &File<'_>, given: &Given<String>) -> Option<&'static Platform> {
    let (word, at) = given.read()?;
    let found = platform::named(word);
    if found.is_none() {
        let finding = Finding::new("value", file.node(at).span(), format!("`{word}` is not a platform that a server can serve"));
        file.push(finding.hint(suggest(word, &words())));
    }
    found.map(AsRef::as_ref)
}

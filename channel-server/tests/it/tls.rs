//! HTTPS, and what is said about files that can't serve it.

use std::{fs, path::PathBuf, sync::Arc};

use channel_server::StartError;
use rcgen::{CertifiedKey, KeyPair, generate_simple_self_signed};
use tokio::net::TcpStream;
use tokio_rustls::{
    TlsConnector,
    client::TlsStream,
    rustls::{ClientConfig, RootCertStore, pki_types::ServerName},
};

use crate::support::{Peer, in_time, server};

/// A certificate for `localhost` and its key, in files.
struct Files {
    certified: CertifiedKey<KeyPair>,
    certificate: PathBuf,
    key: PathBuf,
    directory: PathBuf,
}

impl Files {
    /// In a directory of their own, by the name of the test.
    fn of(test: &str) -> Self {
        let directory =
            PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("tls-{test}-{}", std::process::id()));
        fs::create_dir_all(&directory).unwrap();
        let certified = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let (certificate, key) = (directory.join("certificate.pem"), directory.join("key.pem"));
        fs::write(&certificate, certified.cert.pem()).unwrap();
        fs::write(&key, certified.signing_key.serialize_pem()).unwrap();
        Self { certified, certificate, key, directory }
    }

    async fn connect(&self, address: std::net::SocketAddr) -> TlsStream<TcpStream> {
        let mut roots = RootCertStore::empty();
        roots.add(self.certified.cert.der().clone()).unwrap();
        let provider = Arc::new(tokio_rustls::rustls::crypto::aws_lc_rs::default_provider());
        let client =
            ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
        let client = client.with_root_certificates(roots).with_no_client_auth();
        let stream = TcpStream::connect(address).await.unwrap();
        let name = ServerName::try_from("localhost").unwrap();
        in_time(TlsConnector::from(Arc::new(client)).connect(name, stream)).await.unwrap()
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.directory);
    }
}

const HI: &str = r#"{"sender": "ada", "message": "Hi"}"#;

#[tokio::test]
async fn https_is_spoken() {
    let files = Files::of("spoken");
    let server = server("rest:").tls(&files.certificate, &files.key).build().unwrap().start().await.unwrap();
    assert!(server.url("/").starts_with("https://127.0.0.1:"));
    let mut peer = Peer::over(files.connect(server.address()).await);
    assert_eq!(peer.post("/webhooks/rest/webhook", HI).await.texts(), ["Hi"]);
    assert_eq!(peer.post("/webhooks/rest/webhook", HI).await.texts(), ["Hi"]);
}

#[tokio::test]
async fn who_speaks_plainly_is_hung_up_on() {
    let files = Files::of("plain");
    let server = server("rest:").tls(&files.certificate, &files.key).build().unwrap().start().await.unwrap();
    let mut plain = Peer::connect(server.address()).await;
    plain.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n").await;
    in_time(tokio::task::yield_now()).await;
    let mut peer = Peer::over(files.connect(server.address()).await);
    assert_eq!(peer.get("/").await.status, 200, "others are served");
}

#[tokio::test]
async fn a_handshake_that_stalls_does_not_hold_up_the_end() {
    let files = Files::of("stalls");
    let server = server("rest:").tls(&files.certificate, &files.key).build().unwrap().start().await.unwrap();
    let mut stalled = Peer::connect(server.address()).await;
    let mut peer = Peer::over(files.connect(server.address()).await);
    peer.get("/").await;
    in_time(server.stop()).await;
    stalled.rest().await;
}

#[test]
fn files_that_can_not_serve_are_named() {
    let files = Files::of("wrong");
    let other = Files::of("other");
    let text = files.directory.join("text");
    fs::write(&text, "no PEM").unwrap();
    let nowhere = files.directory.join("nowhere.pem");
    let said = |certificate: &PathBuf, key: &PathBuf| match server("rest:").tls(certificate, key).build() {
        Err(error @ StartError::Tls(_)) => error.to_string(),
        Err(error) => panic!("another error: {error}"),
        Ok(_) => panic!("{} and {} were taken", certificate.display(), key.display()),
    };
    for (certificate, key, at_fault, why) in [
        (&nowhere, &files.key, &nowhere, "can't be read"),
        (&files.certificate, &nowhere, &nowhere, "can't be read"),
        (&files.directory, &files.key, &files.directory, "can't be read"),
        (&text, &files.key, &text, "has no certificate"),
        (&files.key, &files.key, &files.key, "has no certificate"),
        (&files.certificate, &text, &text, "has no private key"),
        (&files.certificate, &files.certificate, &files.certificate, "has no private key"),
    ] {
        let said = said(certificate, key);
        assert!(said.starts_with(&at_fault.display().to_string()) && said.contains(why), "{said}");
    }
    let said = said(&files.certificate, &other.key);
    assert!(said.starts_with("the certificate and its key can't be used: "), "{said}");
}

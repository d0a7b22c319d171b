//! Certificates.

use std::{path::PathBuf, sync::Arc};

use channel_endpoint::{Endpoint, EndpointConfig, EndpointError};
use rcgen::generate_simple_self_signed;
use serde_json::json;
use tokio::{io::AsyncWriteExt, net::TcpListener};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig, crypto::aws_lc_rs, pki_types::PrivateKeyDer},
};

use crate::support::{Request, answer};

#[tokio::test]
async fn an_endpoint_is_trusted_for_its_cafile_alone() {
    let certified = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let cafile =
        PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("endpoint-{}.pem", std::process::id()));
    std::fs::write(&cafile, certified.cert.pem()).unwrap();
    let key = PrivateKeyDer::try_from(certified.signing_key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certified.cert.der().clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            // The client without the certificate hangs up.
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            Request::read(&mut stream).await;
            stream.write_all(answer("200 OK", "[1]").as_bytes()).await.unwrap();
            stream.shutdown().await.unwrap();
        }
    });

    let mut config = EndpointConfig::new(format!("https://localhost:{port}/"));
    let error = Endpoint::new(config.clone()).unwrap().post("", &json!({})).send().await.unwrap_err();
    assert!(matches!(error, EndpointError::Connect { .. }), "{error}");
    assert!(error.to_string().contains("certificate"), "{error}");

    config.cafile = Some(cafile.clone());
    let reply = Endpoint::new(config).unwrap().post("", &json!({})).send().await.unwrap();
    assert_eq!(reply.json().unwrap(), json!([1]));
    std::fs::remove_file(cafile).unwrap();
}

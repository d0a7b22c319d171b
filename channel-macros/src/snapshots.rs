//! What the macros write, compared with the files in `src/snapshots`. `UPDATE_EXPECT=1` rewrites them.

use std::{fs, path::Path};

use proc_macro2::TokenStream;
use quote::quote;
use syn::{parse::Parser as _, parse_quote};

use crate::{
    channel,
    hook::{self, Kind},
};

fn compare(name: &str, found: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/snapshots").join(name);
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(&path, found).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert!(expected == found, "{} is not as expected (UPDATE_EXPECT=1 to accept):\n{found}", path.display());
}

fn snapshot_of_channel(name: &str, arguments: TokenStream, item: TokenStream) {
    let expanded = channel::expand(arguments, item);
    compare(name, &prettyplease::unparse(&syn::parse2(expanded).unwrap()));
}

fn snapshot_of_hook(name: &str, kind: Kind, arguments: TokenStream, method: &TokenStream) {
    let expanded = hook::expand(kind, arguments, method);
    compare(name, &prettyplease::unparse(&parse_quote!(impl MyIo { #expanded })));
}

#[test]
fn a_unit_struct() {
    snapshot_of_channel(
        "channel_unit.rs",
        quote!(name = "myio"),
        quote!(
            pub struct MyIo;
        ),
    );
}

#[test]
fn a_channel_with_everything() {
    snapshot_of_channel(
        "channel_everything.rs",
        quote!(name = "myio", key = "io", aliases = ["old.MyIO"], prefix = "team/io", crate = facade::core),
        quote! {
            /// Documented.
            #[derive(Debug)]
            #[cfg(feature = "io")]
            #[serde(rename_all = "kebab-case", default)]
            pub(crate) struct MyIo {
                /// The token.
                token: Secret,
                #[cfg(unix)]
                #[serde(rename = "path")]
                socket: PathBuf,
                #[serde(skip)]
                seen: Mutex<Vec<String>>,
            }
        },
    );
}

#[test]
fn a_channel_with_a_derived_deserialize() {
    let item = quote! {
        #[derive(serde::Deserialize)]
        struct MyIo {
            token: Secret,
        }
    };
    snapshot_of_channel("channel_own_deserialize.rs", quote!(name = "myio"), item);
}

#[test]
fn a_refused_channel_lets_its_hooks_compile() {
    snapshot_of_channel(
        "channel_refused.rs",
        quote!(nam = "myio"),
        quote!(
            struct MyIo<T: Clone>(T);
        ),
    );
}

#[test]
fn a_webhook_with_conditions() {
    let method = quote! {
        /// Documented.
        #[cfg(unix)]
        #[tracing::instrument]
        async fn receive(&self, Json(body): Json<Incoming>, #[cfg(unix)] raw: WebhookRequest) -> Result<String, Problem> {
            Ok(body.text)
        }
    };
    snapshot_of_hook("webhook.rs", Kind::Webhook, quote!(PUT), &method);
}

#[test]
fn every_other_hook() {
    let hooks = [
        (
            "health.rs",
            Kind::Health,
            quote!(
                async fn health(self: Arc<Self>) {
                    ping().await
                }
            ),
        ),
        (
            "verify.rs",
            Kind::Verify,
            quote!(
                fn verify(&self, request: &WebhookRequest) -> Verdict {
                    check(request)
                }
            ),
        ),
        (
            "verify_async.rs",
            Kind::Verify,
            quote!(
                async fn verify(&self, request: &WebhookRequest) -> Verdict {
                    check(request).await
                }
            ),
        ),
        (
            "metadata.rs",
            Kind::Metadata,
            quote!(
                fn metadata(&self, _: &WebhookRequest) -> Metadata {
                    todo!()
                }
            ),
        ),
        (
            "output.rs",
            Kind::Output,
            quote!(
                fn output(&self, to: &Recipient) -> Option<Sink> {
                    Some(Sink(to))
                }
            ),
        ),
        (
            "routes.rs",
            Kind::Routes,
            quote!(
                fn routes(self: Arc<Self>) -> Router {
                    Router::new()
                }
            ),
        ),
        (
            "start.rs",
            Kind::Start,
            quote!(
                async fn start(&self, shutdown: Shutdown) {
                    shutdown.requested().await
                }
            ),
        ),
    ];
    for (name, kind, method) in hooks {
        snapshot_of_hook(name, kind, TokenStream::new(), &method);
    }
}

#[test]
fn a_refused_webhook_is_printed_first_and_untouched() {
    let method = quote!(
        pub fn receive(&mut self, body: &str) {
            r#in()
        }
    );
    snapshot_of_hook("webhook_refused.rs", Kind::Webhook, quote!(get), &method);
    let expanded = hook::expand(Kind::Webhook, quote!(get), &method).to_string();
    assert!(expanded.starts_with(&method.to_string()), "{expanded}");
}

#[test]
fn an_unfinished_body_is_printed_as_it_is() {
    let method = quote!(
        async fn receive(&self, r: String) -> String {
            r.
        }
    );
    for kind in [Kind::Webhook, Kind::Health, Kind::Start] {
        let expanded = hook::expand(kind, TokenStream::new(), &method).to_string();
        let (attribute, rest) = expanded.split_once("] ").unwrap();
        assert!(attribute.starts_with("# [allow (") && rest.starts_with(&method.to_string()), "{expanded}");
        assert!(!expanded.contains("compile_error"), "{expanded}");
        assert!(expanded.contains(". handler (") || expanded.contains(". start ("), "{expanded}");
    }
}

#[test]
fn an_unfinished_item_is_printed_as_it_is() {
    let signature = quote!(async fn receive(&self, body: ) -> String { body });
    let expanded = hook::expand(Kind::Webhook, TokenStream::new(), &signature).to_string();
    assert!(expanded.starts_with(&signature.to_string()), "{expanded}");
    assert_eq!(expanded.matches("compile_error").count(), 1, "{expanded}");
    let item = quote!(pub struct MyIo { token });
    let expanded = channel::expand(quote!(name = "myio"), item.clone()).to_string();
    assert!(expanded.starts_with(&item.to_string()), "{expanded}");
    assert!(expanded.contains("impl MyIo"), "{expanded}");
}

#[test]
fn every_mistake_is_reported_at_once() {
    let expanded = channel::expand(
        quote!(nmae = "x", key = "a b", aliases = ["", 5], prefix = 'c', path = "x",),
        quote!(
            struct MyIo {
                a: &'static str,
                b: str,
            }
        ),
    );
    let split = |input: syn::parse::ParseStream<'_>| {
        let _: syn::ItemStruct = input.parse()?;
        input.parse::<TokenStream>()
    };
    let errors = split.parse2(strip_derive(expanded)).unwrap().to_string();
    assert_eq!(errors.matches("compile_error").count(), 8, "{errors}");
}

/// Without the derive that keeps `#[serde(…)]` known.
fn strip_derive(tokens: TokenStream) -> TokenStream {
    tokens.into_iter().skip(2).collect()
}

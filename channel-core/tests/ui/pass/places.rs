//! Channels in functions, nested modules and constants; of any visibility; their methods elsewhere.

mod outer {
    pub mod inner {
        use channel_core::{channel, webhook};

        #[channel(name = "nested")]
        pub(crate) struct Nested {
            pub(super) token: String,
        }

        mod methods {
            use super::*;

            impl Nested {
                #[webhook]
                pub(crate) async fn receive(&self) -> String {
                    self.private()
                }

                fn private(&self) -> String {
                    self.token.clone()
                }
            }
        }
    }

    impl inner::Nested {
        #[channel_core::health]
        async fn health(&self) -> String {
            self.token.clone()
        }
    }
}

mod private {
    use channel_core::{Json, channel, webhook};

    #[derive(serde::Deserialize)]
    struct Token(String);

    #[channel(name = "private")]
    pub struct Private {
        token: Token,
    }

    type Alias = Private;

    impl Alias {
        #[webhook]
        async fn receive(&self, Json(token): Json<Token>) -> String {
            token.0 + &self.token.0
        }
    }
}

fn function() {
    #[derive(serde::Deserialize)]
    struct Local(String);

    #[channel_core::channel(name = "local")]
    struct MyIo {
        local: Local,
    }

    impl MyIo {
        #[channel_core::webhook]
        async fn receive(&self) -> String {
            self.local.0.clone()
        }
    }
}

const _: () = {
    #[channel_core::channel(name = "constant")]
    struct MyIo;

    impl MyIo {
        #[channel_core::webhook]
        async fn receive(&self) -> &'static str {
            "ok"
        }
    }
};

fn main() {
    function();
    let names: Vec<_> = channel_core::Registry::linked().iter().map(|channel| channel.name).collect();
    assert_eq!(names, ["local", "constant", "nested", "private"]);
}

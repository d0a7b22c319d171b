#[derive(facade::core::__private::SerdeAttributes)]
/// Documented.
#[derive(Debug)]
#[cfg(feature = "io")]
#[serde(rename_all = "kebab-case", default)]
#[cfg_attr(
    doc,
    doc = "\n\n# Channel `myio`\n\n- health: `GET /webhooks/team/io/`\n- webhook: `/webhooks/team/io/webhook`\n- key in the credentials: `io` or the module path of `MyIo`\n- settings: `token`, `path`\n"
)]
pub(crate) struct MyIo {
    /// The token.
    token: Secret,
    #[cfg(unix)]
    #[serde(rename = "path")]
    socket: PathBuf,
    #[serde(skip)]
    seen: Mutex<Vec<String>>,
}
#[cfg(feature = "io")]
#[doc(hidden)]
#[allow(
    clippy::all,
    clippy::pedantic,
    clippy::nursery,
    clippy::restriction,
    dead_code,
    deprecated,
    single_use_lifetimes,
    trivial_bounds,
    unused_qualifications
)]
const _: () = {
    #[derive(facade::core::__private::serde::Deserialize)]
    #[serde(
        crate = "facade::core::__private::serde",
        rename = "MyIo",
        deny_unknown_fields,
        default = "__default_settings",
        rename_all = "kebab-case"
    )]
    struct __Settings {
        #[serde(
            bound(deserialize = "Secret: facade :: core::__private::Credentials<'de>")
        )]
        token: Secret,
        #[cfg(unix)]
        #[serde(rename = "path")]
        #[serde(
            bound(deserialize = "PathBuf: facade :: core::__private::Credentials<'de>")
        )]
        socket: PathBuf,
        #[serde(skip)]
        seen: Mutex<Vec<String>>,
    }
    fn __default_settings() -> __Settings {
        let settings: MyIo = ::core::default::Default::default();
        __Settings {
            token: settings.token,
            #[cfg(unix)]
            socket: settings.socket,
            seen: settings.seen,
        }
    }
    impl ::core::convert::From<__Settings> for MyIo {
        fn from(settings: __Settings) -> Self {
            Self {
                token: settings.token,
                #[cfg(unix)]
                socket: settings.socket,
                seen: settings.seen,
            }
        }
    }
    fn __fields() {
        use facade::core::__private::Generated as _;
        {
            facade::core::__private::require_shareable::<Secret>();
            facade::core::__private::Reader::<MyIo>::field::<Secret>();
        }
        #[cfg(unix)]
        {
            facade::core::__private::require_shareable::<PathBuf>();
            facade::core::__private::Reader::<MyIo>::field::<PathBuf>();
        }
        {
            facade::core::__private::require_shareable::<Mutex<Vec<String>>>();
        }
    }
    fn __hooks() -> &'static facade::core::__private::Hooks<MyIo>
    where
        for<'shared> MyIo: facade::core::__private::Shareable<'shared>,
    {
        use facade::core::__private::NoHooks as _;
        static HOOKS: ::std::sync::OnceLock<facade::core::__private::Hooks<MyIo>> = ::std::sync::OnceLock::new();
        HOOKS
            .get_or_init(|| {
                let (post, get, put, patch, delete, routes, start) = (
                    <MyIo>::__one_webhook_post_in_an_inherent_impl(),
                    <MyIo>::__one_webhook_get_in_an_inherent_impl(),
                    <MyIo>::__one_webhook_put_in_an_inherent_impl(),
                    <MyIo>::__one_webhook_patch_in_an_inherent_impl(),
                    <MyIo>::__one_webhook_delete_in_an_inherent_impl(),
                    <MyIo>::__one_routes_in_an_inherent_impl(),
                    <MyIo>::__one_start_in_an_inherent_impl(),
                );
                facade::core::__private::require_way_in::<
                    MyIo,
                    _,
                >(
                    &facade::core::__private::either(
                        &post,
                        &facade::core::__private::either(
                            &get,
                            &facade::core::__private::either(
                                &put,
                                &facade::core::__private::either(
                                    &patch,
                                    &facade::core::__private::either(
                                        &delete,
                                        &facade::core::__private::either(
                                            &routes,
                                            &facade::core::__private::last(&start),
                                        ),
                                    ),
                                ),
                            ),
                        ),
                    ),
                );
                facade::core::__private::Hooks::none()
                    .webhook("POST", post)
                    .webhook("GET", get)
                    .webhook("PUT", put)
                    .webhook("PATCH", patch)
                    .webhook("DELETE", delete)
                    .routes(routes)
                    .start(start)
                    .health(<MyIo>::__one_health_in_an_inherent_impl())
                    .verify(<MyIo>::__one_verify_in_an_inherent_impl())
                    .metadata(<MyIo>::__one_metadata_in_an_inherent_impl())
                    .output(<MyIo>::__one_output_in_an_inherent_impl())
            })
    }
    impl facade::core::InputChannel for MyIo
    where
        for<'shared> MyIo: facade::core::__private::Shareable<'shared>,
    {
        fn name(&self) -> &str {
            "myio"
        }
        fn prefix(&self) -> &str {
            "team/io"
        }
        fn router(
            self: ::std::sync::Arc<Self>,
        ) -> facade::core::axum::Router<facade::core::ChannelState> {
            __hooks().router(&self)
        }
        fn output_channel(
            &self,
            to: &facade::core::Recipient,
        ) -> ::core::option::Option<::std::sync::Arc<dyn facade::core::OutputChannel>> {
            __hooks().output_channel(self, to)
        }
        fn metadata(
            &self,
            request: &facade::core::WebhookRequest,
        ) -> ::core::option::Option<facade::core::Metadata> {
            __hooks().get_metadata(self, request)
        }
        fn verifies(&self) -> bool {
            __hooks().verifies()
        }
        fn start(
            self: ::std::sync::Arc<Self>,
            on_new_message: facade::core::OnNewMessage,
            shutdown: facade::core::Shutdown,
        ) -> facade::core::BoxFuture<
            'static,
            ::core::result::Result<(), facade::core::BoxError>,
        > {
            __hooks().run_start(self, on_new_message, shutdown)
        }
    }
    fn __reader() -> facade::core::__private::Access<MyIo> {
        use facade::core::__private::{Generated as _, Unreadable as _};
        facade::core::__private::Reader::<
            MyIo,
        >::access(facade::core::__private::Shadow::<MyIo, __Settings>::access)
    }
    impl facade::core::FromSettings for MyIo
    where
        for<'shared> MyIo: facade::core::__private::Shareable<'shared>,
    {
        fn from_settings(
            settings: &facade::core::Settings,
        ) -> ::core::result::Result<Self, facade::core::Mistakes> {
            (__reader().read)(settings)
        }
        fn setting_names() -> ::core::option::Option<&'static [&'static str]> {
            (__reader().names)()
        }
        fn verifies() -> bool {
            __hooks().verifies()
        }
    }
    facade::core::__private::inventory::submit! {
        facade::core::Registration { name : "myio", prefix : "team/io", key :
        ::core::option::Option::Some("io"), aliases : & ["old.MyIO"], module_path :
        ::core::module_path!(), type_name : "MyIo", package :
        ::core::env!("CARGO_PKG_NAME"), file : ::core::file!(), line : ::core::line!(),
        column : ::core::column!(), .. { use facade::core::__private::Unmade as _;
        facade::core::__private::Maker:: < MyIo > ::REGISTRATION } }
    }
    impl MyIo {
        #[doc(hidden)]
        pub fn __put_the_attribute_channel_on_this_struct() -> facade::core::__private::Glue<
            MyIo,
        > {
            facade::core::__private::Glue::<MyIo>::new()
        }
    }
};

#[derive(::channel_core::__private::SerdeAttributes)]
#[derive(serde::Deserialize)]
#[cfg_attr(
    doc,
    doc = "\n\n# Channel `myio`\n\n- health: `GET /webhooks/myio/`\n- webhook: `/webhooks/myio/webhook`\n- key in the credentials: the module path of `MyIo`\n- settings: `token`\n"
)]
struct MyIo {
    token: Secret,
}
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
    fn __fields() {
        use ::channel_core::__private::Generated as _;
        {
            ::channel_core::__private::require_shareable::<Secret>();
        }
    }
    fn __hooks() -> &'static ::channel_core::__private::Hooks<MyIo>
    where
        for<'shared> MyIo: ::channel_core::__private::Shareable<'shared>,
    {
        use ::channel_core::__private::NoHooks as _;
        static HOOKS: ::std::sync::OnceLock<::channel_core::__private::Hooks<MyIo>> = ::std::sync::OnceLock::new();
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
                ::channel_core::__private::require_way_in::<
                    MyIo,
                    _,
                >(
                    &::channel_core::__private::either(
                        &post,
                        &::channel_core::__private::either(
                            &get,
                            &::channel_core::__private::either(
                                &put,
                                &::channel_core::__private::either(
                                    &patch,
                                    &::channel_core::__private::either(
                                        &delete,
                                        &::channel_core::__private::either(
                                            &routes,
                                            &::channel_core::__private::last(&start),
                                        ),
                                    ),
                                ),
                            ),
                        ),
                    ),
                );
                ::channel_core::__private::Hooks::none()
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
    impl ::channel_core::InputChannel for MyIo
    where
        for<'shared> MyIo: ::channel_core::__private::Shareable<'shared>,
    {
        fn name(&self) -> &str {
            "myio"
        }
        fn prefix(&self) -> &str {
            "myio"
        }
        fn router(
            self: ::std::sync::Arc<Self>,
        ) -> ::channel_core::axum::Router<::channel_core::ChannelState> {
            __hooks().router(&self)
        }
        fn output_channel(
            &self,
            to: &::channel_core::Recipient,
        ) -> ::core::option::Option<
            ::std::sync::Arc<dyn ::channel_core::OutputChannel>,
        > {
            __hooks().output_channel(self, to)
        }
        fn metadata(
            &self,
            request: &::channel_core::WebhookRequest,
        ) -> ::core::option::Option<::channel_core::Metadata> {
            __hooks().get_metadata(self, request)
        }
        fn verifies(&self) -> bool {
            __hooks().verifies()
        }
        fn start(
            self: ::std::sync::Arc<Self>,
            on_new_message: ::channel_core::OnNewMessage,
            shutdown: ::channel_core::Shutdown,
        ) -> ::channel_core::BoxFuture<
            'static,
            ::core::result::Result<(), ::channel_core::BoxError>,
        > {
            __hooks().run_start(self, on_new_message, shutdown)
        }
    }
    fn __reader() -> ::channel_core::__private::Access<MyIo> {
        use ::channel_core::__private::{Generated as _, Unreadable as _};
        ::channel_core::__private::Reader::<
            MyIo,
        >::access(::channel_core::__private::Shadow::<MyIo, MyIo>::access)
    }
    impl ::channel_core::FromSettings for MyIo
    where
        for<'shared> MyIo: ::channel_core::__private::Shareable<'shared>,
    {
        fn from_settings(
            settings: &::channel_core::Settings,
        ) -> ::core::result::Result<Self, ::channel_core::Mistakes> {
            (__reader().read)(settings)
        }
        fn setting_names() -> ::core::option::Option<&'static [&'static str]> {
            (__reader().names)()
        }
        fn verifies() -> bool {
            __hooks().verifies()
        }
    }
    ::channel_core::__private::inventory::submit! {
        ::channel_core::Registration { name : "myio", prefix : "myio", key :
        ::core::option::Option::None, aliases : & [], module_path :
        ::core::module_path!(), type_name : "MyIo", package :
        ::core::env!("CARGO_PKG_NAME"), file : ::core::file!(), line : ::core::line!(),
        column : ::core::column!(), .. { use ::channel_core::__private::Unmade as _;
        ::channel_core::__private::Maker:: < MyIo > ::REGISTRATION } }
    }
    impl MyIo {
        #[doc(hidden)]
        pub fn __put_the_attribute_channel_on_this_struct() -> ::channel_core::__private::Glue<
            MyIo,
        > {
            ::channel_core::__private::Glue::<MyIo>::new()
        }
    }
};

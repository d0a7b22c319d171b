impl MyIo {
    #[allow(clippy::unused_async, clippy::unused_self)]
    fn routes(self: Arc<Self>) -> Router {
        Router::new()
    }
    #[doc(hidden)]
    #[allow(
        clippy::all,
        clippy::pedantic,
        clippy::nursery,
        clippy::restriction,
        dead_code,
        deprecated,
        unreachable_pub,
        unused_qualifications
    )]
    pub fn __one_routes_in_an_inherent_impl() -> ::std::boxed::Box<
        dyn ::core::any::Any + ::core::marker::Send + ::core::marker::Sync,
    > {
        Self::__put_the_attribute_channel_on_this_struct()
            .routes(|tools, channel: ::std::sync::Arc<Self>| {
                let returned = Self::routes(channel);
                tools.to_routes(returned)
            })
    }
}

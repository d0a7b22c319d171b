impl MyIo {
    #[allow(clippy::unused_async, clippy::unused_self)]
    async fn start(&self, shutdown: Shutdown) {
        shutdown.requested().await
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
    pub fn __one_start_in_an_inherent_impl() -> ::std::boxed::Box<
        dyn ::core::any::Any + ::core::marker::Send + ::core::marker::Sync,
    > {
        Self::__put_the_attribute_channel_on_this_struct()
            .start(|tools, channel, call| {
                tools
                    .boxed(async move {
                        let __argument_0 = call
                            .argument(::core::marker::PhantomData::<Shutdown>);
                        let channel: ::std::sync::Arc<Self> = channel;
                        let returned = Self::start(&channel, __argument_0).await;
                        tools.outcome(returned)
                    })
            })
    }
}

impl MyIo {
    #[allow(clippy::unused_async, clippy::unused_self)]
    async fn health(self: Arc<Self>) {
        ping().await
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
    pub fn __one_health_in_an_inherent_impl() -> ::std::boxed::Box<
        dyn ::core::any::Any + ::core::marker::Send + ::core::marker::Sync,
    > {
        Self::__put_the_attribute_channel_on_this_struct()
            .handler(|tools, mut call| {
                tools
                    .boxed(async move {
                        if let ::core::result::Result::Err(response) = call.open().await
                        {
                            return response;
                        }
                        let channel: ::std::sync::Arc<Self> = call.channel();
                        let returned = Self::health(channel).await;
                        tools.reply(returned)
                    })
            })
    }
}

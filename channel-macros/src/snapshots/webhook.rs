impl MyIo {
    #[allow(clippy::unused_async, clippy::unused_self)]
    /// Documented.
    #[cfg(unix)]
    #[tracing::instrument]
    async fn receive(
        &self,
        Json(body): Json<Incoming>,
        #[cfg(unix)]
        raw: WebhookRequest,
    ) -> Result<String, Problem> {
        Ok(body.text)
    }
    #[cfg(unix)]
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
    pub fn __one_webhook_put_in_an_inherent_impl() -> ::std::boxed::Box<
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
                        let __argument_0 = match call
                            .first(::core::marker::PhantomData::<Json<Incoming>>)
                            .await
                        {
                            ::core::result::Result::Ok(slot) => slot,
                            ::core::result::Result::Err(response) => return response,
                        };
                        #[cfg(unix)]
                        let __argument_1 = match call
                            .first(::core::marker::PhantomData::<WebhookRequest>)
                            .await
                        {
                            ::core::result::Result::Ok(slot) => slot,
                            ::core::result::Result::Err(response) => return response,
                        };
                        let __argument_0 = match call.second(__argument_0).await {
                            ::core::result::Result::Ok(argument) => argument,
                            ::core::result::Result::Err(response) => return response,
                        };
                        #[cfg(unix)]
                        let __argument_1 = match call.second(__argument_1).await {
                            ::core::result::Result::Ok(argument) => argument,
                            ::core::result::Result::Err(response) => return response,
                        };
                        let channel: ::std::sync::Arc<Self> = call.channel();
                        let returned = Self::receive(
                                &channel,
                                __argument_0,
                                #[cfg(unix)]
                                __argument_1,
                            )
                            .await;
                        tools.reply(returned)
                    })
            })
    }
}

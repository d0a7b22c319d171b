impl MyIo {
    #[allow(clippy::unused_async, clippy::unused_self)]
    fn verify(&self, request: &WebhookRequest) -> Verdict {
        check(request)
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
    pub fn __one_verify_in_an_inherent_impl() -> ::std::boxed::Box<
        dyn ::core::any::Any + ::core::marker::Send + ::core::marker::Sync,
    > {
        Self::__put_the_attribute_channel_on_this_struct()
            .verify(|tools, channel, request| {
                let returned = Self::verify(channel, request);
                ::std::boxed::Box::pin(::core::future::ready(tools.verdict(returned)))
            })
    }
}

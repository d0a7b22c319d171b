impl MyIo {
    #[allow(clippy::unused_async, clippy::unused_self)]
    fn metadata(&self, _: &WebhookRequest) -> Metadata {
        todo!()
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
    pub fn __one_metadata_in_an_inherent_impl() -> ::std::boxed::Box<
        dyn ::core::any::Any + ::core::marker::Send + ::core::marker::Sync,
    > {
        Self::__put_the_attribute_channel_on_this_struct()
            .metadata(|tools, channel, given| {
                let returned = Self::metadata(channel, given);
                tools.to_metadata(returned)
            })
    }
}

impl MyIo {
    #[allow(clippy::unused_async, clippy::unused_self)]
    fn output(&self, to: &Recipient) -> Option<Sink> {
        Some(Sink(to))
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
    pub fn __one_output_in_an_inherent_impl() -> ::std::boxed::Box<
        dyn ::core::any::Any + ::core::marker::Send + ::core::marker::Sync,
    > {
        Self::__put_the_attribute_channel_on_this_struct()
            .output(|tools, channel, given| {
                let returned = Self::output(channel, given);
                tools.to_output(returned)
            })
    }
}

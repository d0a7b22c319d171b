impl MyIo {
    pub fn receive(&mut self, body: &str) {
        r#in()
    }
    ::core::compile_error! {
        "`#[webhook]` takes an HTTP method; did you mean `GET`?; allowed are `POST`, `GET`, `PUT`, `PATCH` and `DELETE`, and `POST` where none is given"
    }
    ::core::compile_error! {
        "a `#[webhook]` method is `async`: write `async fn receive`"
    }
    ::core::compile_error! {
        "a `#[webhook]` method takes `&self`, since many requests share the channel; put what changes behind a `Mutex` or an atomic"
    }
    ::core::compile_error! {
        "an argument is taken by value: write `String`, for the body as text"
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
    pub fn __one_webhook_post_in_an_inherent_impl() -> ::std::boxed::Box<
        dyn ::core::any::Any + ::core::marker::Send + ::core::marker::Sync,
    > {
        ::core::unreachable!()
    }
}

#[derive(::channel_core::__private::SerdeAttributes)]
struct MyIo<T: Clone>(T);
::core::compile_error! {
    "unknown argument `nam`; did you mean `name`?; allowed are `name`, `key`, `aliases`, `prefix` and `crate`"
}
::core::compile_error! {
    "a channel can't be generic: the server makes it from the credentials, which name no types; write the types, or wrap the generic struct in a channel of its own"
}
impl<T: Clone> MyIo<T> {
    #[doc(hidden)]
    #[allow(dead_code)]
    fn __put_the_attribute_channel_on_this_struct() -> ::channel_core::__private::Refused {
        ::channel_core::__private::Refused
    }
}

//! Tracing across processes.

/// The headers of W3C Trace Context among those of a message.
pub(crate) fn headers(headers: &[(String, String)]) -> impl Iterator<Item = (&str, &str)> {
    let is_trace =
        |name: &str| ["traceparent", "tracestate"].iter().any(|own| name.eq_ignore_ascii_case(own));
    headers
        .iter()
        .filter(move |(name, _)| is_trace(name))
        .map(|(name, value)| (name.as_str(), value.as_str()))
}

//! The trace that a message belongs to, as W3C Trace Context names it: <https://www.w3.org/TR/trace-context/>.

use axum::http::{HeaderMap, HeaderValue};

use crate::unique_id;

const PARENT: &str = "traceparent";
const STATE: &str = "tracestate";

/// The headers with which a request names its trace; none where it names none, or does so wrongly.
pub(crate) fn of_request(headers: &HeaderMap) -> Vec<(String, String)> {
    let values = |name| headers.get_all(name).iter().filter_map(|value: &HeaderValue| value.to_str().ok());
    let Some(parent) = only(values(PARENT)).filter(|parent| trace_id_of(parent).is_some()) else {
        return Vec::new();
    };
    let parent = (PARENT.to_owned(), parent.to_owned());
    let state = values(STATE).map(|state| (STATE.to_owned(), state.to_owned()));
    std::iter::once(parent).chain(state).collect()
}

/// Has a message belong to a trace: to its own, else to that of its request, else to a new one.
pub(crate) fn join(headers: &mut Vec<(String, String)>, of_request: &[(String, String)]) {
    if trace_id(headers).is_some() {
        return;
    }
    headers.retain(|(name, _)| !name.eq_ignore_ascii_case(PARENT) && !name.eq_ignore_ascii_case(STATE));
    if of_request.is_empty() {
        headers.push((PARENT.to_owned(), new_parent()));
    } else {
        headers.extend_from_slice(of_request);
    }
}

/// The id of the trace that these headers name: 32 hexadecimal digits.
pub(crate) fn trace_id(headers: &[(String, String)]) -> Option<&str> {
    let parents = headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case(PARENT));
    only(parents.map(|(_, value)| value.as_str())).and_then(trace_id_of)
}

/// The first step of a new trace, which is to be recorded.
fn new_parent() -> String {
    let (trace, step) = (unique_id(), unique_id());
    // The second half of an id is the one that differs within a process.
    ["00", &trace, &step[16..], "01"].join("-")
}

/// The trace's id in a `traceparent`, if that is one. A later version may add fields at its end.
fn trace_id_of(parent: &str) -> Option<&str> {
    let mut fields = parent.split('-');
    let (version, trace, step, flags) = (fields.next()?, fields.next()?, fields.next()?, fields.next()?);
    let is_hex = |field: &str, digits| {
        field.len() == digits && field.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    };
    let names = |field: &str, digits| is_hex(field, digits) && field.bytes().any(|byte| byte != b'0');
    let has_version = is_hex(version, 2) && version != "ff" && (version != "00" || fields.next().is_none());
    (has_version && names(trace, 32) && names(step, 16) && is_hex(flags, 2)).then_some(trace)
}

fn only<T>(mut several: impl Iterator<Item = T>) -> Option<T> {
    several.next().filter(|_| several.next().is_none())
}

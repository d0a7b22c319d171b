//! A stand-in for the platform.

use std::{
    io,
    net::SocketAddr,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, Method, StatusCode, Uri},
    response::{IntoResponse, Response},
    serve,
};
use futures_util::stream;
use tokio::{net::TcpListener, sync::oneshot};

use super::{
    Call, Failure, Shown, Suite,
    suite::{Accepted, Limited, Show},
};
use crate::record::Record;

/// Takes every call, or fails as it is told to; and keeps what it shows. It has a thread of its own: whatever holds up the
/// server or the check, the platform answers.
pub(crate) struct Platform {
    address: SocketAddr,
    stage: Arc<Screen>,
    /// Dropped, it ends the thread.
    _end: oneshot::Sender<()>,
}

/// Something that a human sees.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) at: Instant,
    pub(crate) shown: Vec<Shown>,
    /// The whole body that showed it.
    pub(crate) raw: String,
}

/// How a call fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The platform is asked too much, and wants to be asked again after so many seconds.
    Limited(u64),
    /// The platform does not want it, now or later.
    Refused,
    /// 503.
    Unavailable,
    /// No answer comes.
    Silence,
    /// The connection breaks within the answer.
    Break,
}

struct Screen {
    seen: Arc<Record<Seen>>,
    /// When which fault was met.
    faults_met: Record<(String, Instant)>,
    /// Calls that show such a text fail.
    faults: Mutex<Vec<(String, Fault)>>,
    /// Whether every call fails.
    is_down: AtomicBool,
    /// Whether one did.
    was_down_for_a_call: AtomicBool,
    show: Option<Show>,
    accepted: Accepted,
    limited: Limited,
    refused: Accepted,
}

impl Platform {
    pub(crate) async fn start(suite: &Suite) -> Result<Self, Failure> {
        let stage = Arc::new(Screen {
            seen: Arc::default(),
            faults_met: Record::default(),
            faults: Mutex::default(),
            is_down: AtomicBool::default(),
            was_down_for_a_call: AtomicBool::default(),
            show: suite.shown.clone(),
            accepted: suite.accepted.clone(),
            limited: suite.limited.clone(),
            refused: suite.refused.clone(),
        });
        let router = Router::new().fallback(answer).with_state(Arc::clone(&stage));
        let unavailable = |error: io::Error| {
            Failure::new("a stand-in for the platform", error.to_string(), "let the test open ports")
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.map_err(unavailable)?;
        let address = listener.local_addr().map_err(unavailable)?;
        let listener = listener.into_std().map_err(unavailable)?;
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(unavailable)?;
        let (end, ended) = oneshot::channel::<()>();
        std::thread::spawn(move || {
            runtime.spawn(async move { serve(TcpListener::from_std(listener)?, router).await });
            // What comes is that the platform is gone.
            let _ = runtime.block_on(ended);
        });
        Ok(Self { address, stage, _end: end })
    }

    /// Its base URL.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Lets every call that shows this text fail.
    pub(crate) fn fail(&self, text: &str, fault: Fault) {
        lock(&self.stage.faults).push((text.to_owned(), fault));
    }

    /// Lets calls with this text succeed again.
    pub(crate) fn mend(&self, text: &str) {
        lock(&self.stage.faults).retain(|(failing, _)| failing != text);
    }

    /// Lets every call fail with a 503, or none any more.
    pub(crate) fn set_down(&self, is_down: bool) {
        self.stage.is_down.store(is_down, Ordering::Release);
    }

    /// Whether there was a call while it was down.
    pub(crate) fn was_down_for_a_call(&self) -> bool {
        self.stage.was_down_for_a_call.load(Ordering::Acquire)
    }

    /// When a call with this text failed last.
    pub(crate) fn failed_at(&self, text: &str) -> Option<Instant> {
        self.stage.faults_met.all().into_iter().rfind(|(met, _)| met == text).map(|(_, at)| at)
    }

    /// Waits until a call with this text fails.
    pub(crate) async fn fails(&self, text: &str, patience: Duration) -> bool {
        self.stage.faults_met.wait(patience, |_| self.failed_at(text)).await.is_some()
    }

    /// Everything that it shows.
    pub(crate) fn seen(&self) -> &Arc<Record<Seen>> {
        &self.stage.seen
    }
}

impl Screen {
    fn fault(&self, shown: &[Shown]) -> Option<Fault> {
        let faults = lock(&self.faults);
        let is_met = |text: &str| shown.iter().any(|shown| shown.essence().contains(text));
        let (text, fault) = faults.iter().find(|(text, _)| is_met(text))?;
        self.faults_met.push((text.clone(), Instant::now()));
        Some(*fault)
    }
}

async fn answer(
    State(stage): State<Arc<Screen>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if stage.is_down.load(Ordering::Acquire) {
        stage.was_down_for_a_call.store(true, Ordering::Release);
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let call = Call { method, uri, headers, body };
    let shown = stage.show.as_ref().map_or_else(Vec::new, |show| show(&call));
    match stage.fault(&shown) {
        Some(Fault::Limited(seconds)) => (stage.limited)(seconds),
        Some(Fault::Refused) => (stage.refused)(&call),
        Some(Fault::Unavailable) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        Some(Fault::Silence) => std::future::pending().await,
        Some(Fault::Break) => {
            let broken = stream::once(async { Err::<Bytes, _>(io::Error::other("broken")) });
            Response::new(Body::from_stream(broken))
        }
        None => {
            let response = (stage.accepted)(&call);
            // What the author's platform refuses nobody sees.
            if response.status().is_success() {
                stage.seen.push(Seen { at: Instant::now(), shown, raw: call.text() });
            }
            response
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

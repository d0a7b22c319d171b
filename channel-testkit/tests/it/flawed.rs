//! A connector as it should be, and one mistake in it at a time.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use aws_lc_rs::hmac;
use channel_core::{
    BotMessage, Button, ButtonLimits, Capabilities, Json, Length, OnNewMessage, OutputChannel, Problem,
    Recipient, Secret, SendError, Sent, UserMessage, VerifyError, WebhookRequest, async_trait,
    axum::http::StatusCode, channel, output, verify, webhook,
};
use channel_endpoint::{Endpoint, EndpointConfig, EndpointError};
use channel_testkit::conformance::{Call, Delivery, Said, Shown, Suite};
use serde::Deserialize;
use serde_json::{Value, json};

/// What is wrong with the connector.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(crate) enum Flaw {
    Nothing,
    /// Nothing either: it asks the platform before it takes a message, as where the text is not in the delivery.
    LooksUp,
    NoId,
    /// Both.
    LooksUpWithoutId,
    VerifiesAfterParsing,
    ForgetsTime,
    SignsWhatItMeans,
    AnyProof,
    SharedSecret,
    WaitsForTheBot,
    OneForAll,
    DeclaresButtons,
    HidesButtons,
    DropsImages,
    CutsText,
    DropsCustom,
    PanicsOnNull,
    TakesBrokenJson,
    TalksToItself,
    NeverTriesAgain,
    AlwaysTriesAgain,
    SwallowsRefusals,
    IgnoresRetryAfter,
    OnlyAscii,
    LogsItsToken,
    TakesNothingWithoutLookingUp,
    TellsBeforeItIsTaken,
}

/// Signed with a time, acknowledged at once, answered by calls with a token.
#[channel(name = "flawed")]
#[derive(Deserialize)]
#[serde(try_from = "Settings")]
pub(crate) struct Flawed {
    #[serde(skip)]
    secret: Arc<Secret>,
    #[serde(skip)]
    flaw: Option<Flaw>,
    #[serde(skip)]
    endpoint: Option<Endpoint>,
    #[serde(skip)]
    token: String,
}

#[derive(Deserialize)]
struct Settings {
    signing_secret: Secret,
    token: Secret,
    url: String,
    flaw: Flaw,
}

#[derive(Deserialize)]
struct Incoming {
    id: u64,
    from: u64,
    #[serde(default)]
    is_bot: bool,
    text: String,
}

/// The first secret of each connector that is made.
static FIRST: LazyLock<Mutex<HashMap<String, Arc<Secret>>>> = LazyLock::new(Mutex::default);

impl TryFrom<Settings> for Flawed {
    type Error = String;

    fn try_from(Settings { signing_secret, token, url, flaw }: Settings) -> Result<Self, String> {
        let mut secret = Arc::new(signing_secret);
        if flaw == Flaw::SharedSecret {
            secret = Arc::clone(FIRST.lock().unwrap().entry(url.clone()).or_insert(secret));
        }
        let mut config = EndpointConfig::new(url);
        if flaw == Flaw::WaitsForTheBot {
            // Nobody else ends a call that is not answered.
            config.timeout = Duration::from_secs(8);
        }
        config.headers.insert("authorization".to_owned(), format!("Bearer {}", token.expose()));
        let endpoint = Endpoint::new(config).map_err(|error| error.to_string())?;
        Ok(Self { secret, flaw: Some(flaw), endpoint: Some(endpoint), token: token.expose().to_owned() })
    }
}

impl Flawed {
    fn has(&self, flaw: Flaw) -> bool {
        self.flaw == Some(flaw)
    }

    #[verify]
    fn verify(&self, request: &WebhookRequest) -> Result<(), VerifyError> {
        if self.has(Flaw::VerifiesAfterParsing) && request.json::<Incoming>().is_err() {
            return Ok(());
        }
        let proof = request.header("x-signature").ok_or(VerifyError::new("no signature"))?;
        let at = request.header("x-time").ok_or(VerifyError::new("no time"))?;
        let seconds: u64 = at.parse().map_err(|_| VerifyError::new("no number"))?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        if now.abs_diff(seconds) > 300 && !self.has(Flaw::ForgetsTime) {
            return Err(VerifyError::new("too old"));
        }
        let meant = || request.json::<Value>().map(|body| body.to_string().into_bytes());
        let signed = if self.has(Flaw::SignsWhatItMeans) {
            meant().unwrap_or_default()
        } else {
            request.body().to_vec()
        };
        let is_right = proof == signature(self.secret.expose(), at, &signed);
        if is_right || self.has(Flaw::AnyProof) { Ok(()) } else { Err(VerifyError::new("wrong")) }
    }

    #[webhook]
    async fn receive(&self, request: WebhookRequest, on_new_message: OnNewMessage) -> Result<(), Problem> {
        if self.has(Flaw::PanicsOnNull) {
            let body: Value = request.json().unwrap_or_default();
            assert!(body.get("text") != Some(&Value::Null), "a text");
        }
        let body: Incoming = match Json::from_bytes(request.body()) {
            Ok(Json(body)) => body,
            Err(_) if self.has(Flaw::TakesBrokenJson) => return Ok(()),
            Err(problem) => return Err(problem),
        };
        if body.is_bot && !self.has(Flaw::TalksToItself) {
            return Ok(());
        }
        let text = if self.has(Flaw::OnlyAscii) {
            body.text.replace(|c: char| !c.is_ascii(), "?")
        } else {
            body.text
        };
        if self.has(Flaw::LooksUp) || self.has(Flaw::LooksUpWithoutId) {
            let found = self.endpoint.as_ref().unwrap().get("").send().await;
            found.map_err(|_| Problem::new(StatusCode::BAD_GATEWAY, "the platform can't be asked"))?;
        }
        if self.has(Flaw::TakesNothingWithoutLookingUp)
            && self.endpoint.as_ref().unwrap().get("").send().await.is_err()
        {
            return Ok(());
        }
        let sender = if self.has(Flaw::OneForAll) { "all".to_owned() } else { body.from.to_string() };
        let mut message = UserMessage::new(text, sender);
        if !self.has(Flaw::NoId) && !self.has(Flaw::LooksUpWithoutId) {
            message = message.with_message_id(body.id.to_string());
        }
        if self.has(Flaw::WaitsForTheBot) {
            let output = Arc::new(self.output(&message.reply_to()));
            return on_new_message.handle(message, output).await.map_err(Problem::from);
        }
        if self.has(Flaw::TellsBeforeItIsTaken) {
            tokio::spawn(async move { on_new_message.accept(message).await });
            return Ok(());
        }
        on_new_message.accept(message).await.map_err(Problem::from)
    }

    #[output]
    fn output(&self, _to: &Recipient) -> impl OutputChannel + use<> {
        if self.has(Flaw::LogsItsToken) {
            tracing::debug!(self.token, "writing");
        }
        Api { endpoint: self.endpoint.clone().unwrap(), flaw: self.flaw.unwrap_or(Flaw::Nothing) }
    }
}

struct Api {
    endpoint: Endpoint,
    flaw: Flaw,
}

impl Api {
    async fn call(&self, body: Value) -> Result<Sent, SendError> {
        match self.endpoint.post("", &body).send().await {
            Ok(_) => Ok(Sent::default()),
            Err(_) if self.flaw == Flaw::NeverTriesAgain => Err(SendError::permanent("failed")),
            Err(EndpointError::Status { .. }) if self.flaw == Flaw::SwallowsRefusals => Ok(Sent::default()),
            Err(error) => Err(self.failure(&error)),
        }
    }

    fn failure(&self, error: &EndpointError) -> SendError {
        if !error.is_retryable() && self.flaw != Flaw::AlwaysTriesAgain {
            return SendError::permanent(error.to_string());
        }
        let failure = SendError::retryable(error.to_string());
        match error.retry_after().filter(|_| self.flaw != Flaw::IgnoresRetryAfter) {
            Some(wait) => failure.after(wait),
            None => failure,
        }
    }
}

#[async_trait]
impl OutputChannel for Api {
    fn name(&self) -> &str {
        "flawed"
    }

    fn capabilities(&self) -> Capabilities {
        let limits = ButtonLimits { count: 5, ..ButtonLimits::default() };
        Capabilities {
            text: Some(Length::Characters(4_000)),
            buttons: (self.flaw != Flaw::HidesButtons).then_some(limits),
            images: true,
            ..Capabilities::default()
        }
    }

    async fn send_text(&self, _: &Recipient, text: &str, _: &BotMessage) -> Result<Sent, SendError> {
        let length = if self.flaw == Flaw::CutsText { 1_000 } else { usize::MAX };
        self.call(json!({ "text": text.chars().take(length).collect::<String>() })).await
    }

    async fn send_buttons(
        &self,
        to: &Recipient,
        text: Option<&str>,
        buttons: &[Button],
        message: &BotMessage,
    ) -> Result<Sent, SendError> {
        if self.flaw == Flaw::DeclaresButtons {
            let titles = buttons.iter().map(|button| button.title.as_str());
            let lines: Vec<_> = text.into_iter().chain(titles).collect();
            return self.send_text(to, &lines.join("\n"), message).await;
        }
        self.call(json!({ "text": text, "buttons": buttons })).await
    }

    async fn send_image(&self, _: &Recipient, image: &str, _: &BotMessage) -> Result<Sent, SendError> {
        if self.flaw == Flaw::DropsImages {
            self.call(json!({ "image": "" })).await
        } else {
            self.call(json!({ "image": image })).await
        }
    }

    async fn send_custom(&self, _: &Recipient, custom: &Value, _: &BotMessage) -> Result<Sent, SendError> {
        if self.flaw == Flaw::DropsCustom { Ok(Sent::default()) } else { self.call(custom.clone()).await }
    }
}

/// The suite of the connector with this mistake.
pub(crate) fn suite(flaw: Flaw) -> Suite {
    let credentials = move |api: &str| json!({ "signing_secret": "s3cr3t-signing", "token": "s3cr3t-token", "url": api, "flaw": format!("{flaw:?}") });
    let deliver = |said: &Said| {
        Delivery::post("/webhook").json(json!({ "id": said.id, "from": said.sender, "text": said.text }))
    };
    let own = |said: &Said| {
        Delivery::post("/webhook")
            .json(json!({ "id": said.id, "from": said.sender, "text": said.text, "is_bot": true }))
    };
    Suite::new::<Flawed>(credentials, deliver)
        .sign(|delivery: Delivery, at, credentials: &Value| {
            let at = at.duration_since(UNIX_EPOCH).unwrap().as_secs().to_string();
            let secret = credentials["signing_secret"].as_str().unwrap();
            let proof = signature(secret, &at, &delivery.body);
            delivery.header("x-time", at).header("x-signature", proof)
        })
        .own(own)
        .shown(|call: &Call| Shown::collected(&call.json()))
}

fn signature(secret: &str, at: &str, body: &[u8]) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let tag = hmac::sign(&key, &[at.as_bytes(), body].concat());
    tag.as_ref().iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

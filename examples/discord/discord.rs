//! Discord's interactions by HTTP, <https://docs.discord.com/developers/interactions/receiving-and-responding>: slash commands,
//! buttons, selects and forms come in, replies go out as follow-up messages.

use std::time::{SystemTime, UNIX_EPOCH};

use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
use channel_core::{
    BotMessage, Button, ButtonLimits, Capabilities, Json, Length, OnNewMessage, OutputChannel, Problem, Rate,
    Recipient, Secret, SendError, SendLimits, Sent, UserMessage, VerifyError, WebhookRequest, async_trait,
    channel, output, verify, webhook,
};
use channel_endpoint::{Endpoint, EndpointConfig};
use serde::Deserialize;
use serde_json::{Value, json};

/// How far Discord's clock may be from ours, in seconds.
const WINDOW: u64 = 300;

/// An application on Discord. Its key and token are on the application's page.
#[channel(name = "discord")]
pub(crate) struct Discord {
    /// What Discord's signatures are checked with.
    public_key: PublicKey,
    /// The bot's token. Without it, only what came within the last 15 minutes can be answered.
    #[serde(default)]
    bot_token: Option<Secret>,
    /// Where Discord's API is.
    #[serde(default = "discord_api")]
    api: Endpoint,
}

/// 64 hexadecimal digits.
#[derive(Deserialize)]
#[serde(try_from = "String")]
struct PublicKey(Vec<u8>);

impl TryFrom<String> for PublicKey {
    type Error = &'static str;

    fn try_from(digits: String) -> Result<Self, Self::Error> {
        let key = unhex(&digits).filter(|key| key.len() == 32);
        key.map(Self).ok_or("expected 64 hexadecimal digits, the public key of the application")
    }
}

fn discord_api() -> Endpoint {
    Endpoint::new(EndpointConfig::new("https://discord.com/api/v10")).expect("this is an address")
}

impl Discord {
    #[verify]
    fn verify(&self, request: &WebhookRequest) -> Result<(), VerifyError> {
        let header =
            |name| request.header(name).ok_or(VerifyError::new("a header of the signature is missing"));
        let (timestamp, signature) = (header("x-signature-timestamp")?, header("x-signature-ed25519")?);
        let signature = unhex(signature).ok_or(VerifyError::new("the signature is not hexadecimal"))?;
        let signed = [timestamp.as_bytes(), request.body()].concat();
        UnparsedPublicKey::new(&ED25519, &self.public_key.0)
            .verify(&signed, &signature)
            .map_err(|_| VerifyError::new("the signature is wrong: check `public_key`"))?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        match timestamp.parse::<u64>() {
            Ok(at) if now.abs_diff(at) <= WINDOW => Ok(()),
            _ => Err(VerifyError::new("the request is more than 5 minutes old, or a clock is wrong")),
        }
    }

    #[webhook]
    async fn receive(
        &self,
        request: WebhookRequest,
        on_new_message: OnNewMessage,
    ) -> Result<Json<Value>, Problem> {
        let interaction: Value = request
            .json()
            .map_err(|error| Problem::bad_request(format!("an interaction is JSON: {error}")))?;
        Ok(Json(match interaction["type"].as_u64() {
            Some(COMMAND | COMPONENT | FORM) => {
                if let Some(message) = message(&interaction) {
                    on_new_message.accept(message).await?;
                }
                // "Thinking …", until the first follow-up message.
                json!({ "type": 5 })
            }
            Some(AUTOCOMPLETE) => json!({ "type": 8, "data": { "choices": [] } }),
            _ => json!({ "type": 1 }),
        }))
    }

    #[output]
    fn output(&self, _to: &Recipient) -> FollowUps {
        FollowUps { api: self.api.clone(), bot_token: self.bot_token.clone() }
    }
}

// The types of interactions.
const COMMAND: u64 = 2;
const COMPONENT: u64 = 3;
const AUTOCOMPLETE: u64 = 4;
const FORM: u64 = 5;

/// What somebody did, as a message; `None` where it is not as documented.
fn message(interaction: &Value) -> Option<UserMessage> {
    let text_at = |pointer: &str| interaction.pointer(pointer)?.as_str();
    let user = text_at("/member/user/id").or(text_at("/user/id"))?;
    let channel = text_at("/channel_id")?;
    let data = interaction.get("data")?;
    let said = match interaction["type"].as_u64() {
        Some(COMMAND) => format!("/{} {}", data["name"].as_str()?, options(data).join(" ")),
        Some(COMPONENT) if data["values"].is_array() => words(&data["values"]).join(", "),
        _ => data["custom_id"].as_str()?.to_owned(),
    };
    // What a component says was written by the bot, what a command says was typed.
    let is_payload = interaction["type"] != COMMAND || options(data).is_empty();
    let sender = format!("{channel}_{user}");
    let message =
        if is_payload { UserMessage::payload(said, sender) } else { UserMessage::new(said, sender) };
    let mut to = Recipient::new(channel);
    for key in ["application_id", "token"] {
        to.details.insert(key.to_owned(), interaction[key].clone());
    }
    let metadata = json!({ "data": data, "locale": interaction["locale"] });
    Some(
        message
            .with_message_id(text_at("/id")?)
            .with_metadata(metadata.as_object().cloned())
            .with_recipient(to),
    )
}

/// The values of a command's options, those of subcommands included.
fn options(data: &Value) -> Vec<String> {
    let given = data["options"].as_array().into_iter().flatten();
    given
        .flat_map(|option| match option.get("value") {
            Some(value) => words(&json!([value])),
            None => [words(&json!([option["name"]])), options(option)].concat(),
        })
        .collect()
}

fn words(values: &Value) -> Vec<String> {
    let values = values.as_array().into_iter().flatten();
    values.map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned)).collect()
}

/// Messages that follow an interaction; without one, messages of the bot.
struct FollowUps {
    api: Endpoint,
    bot_token: Option<Secret>,
}

impl FollowUps {
    async fn post(&self, to: &Recipient, mut body: Value) -> Result<Sent, SendError> {
        // Nobody is pinged by what the bot says.
        body["allowed_mentions"] = json!({ "parse": [] });
        let detail = |key: &str| to.details.get(key).and_then(Value::as_str);
        let sent = match (detail("application_id"), detail("token"), &self.bot_token) {
            (Some(application), Some(token), _) => {
                self.api.post(&format!("webhooks/{application}/{token}"), &body).send().await
            }
            (_, _, Some(bot_token)) => {
                let authorization = format!("Bot {}", bot_token.expose());
                let channel = to.id.split('_').next().unwrap_or_default();
                let call = self.api.post(&format!("channels/{channel}/messages"), &body);
                call.header("authorization", &authorization).send().await
            }
            _ => return Err(SendError::permanent("only with a `bot_token` can the bot speak first")),
        };
        let sent = sent.map_err(|error| error.into_send_error("Discord did not take the message"))?;
        // It is shown, whatever the answer looks like.
        let shown = sent.json().unwrap_or_default();
        Ok(Sent::with_id(shown["id"].as_str().unwrap_or_default()))
    }
}

/// <https://docs.discord.com/developers/resources/message>, <https://docs.discord.com/developers/components/reference>
#[async_trait]
impl OutputChannel for FollowUps {
    fn name(&self) -> &str {
        "discord"
    }

    fn capabilities(&self) -> Capabilities {
        let buttons = ButtonLimits {
            count: 25,
            title: Some(Length::Characters(80)),
            payload: Some(Length::Characters(100)),
            text: None,
        };
        Capabilities {
            text: Some(Length::Characters(2_000)),
            buttons: Some(buttons),
            images: true,
            ..Capabilities::default()
        }
    }

    fn limits(&self) -> SendLimits {
        SendLimits { account: Rate::per_second(50), chat: Rate::per_second(5), ..SendLimits::default() }
    }

    async fn send_text(&self, to: &Recipient, text: &str, _: &BotMessage) -> Result<Sent, SendError> {
        self.post(to, json!({ "content": text })).await
    }

    async fn send_buttons(
        &self,
        to: &Recipient,
        text: Option<&str>,
        buttons: &[Button],
        _: &BotMessage,
    ) -> Result<Sent, SendError> {
        let rows = buttons.chunks(5).enumerate().map(|(row, buttons)| {
            let buttons = buttons.iter().enumerate().map(|(column, button)| shown(button, row * 5 + column));
            json!({ "type": 1, "components": buttons.collect::<Vec<_>>() })
        });
        self.post(to, json!({ "content": text, "components": rows.collect::<Vec<_>>() })).await
    }

    async fn send_image(&self, to: &Recipient, image: &str, _: &BotMessage) -> Result<Sent, SendError> {
        self.post(to, json!({ "embeds": [{ "image": { "url": image } }] })).await
    }
}

/// A link, or a button whose id is its payload.
fn shown(Button { title, payload, extra }: &Button, number: usize) -> Value {
    match (extra.get("url"), payload) {
        (Some(url), _) => json!({ "type": 2, "style": 5, "label": title, "url": url }),
        (None, Some(payload)) => json!({ "type": 2, "style": 1, "label": title, "custom_id": payload }),
        (None, None) => {
            json!({ "type": 2, "style": 2, "label": title, "custom_id": number.to_string(), "disabled": true })
        }
    }
}

fn unhex(digits: &str) -> Option<Vec<u8>> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let pairs = digits.as_bytes().chunks(2);
    pairs
        .map(|pair| if let [high, low] = pair { Some(digit(high)? << 4 | digit(low)?) } else { None })
        .collect()
}

//! A Rasa server as an agent, over HTTP.

use std::{convert::Infallible, fs, time::Duration};

use axum::body::{Body, Bytes};
use channel_agent::{RasaAgent, RasaAgentConfig};
use channel_core::{
    Agent, AgentError, BotMessage, CollectingOutputChannel, EventVerbosity, Metadata, OutputChannel,
    Recipient, Secret, Settings, Splitting, Steps, Tracker, Turn, UserMessage, async_trait,
};
use channel_endpoint::EndpointConfig;
use serde_json::{Value, json};
use tokio::{
    net::TcpSocket,
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
};

use crate::support::{StandIn, fixture, response};

/// Answers of a real Rasa server's `rest` channel, by the ids of their exchanges.
fn recorded(id: &str) -> Value {
    let text = fs::read_to_string(fixture("rasa-rest.jsonl")).unwrap();
    let mut rows = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    rows.find(|row| row["id"] == id).unwrap()
}

fn recorded_body(id: &str) -> String {
    recorded(id)["body"].as_str().unwrap().to_owned()
}

/// Gives what each step says to whoever waits for it.
struct Passing(UnboundedSender<Vec<BotMessage>>);

#[async_trait]
impl Steps for Passing {
    fn channel(&self) -> &str {
        "web"
    }

    async fn commit(
        &self,
        _: &Tracker,
        replies: Vec<BotMessage>,
        _: Vec<(std::time::SystemTime, BotMessage)>,
    ) -> Result<(), AgentError> {
        let _ = self.0.send(replies);
        Ok(())
    }
}

/// A conversation with Rasa.
struct Talk {
    agent: RasaAgent,
    tracker: Tracker,
    steps: Passing,
    said: UnboundedReceiver<Vec<BotMessage>>,
}

impl Talk {
    fn to(config: impl Into<RasaAgentConfig>) -> Self {
        let (sender, said) = unbounded_channel();
        let agent = RasaAgent::new(config.into()).unwrap();
        Self { agent, tracker: Tracker::new("ada"), steps: Passing(sender), said }
    }

    async fn send(&mut self, message: UserMessage) -> Result<(), String> {
        let mut turn = Turn::new(&message, &mut self.tracker, &self.steps);
        self.agent.handle(&mut turn).await.map_err(|error| error.to_string())?;
        turn.finish().await.map_err(|error| error.to_string())
    }

    async fn say(&mut self, text: &str) -> Result<(), String> {
        self.send(UserMessage::new(text, "ada").with_input_channel("web")).await
    }

    /// What was said so far, a list for each step.
    fn steps(&mut self) -> Vec<Vec<BotMessage>> {
        std::iter::from_fn(|| self.said.try_recv().ok()).collect()
    }
}

fn config(stand_in: &StandIn) -> EndpointConfig {
    EndpointConfig::new(format!("http://{}", stand_in.address)).with_timeout(Duration::from_secs(10))
}

fn streaming(stand_in: &StandIn, timeout: f64) -> RasaAgentConfig {
    let url = format!("http://{}", stand_in.address);
    Settings::from_json(&json!({ "url": url, "timeout": timeout, "stream": true })).read().unwrap()
}

/// What comes of a message where Rasa answers this; and Rasa's address.
async fn failure(answer: axum::response::Response) -> (String, StandIn) {
    let stand_in = StandIn::responding([answer]).await;
    let error = Talk::to(config(&stand_in)).say("Hi").await.unwrap_err();
    (error, stand_in)
}

#[tokio::test]
async fn the_message_goes_to_the_rest_channel() {
    let stand_in = StandIn::answering([(200, "[]")]).await;
    let mut talk = Talk::to(config(&stand_in).with_token(Secret::new("t")));
    let mut message = UserMessage::new("Hi", "ada").with_input_channel("elsewhere");
    message.metadata = Some(Metadata::from_iter([("a".to_owned(), json!([1]))]));
    message.headers = vec![("traceparent".to_owned(), "00-1-2-01".to_owned())];
    talk.send(message).await.unwrap();
    let asked = &stand_in.asked()[0];
    assert_eq!(asked.uri, "/webhooks/rest/webhook?token=t");
    assert_eq!(asked.headers["traceparent"], "00-1-2-01");
    let body = json!({ "sender": "web:ada", "message": "Hi", "metadata": { "a": [1] }, "input_channel": "elsewhere" });
    assert_eq!(asked.json(), body);
}

#[tokio::test]
async fn what_somebody_types_is_no_payload_to_rasa() {
    let stand_in = StandIn::answering([(200, "[]"), (200, "[]")]).await;
    let mut talk = Talk::to(config(&stand_in));
    talk.send(UserMessage::new("/greet", "ada")).await.unwrap();
    talk.send(UserMessage::payload("/greet", "ada")).await.unwrap();
    let texts: Vec<_> = stand_in.asked().iter().map(|asked| asked.json()["message"].clone()).collect();
    assert_eq!(texts, ["\u{2060}/greet", "/greet"]);
}

#[tokio::test]
async fn a_bare_sender_id_is_that_of_the_channel() {
    let stand_in = StandIn::answering([(200, "[]")]).await;
    let settings = json!({ "url": format!("http://{}/", stand_in.address), "bare_sender_id": true });
    let config: RasaAgentConfig = Settings::from_json(&settings).read().unwrap();
    Talk::to(config).say("Hi").await.unwrap();
    assert_eq!(stand_in.asked()[0].json()["sender"], "ada");
}

#[tokio::test]
async fn what_is_understood_already_goes_as_an_intent() {
    let cases = [
        (json!({ "intent": { "name": "greet" }, "entities": [] }), "/greet"),
        (
            json!({ "intent": { "name": "book" }, "entities": [
                { "entity": "city", "value": "Rome" }, { "entity": "day", "value": 1 },
                { "entity": "city", "value": "Oslo" }, { "entity": "city", "value": "Bonn" }, {},
            ] }),
            r#"/book{"city":["Rome","Oslo","Bonn"],"day":1}"#,
        ),
        (json!({ "intent": {} }), "EXTERNAL: x"),
    ];
    let stand_in = StandIn::answering(vec![(200, "[]"); cases.len()]).await;
    let mut talk = Talk::to(config(&stand_in));
    for (parse_data, text) in cases {
        let parse_data = parse_data.as_object().unwrap().clone();
        talk.send(UserMessage::new("EXTERNAL: x", "ada").with_parse_data(parse_data)).await.unwrap();
        assert_eq!(stand_in.asked()[0].json()["message"], text);
    }
    assert_eq!(talk.tracker.latest_message()["intent"], json!({}));
}

#[tokio::test]
async fn every_kind_of_reply_comes_out_as_rasa_said_it() {
    for id in ["ask_button_type", "ask_image_only", "ask_custom_text", "ask_quick", "rich"] {
        let body = recorded_body(&format!("rest.response.{id}"));
        let stand_in = StandIn::answering([(200, &body)]).await;
        let mut talk = Talk::to(config(&stand_in));
        talk.say("Hi").await.unwrap();
        let mut expected: Vec<Value> = serde_json::from_str(&body).unwrap();
        for reply in &mut expected {
            reply["recipient_id"] = "ada".into();
            // An empty list of buttons says no more than none, and a blank at the end of a text nothing.
            if reply["buttons"] == json!([]) {
                reply["text"] = reply["text"].as_str().unwrap().trim_end().into();
                reply.as_object_mut().unwrap().remove("buttons");
            }
        }
        let collector = CollectingOutputChannel::new("web").with_splitting(Splitting::Rasa);
        for reply in talk.steps().concat() {
            collector.send(&Recipient::new("ada"), &reply).await.unwrap();
        }
        assert_eq!(json!(collector.take_messages()), json!(expected), "{id}");
    }
}

#[tokio::test]
async fn unknown_keys_are_kept() {
    let stand_in =
        StandIn::answering([(200, r#"[{"recipient_id": "web:ada", "text": "Hi", "mood": 1}]"#)]).await;
    let mut talk = Talk::to(config(&stand_in));
    talk.say("Hi").await.unwrap();
    let metadata = &talk.steps()[0][0].metadata;
    assert_eq!(Value::Object(metadata.clone()), json!({ "mood": 1 }));
}

#[tokio::test]
async fn the_conversation_is_kept() {
    let stand_in = StandIn::answering([(200, r#"[{"text": "one"}, {"image": "http://x/i.png"}]"#)]).await;
    let mut talk = Talk::to(config(&stand_in));
    talk.say("Hi").await.unwrap();
    let state = json!(talk.tracker.state(EventVerbosity::All));
    assert_eq!(state["latest_message"]["text"], "Hi");
    assert_eq!(state["latest_input_channel"], "web");
    let events: Vec<_> = state["events"].as_array().unwrap().iter().map(|event| &event["event"]).collect();
    assert_eq!(events, ["user", "bot", "bot"]);
    assert_eq!(state["events"][2]["data"]["image"], "http://x/i.png");
}

#[tokio::test]
async fn nothing_to_say_is_no_failure() {
    let stand_in = StandIn::answering([(200, recorded_body("rest.metadata.string"))]).await;
    let mut talk = Talk::to(config(&stand_in));
    talk.say("Hi").await.unwrap();
    assert_eq!(talk.steps(), [[]]);
}

#[tokio::test]
async fn nobody_is_there() {
    // Bound, lest somebody else get the port, and not listening yet.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = socket.local_addr().unwrap();
    let error = Talk::to(EndpointConfig::new(format!("http://{address}"))).say("Hi").await.unwrap_err();
    let expected = format!(
        "Rasa can't answer: could not connect to http://{address}/: Connection refused (os error 111); check that it \
         runs and that this is its address"
    );
    assert_eq!(error, expected);
}

#[tokio::test]
async fn what_rasa_refused_to_hear_is_said_again() {
    let refusals = [429, 503].map(|status| response(status, [("retry-after", "0")], "busy"));
    let answer = response(200, [], r#"[{"text": "Hi!"}]"#);
    let stand_in = StandIn::responding(refusals.into_iter().chain([answer])).await;
    let mut talk = Talk::to(config(&stand_in));
    talk.say("Hi").await.unwrap();
    assert_eq!(talk.steps(), [[BotMessage::text("Hi!")]]);
    assert_eq!(stand_in.asked().len(), 3);
}

#[tokio::test]
async fn it_is_said_four_times_at_most() {
    let refusals = (0..9).map(|_| response(503, [("retry-after", "0")], "busy"));
    let stand_in = StandIn::responding(refusals).await;
    let error = Talk::to(config(&stand_in)).say("Hi").await.unwrap_err();
    let address = stand_in.address;
    assert_eq!(error, format!("Rasa can't answer: http://{address}/ answered 503 (busy); look into its log"));
    assert_eq!(stand_in.asked().len(), 4);
    let late = response(503, [("retry-after", "60")], "busy");
    assert_eq!(failure(late).await.1.asked().len(), 1, "nobody waits for so long");
}

#[tokio::test]
async fn what_rasa_may_have_heard_is_not_said_again() {
    let stand_in = StandIn::answering::<&str>([]).await;
    let config = config(&stand_in).with_timeout(Duration::from_millis(300));
    let error = Talk::to(config).say("Hi").await.unwrap_err();
    assert!(error.contains(&format!("http://{}/ did not answer within 300ms", stand_in.address)), "{error}");
    assert_eq!(stand_in.asked().len(), 1);
    for status in [500, 502, 503] {
        let (error, stand_in) = failure(response(status, [], "oops")).await;
        assert!(error.contains(&format!("answered {status} (oops); look into its log")), "{error}");
        assert_eq!(stand_in.asked().len(), 1);
    }
}

#[tokio::test]
async fn what_is_no_answer_of_rasa_is_told() {
    let (error, stand_in) = failure(response(404, [], "not found")).await;
    let expected = format!(
        "http://{}/ has no /webhooks/rest/webhook; write `rest:` into the credentials of the Rasa server, and its \
         address without a path into `url`",
        stand_in.address
    );
    assert_eq!(error, expected);
    for (body, problem) in [
        ("{}", "invalid type: map, expected a sequence"),
        ("null", "invalid type: null, expected a sequence"),
        (r#"[{"text": 5}]"#, "[0].text: invalid type: integer `5`, expected a string"),
    ] {
        let (error, _) = failure(response(200, [], body)).await;
        assert!(error.contains(&format!("answered what are no replies: {problem}; check")), "{error}");
    }
    let (error, _) = failure(response(200, [], "<html>")).await;
    assert!(error.contains("is no JSON"), "{error}");
}

#[tokio::test]
async fn a_streamed_reply_goes_out_at_once() {
    let (lines, body) = stream();
    let stand_in = StandIn::responding([response(200, [], body)]).await;
    let mut talk = Talk::to(streaming(&stand_in, 10.0));
    let (sender, mut said) = unbounded_channel();
    talk.steps = Passing(sender);
    let chunks = recorded("rest.stream.multi")["chunks"].clone();
    let chunks: Vec<_> =
        chunks.as_array().unwrap().iter().map(|chunk| chunk.as_str().unwrap().to_owned()).collect();
    let reading = tokio::spawn(async move { talk.say("Hi").await.map(|()| talk) });
    for chunk in &chunks {
        // In halves: where the network cuts says nothing.
        let (first, second) = chunk.split_at(chunk.len() / 2);
        lines.send(first.to_owned()).unwrap();
        lines.send(second.to_owned()).unwrap();
        let step = said.recv().await.unwrap();
        let mut expected: BotMessage = serde_json::from_str(chunk).unwrap();
        expected.metadata.clear();
        assert_eq!(step, [expected]);
    }
    drop(lines);
    let talk = reading.await.unwrap().unwrap();
    assert_eq!(talk.tracker.events().len(), 1 + chunks.len());
    assert_eq!(stand_in.asked()[0].uri, "/webhooks/rest/webhook?stream=true");
}

#[tokio::test]
async fn a_stream_that_never_ends_times_out() {
    let (lines, body) = stream();
    let stand_in = StandIn::responding([response(200, [], body)]).await;
    let mut talk = Talk::to(streaming(&stand_in, 0.5));
    lines.send("{\"text\": \"one\"}\n{\"te".to_owned()).unwrap();
    let error = talk.say("Hi").await.unwrap_err();
    assert!(error.contains("did not answer within 500ms"), "{error}");
    assert_eq!(talk.steps(), [[BotMessage::text("one")]]);
    assert_eq!(stand_in.asked().len(), 1);
}

#[tokio::test]
async fn a_line_that_is_no_reply_is_told() {
    for (line, problem) in
        [("oops\n", "expected value at line 1 column 1"), ("[]\n", "invalid type: sequence")]
    {
        let stand_in = StandIn::answering([(200, line)]).await;
        let error = Talk::to(streaming(&stand_in, 10.0)).say("Hi").await.unwrap_err();
        assert!(error.contains("answered what are no replies") && error.contains(problem), "{error}");
    }
}

/// A body that is what is sent.
fn stream() -> (UnboundedSender<String>, Body) {
    let (sender, receiver) = unbounded_channel::<String>();
    let chunks = futures_util::stream::unfold(receiver, |mut receiver| async {
        let chunk = receiver.recv().await?;
        Some((Ok::<_, Infallible>(Bytes::from(chunk)), receiver))
    });
    (sender, Body::from_stream(chunks))
}

#[test]
fn a_misspelt_setting_is_told() {
    let settings = json!({ "url": "http://x", "bare_sender": true });
    let mistakes = Settings::from_json(&settings).read::<RasaAgentConfig>().unwrap_err().to_string();
    assert!(mistakes.contains("did you mean `bare_sender_id`?"), "{mistakes}");
}

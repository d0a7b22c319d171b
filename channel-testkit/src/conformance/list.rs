//! The checks, and how one is run.

use std::{pin::Pin, time::Duration};

use super::{
    Failure, Outcome, Suite,
    checks::{
        bodies, declared, duplicates, kinds, order, outbound, own, proof, restart, secrets, taken, unicode,
    },
};

type Running<'a> = Pin<Box<dyn Future<Output = Result<(), Failure>> + 'a>>;

/// No check takes longer.
const LONGEST: Duration = Duration::from_mins(3);

struct Check {
    name: &'static str,
    run: for<'a> fn(&'a Suite) -> Running<'a>,
    /// Why it says nothing about this connector.
    skip: fn(&Suite) -> Option<&'static str>,
}

/// Lists the checks once: as data, and as the tests of `conformance!`.
macro_rules! checks {
    ($($(#[doc = $doc:literal])+ $name:ident: $run:path, $skip:expr;)+) => {
        const CHECKS: &[Check] = &[$(Check {
            name: stringify!($name),
            run: |suite| Box::pin($run(suite)),
            skip: $skip,
        }),+];

        #[doc(hidden)]
        #[macro_export]
        macro_rules! __conformance_tests {
            () => {
                $(
                    $(#[doc = $doc])+
                    #[test]
                    fn $name() {
                        $crate::conformance::test(::core::stringify!($name), &suite());
                    }
                )+

                /// Says which checks were left out, and why.
                #[test]
                fn coverage() {
                    ::std::println!("{}", $crate::conformance::coverage(&suite()));
                }
            };
        }
    };
}

checks! {
    /// `GET /` of the route is a 200 to whoever asks.
    health_is_answered: bodies::health, always;
    /// A good delivery is taken, and has one turn and one reply.
    good_delivery_is_answered: proof::good, always;
    /// Without its proof a delivery is a 401.
    unproved_delivery_is_refused: proof::missing, proof::needs_none;
    /// With a wrong proof, or that of another secret, a delivery is a 401.
    wrong_proof_is_refused: proof::wrong, proof::has_none;
    /// A proof of yesterday, or of tomorrow, is a 401.
    stale_proof_is_refused: proof::stale, proof::has_no_time;
    /// A body of which a byte is missing is a 401.
    truncated_body_is_refused: proof::truncated, proof::has_no_body;
    /// The proof is of every byte of the body, not of what it means.
    proof_is_of_every_byte: proof::every_byte, proof::has_no_json_body;
    /// What is not proved is not parsed either.
    proof_comes_before_parsing: proof::before_parsing, proof::has_none;
    /// What is proved to one instance is a 401 to another.
    other_instance_is_refused: proof::other_instance, proof::has_none;
    /// A delivery that comes again is a 2xx, and has no second turn.
    repeated_delivery_has_one_turn: duplicates::repeated, duplicates::has_no_ids;
    /// A hundred deliveries of one message at the same time have one turn.
    duplicates_at_once_have_one_turn: duplicates::at_once, duplicates::has_no_ids;
    /// Fifty messages of one conversation are answered in their order.
    conversation_keeps_its_order: order::kept, always;
    /// A conversation does not wait for another.
    conversations_go_side_by_side: order::side_by_side, always;
    /// The platform has its 2xx while the bot still thinks.
    platform_is_answered_before_the_bot: order::acknowledged, waits;
    /// What the bot does not take is no 2xx.
    untaken_message_is_not_acknowledged: taken::or_refused, always;
    /// What comes while the platform's own API is down is answered in the end.
    failed_lookup_loses_nothing: taken::though_lookups_fail, answers_later;
    /// A body beyond the limit is a 413.
    large_body_is_refused: bodies::large, always;
    /// A body that does not come to its end is given up.
    slow_body_is_given_up: bodies::slow, always;
    /// What is no JSON is a 4xx.
    broken_json_is_refused: bodies::broken, bodies::is_no_json;
    /// JSON of any other shape is never a 5xx.
    foreign_json_breaks_nothing: bodies::foreign, bodies::is_no_json;
    /// The bot does not answer itself.
    own_messages_are_ignored: own::ignored, own::unknown;
    /// A text can be read.
    text_is_shown: kinds::text, always;
    /// All of a text of twelve thousand characters can be read.
    long_text_is_shown_whole: kinds::long_text, always;
    /// Two buttons can be read, and pressed where they are buttons.
    buttons_are_shown: kinds::buttons, always;
    /// Thirty buttons can be read.
    many_buttons_are_shown: kinds::many_buttons, always;
    /// Quick replies can be read.
    quick_replies_are_shown: kinds::quick_replies, always;
    /// An image, or its address, can be seen.
    images_are_shown: kinds::images, always;
    /// A file, or its address, can be seen.
    attachments_are_shown: kinds::attachments, always;
    /// The words of cards can be read.
    elements_are_shown: kinds::elements, always;
    /// JSON in the platform's own shape reaches the platform.
    custom_json_is_sent: kinds::custom, always;
    /// What `capabilities` declares is shown as such, and nothing else is.
    capabilities_are_true: declared::are_true, declared::has_no_output;
    /// After a 429 a reply comes when the platform wants it, those behind it after it, and others before.
    limited_reply_comes_later: outbound::limited, answers;
    /// What the platform refuses for good is a dead letter, and the replies behind it come.
    unwanted_reply_holds_up_nobody: outbound::unwanted, answers_later;
    /// After a 503 a reply comes in the end.
    refused_reply_comes_again: outbound::unavailable, answers;
    /// A reply that the platform is silent about comes in the end.
    unanswered_reply_comes_again: outbound::silence, answers;
    /// A reply whose connection breaks comes in the end.
    lost_reply_comes_again: outbound::lost, answers;
    /// What was accepted before a restart is answered after it, once.
    restart_loses_nothing: restart::loses_nothing, waits;
    /// Every character goes through both ways.
    unicode_goes_through: unicode::goes_through, always;
    /// No secret is logged or told to a caller.
    secrets_stay_secret: secrets::stay, always;
}

fn always(_: &Suite) -> Option<&'static str> {
    None
}

fn waits(suite: &Suite) -> Option<&'static str> {
    (!suite.accepts()).then_some("whoever delivers waits for the end of the turn")
}

fn answers(suite: &Suite) -> Option<&'static str> {
    suite.shown.is_none().then_some("the replies are in the answer: no platform is called")
}

fn answers_later(suite: &Suite) -> Option<&'static str> {
    answers(suite).or_else(|| waits(suite))
}

/// The names of all checks.
pub fn names() -> impl Iterator<Item = &'static str> {
    CHECKS.iter().map(|check| check.name)
}

/// Runs a check, in a runtime of its own.
///
/// # Errors
///
/// The connector does not keep to it.
///
/// # Panics
///
/// There is no check of this name; this thread is in a runtime already.
pub fn run(name: &str, suite: &Suite) -> Result<Outcome, Failure> {
    let check = CHECKS.iter().find(|check| check.name == name);
    let check = check.unwrap_or_else(|| panic!("there is no check `{name}`"));
    if let Some(reason) = (check.skip)(suite) {
        return Ok(Outcome::Skipped(reason.to_owned()));
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.expect("the system lets a test have a runtime");
    let result = runtime.block_on(async { tokio::time::timeout(LONGEST, (check.run)(suite)).await });
    // What still runs is of no interest any more.
    runtime.shutdown_background();
    if let Some(panic) = suite.panic() {
        return Err(Failure::new(
            "`shown`, `accepted`, `limited` and `refused` to return, whatever call they are given",
            format!("a panic: {panic}"),
            "mend the closure: it is asked for every call to the platform, also for one that fetches something",
        ));
    }
    result.unwrap_or_else(|_| {
        Err(Failure::new(
            "an end of the check",
            format!("nothing happened any more; it was given up after {LONGEST:?}"),
            "see that the webhook answers, and that every call to the platform has a time-out",
        ))
    })?;
    Ok(Outcome::Passed)
}

/// Runs a check as a test.
///
/// # Panics
///
/// The connector does not keep to it: the message says what was expected, what came, and how to mend it.
pub fn test(name: &str, suite: &Suite) {
    match run(name, suite) {
        Ok(Outcome::Passed) => {}
        Ok(Outcome::Skipped(reason)) => println!("left out: {reason}"),
        Err(failure) => panic!("`{}` does not stand `{name}`\n{failure}", suite.channel.path()),
    }
}

/// Which checks say nothing about this connector, and why: a line for each.
pub fn coverage(suite: &Suite) -> String {
    let skipped = CHECKS.iter().filter_map(|check| Some((check.name, (check.skip)(suite)?)));
    let lines: Vec<_> = skipped.map(|(name, reason)| format!("left out: {name}: {reason}\n")).collect();
    let run = CHECKS.len() - lines.len();
    format!("{}{run} of {} checks apply to `{}`", lines.concat(), CHECKS.len(), suite.channel.path())
}

//! A mistake fails the check that is for it, and no other.

use std::thread;

use channel_testkit::conformance::{Outcome, coverage, names, run};

use crate::flawed::{Flaw, suite};

/// The checks that a connector with this mistake does not stand.
fn failures(flaw: Flaw) -> Vec<&'static str> {
    let suite = &suite(flaw);
    thread::scope(|scope| {
        let runs: Vec<_> = names().map(|name| (name, scope.spawn(move || run(name, suite)))).collect();
        let failed = runs.into_iter().filter_map(|(name, run)| match run.join().unwrap() {
            Ok(outcome) => {
                assert_eq!(outcome, Outcome::Passed, "{name} is for such a connector");
                None
            }
            Err(failure) => {
                println!("{name}\n{failure}");
                Some(name)
            }
        });
        failed.collect()
    })
}

macro_rules! flaws {
    ($($test:ident: $flaw:ident, [$($check:literal),*];)+) => {$(
        #[test]
        fn $test() {
            assert_eq!(failures(Flaw::$flaw), [$($check),*] as [&str; [$($check),*].len()]);
        }
    )+};
}

flaws! {
    no_id: NoId, ["repeated_delivery_has_one_turn", "duplicates_at_once_have_one_turn", "restart_loses_nothing"];
    verification_after_parsing: VerifiesAfterParsing, ["truncated_body_is_refused", "proof_comes_before_parsing"];
    forgotten_time: ForgetsTime, ["stale_proof_is_refused"];
    any_proof_taken: AnyProof, ["wrong_proof_is_refused", "truncated_body_is_refused", "other_instance_is_refused"];
    shared_secret: SharedSecret, ["other_instance_is_refused"];
    // Who waits is answered again, and told of failures rather than helped over them.
    wait_for_the_bot: WaitsForTheBot, [
        "repeated_delivery_has_one_turn",
        "duplicates_at_once_have_one_turn",
        "platform_is_answered_before_the_bot",
        "limited_reply_comes_later",
        "refused_reply_comes_again",
        "unanswered_reply_comes_again",
        "lost_reply_comes_again"
    ];
    // Others wait with whoever waits for the platform.
    one_conversation_for_all: OneForAll, [
        "conversations_go_side_by_side",
        "limited_reply_comes_later",
        "refused_reply_comes_again",
        "unanswered_reply_comes_again",
        "lost_reply_comes_again"
    ];
    buttons_declared_and_not_shown: DeclaresButtons, ["capabilities_are_true"];
    buttons_shown_and_not_declared: HidesButtons, ["capabilities_are_true"];
    images_dropped: DropsImages, ["images_are_shown"];
    texts_cut: CutsText, ["long_text_is_shown_whole"];
    custom_dropped: DropsCustom, ["custom_json_is_sent"];
    panic_on_null: PanicsOnNull, ["foreign_json_breaks_nothing"];
    broken_json_taken: TakesBrokenJson, ["broken_json_is_refused"];
    talk_to_itself: TalksToItself, ["own_messages_are_ignored"];
    no_other_try: NeverTriesAgain, [
        "limited_reply_comes_later",
        "refused_reply_comes_again",
        "lost_reply_comes_again"
    ];
    retry_after_ignored: IgnoresRetryAfter, ["limited_reply_comes_later"];
    only_ascii: OnlyAscii, ["unicode_goes_through"];
    logged_token: LogsItsToken, ["secrets_stay_secret"];
}

#[test]
fn a_connector_as_it_should_be_stands_all_checks() {
    assert_eq!(failures(Flaw::Nothing), [] as [&str; 0]);
}

#[test]
fn coverage_says_that_all_checks_apply() {
    let coverage = coverage(&suite(Flaw::Nothing));
    assert!(coverage.starts_with(&format!("{0} of {0} checks apply to `", names().count())), "{coverage}");
}

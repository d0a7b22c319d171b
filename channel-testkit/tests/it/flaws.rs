//! A mistake fails the check that is for it, and no other.

use std::thread;

use channel_testkit::conformance::{Call, Outcome, Shown, coverage, names, run};

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

/// Each mistake, and the checks that it fails.
const FLAWS: &[(Flaw, &[&str])] = &[
    (
        Flaw::NoId,
        &["repeated_delivery_has_one_turn", "duplicates_at_once_have_one_turn", "restart_loses_nothing"],
    ),
    (Flaw::LooksUp, &[]),
    (
        Flaw::LooksUpWithoutId,
        &["repeated_delivery_has_one_turn", "duplicates_at_once_have_one_turn", "restart_loses_nothing"],
    ),
    (Flaw::VerifiesAfterParsing, &["truncated_body_is_refused", "proof_comes_before_parsing"]),
    (Flaw::SignsWhatItMeans, &["proof_is_of_every_byte"]),
    (Flaw::ForgetsTime, &["stale_proof_is_refused"]),
    (
        Flaw::AnyProof,
        &[
            "wrong_proof_is_refused",
            "truncated_body_is_refused",
            "proof_is_of_every_byte",
            "other_instance_is_refused",
        ],
    ),
    (Flaw::SharedSecret, &["other_instance_is_refused"]),
    // Who waits is answered again, and told of failures rather than helped over them.
    (
        Flaw::WaitsForTheBot,
        &[
            "repeated_delivery_has_one_turn",
            "duplicates_at_once_have_one_turn",
            "platform_is_answered_before_the_bot",
            "failed_lookup_loses_nothing",
            "limited_reply_comes_later",
            "unwanted_reply_holds_up_nobody",
            "refused_reply_comes_again",
            "unanswered_reply_comes_again",
            "lost_reply_comes_again",
            "restart_loses_nothing",
        ],
    ),
    // Others wait with whoever waits for the platform.
    (
        Flaw::OneForAll,
        &[
            "conversations_go_side_by_side",
            "limited_reply_comes_later",
            "refused_reply_comes_again",
            "unanswered_reply_comes_again",
            "lost_reply_comes_again",
        ],
    ),
    (Flaw::DeclaresButtons, &["capabilities_are_true"]),
    (Flaw::HidesButtons, &["capabilities_are_true"]),
    (Flaw::DropsImages, &["images_are_shown"]),
    (Flaw::CutsText, &["long_text_is_shown_whole"]),
    (Flaw::DropsCustom, &["custom_json_is_sent"]),
    (Flaw::PanicsOnNull, &["foreign_json_breaks_nothing"]),
    (Flaw::TakesBrokenJson, &["broken_json_is_refused"]),
    (Flaw::TalksToItself, &["own_messages_are_ignored"]),
    (
        Flaw::NeverTriesAgain,
        &["limited_reply_comes_later", "refused_reply_comes_again", "lost_reply_comes_again"],
    ),
    (Flaw::AlwaysTriesAgain, &["unwanted_reply_holds_up_nobody"]),
    (
        Flaw::SwallowsRefusals,
        &["limited_reply_comes_later", "unwanted_reply_holds_up_nobody", "refused_reply_comes_again"],
    ),
    (Flaw::IgnoresRetryAfter, &["limited_reply_comes_later"]),
    (Flaw::OnlyAscii, &["unicode_goes_through"]),
    (Flaw::LogsItsToken, &["secrets_stay_secret"]),
    (Flaw::TakesNothingWithoutLookingUp, &["failed_lookup_loses_nothing"]),
    (Flaw::TellsBeforeItIsTaken, &["untaken_message_is_not_acknowledged"]),
];

/// So many at the same time, most of which wait for a platform that fails.
const AT_ONCE: usize = 13;

#[test]
fn each_mistake_fails_the_checks_that_are_for_it() {
    for flaws in FLAWS.chunks(AT_ONCE) {
        thread::scope(|scope| {
            for (flaw, expected) in flaws {
                scope.spawn(move || assert_eq!(failures(*flaw), *expected, "{flaw:?}"));
            }
        });
    }
}

#[test]
fn a_connector_as_it_should_be_stands_all_checks() {
    assert_eq!(failures(Flaw::Nothing), [] as [&str; 0]);
}

#[test]
fn a_panic_in_the_suite_is_not_the_connectors() {
    let closure = |_: &Call| -> Vec<Shown> { panic!("a call that `shown` does not know") };
    let suite = suite(Flaw::Nothing).shown(closure);
    let failure = run("good_delivery_is_answered", &suite).unwrap_err().to_string();
    assert!(
        failure.contains("`shown`") && failure.contains("a call that `shown` does not know"),
        "{failure}"
    );
}

#[test]
fn coverage_says_that_all_checks_apply() {
    let coverage = coverage(&suite(Flaw::Nothing));
    assert!(coverage.starts_with(&format!("{0} of {0} checks apply to `", names().count())), "{coverage}");
}

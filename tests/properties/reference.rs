//! The decision point against a reference that works everything out in the plainest way, written from the rules alone;
//! and what its answers say of each other.

use portcullis::{Guard, Json, Policy as Loaded, Trust, UnixTime};
use proptest::prelude::*;

use crate::cases;
use crate::json::{reordered, shuffle};
use choices::{Choices, numbers};
use decide::decide;
use document::object;
use policy::Policy;
use question::{NOW, Question, instance};

#[path = "reference/choices.rs"]
mod choices;
#[path = "reference/condition.rs"]
mod condition;
#[path = "reference/decide.rs"]
mod decide;
#[path = "reference/document.rs"]
mod document;
#[path = "reference/evaluate.rs"]
mod evaluate;
#[path = "reference/explained.rs"]
mod explained;
#[path = "reference/generate.rs"]
mod generate;
#[path = "reference/listable.rs"]
mod listable;
#[path = "reference/lists.rs"]
mod lists;
#[path = "reference/pattern.rs"]
mod pattern;
#[path = "reference/policy.rs"]
mod policy;
#[path = "reference/question.rs"]
mod question;
#[path = "reference/time.rs"]
mod time;
#[path = "reference/values.rs"]
mod values;

fn guard(document: &Json) -> Result<Guard, TestCaseError> {
    let failed = |error: portcullis::ConfigError| TestCaseError::fail(format!("{error}\n{}", document.to_text()));
    Guard::new(Loaded::parse(&document.to_text()).map_err(failed)?, Trust::nobody()).map_err(failed)
}

fn now() -> UnixTime {
    UnixTime::from_seconds(NOW)
}

/// Compares with all that the policy and the question are, for whoever must understand it.
fn compare(found: &str, expected: &[String], document: &Json, question: &Question) -> Result<(), TestCaseError> {
    let is_one = expected.iter().any(|expected| expected == found);
    let asked = question.document().to_text();
    prop_assert!(is_one, "found {found}\nexpected {expected:?}\n{}\n{asked}", document.to_text());
    Ok(())
}

fn expected(policy: &Policy, question: &Question) -> Vec<String> {
    decide(policy, question).iter().map(|verdict| verdict.document(policy, question).to_text()).collect()
}

/// Whether the guard decides as the reference does.
fn agrees(policy: &Policy, questions: Vec<Question>) -> Result<(), TestCaseError> {
    let document = policy.document();
    let guard = guard(&document)?;
    for question in questions {
        let found = guard.evaluate_json(&question.document(), now()).to_text();
        compare(&found, &expected(policy, &question), &document, &question)?;
    }
    Ok(())
}

fn is_permitted(decision: &Json) -> bool {
    decision.member("decision") == Some(&Json::Bool(true))
}

fn reason(decision: &Json) -> &str {
    decision.member("context").and_then(|context| context.member("reason")).and_then(Json::as_str).expect("a reason")
}

/// The document with every list and every object in another order.
fn shuffled(json: &Json, below: &mut impl FnMut(usize) -> usize) -> Json {
    match json {
        Json::Array(items) => {
            let mut items: Vec<Json> = items.iter().map(|item| shuffled(item, below)).collect();
            shuffle(&mut items, below);
            Json::Array(items)
        }
        Json::Object(members) => {
            let members: Vec<(&str, Json)> =
                members.iter().map(|(name, value)| (name, shuffled(value, below))).collect();
            reordered(&object(members), below)
        }
        leaf => leaf.clone(),
    }
}

proptest! {
    #![proptest_config(cases(4_000))]

    #[test]
    fn an_expression_is_worth_what_the_reference_says(numbers in numbers(1_500)) {
        let (policy, questions) = values::policy_of_values(&mut Choices::new(&numbers));
        agrees(&policy, questions)?;
    }
}

proptest! {
    #![proptest_config(cases(4_000))]

    #[test]
    fn a_filter_selects_in_sqlite_what_a_decision_allows(numbers in numbers(6_000)) {
        lists::check(&mut Choices::new(&numbers))?;
    }
}

proptest! {
    #![proptest_config(cases(1_500))]

    #[test]
    fn a_pattern_is_found_where_trying_every_way_finds_it(numbers in numbers(700)) {
        let (policy, questions) = values::policy_of_patterns(&mut Choices::new(&numbers));
        agrees(&policy, questions)?;
    }
}

proptest! {
    #![proptest_config(cases(3_000))]

    #[test]
    fn a_decision_is_what_the_reference_says(numbers in numbers(4_000)) {
        let mut choices = Choices::new(&numbers);
        let policy = Policy::random(&mut choices);
        let document = policy.document();
        let guard = guard(&document)?;
        for _ in 0..8 {
            let question = Question::random(&mut choices, &policy);
            let found = guard.evaluate_json(&question.document(), now()).to_text();
            compare(&found, &expected(&policy, &question), &document, &question)?;
        }
    }

    #[test]
    fn an_explanation_says_what_the_decision_says(numbers in numbers(4_000)) {
        let mut choices = Choices::new(&numbers);
        let policy = Policy::random(&mut choices);
        let document = policy.document();
        let guard = guard(&document)?;
        for _ in 0..4 {
            let question = Question::random(&mut choices, &policy);
            explained::check(&guard, &policy, &question).map_err(|what| {
                let asked = question.document();
                let explanation = guard.explain_json(&asked, now()).to_text();
                TestCaseError::fail(format!("{what}\n{explanation}\n{}\n{}", document.to_text(), asked.to_text()))
            })?;
        }
    }
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn who_may_do_what_is_the_same_in_any_order(numbers in numbers(3_000), seed in any::<u64>()) {
        let mut choices = Choices::new(&numbers);
        let policy = Policy::random(&mut choices);
        let document = policy.document();
        let other = shuffled(&document, &mut crate::json::numbers(seed));
        let (first, second) = (guard(&document)?, guard(&other)?);
        for _ in 0..3 {
            let subject = Question::random(&mut choices, &policy);
            for permission in policy.permissions() {
                let mut asked = vec![subject.about(&permission, None)];
                if policy.kind_of(&permission).is_some() {
                    for _ in 0..2 {
                        let about = subject.about(&permission, None);
                        let instance = instance(&mut choices, &policy, &about);
                        asked.push(about.about(&permission, Some(instance)));
                    }
                }
                for question in asked {
                    let found = first.evaluate_json(&question.document(), now()).to_text();
                    compare(&found, &expected(&policy, &question), &document, &question)?;
                    let found_in_other = second.evaluate_json(&question.document(), now()).to_text();
                    compare(&found_in_other, &[found], &other, &question)?;
                }
            }
        }
    }

    #[test]
    fn an_explanation_is_the_same_in_any_order_of_rules_and_members(numbers in numbers(3_000), seed in any::<u64>()) {
        let mut choices = Choices::new(&numbers);
        let mut policy = Policy::random(&mut choices);
        let document = policy.document();
        policy.rules.reverse();
        policy.exclusive.reverse();
        let other = reordered(&policy.document(), &mut crate::json::numbers(seed));
        let (first, second) = (guard(&document)?, guard(&other)?);
        for _ in 0..4 {
            let question = Question::random(&mut choices, &policy);
            let explanation = first.explain_json(&question.document(), now()).to_text();
            let found = second.explain_json(&question.document(), now()).to_text();
            compare(&found, &[explanation], &other, &question)?;
        }
    }

    #[test]
    fn what_is_said_of_a_type_holds_for_each_instance(numbers in numbers(4_000)) {
        let mut choices = Choices::new(&numbers);
        let policy = Policy::random(&mut choices);
        let document = policy.document();
        let guard = guard(&document)?;
        for _ in 0..4 {
            let question = Question::random(&mut choices, &policy);
            if policy.kind_of(&question.permission).is_none() {
                continue;
            }
            let of_type = question.about(&question.permission, None);
            let said = guard.evaluate_json(&of_type.document(), now());
            for _ in 0..10 {
                let instance = instance(&mut choices, &policy, &question);
                let of_one = question.about(&question.permission, Some(instance));
                let found = guard.evaluate_json(&of_one.document(), now());
                prop_assert!(
                    reason(&said) == "conditional" || is_permitted(&said) == is_permitted(&found),
                    "{}\n{}\n{}\n{}", said.to_text(), found.to_text(), document.to_text(), of_one.document().to_text()
                );
            }
        }
    }
}

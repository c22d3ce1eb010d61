//! Runs a vector in this process, as a Rust host would.

use portcullis::{Answer, Ask, ConfigError, Guard, Json, Need, Outcome, Policy, Request, Trust};

use crate::expectation;
use crate::suite::{Asked, Case, Config, Found, Suite};

/// Every suite, in the order of their names.
pub(crate) fn suites() -> Vec<Suite> {
    let mut files: Vec<_> = std::fs::read_dir("tests/vectors")
        .expect("the vectors")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    files.sort();
    files.iter().map(|path| Suite::parse(&std::fs::read_to_string(path).expect("a readable suite"))).collect()
}

pub(crate) fn guard(config: &Config) -> Result<Guard, ConfigError> {
    let policy = Policy::parse(&config.policy)?;
    let Some(trust) = &config.trust else { return Ok(Guard::decision_point(policy)) };
    let loaders: Vec<&str> = config.loaders.iter().map(String::as_str).collect();
    Guard::with_loaders(policy, Trust::parse(trust)?, &loaders)
}

/// The outcome or the decision of a case, in the form that the vectors expect.
pub(crate) fn found(guard: &Guard, case: &Case<'_>) -> Json {
    let Some(request) = request(&case.asked) else {
        let Asked::Question(question) = case.asked else { panic!("a request or a question") };
        return guard.evaluate_json(question, case.now);
    };
    match answer(guard, &request, case) {
        Outcome::Allow(grant) => expectation::allowed(grant.to_json(guard), grant.event(guard, None).reason),
        Outcome::Reject(refused) => {
            let rejection = refused.rejection();
            let found = expectation::refused(&rejection.to_json(), refused.event(guard, None).reason);
            assert_eq!(found.member("body").and_then(Json::as_str), Some(rejection.body().as_str()), "{}", case.name);
            found
        }
        Outcome::Need(need) => panic!("{}: the loop does not end at {need:?}", case.name),
    }
}

/// The error of a pair of documents, or null, in the form that the vectors expect.
pub(crate) fn error(config: &Config) -> Json {
    match guard(config) {
        Ok(_) => Json::Null,
        Err(error) => expectation::error(error.document.name(), &error.path, error.code()),
    }
}

pub(crate) fn request<'a>(asked: &Asked<'a>) -> Option<Request<'a>> {
    let Asked::Request { method, url, headers, context } = asked else { return None };
    let request = headers.iter().fold(Request::new(method, url), |request, (name, value)| request.header(name, *value));
    let justification = context.and_then(|context| context.member("justification")).and_then(Json::as_str);
    Some(match justification {
        Some(justification) => request.justified_by(justification),
        None => request,
    })
}

/// The loop, with what the host of a case answers. A request needs keys once and a resource once.
pub(crate) fn answer(guard: &Guard, request: &Request<'_>, case: &Case<'_>) -> Outcome {
    let mut outcome = guard.check(request, case.now);
    for _ in 0..2 {
        let Outcome::Need(need) = outcome else { break };
        let answer = answer_to(&need, case);
        outcome = guard.resume(need, answer);
    }
    outcome
}

pub(crate) fn answer_to(need: &Need, case: &Case<'_>) -> Answer {
    match need.ask() {
        Ask::Keys { url } => Answer::Keys(case.fetched(url).map(String::into_bytes)),
        Ask::Signature { .. } => panic!("natively every algorithm is verified in process"),
        Ask::Resource { kind, id } => match case.found(kind, id) {
            Found::Resource(attributes) => Answer::Resource(Some(attributes.clone())),
            Found::Nothing => Answer::Resource(None),
            Found::Failure => Answer::Failed,
        },
    }
}

//! Runs a vector in this process, as a Rust host would.

use portcullis::{Answer, Ask, ConfigError, Guard, Json, Need, Outcome, Policy, Request, Trust};

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

/// The outcome or the decision of a case.
pub(crate) fn answer(guard: &Guard, case: &Case<'_>) -> Result<Outcome, Json> {
    let (method, url, headers, context) = match &case.asked {
        Asked::Question(question) => return Err(guard.evaluate_json(question, case.now)),
        Asked::Request { method, url, headers, context } => (method, url, headers, context),
    };
    let mut request =
        headers.iter().fold(Request::new(method, url), |request, (name, value)| request.header(name, *value));
    let justification = context.and_then(|context| context.member("justification")).and_then(Json::as_str);
    if let Some(justification) = justification {
        request = request.justified_by(justification);
    }
    let mut outcome = guard.check(&request, case.now);
    for _ in 0..3 {
        let Outcome::Need(need) = outcome else { return Ok(outcome) };
        let answer = answer_to(&need, case);
        outcome = guard.resume(need, answer);
    }
    Ok(outcome)
}

fn answer_to(need: &Need, case: &Case<'_>) -> Answer {
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

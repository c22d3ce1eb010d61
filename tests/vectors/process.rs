//! Runs a vector in this process, as a Rust host would.

use std::collections::BTreeMap;

use portcullis::filter::{Dialect, Filter, FilterError, Parameter, Sql, SqlOptions};
use portcullis::json::Object;
use portcullis::{Answer, Ask, ConfigError, Fetched, Guard, Json, Need, Outcome, Policy, Request, Supplied, Trust};

use crate::expectation;
use crate::suite::{Asked, Case, Config, Found, Step, Suite};

/// Every suite, in the order of their names.
pub(crate) fn suites() -> Vec<Suite> {
    let mut files: Vec<_> = std::fs::read_dir("tests/vectors")
        .expect("the vectors")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    files.sort();
    let suites: Vec<Suite> =
        files.iter().map(|path| Suite::parse(&std::fs::read_to_string(path).expect("a readable suite"))).collect();
    suites.iter().for_each(assert_marked);
    suites
}

/// The runners of guard.wasm pass over what is marked as full; it must be no more and no less than what guard.wasm
/// leaves out.
fn assert_marked(suite: &Suite) {
    const WHOLE: &[&str] = &[
        "pem",
        "introspection",
        "binding",
        "dpop",
        "clientCertificate",
        "preset",
        "tenants",
        "revocation",
        "breakGlass",
        "policyKeys",
        "apiKeyStore",
    ];
    let needs = |config: &Config| {
        config.policy.contains("matches(")
            || WHOLE
                .iter()
                .any(|member| config.trust.as_ref().is_some_and(|trust| trust.contains(&format!("\"{member}\":"))))
    };
    for case in suite.cases() {
        assert_eq!(case.is_full(), needs(&case.config()), "{}", case.first().name);
    }
    for documents in suite.documents() {
        assert_eq!(documents.is_full, needs(&documents.config), "{}", documents.name);
    }
}

pub(crate) fn guard(config: &Config) -> Result<Guard, ConfigError> {
    let policy = Policy::parse(&config.policy)?;
    let Some(trust) = &config.trust else { return Ok(Guard::decision_point(policy)) };
    let loaders: Vec<&str> = config.loaders.iter().map(String::as_str).collect();
    Guard::with_loaders(policy, Trust::parse(trust)?, &loaders)
}

/// The host of a case: what it was asked, and what it remembers between the steps.
#[derive(Default)]
pub(crate) struct Host {
    /// In the words of the vectors.
    pub(crate) asked: Vec<String>,
    proofs: BTreeMap<String, i64>,
    fetches_later: Vec<String>,
}

/// The outcomes or decisions of a case's steps, in the form that the vectors expect.
pub(crate) fn found(guard: &Guard, case: &Case<'_>) -> Vec<Json> {
    let mut host = Host::default();
    case.steps.iter().map(|step| found_in(guard, step, &mut host)).collect()
}

fn found_in(guard: &Guard, step: &Step<'_>, host: &mut Host) -> Json {
    for fact in step.pushed() {
        guard.revoke(fact.name, fact.not_before, fact.until, step.now).expect("a fact");
    }
    let request = match step.asked {
        Asked::Question(question) => return guard.evaluate_json(question, step.now),
        Asked::Why(question) => return expectation::explained(guard.explain_json(question, step.now), step.expect),
        Asked::List { question, elevated } => return listed(guard, question, elevated, step),
        Asked::Request { .. } => request(&step.asked).expect("a request"),
    };
    host.asked.clear();
    let outcome = answer(guard, &request, step, host);
    for url in std::mem::take(&mut host.fetches_later) {
        let supplied = guard.supply_keys(&url, fetched(step, &url).as_ref(), step.now);
        if let Supplied::Next(url) = &supplied {
            guard.supply_keys(url, fetched(step, url).as_ref(), step.now);
        }
        assert_ne!(supplied, Supplied::Unknown, "{}: {url}", step.name);
    }
    let mut found = match outcome {
        Outcome::Allow(grant) => expectation::allowed(grant.to_json(), &grant.event(None).to_json("")),
        Outcome::Reject(refused) => {
            let rejection = refused.rejection();
            let found = expectation::refused(&rejection.to_json(), refused.event(None).reason);
            assert_eq!(found.member("body").and_then(Json::as_str), Some(rejection.body().as_str()), "{}", step.name);
            found
        }
        Outcome::Need(need) => panic!("{}: the loop does not end at {need:?}", step.name),
    };
    if let (Json::Object(found), Some(_)) = (&mut found, step.expected_asks()) {
        found.set("asked", host.asked.clone());
    }
    found
}

/// A filter, and its SQL where the vector has some.
fn listed(guard: &Guard, question: &Json, elevated: bool, step: &Step<'_>) -> Json {
    let said = |name: &str| step.sql().and_then(|sql| sql.member(name)).and_then(Json::as_str);
    let sql = |filter: &Filter, dialect| {
        let mut options = SqlOptions::new(dialect);
        if let Some(table) = said("table") {
            options = options.in_table(table);
        }
        let columns = step.sql().and_then(|sql| sql.member("columns")).and_then(Json::as_object);
        for (attribute, column) in columns.into_iter().flat_map(Object::iter) {
            options = options.with_column(attribute, column.as_str().expect("a name"));
        }
        if let Some(Json::Integer(number)) = step.sql().and_then(|sql| sql.member("firstParameter")) {
            options = options.with_first_parameter(usize::try_from(*number).expect("a number"));
        }
        filter.to_sql(&options)
    };
    let found = guard.filter_for_json(question, step.now, elevated).and_then(|filter| {
        let mut found = Object::new();
        found.set("filter", filter.to_json());
        for (name, dialect) in [("sqlite", Dialect::Sqlite), ("postgres", Dialect::Postgres)] {
            if step.expect.member(name).is_some() || step.expect.member("error").is_some() {
                found.set(name, written(sql(&filter, dialect)?));
            }
        }
        Ok(found)
    });
    let mut answer = Object::new();
    match found {
        Ok(found) => return found.into(),
        Err(error) => {
            let mut said = Object::new();
            said.set("code", error.code());
            if let FilterError::NotExpressible { path, expression } = error {
                said.set("path", path);
                said.set("expression", expression);
            }
            answer.set("error", said);
        }
    }
    answer.into()
}

fn written(Sql { text, parameters }: Sql) -> Json {
    let parameter = |parameter| match parameter {
        Parameter::Text(text) => Json::from(text),
        Parameter::Int(number) => Json::from(number),
        Parameter::Double(number) => number_of(number),
        Parameter::Bool(value) => Json::from(value),
        Parameter::Texts(texts) => Json::from(texts),
        Parameter::Ints(numbers) => Json::from(numbers),
        Parameter::Doubles(numbers) => Json::Array(numbers.into_iter().map(number_of).collect()),
        Parameter::Bools(values) => Json::from(values),
        other => panic!("a parameter is {other:?}"),
    };
    let mut sql = Object::new();
    sql.set("text", text);
    sql.set("parameters", Json::Array(parameters.into_iter().map(parameter).collect()));
    sql.into()
}

fn number_of(number: f64) -> Json {
    let text = format!("{number:?}");
    Json::parse(text.strip_suffix(".0").unwrap_or(&text).as_bytes()).expect("a number")
}

/// The error of a pair of documents, or null, in the form that the vectors expect.
pub(crate) fn error(config: &Config) -> Json {
    match guard(config) {
        Ok(_) => Json::Null,
        Err(error) => expectation::error(error.document.name(), &error.path, error.code()),
    }
}

pub(crate) fn request<'a>(asked: &Asked<'a>) -> Option<Request<'a>> {
    let Asked::Request { method, url, headers, context, nonce, access_token } = asked else { return None };
    let mut request =
        headers.iter().fold(Request::new(method, url), |request, (name, value)| request.header(name, *value));
    if let Some(context) = context.and_then(Json::as_object) {
        request = request.context(context);
    }
    if let Some(said) = context.and_then(|context| context.member("justification")).and_then(Json::as_str) {
        request = request.justified_by(said);
    }
    if let Some(nonce) = nonce {
        request = request.nonce(nonce);
    }
    if let Some(token) = access_token {
        request = request.access_token(token);
    }
    Some(request)
}

/// The loop, with what the host of a step answers. A request asks for metadata, keys, revocations, a replay and a
/// resource, each once at most.
pub(crate) fn answer(guard: &Guard, request: &Request<'_>, step: &Step<'_>, host: &mut Host) -> Outcome {
    let mut outcome = guard.check(request, step.now);
    for _ in 0..5 {
        let Outcome::Need(need) = outcome else { break };
        let answer = answer_to(&need, step, host);
        outcome = guard.resume(need, answer);
    }
    outcome
}

pub(crate) fn answer_to(need: &Need, step: &Step<'_>, host: &mut Host) -> Answer {
    match need.ask() {
        Ask::Keys { url, stale } => {
            host.asked.push(format!("keys {url}"));
            if stale && step.is_later() {
                host.fetches_later.push(url.to_owned());
                return Answer::Later;
            }
            Answer::Keys(fetched(step, url))
        }
        Ask::Signature { .. } => panic!("natively every algorithm is verified in process"),
        Ask::Revocation { names } => {
            host.asked.push("revocation".to_owned());
            step.revocations(names).map_or(Answer::Failed, Answer::Revocation)
        }
        Ask::Replay { name, until } => {
            host.asked.push("replay".to_owned());
            if step.fails_replays() {
                return Answer::Failed;
            }
            host.proofs.retain(|_, until| step.now.seconds() < *until);
            Answer::Fresh(host.proofs.insert(name.to_owned(), until.seconds()).is_none())
        }
        Ask::Introspection { url, body, .. } => {
            host.asked.push(format!("introspection {url}"));
            Answer::Introspection(step.introspected(url, body).map(String::into_bytes))
        }
        Ask::ApiKey { hash } => {
            host.asked.push(format!("apiKey {hash}"));
            match step.api_key(hash) {
                Found::Resource(entry) => Answer::ApiKey(Some(entry.clone())),
                Found::Nothing => Answer::ApiKey(None),
                Found::Failure => Answer::Failed,
            }
        }
        Ask::Resource { kind, id } => {
            host.asked.push(format!("resource {kind}/{id}"));
            match step.found(kind, id) {
                Found::Resource(attributes) => Answer::Resource(Some(attributes.clone())),
                Found::Nothing => Answer::Resource(None),
                Found::Failure => Answer::Failed,
            }
        }
        other => panic!("{}: nobody answers {other:?}", step.name),
    }
}

fn fetched(step: &Step<'_>, url: &str) -> Option<Fetched> {
    let (body, cache_control) = step.fetched(url)?;
    Some(Fetched { body: body.into_bytes(), cache_control: cache_control.map(str::to_owned) })
}

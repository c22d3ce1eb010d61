//! Any request, question and answer of a host against the guards of the vectors: nothing panics, the loop ends, and
//! what comes out can be sent.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use portcullis::json::Object;
use portcullis::{Answer, Ask, Challenge, Fetched, Guard, Json, Need, Outcome, Request, TABLE, UnixTime};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::json::{json, near_json, text};
use crate::suite::{Asked, Case, Suite};
use crate::{cases, process};

pub(crate) static SUITES: LazyLock<Vec<Suite>> = LazyLock::new(process::suites);
pub(crate) static CASES: LazyLock<Vec<Case<'static>>> =
    LazyLock::new(|| SUITES.iter().flat_map(Suite::cases).collect());

/// One guard for each config of the vectors.
static GUARDS: LazyLock<Vec<Guard>> = LazyLock::new(|| {
    let configs: BTreeMap<_, _> =
        CASES.iter().map(Case::config).map(|config| ((config.policy.clone(), config.trust.clone()), config)).collect();
    configs.values().map(|config| process::guard(config).expect("the config of a case loads")).collect()
});

/// The cases whose host is asked.
static ASKING: LazyLock<Vec<&Case<'static>>> = LazyLock::new(|| {
    let asks = |case: &&Case<'_>| {
        let guard = process::guard(&case.config()).expect("the config of a case loads");
        process::request(&case.first().asked)
            .is_some_and(|request| matches!(guard.check(&request, case.first().now), Outcome::Need(_)))
    };
    CASES
        .iter()
        .filter(|case| {
            ["jwks/", "ownership/", "key_sets/", "discovery/", "dpop/", "introspection/", "revocation/"]
                .iter()
                .any(|suite| case.name.starts_with(suite))
        })
        .filter(asks)
        .collect()
});

fn pick<T>(items: &[T], index: Index) -> &T {
    items.get(index.index(items.len())).expect("an item")
}

fn method() -> impl Strategy<Value = String> {
    const METHODS: &[&str] = &["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "get", "*", ""];
    prop_oneof![4 => prop::sample::select(METHODS).prop_map(str::to_owned), 1 => any::<String>()]
}

fn url() -> impl Strategy<Value = String> {
    const PIECES: &[&str] = &[
        "/",
        "//",
        "a",
        "articles",
        "1",
        "me",
        ".",
        "..",
        "%2e",
        "%2F",
        "%5c",
        "%00",
        "%",
        "%zz",
        "%ff",
        "%C3%A9",
        "\\",
        " ",
        "é",
        "{id}",
        "**",
        "?",
        "access_token=x",
        "&",
        "=",
        "#",
        "https://blog.example",
        ":",
        "://",
        "@",
        "\u{0}",
    ];
    let of_vectors = any::<Index>().prop_map(|index| match &pick(&CASES, index).first().asked {
        Asked::Request { url, .. } => (*url).to_owned(),
        Asked::Question(_) | Asked::Why(_) | Asked::List { .. } => "/".to_owned(),
    });
    prop_oneof![
        2 => of_vectors,
        3 => prop::collection::vec(prop::sample::select(PIECES), 0..12).prop_map(|pieces| pieces.concat()),
        1 => any::<String>(),
        1 => (0_usize..70).prop_map(|count| "/a".repeat(count)),
    ]
}

fn header() -> impl Strategy<Value = (String, String)> {
    const NAMES: &[&str] = &[
        "authorization",
        "Authorization",
        "x-api-key",
        "cookie",
        "origin",
        "host",
        "sec-fetch-site",
        "access-control-request-method",
        "x-justification",
        "x-token",
        "",
    ];
    const PIECES: &[&str] = &[
        "Bearer",
        "bearer",
        "Basic",
        " ",
        "  ",
        "\t",
        ",",
        ";",
        "=",
        "session=",
        "__Host-session=",
        "same-origin",
        "none",
        "GET",
        "https://blog.example",
        "e30",
        "eyJhbGciOiJIUzI1NiJ9",
        "eyJhbGciOiJFZERTQSIsImtpZCI6ImVkIn0",
        ".",
        "AA",
        "pk_live_",
        "\"",
        "é",
        "\n",
        "\u{0}",
    ];
    let of_vectors =
        any::<Index>().prop_filter_map("a case without headers", |index| match &pick(&CASES, index).first().asked {
            Asked::Request { headers, .. } => {
                headers.first().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            }
            Asked::Question(_) | Asked::Why(_) | Asked::List { .. } => None,
        });
    let value = prop_oneof![
        4 => prop::collection::vec(prop::sample::select(PIECES), 0..10).prop_map(|pieces| pieces.concat()),
        1 => any::<String>(),
        1 => Just("x".repeat(20_000)),
    ];
    prop_oneof![1 => of_vectors, 2 => (prop::sample::select(NAMES).prop_map(str::to_owned), value)]
}

fn answer() -> impl Strategy<Value = Answer> {
    let set = any::<Index>().prop_map(|index| match crate::json::reordered(&key_set(index), &mut |bound| bound - 1) {
        Json::Null => Answer::Keys(None),
        set => keys(set.to_text().into_bytes()),
    });
    prop_oneof![
        set,
        prop::collection::vec(any::<u8>(), 0..50).prop_map(keys),
        near_json().prop_map(|text| keys(text.into_bytes())),
        json().prop_map(|value| keys(value.to_text().into_bytes())),
        Just(Answer::Later),
        any::<bool>().prop_map(Answer::Signature),
        any::<bool>().prop_map(Answer::Fresh),
        prop::collection::vec(any::<Option<i64>>(), 0..5).prop_map(Answer::Revocation),
        near_json().prop_map(|text| Answer::Introspection(Some(text.into_bytes()))),
        Just(Answer::Resource(None)),
        json().prop_map(|value| Answer::Resource(Some(value.as_object().cloned().unwrap_or_else(|| owned_by("u1"))))),
        Just(Answer::Failed),
    ]
}

fn keys(body: Vec<u8>) -> Answer {
    Answer::Keys(Some(Fetched::from(body)))
}

/// What some case's host fetches.
fn key_set(index: Index) -> Json {
    let case = pick(&CASES, index);
    let set = ["https://id.example/jwks", "https://id.example/keys"].iter().find_map(|url| case.first().fetched(url));
    set.and_then(|(set, _)| Json::parse(set.as_bytes()).ok()).unwrap_or_default()
}

fn owned_by(id: &str) -> Object {
    let mut attributes = Object::new();
    attributes.set("author_id", id);
    attributes
}

/// A request as a host has it.
#[derive(Debug, Clone)]
struct Sent {
    method: String,
    url: String,
    headers: Vec<(String, String)>,
    justification: Option<String>,
    nonce: Option<String>,
    access_token: Option<String>,
}

impl Sent {
    fn request(&self) -> Request<'_> {
        let request = Request::new(&self.method, &self.url);
        let request = self.headers.iter().fold(request, |request, (name, value)| request.header(name, value.as_str()));
        let request = self.justification.iter().fold(request, |request, said| request.justified_by(said));
        let request = self.nonce.iter().fold(request, |request, nonce| request.nonce(nonce));
        self.access_token.iter().fold(request, |request, token| request.access_token(token))
    }

    fn of(asked: &Asked<'_>) -> Option<Self> {
        let Asked::Request { method, url, headers, context, nonce, access_token } = asked else { return None };
        let justification = context.and_then(|context| context.member("justification")).and_then(Json::as_str);
        Some(Self {
            method: (*method).to_owned(),
            url: (*url).to_owned(),
            headers: headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            justification: justification.map(str::to_owned),
            nonce: nonce.map(str::to_owned),
            access_token: access_token.map(str::to_owned),
        })
    }

    /// The long pieces of what may be a credential, which nobody is shown; unless the request says them aloud, too.
    fn secrets(&self) -> impl Iterator<Item = &str> {
        let of = |places: &'static [&str]| {
            let is_there =
                move |(name, _): &&(String, String)| places.iter().any(|place| name.eq_ignore_ascii_case(place));
            self.headers.iter().filter(is_there).map(|(_, value)| value.as_str())
        };
        let aloud: Vec<&str> =
            of(&["x-justification"]).chain([self.method.as_str()]).chain(self.justification.as_deref()).collect();
        let credentials = of(&["authorization", "x-api-key", "cookie", "x-token", "dpop"]);
        let pieces = credentials.flat_map(|value| value.split([' ', ';', '=', ',', '.', '\t']));
        pieces.filter(move |piece| piece.len() >= 24 && !aloud.iter().any(|aloud| aloud.contains(piece)))
    }
}

fn sent() -> impl Strategy<Value = Sent> {
    let made_up = (method(), url(), prop::collection::vec(header(), 0..5), prop::option::of(any::<String>()));
    let made_up = made_up.prop_map(|(method, url, headers, said)| Sent {
        method,
        url,
        headers,
        justification: said.clone(),
        nonce: said.clone(),
        access_token: said,
    });
    let of_vectors = any::<Index>().prop_filter_map("a question", |index| Sent::of(&pick(&CASES, index).first().asked));
    prop_oneof![made_up, of_vectors]
}

/// Runs the loop with answers that may be to another question. Each kind of need is asked at most once, and an answer
/// to another question refuses, or none.
fn drive(guard: &Guard, sent: &Sent, now: UnixTime, mut host: impl FnMut(&Need) -> Answer) -> Outcome {
    let mut outcome = guard.check(&sent.request(), now);
    let mut kinds = Vec::new();
    while let Outcome::Need(need) = outcome {
        assert_shows_no_secret(&format!("{need:?}"), sent);
        let answer = host(&need);
        let (kind, fits) = match need.ask() {
            // An old set will do where there is no answer.
            Ask::Keys { url, stale } => (url.to_owned(), stale || matches!(answer, Answer::Keys(_))),
            Ask::Signature { .. } => ("signature".to_owned(), matches!(answer, Answer::Signature(_))),
            // The trust document may say that no answer lets pass.
            Ask::Revocation { .. } => ("revocation".to_owned(), true),
            Ask::Replay { .. } => ("replay".to_owned(), matches!(answer, Answer::Fresh(_))),
            Ask::Introspection { .. } => ("introspection".to_owned(), matches!(answer, Answer::Introspection(_))),
            Ask::Resource { .. } => ("resource".to_owned(), matches!(answer, Answer::Resource(_))),
            other => panic!("{other:?}"),
        };
        assert!(!kinds.contains(&kind), "{kind} was asked before");
        outcome = guard.resume(need, answer);
        assert!(fits || matches!(outcome, Outcome::Reject(_)), "{kind}: what is no answer refuses");
        kinds.push(kind);
    }
    outcome
}

/// What is sent and what is written down is well-formed, and shows no credential.
fn inspect(sent: &Sent, outcome: &Outcome) {
    assert_shows_no_secret(&format!("{outcome:?}"), sent);
    let event = match outcome {
        Outcome::Allow(grant) => {
            is_json(&grant.to_json().to_text());
            grant.event(Some("r-1"))
        }
        Outcome::Reject(refused) => {
            let rejection = refused.rejection();
            let row = TABLE.iter().find(|row| row.refusal == rejection.refusal()).expect("a row of the table");
            assert_eq!((rejection.status(), rejection.code()), (row.status, row.code));
            let is_sendable = |value: &str| value.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic());
            assert!(rejection.headers().iter().all(|(_, value)| is_sendable(value)), "{:?}", rejection.headers());
            let is_challenge = rejection.headers().iter().any(|(name, _)| *name == "www-authenticate");
            assert_eq!(is_challenge, row.challenge != Challenge::None);
            assert!(is_challenge || row.status != 401, "a 401 has a challenge (RFC 9110 §15.5.2)");
            is_json(&rejection.body());
            refused.event(Some("r-1"))
        }
        Outcome::Need(_) => panic!("the loop has ended"),
    };
    let event = event.to_json("id").to_text();
    is_json(&event);
    assert_shows_no_secret(&event, sent);
}

fn is_json(text: &str) {
    assert!(Json::parse(text.as_bytes()).is_ok(), "{text}");
}

fn assert_shows_no_secret(text: &str, sent: &Sent) {
    for secret in sent.secrets() {
        assert!(!text.contains(secret), "{secret} stands in {text}");
    }
}

/// A question that has the form of one, more or less.
fn question() -> impl Strategy<Value = Json> {
    let member = |name: &'static str| (Just(name), prop_oneof![1 => json(), 2 => text().prop_map(Json::from)]);
    let subject =
        prop::collection::vec(prop_oneof![member("id"), member("kind"), member("roles"), member("authTime")], 0..4);
    let resource = prop::collection::vec(prop_oneof![member("type"), member("id"), member("properties")], 0..4);
    let built = (subject, text(), prop::option::of(resource), prop::option::of(json())).prop_map(
        |(subject, action, resource, context)| {
            let object = |members: Vec<(&'static str, Json)>| {
                members.into_iter().fold(Object::new(), |mut object, (name, value)| {
                    object.set(name, value);
                    object
                })
            };
            let mut question = Object::new();
            question.set("subject", object(subject));
            question.set("action", action);
            if let Some(resource) = resource {
                question.set("resource", object(resource));
            }
            if let Some(context) = context {
                question.set("context", context);
            }
            Json::from(question)
        },
    );
    let of_vectors = any::<Index>().prop_filter_map("a request", |index| match &pick(&CASES, index).first().asked {
        Asked::Question(question) | Asked::Why(question) | Asked::List { question, .. } => Some((*question).clone()),
        Asked::Request { .. } => None,
    });
    prop_oneof![1 => json(), 3 => built, 1 => of_vectors]
}

proptest! {
    #![proptest_config(cases(2_000))]

    #[test]
    fn no_request_panics_and_the_loop_ends(
        guard in any::<Index>(),
        sent in sent(),
        now in prop_oneof![any::<i64>(), Just(1_790_000_000)],
        answers in prop::collection::vec(answer(), 0..4),
    ) {
        let guard = pick(&GUARDS, guard);
        let mut answers = answers.into_iter();
        let outcome = drive(guard, &sent, UnixTime::from_seconds(now), |_| answers.next().unwrap_or(Answer::Failed));
        inspect(&sent, &outcome);
    }

}

proptest! {
    #![proptest_config(cases(500))]

    /// Each need of a vector may get its right answer, or any.
    #[test]
    fn whatever_the_host_answers_a_need_is_asked_once(
        index in any::<Index>(),
        is_right in prop::collection::vec(any::<bool>(), 2),
        answers in prop::collection::vec(answer(), 2),
    ) {
        let case = *pick(&ASKING, index);
        let guard = process::guard(&case.config()).expect("the config of a case loads");
        let sent = Sent::of(&case.first().asked).expect("a request");
        let mut answers = is_right.into_iter().zip(answers);
        let outcome = drive(&guard, &sent, case.first().now, |need| match answers.next() {
            Some((false, answer)) => answer,
            _ => process::answer_to(need, case.first(), &mut process::Host::default()),
        });
        inspect(&sent, &outcome);
    }

    #[test]
    fn no_question_panics_and_its_explanation_says_the_same(guard in any::<Index>(), question in question(), now in any::<i64>()) {
        let (guard, now) = (pick(&GUARDS, guard), UnixTime::from_seconds(now));
        let decision = guard.evaluate_json(&question, now);
        let explanation = guard.explain_json(&question, now);
        prop_assert!(matches!(decision.member("decision"), Some(Json::Bool(_))));
        prop_assert_eq!(decision.member("decision"), explanation.member("decision"));
        prop_assert_eq!(decision.member("context"), explanation.member("context"));
        prop_assert!(explanation.member("summary").and_then(Json::as_str).is_some_and(|summary| !summary.is_empty()));
        is_json(&explanation.to_text());
    }
}

//! A suite of vectors, as the Rust runners read it. `README.md` beside it says what a suite holds.

use portcullis::json::Object;
use portcullis::{Json, UnixTime};

/// One file.
pub(crate) struct Suite {
    pub(crate) name: String,
    json: Json,
}

/// What the guard of a case is made of.
pub(crate) struct Config {
    pub(crate) policy: String,
    pub(crate) trust: Option<String>,
    pub(crate) loaders: Vec<String>,
}

/// One case, which stands alone: one step or several, all of one guard.
pub(crate) struct Case<'a> {
    /// Of the suite and of the case.
    pub(crate) name: String,
    pub(crate) steps: Vec<Step<'a>>,
    pub(crate) config_name: &'a str,
    config: &'a Json,
}

/// What is asked once, what the host has for it, and what is expected.
pub(crate) struct Step<'a> {
    /// Of the case, and the place among its steps where there are several.
    pub(crate) name: String,
    pub(crate) now: UnixTime,
    pub(crate) expect: &'a Json,
    pub(crate) asked: Asked<'a>,
    json: &'a Json,
}

/// A fact of revocation that the host pushes.
pub(crate) struct Fact<'a> {
    pub(crate) name: &'a str,
    pub(crate) not_before: UnixTime,
    pub(crate) until: UnixTime,
}

/// A request to the enforcement point, or a question to the decision point.
pub(crate) enum Asked<'a> {
    Request {
        method: &'a str,
        url: &'a str,
        headers: Vec<(&'a str, &'a str)>,
        context: Option<&'a Json>,
        nonce: Option<&'a str>,
        access_token: Option<&'a str>,
    },
    Question(&'a Json),
    /// The same, and why.
    Why(&'a Json),
    /// The filter of a list, with or without elevated roles.
    List {
        question: &'a Json,
        elevated: bool,
    },
}

/// A pair of documents, and whether they load.
pub(crate) struct Documents<'a> {
    pub(crate) name: String,
    pub(crate) config: Config,
    pub(crate) error: &'a Json,
    /// They are for the whole core alone.
    pub(crate) is_full: bool,
}

/// What a loader finds.
pub(crate) enum Found<'a> {
    Resource(&'a Object),
    Nothing,
    Failure,
}

impl Suite {
    pub(crate) fn parse(text: &str) -> Self {
        let json = Json::parse(text.as_bytes()).expect("a suite is strict JSON");
        Self { name: text_of(&json, "suite").to_owned(), json }
    }

    pub(crate) fn cases(&self) -> impl Iterator<Item = Case<'_>> {
        items(&self.json, "cases").iter().map(|json| {
            let name = format!("{}/{}", self.name, text_of(json, "name"));
            let config = self.json.member("configs").and_then(|configs| configs.member(text_of(json, "config")));
            let steps = match json.member("steps").and_then(Json::as_array) {
                None => vec![Step::read(name.clone(), json)],
                Some(steps) => {
                    steps.iter().enumerate().map(|(at, step)| Step::read(format!("{name}[{at}]"), step)).collect()
                }
            };
            let config_name = text_of(json, "config");
            Case { config: config.expect("the config of the case"), config_name, steps, name }
        })
    }

    pub(crate) fn documents(&self) -> impl Iterator<Item = Documents<'_>> {
        items(&self.json, "documents").iter().map(|json| Documents {
            name: format!("{}/{}", self.name, text_of(json, "name")),
            config: Config::read(json, texts(items(json, "loaders"))),
            error: json.member("error").expect("an error, or null"),
            is_full: json.member("full") == Some(&Json::Bool(true)),
        })
    }
}

impl Config {
    fn read(json: &Json, loaders: Vec<String>) -> Self {
        let document = |name| match json.member(name)? {
            Json::String(text) => Some(text.clone()),
            document => Some(document.to_text()),
        };
        Self { policy: document("policy").expect("a policy"), trust: document("trust"), loaders }
    }
}

impl<'a> Asked<'a> {
    fn read(json: &'a Json) -> Self {
        if let Some(question) = json.member("ask") {
            return Self::Question(question);
        }
        if let Some(question) = json.member("explain") {
            return Self::Why(question);
        }
        if let Some(question) = json.member("list") {
            return Self::List { question, elevated: json.member("elevated") == Some(&Json::Bool(true)) };
        }
        let request = json.member("request").expect("a request or a question");
        let pair = |pair: &'a Json| match pair.as_array() {
            Some([Json::String(name), Json::String(value)]) => (name.as_str(), value.as_str()),
            _ => panic!("a header is a pair of texts"),
        };
        Self::Request {
            method: text_of(request, "method"),
            url: text_of(request, "url"),
            headers: items(request, "headers").iter().map(pair).collect(),
            context: json.member("context"),
            nonce: json.member("nonce").and_then(Json::as_str),
            access_token: json.member("accessToken").and_then(Json::as_str),
        }
    }
}

impl<'a> Case<'a> {
    /// With a loader for every resource type that the policy declares, where the config does not say otherwise.
    pub(crate) fn config(&self) -> Config {
        let resources = self.config.member("policy").and_then(|policy| policy.member("resources"));
        let declared = resources.and_then(Json::as_object).into_iter().flat_map(Object::iter);
        Config::read(
            self.config,
            match self.config.member("loaders").and_then(Json::as_array) {
                Some(loaders) => texts(loaders),
                None => declared.map(|(name, _)| name.to_owned()).collect(),
            },
        )
    }

    /// Whether it puts questions to the decision point, and no request.
    pub(crate) fn asks_alone(&self) -> bool {
        !self.steps.iter().any(|step| matches!(step.asked, Asked::Request { .. }))
    }

    /// The only step, or the first.
    pub(crate) fn first(&self) -> &Step<'a> {
        self.steps.first().expect("a step")
    }

    /// Whether the config is for the whole core alone.
    pub(crate) fn is_full(&self) -> bool {
        self.config.member("full") == Some(&Json::Bool(true))
    }
}

impl<'a> Step<'a> {
    fn read(name: String, json: &'a Json) -> Self {
        Self {
            now: moment(json, "now"),
            expect: json.member("expect").expect("an expectation"),
            asked: Asked::read(json),
            name,
            json,
        }
    }

    /// How the filter of a list is written as SQL.
    pub(crate) fn sql(&self) -> Option<&'a Json> {
        self.json.member("sql")
    }

    /// What a fetch of that URL answers, and its Cache-Control.
    pub(crate) fn fetched(&self, url: &str) -> Option<(String, Option<&'a str>)> {
        let body = match self.json.member("keys")?.member(url)? {
            Json::String(text) => text.clone(),
            set => set.to_text(),
        };
        Some((body, self.json.member("cacheControl").and_then(|headers| headers.member(url)?.as_str())))
    }

    /// Whether the host fetches in the background where it may.
    pub(crate) fn is_later(&self) -> bool {
        self.json.member("later") == Some(&Json::Bool(true))
    }

    /// What the store of revocations says of these names; `None` where it fails.
    pub(crate) fn revocations(&self, names: &[String]) -> Option<Vec<Option<i64>>> {
        let facts = match self.json.member("revocations") {
            Some(Json::String(_)) => return None,
            facts => facts,
        };
        let moment = |name: &String| match facts.and_then(|facts| facts.member(name)) {
            Some(Json::Integer(moment)) => Some(*moment),
            _ => None,
        };
        Some(names.iter().map(moment).collect())
    }

    /// Whether the store of replays fails.
    pub(crate) fn fails_replays(&self) -> bool {
        self.json.member("replays").is_some()
    }

    /// What the issuer says of the token of that form.
    pub(crate) fn introspected(&self, url: &str, form: &str) -> Option<String> {
        let known = self.json.member("introspection")?.member(url)?.as_object()?;
        let is_it = |token: &str| form == format!("token={}&token_type_hint=access_token", form_encoded(token));
        Some(match known.iter().find(|(token, _)| is_it(token)) {
            Some((_, Json::String(text))) => text.clone(),
            Some((_, answer)) => answer.to_text(),
            None => r#"{"active":false}"#.to_owned(),
        })
    }

    /// What the host says of the API key of that hash.
    pub(crate) fn api_key(&self, hash: &str) -> Found<'a> {
        match self.json.member("apiKeys") {
            Some(Json::String(_)) => Found::Failure,
            known => match known.and_then(|known| known.member(hash)) {
                Some(Json::Object(entry)) => Found::Resource(entry),
                _ => Found::Nothing,
            },
        }
    }

    /// The facts that the host pushes first.
    pub(crate) fn pushed(&self) -> impl Iterator<Item = Fact<'a>> {
        items(self.json, "push").iter().map(|fact| Fact {
            name: text_of(fact, "name"),
            not_before: moment(fact, "notBefore"),
            until: moment(fact, "until"),
        })
    }

    /// What the host is asked, where the vector says.
    pub(crate) fn expected_asks(&self) -> Option<&'a Json> {
        self.json.member("asked")
    }

    /// What the loader of that type finds.
    pub(crate) fn found(&self, kind: &str, id: &str) -> Found<'a> {
        let kinds = self.json.member("resources");
        match kinds.and_then(|kinds| kinds.member(kind)?.member(id)) {
            Some(Json::Object(attributes)) => Found::Resource(attributes),
            Some(Json::String(word)) if word == "fails" => Found::Failure,
            _ => Found::Nothing,
        }
    }
}

fn form_encoded(text: &str) -> String {
    let encoded = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'*' => char::from(byte).to_string(),
        b' ' => "+".to_owned(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(encoded).collect()
}

fn moment(json: &Json, name: &str) -> UnixTime {
    match json.member(name) {
        Some(Json::Integer(seconds)) => UnixTime::from_seconds(*seconds),
        _ => panic!("no moment {name} in {}", json.to_text()),
    }
}

fn items<'a>(json: &'a Json, name: &str) -> &'a [Json] {
    json.member(name).and_then(Json::as_array).unwrap_or(&[])
}

fn text_of<'a>(json: &'a Json, name: &str) -> &'a str {
    json.member(name).and_then(Json::as_str).unwrap_or_else(|| panic!("{name} is missing"))
}

fn texts(items: &[Json]) -> Vec<String> {
    items.iter().filter_map(Json::as_str).map(str::to_owned).collect()
}

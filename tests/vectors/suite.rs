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

/// One case, which stands alone.
pub(crate) struct Case<'a> {
    /// Of the suite and of the case.
    pub(crate) name: String,
    pub(crate) now: UnixTime,
    pub(crate) expect: &'a Json,
    pub(crate) asked: Asked<'a>,
    config: &'a Json,
    json: &'a Json,
}

/// A request to the enforcement point, or a question to the decision point.
pub(crate) enum Asked<'a> {
    Request { method: &'a str, url: &'a str, headers: Vec<(&'a str, &'a str)>, context: Option<&'a Json> },
    Question(&'a Json),
}

/// A pair of documents, and whether they load.
pub(crate) struct Documents<'a> {
    pub(crate) name: String,
    pub(crate) config: Config,
    pub(crate) error: &'a Json,
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
            let Some(Json::Integer(now)) = json.member("now") else { panic!("{name}: no now") };
            Case {
                now: UnixTime::from_seconds(*now),
                expect: json.member("expect").expect("an expectation"),
                asked: Asked::read(json),
                config: config.expect("the config of the case"),
                name,
                json,
            }
        })
    }

    pub(crate) fn documents(&self) -> impl Iterator<Item = Documents<'_>> {
        items(&self.json, "documents").iter().map(|json| Documents {
            name: format!("{}/{}", self.name, text_of(json, "name")),
            config: Config::read(json, texts(items(json, "loaders"))),
            error: json.member("error").expect("an error, or null"),
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

    /// What a fetch of that URL answers.
    pub(crate) fn fetched(&self, url: &str) -> Option<String> {
        match self.json.member("keys")?.member(url)? {
            Json::String(text) => Some(text.clone()),
            set => Some(set.to_text()),
        }
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

fn items<'a>(json: &'a Json, name: &str) -> &'a [Json] {
    json.member(name).and_then(Json::as_array).unwrap_or(&[])
}

fn text_of<'a>(json: &'a Json, name: &str) -> &'a str {
    json.member(name).and_then(Json::as_str).unwrap_or_else(|| panic!("{name} is missing"))
}

fn texts(items: &[Json]) -> Vec<String> {
    items.iter().filter_map(Json::as_str).map(str::to_owned).collect()
}

//! The site: handlers that know who asks, and the guard in front of them.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{any, delete, get, post};
use axum::{Json, Router};
use portcullis::json::Object;
use portcullis::tower::{GuardLayer, LoadError};
use portcullis::{ConfigError, DecisionEvent, Fetched, Guard, Policy, Principal, Trust};
use serde_json::{Value, json};

const POLICY: &str = include_str!("../../www/demo/policy.json");
/// A key set is at most this long.
const MAX_KEY_SET_BYTES: usize = 64 << 10;

/// The articles and who wrote them; they are read-only here.
type Articles = Arc<BTreeMap<String, String>>;

/// The router behind its guard.
pub(crate) fn site(
    trust: &str,
    on_decision: impl Fn(&str, &DecisionEvent) + Send + Sync + 'static,
) -> Result<Router, ConfigError> {
    let articles: Articles = Arc::new([("1", "olga"), ("2", "stan"), ("3", "ada")].map(owned).into());
    let guard = Guard::with_loaders(Policy::parse(POLICY)?, Trust::parse(trust)?, &["article"])?;
    let shelf = Arc::clone(&articles);
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(Duration::from_secs(5))
        .build()
        .unwrap_or_default();
    let layer = GuardLayer::builder(Arc::new(guard))
        .fetch_keys(move |url| fetch_keys(client.clone(), url))
        .in_background(|fetch| drop(tokio::spawn(fetch)))
        .load("article", move |id| {
            let found = shelf.get(&id).map(|author| {
                let mut article = Object::new();
                article.set("author_id", author.as_str());
                article
            });
            async move { Ok::<_, LoadError>(found) }
        })
        .on_decision(on_decision)
        .build();
    Ok(Router::new()
        .route("/", get(async || Json(json!({ "site": "Wicket Press" }))))
        .route("/public/{*page}", get(async |Path(page): Path<String>| Json(json!({ "page": page }))))
        .route("/articles", get(list_articles))
        .route("/articles/{id}", get(read_article).put(update_article))
        .route("/users", get(async || Json(json!(["vera", "olga", "stan", "mona", "ada"]))))
        .route("/users/{id}", delete(deleted))
        .route("/posts/{id}", delete(deleted))
        .route("/admin-panel", get(async |principal: Principal| Json(json!({ "welcome": principal.id() }))))
        .route("/external-data", get(async |principal: Principal| Json(json!({ "for": principal.id() }))))
        .route("/export", post(async |principal: Principal| Json(json!({ "by": principal.id() }))))
        .route("/me", get(async |principal: Principal| Json(json!({ "id": principal.id() }))))
        .fallback(any(async || StatusCode::NOT_FOUND))
        .with_state(articles)
        .layer(layer))
}

fn owned((id, author): (&str, &str)) -> (String, String) {
    (id.to_owned(), author.to_owned())
}

async fn list_articles(State(articles): State<Articles>) -> Json<Value> {
    Json(json!(articles.keys().collect::<Vec<_>>()))
}

async fn read_article(State(articles): State<Articles>, Path(id): Path<String>) -> Result<Json<Value>, StatusCode> {
    let author = articles.get(&id).ok_or(StatusCode::NOT_FOUND)?;
    Ok(Json(json!({ "id": id, "author_id": author })))
}

/// The guard has loaded the article before, and knows that it is there and whose it is.
async fn update_article(principal: Principal, Path(id): Path<String>) -> Json<Value> {
    Json(json!({ "id": id, "edited_by": principal.id() }))
}

async fn deleted(principal: Principal, Path(id): Path<String>) -> Json<Value> {
    Json(json!({ "deleted": id, "by": principal.id() }))
}

/// GET without redirects, status 200, at most 64 KiB.
async fn fetch_keys(client: reqwest::Client, url: String) -> Option<Fetched> {
    let mut response = client.get(url).send().await.ok()?;
    if response.status() != reqwest::StatusCode::OK {
        return None;
    }
    let header = response.headers().get("cache-control").and_then(|value| value.to_str().ok());
    let cache_control = header.map(str::to_owned);
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.ok()? {
        body.extend_from_slice(&chunk);
        if body.len() > MAX_KEY_SET_BYTES {
            return None;
        }
    }
    Some(Fetched { body, cache_control })
}

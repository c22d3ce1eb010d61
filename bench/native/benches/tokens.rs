//! A token that nobody has seen, and the same one again and again.

use criterion::{Criterion, criterion_group, criterion_main};
use jsonwebtoken::Algorithm;
use portcullis_bench::measure::{row, verifies_seen, verifies_unseen};
use portcullis_bench::peers::jsonwebtoken::{Backend, install, verifier};
use portcullis_bench::peers::{jwt_simple, portcullis};
use portcullis_bench::tokens::Signer;

const AWS_LC: &str = "jsonwebtoken, aws-lc-rs";
const RUST_CRYPTO: &str = "jsonwebtoken, RustCrypto";
const JWT_SIMPLE: &str = "jwt-simple, pure Rust";

fn refusing(signer: &Signer, name: &str, verify: impl Fn(&str) -> bool) {
    for (what, header) in signer.refused() {
        assert!(!verify(&header), "{name} takes {what} ({:?})", signer.algorithm);
    }
}

fn unseen(criterion: &mut Criterion) {
    install();
    for algorithm in [Algorithm::HS256, Algorithm::EdDSA, Algorithm::RS256, Algorithm::ES256] {
        let signer = Signer::new(algorithm);
        refusing(&signer, "portcullis", portcullis::verifier(&signer));
        refusing(&signer, AWS_LC, verifier(&signer, Backend::AwsLc));
        refusing(&signer, RUST_CRYPTO, verifier(&signer, Backend::RustCrypto));
        refusing(&signer, JWT_SIMPLE, jwt_simple::verifier(&signer));

        let headers: Vec<String> = (0..1_024).map(|number| signer.authorization(number)).collect();
        let mut row = row(criterion, format!("{algorithm:?} token never seen"));
        verifies_unseen(&mut row, "floor", &headers, || |header: &str| !header.is_empty());
        verifies_unseen(&mut row, "portcullis", &headers, || portcullis::verifier(&signer));
        verifies_unseen(&mut row, AWS_LC, &headers, || verifier(&signer, Backend::AwsLc));
        verifies_unseen(&mut row, RUST_CRYPTO, &headers, || verifier(&signer, Backend::RustCrypto));
        verifies_unseen(&mut row, JWT_SIMPLE, &headers, || jwt_simple::verifier(&signer));
    }
}

/// The guard decides on the route too; the peers know no routes, and keep nothing of a token.
fn seen(criterion: &mut Criterion) {
    let signer = Signer::new(Algorithm::HS256);
    let headers: Vec<String> = (0..64).map(|number| signer.authorization(number)).collect();
    let gate = portcullis::gate(&signer, "GET");
    headers.iter().for_each(|header| assert!(gate(header), "portcullis: an editor may read"));
    refusing(&signer, "portcullis", &gate);
    let other = portcullis::gate(&signer, "DELETE");
    headers.iter().for_each(|header| assert!(!other(header), "portcullis: an editor may delete"));

    let mut row = row(criterion, "HS256 token seen before, and a route");
    verifies_seen(&mut row, "floor", &headers, |header: &str| !header.is_empty());
    verifies_seen(&mut row, "portcullis", &headers, gate);
    verifies_seen(&mut row, AWS_LC, &headers, verifier(&signer, Backend::AwsLc));
    verifies_seen(&mut row, RUST_CRYPTO, &headers, verifier(&signer, Backend::RustCrypto));
}

criterion_group!(rows, unseen, seen);
criterion_main!(rows);

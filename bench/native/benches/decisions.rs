//! May she? By roles alone, by ownership, by a condition, and with a large policy.

use criterion::{Criterion, criterion_group, criterion_main};
use jsonwebtoken::Algorithm;
use portcullis_bench::measure::{decides, row};
use portcullis_bench::peers::casbin::Rules;
use portcullis_bench::peers::jsonwebtoken::install;
use portcullis_bench::peers::{casbin, cedar, portcullis};
use portcullis_bench::scenario::{Asked, answer};
use portcullis_bench::tokens::Signer;

/// Who asks was verified by the guard.
fn signer() -> Signer {
    install();
    Signer::new(Algorithm::HS256)
}

fn roles(criterion: &mut Criterion) {
    let mut row = row(criterion, "can, by roles alone");
    decides(&mut row, "floor", answer);
    decides(&mut row, "portcullis", portcullis::roles(&signer()));
    decides(&mut row, "cedar-policy", cedar::roles());
    decides(&mut row, "casbin", casbin::roles());
}

fn articles(criterion: &mut Criterion) {
    let signer = signer();
    for (name, asked) in
        [("can, by ownership", Asked::Ownership), ("can, with a condition on two attributes", Asked::Condition)]
    {
        let mut row = row(criterion, name);
        decides(&mut row, "floor", answer);
        decides(&mut row, "portcullis", portcullis::articles(&signer, asked, 0));
        decides(&mut row, "portcullis, attributes made each time", portcullis::fresh_articles(&signer, asked));
        decides(&mut row, "cedar-policy", cedar::articles(asked));
        decides(&mut row, "cedar-policy, entity made each time", cedar::fresh_articles(asked));
        decides(&mut row, "casbin, rules in the policies", casbin::articles(asked, Rules::InPolicies));
        decides(&mut row, "casbin, rules in the matcher", casbin::articles(asked, Rules::InMatcher));
    }
}

/// A policy has 10,000 permissions at most, and ten are there already.
fn growth(criterion: &mut Criterion) {
    let signer = signer();
    let mut row = row(criterion, "the same, with 9,990 more roles and rules");
    decides(&mut row, "portcullis", portcullis::articles(&signer, Asked::Condition, 9_990));
    decides(&mut row, "portcullis, 10 more", portcullis::articles(&signer, Asked::Condition, 10));
}

criterion_group!(rows, roles, articles, growth);
criterion_main!(rows);

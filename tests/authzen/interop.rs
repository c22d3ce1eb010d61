//! The working group's own requests and decisions, where the file is at hand.

use serde_json::Value;

use crate::{Point, at};

const FILE: &str = "../shared/vectors/authzen-todo.json";

#[test]
fn the_interop_file_holds() {
    let Ok(text) = std::fs::read_to_string(FILE) else {
        println!("skipped: there is no {FILE}");
        return;
    };
    let file: Value = serde_json::from_str(&text).expect("JSON");
    let point = Point::of(&serde_json::from_str(include_str!("todo.json")).expect("the fixture is JSON"));
    let cases = |name: &str| file.get(name).and_then(Value::as_array).expect("a list of cases");
    for case in cases("evaluation") {
        let request = at(case, "/request");
        assert_eq!(Some(point.decides(request)), at(case, "/expected").as_bool(), "{request}");
    }
    for case in cases("evaluations") {
        let request = at(case, "/request");
        let answer = point.ask("/access/v1/evaluations", request);
        let found: Vec<&Value> = decisions(at(&answer, "/evaluations"));
        assert_eq!(found, decisions(at(case, "/expected")), "{request}");
    }
    assert_eq!(cases("evaluation").len() + cases("evaluations").len(), 43);
}

fn decisions(list: &Value) -> Vec<&Value> {
    list.as_array().expect("a list").iter().map(|one| at(one, "/decision")).collect()
}

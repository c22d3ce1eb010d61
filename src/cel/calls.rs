//! Members, calls of functions and macros.

use super::Root;
use super::check::{self, Function, macro_of};
use super::expr::{Id, Op};
use super::lex::is_reserved;
use super::parse::Parser;
#[cfg(feature = "full")]
use super::pattern::Pattern;
use super::value::Type;

impl Parser<'_> {
    pub(super) fn has(&mut self, from: usize) -> Id {
        self.advance();
        let at = self.from;
        let name = self.name();
        if Root::of(name).is_none() {
            return self.fail("unsupported", at);
        }
        let (place, _) = self.attribute(name, at);
        self.expect(*b")\0");
        self.leaf(Op::Has(place), Type::BOOL, from)
    }

    /// `.name(…)` and `[…]`, as often as they come.
    pub(super) fn members(&mut self, mut id: Id) -> Id {
        let from = self.start_of(id);
        loop {
            let at = self.from;
            if self.accept(*b"[\0") {
                let index = self.expression();
                self.expect(*b"]\0");
                let item = self.tree.kind_of(id).item();
                let kind_of = item.filter(|_| self.tree.kind_of(index) == Type::INT);
                id = self.add(Op::Index, &[id, index], kind_of, from, at);
            } else if self.accept(*b".\0") {
                let name = self.name();
                if !self.accept(*b"(\0") {
                    // Values have no members of their own.
                    return self.fail("type_mismatch", at);
                }
                id = match macro_of(name) {
                    Some(op) => self.macro_call(op, id, from, at),
                    None => {
                        let arguments = self.list(vec![id], *b")\0");
                        self.call(name, &arguments, true, from)
                    }
                };
            } else {
                return id;
            }
        }
    }

    /// `list.exists(x, …)`: the variable is known in what stands behind it.
    fn macro_call(&mut self, op: Op, range: Id, from: usize, at: usize) -> Id {
        let Some(item) = self.tree.kind_of(range).item() else { return self.fail("type_mismatch", at) };
        let name_at = self.from;
        let name = self.name();
        let is_taken = self.locals.iter().any(|(own, _)| *own == name);
        let is_kept = is_reserved(name) || matches!(name, "now" | "true" | "false" | "null");
        if is_taken || is_kept || Root::of(name).is_some() {
            return self.fail("syntax", name_at);
        }
        self.locals.push((name, item));
        let mut parts = vec![range];
        while parts.len() < 3 && self.accept(*b",\0") {
            parts.push(self.expression());
        }
        self.locals.pop();
        let is_counted = parts.len() == 2 || (parts.len() == 3 && op == Op::Map);
        if !is_counted && (self.is(*b")\0") || self.is(*b",\0")) {
            return self.fail("argument_count", at);
        }
        self.expect(*b")\0");
        let kind_of = check::macro_type(op, item, &parts, &self.tree);
        self.add(op, &parts, kind_of, from, at)
    }

    pub(super) fn call(&mut self, name: &str, arguments: &[Id], is_member: bool, from: usize) -> Id {
        match check::call_of(name, arguments, is_member, &mut self.tree) {
            #[cfg(feature = "full")]
            Ok(Function { op: Op::Matches(_), .. }) => self.matches(arguments, from),
            // guard.wasm has no patterns.
            #[cfg(not(feature = "full"))]
            Ok(Function { op: Op::Matches(_), .. }) => self.fail(super::NEEDS_FULL, from),
            Ok(Function { op, result }) => self.add(op, arguments, Some(result), from, from),
            Err(word) => self.fail(word, from),
        }
    }

    #[cfg(feature = "full")]
    fn matches(&mut self, arguments: &[Id], from: usize) -> Id {
        let [text, pattern] = arguments else { return Id::NONE };
        let at = self.start_of(*pattern);
        let Some(source) = self.tree.constant_text(*pattern) else { return self.fail("unsupported", at) };
        let Some(compiled) = Pattern::compile(source) else { return self.fail("pattern", at) };
        self.tree.patterns.push(compiled);
        self.add(Op::Matches(self.tree.patterns.len() - 1), &[*text], Some(Type::BOOL), from, from)
    }
}

//! How filters are made: negation stands before comparisons alone, what is said twice stands once, and what decides by
//! itself is all that is left.

use super::{Comparison, Filter, MAX_LEAVES, MAX_VALUES, Place, Value, ValueType};
use crate::sorted;

impl Filter {
    /// How many comparisons it has.
    pub(crate) fn leaves(&self) -> usize {
        match self {
            Self::All | Self::None => 0,
            Self::And(filters) | Self::Or(filters) => filters.iter().map(Self::leaves).sum(),
            Self::Not(filter) => filter.leaves(),
            _ => 1,
        }
    }

    /// How many values its lists have.
    pub(crate) fn values(&self) -> usize {
        match self {
            Self::And(filters) | Self::Or(filters) => filters.iter().map(Self::values).sum(),
            Self::Not(filter) => filter.values(),
            Self::In { values, .. } | Self::HasSome { values, .. } => values.len(),
            _ => 0,
        }
    }

    /// All, or none.
    pub(crate) const fn of(selects: bool) -> Self {
        if selects { Self::All } else { Self::None }
    }

    pub(crate) fn present(attribute: &str, wanted: bool) -> Self {
        Self::Present { attribute: attribute.to_owned() }.wanted(wanted)
    }

    /// True where the comparison is true, or, if that is not wanted, where it is false.
    pub(crate) fn compared(attribute: &str, comparison: Comparison, value: Value, wanted: bool) -> Self {
        let comparison = if wanted { comparison } else { comparison.complement() };
        let attribute = attribute.to_owned();
        match value {
            // A bool is one of two.
            Value::Bool(right) => match (comparison.holds(false, right), comparison.holds(true, right)) {
                (true, true) => {
                    let values = vec![Value::Bool(false), Value::Bool(true)];
                    Self::In { attribute, kind: ValueType::Bool, values }
                }
                (false, false) => Self::None,
                (_, is_true) => Self::Compare { attribute, comparison: Comparison::Equal, value: Value::Bool(is_true) },
            },
            value => Self::Compare { attribute, comparison, value },
        }
    }

    /// True where the attribute is one of the values, or, if that is not wanted, where it is none of them.
    pub(crate) fn among(attribute: &str, kind: ValueType, values: Vec<Value>, wanted: bool) -> Self {
        let values = distinct(values);
        match values.as_slice() {
            [] if wanted => Self::None,
            [only] => Self::compared(attribute, Comparison::Equal, only.clone(), wanted),
            // Both values of a bool.
            [_, _] if kind == ValueType::Bool && !wanted => Self::None,
            _ => Self::In { attribute: attribute.to_owned(), kind, values }.wanted(wanted),
        }
    }

    /// True where one of the values stands in the list, or, if that is not wanted, where none does.
    pub(crate) fn has_some(attribute: &str, kind: ValueType, values: Vec<Value>, wanted: bool) -> Self {
        match distinct(values) {
            values if values.is_empty() && wanted => Self::None,
            values => Self::HasSome { attribute: attribute.to_owned(), kind, values }.wanted(wanted),
        }
    }

    /// True where the text stands there, or, if that is not wanted, where it does not.
    pub(crate) fn text(attribute: &str, place: Place, text: &str, wanted: bool) -> Self {
        if text.is_empty() && !wanted {
            return Self::None;
        }
        Self::Text { attribute: attribute.to_owned(), place, text: text.to_owned() }.wanted(wanted)
    }

    fn wanted(self, wanted: bool) -> Self {
        if wanted { self } else { Self::Not(Box::new(self)) }
    }

    /// True where any of the parts is, or all are. One that decides, decides, also where another has no filter.
    pub(crate) fn join<E: From<TooLarge>>(
        any: bool,
        parts: impl IntoIterator<Item = Result<Self, E>>,
    ) -> Result<Self, E> {
        let (decides, neutral) = (Self::of(any), Self::of(!any));
        let (mut joined, mut failed) = (Joined { any, parts: Vec::new(), choices: Vec::new() }, None);
        for part in parts {
            match part {
                Ok(part) if part == decides => return Ok(decides),
                Ok(part) if part == neutral => {}
                Ok(Self::Or(parts)) if any => parts.into_iter().for_each(|part| joined.add(part)),
                Ok(Self::And(parts)) if !any => parts.into_iter().for_each(|part| joined.add(part)),
                Ok(part) => joined.add(part),
                Err(error) => failed = failed.or(Some(error)),
            }
        }
        match failed {
            Some(error) => Err(error),
            None => Ok(joined.finish()?),
        }
    }

    /// The attribute and the values where this is one of some, or, of parts that must all hold, none of some.
    fn choice(&self, any: bool) -> Option<Choice<'_>> {
        match self {
            Self::Compare { attribute, comparison, value } => {
                let wanted = if any { Comparison::Equal } else { Comparison::NotEqual };
                (*comparison == wanted).then_some((attribute, value.kind(), core::slice::from_ref(value)))
            }
            Self::In { attribute, kind, values } if any => Some((attribute, *kind, values)),
            Self::Not(inner) if !any => match inner.as_ref() {
                Self::In { attribute, kind, values } => Some((attribute, *kind, values)),
                _ => None,
            },
            _ => None,
        }
    }

    /// The same of lists that have some.
    fn overlap(&self, any: bool) -> Option<Choice<'_>> {
        match self {
            Self::HasSome { attribute, kind, values } if any => Some((attribute, *kind, values)),
            Self::Not(inner) if !any => inner.overlap(true),
            _ => None,
        }
    }
}

type Choice<'a> = (&'a str, ValueType, &'a [Value]);

/// The parts of an `and` or an `or`. Of one attribute there is one list: `a = 1 or a = 2` is `a in [1, 2]`.
struct Joined {
    any: bool,
    parts: Vec<Filter>,
    /// The place of a part that is such a list, with its values; and whether the attribute is a list itself.
    choices: Vec<(usize, bool, String, ValueType, Vec<Value>)>,
}

impl Joined {
    fn add(&mut self, part: Filter) {
        // What is more is refused at the end, unless one of the other parts decides.
        if self.parts.len() > MAX_LEAVES {
            return;
        }
        let choice = part.choice(self.any).map(|choice| (false, choice));
        let choice = choice.or_else(|| part.overlap(self.any).map(|choice| (true, choice)));
        match choice {
            Some((is_list, (attribute, kind, values))) => {
                let fits = |own: &&mut (usize, bool, String, ValueType, Vec<Value>)| {
                    (own.1, own.2.as_str(), own.3) == (is_list, attribute, kind)
                };
                match self.choices.iter_mut().find(fits) {
                    Some((.., own)) => own.extend_from_slice(values),
                    None => {
                        let place = self.parts.len();
                        self.choices.push((place, is_list, attribute.to_owned(), kind, values.to_vec()));
                        self.parts.push(Filter::None);
                    }
                }
            }
            None if self.parts.contains(&part) => {}
            None => self.parts.push(part),
        }
    }

    fn finish(mut self) -> Result<Filter, TooLarge> {
        let any = self.any;
        for (place, is_list, attribute, kind, values) in self.choices {
            let made = match is_list {
                true => Filter::has_some(&attribute, kind, values, any),
                false => Filter::among(&attribute, kind, values, any),
            };
            if let Some(part) = self.parts.get_mut(place) {
                *part = made;
            }
        }
        let values: usize = self.parts.iter().map(Filter::values).sum();
        if self.parts.len() > MAX_LEAVES || values > MAX_VALUES {
            return Err(TooLarge);
        }
        // A bool that is neither of its two values.
        let decides = Filter::of(any);
        if self.parts.contains(&decides) {
            return Ok(decides);
        }
        self.parts.retain(|part| *part != Filter::of(!any));
        Ok(match self.parts.pop() {
            None => Filter::of(!any),
            Some(only) if self.parts.is_empty() => only,
            Some(last) => {
                self.parts.push(last);
                if any { Filter::Or(self.parts) } else { Filter::And(self.parts) }
            }
        })
    }
}

/// More comparisons, or more values, than a filter may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooLarge;

/// Each value once, where it stands first.
fn distinct(values: Vec<Value>) -> Vec<Value> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    let key = |place: &usize| values.get(*place);
    let compare = |left: &usize, right: &usize| match (key(left), key(right)) {
        (Some(one), Some(other)) => one.order(other),
        (one, other) => one.is_some().cmp(&other.is_some()),
    };
    sorted::sort_by(&mut order, |left, right| compare(left, right).then(left.cmp(right)));
    order.dedup_by(|next, kept| compare(next, kept).is_eq());
    sorted::sort_by(&mut order, Ord::cmp);
    let mut distinct = Vec::new();
    for place in order {
        distinct.extend(key(&place).cloned());
    }
    distinct
}

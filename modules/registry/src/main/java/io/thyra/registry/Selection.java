package io.thyra.registry;

import io.thyra.cache.CachedObject;
import io.thyra.cache.Term;
import io.thyra.machinery.FieldSelector;
import io.thyra.machinery.LabelSelector;
import io.thyra.machinery.ListOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// The objects that a list or a watch is about, by what the cache knows of them without decoding.
public record Selection(LabelSelector labels, FieldSelector fields) implements Predicate<CachedObject> {
  public static Selection of(ListOptions options) {
    return new Selection(options.labelSelector(), options.fieldSelector());
  }

  /// Whether it selects all objects.
  public boolean isEverything() {
    return labels.isEmpty() && fields.isEmpty();
  }

  @Override
  public boolean test(CachedObject object) {
    return (labels.isEmpty() || labels.matches(object.labels()::get)) && (fields.isEmpty() || fields.matches(object.fields()::get));
  }

  /// What every selected object has, as far as an index could know it. Names and namespaces are in the keys already.
  public List<Term> terms() {
    List<Term> terms = new ArrayList<>();
    for (LabelSelector.Requirement requirement : labels.requirements()) {
      switch (requirement.operator()) {
        case IN, EQUALS, DOUBLE_EQUALS -> terms.add(new Term(true, requirement.key(), requirement.values()));
        case NOT_IN, NOT_EQUALS, EXISTS, DOES_NOT_EXIST, GREATER_THAN, LESS_THAN -> {}
      }
    }
    for (FieldSelector.Requirement requirement : fields.requirements()) {
      // An empty field may be one that is not there.
      if (requirement.equal() && !requirement.value().isEmpty() && !requirement.field().startsWith("metadata.name")) {
        terms.add(new Term(false, requirement.field(), List.of(requirement.value())));
      }
    }
    return terms;
  }
}

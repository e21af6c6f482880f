package io.thyra.extensions;

import io.thyra.extensions.Conditions.Condition;
import io.thyra.model.GoText;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Which of the names that a definition asks for it gets: those that no other definition of its group has. Pure.
/// Source: apiextensions-apiserver pkg/controller/status/naming_controller.go.
///
/// @param accepted the names for `status.acceptedNames`
/// @param condition NamesAccepted
record DefinitionNames(ObjectValue accepted, Condition condition) {
  /// @param others all definitions, this one included or not
  static DefinitionNames of(ObjectValue definition, Collection<ObjectValue> others) {
    var resources = new HashSet<String>();
    var kinds = new HashSet<String>();
    String group = definition.string("spec", "group");
    for (ObjectValue other : others) {
      if (other.string("spec", "group").equals(group)) {
        ObjectValue taken = other.object("status", "acceptedNames");
        resources.add(taken.string("plural"));
        resources.add(taken.string("singular"));
        resources.addAll(taken.list("shortNames").strings());
        kinds.add(taken.string("kind"));
        kinds.add(taken.string("listKind"));
      }
    }
    return new Claim(definition).settle(resources, kinds);
  }

  private static final class Claim {
    private final ObjectValue asked;
    private final ObjectValue held;
    private final ObjectValue.Builder accepted = ObjectValue.builder();
    private Condition condition = new Condition(Conditions.NAMES_ACCEPTED, "True", "NoConflicts", "no conflicts found");

    private Claim(ObjectValue definition) {
      asked = definition.object("spec", "names");
      held = definition.object("status", "acceptedNames");
    }

    private DefinitionNames settle(Set<String> resources, Set<String> kinds) {
      name("plural", "PluralConflict", resources);
      name("singular", "SingularConflict", resources);
      shortNames(resources);
      name("kind", "KindConflict", kinds);
      name("listKind", "ListKindConflict", kinds);
      ListValue categories = asked.list("categories");
      if (!categories.isEmpty()) {
        accepted.put("categories", categories);
      }
      return new DefinitionNames(accepted.build(), condition);
    }

    private void refuse(String reason, String message) {
      condition = new Condition(Conditions.NAMES_ACCEPTED, "False", reason, message);
    }

    private static String inUse(String name) {
      return GoText.quote(name) + " is already in use";
    }

    private void name(String field, String reason, Set<String> taken) {
      String wanted = asked.string(field);
      String name = held.string(field);
      if (wanted.equals(name) || !taken.contains(wanted)) {
        name = wanted;
      } else {
        refuse(reason, inUse(wanted));
      }
      if (!name.isEmpty() || field.equals("plural") || field.equals("kind")) {
        accepted.put(field, Value.of(name));
      }
    }

    private void shortNames(Set<String> taken) {
      ListValue wanted = asked.list("shortNames");
      ListValue names = held.list("shortNames");
      List<String> own = names.strings();
      var broken = new ArrayList<String>();
      for (String name : wanted.strings()) {
        if (!own.contains(name) && taken.contains(name) && !broken.contains(inUse(name))) {
          broken.add(inUse(name));
        }
      }
      if (broken.isEmpty()) {
        names = wanted;
      } else {
        refuse("ShortNamesConflict", broken.size() == 1 ? broken.getFirst() : "[" + String.join(", ", broken) + "]");
      }
      if (!names.isEmpty()) {
        accepted.put("shortNames", names);
      }
    }
  }
}

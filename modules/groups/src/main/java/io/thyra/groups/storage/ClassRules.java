package io.thyra.groups.storage;

import io.thyra.groups.Checks;
import io.thyra.groups.Group;
import io.thyra.groups.KindStrategy;
import io.thyra.groups.NodeLabels;
import io.thyra.groups.Rule;
import io.thyra.groups.Rules;
import io.thyra.machinery.Names;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.ObjectValue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// StorageClasses and VolumeAttributesClasses, whose parameters never change.
/// Source: pkg/apis/storage/validation/validation.go, pkg/api/storage/util.go.
final class ClassRules {
  private static final int PARAMETERS_MAX = 512;
  private static final int PARAMETERS_BYTES_MAX = 256 * 1024;

  private static final Rule STORAGE_CLASS =
      Rules.all(
          provisioner("provisioner"),
          parameters(true),
          (object, _, errors) -> {
            if (!object.string("reclaimPolicy").isEmpty()) {
              Checks.oneOf(object.string("reclaimPolicy"), FieldPath.of("reclaimPolicy"), errors, "Delete", "Retain");
            }
            if (Checks.isSet(object, "volumeBindingMode")) {
              Checks.oneOf(
                  object.string("volumeBindingMode"), FieldPath.of("volumeBindingMode"), errors, "Immediate", "WaitForFirstConsumer");
            } else {
              errors.add(FieldError.required(FieldPath.of("volumeBindingMode"), ""));
            }
          },
          ClassRules::topologies);

  private ClassRules() {}

  static void declareStorageClass(Group.Declaration r) {
    r.rules()
        .named(Names.DNS_SUBDOMAIN)
        .checksUpdates(KindStrategy.UpdateOrder.WHOLE_CHANGE)
        .rules(STORAGE_CLASS)
        .updateRules(
            (object, old, _, errors) ->
                Checks.immutable(r.struct(), object, old, null, errors, "parameters", "provisioner", "reclaimPolicy", "volumeBindingMode"))
        .warns((object, _) -> warnings(object));
  }

  static void declareAttributesClass(Group.Declaration r) {
    r.rules()
        .named(Names.DNS_SUBDOMAIN)
        .checksUpdates(KindStrategy.UpdateOrder.OWN_WHOLE)
        .updateRules(
            (object, old, _, errors) -> {
              for (String field : List.of("driverName", "parameters")) {
                if (!Objects.equals(object.get(field), old.get(field))) {
                  errors.add(FieldError.forbidden(FieldPath.of(field), "updates to " + field + " are forbidden."));
                }
              }
            })
        .rules(Rules.all(provisioner("driverName"), parameters(false)));
  }

  private static Rule provisioner(String field) {
    return (object, path, errors) -> {
      String name = object.string(field).toLowerCase(Locale.ROOT);
      if (name.isEmpty()) {
        errors.add(FieldError.required(FieldPath.child(path, field), ""));
      } else {
        Rules.checkFormat(name, FieldPath.child(path, field), errors, Names::qualifiedName);
      }
    };
  }

  private static Rule parameters(boolean mayBeEmpty) {
    return (object, path, errors) -> {
      FieldPath at = FieldPath.child(path, "parameters");
      ObjectValue parameters = object.object("parameters");
      if (parameters.size() > PARAMETERS_MAX) {
        errors.add(FieldError.tooLong(at, PARAMETERS_MAX));
        return;
      }
      if (parameters.has("")) {
        errors.add(FieldError.invalid(at, "", "field can not be empty."));
      }
      if (bytes(parameters) > PARAMETERS_BYTES_MAX) {
        errors.add(FieldError.tooLong(at, PARAMETERS_BYTES_MAX));
      }
      if (!mayBeEmpty && parameters.isEmpty()) {
        errors.add(FieldError.required(at, "must contain at least one key/value pair"));
      }
    };
  }

  /// The bytes of all names and texts of a map.
  static long bytes(ObjectValue map) {
    long size = 0;
    for (Map.Entry<String, String> entry : map.strings().entrySet()) {
      size += entry.getKey().getBytes(StandardCharsets.UTF_8).length + entry.getValue().getBytes(StandardCharsets.UTF_8).length;
    }
    return size;
  }

  private static void topologies(ObjectValue object, @Nullable FieldPath path, List<FieldError> errors) {
    List<Map<String, Set<String>>> seen = new ArrayList<>();
    List<ObjectValue> terms = object.list("allowedTopologies").objects();
    // Upstream's list of terms seen begins with as many empty ones as there are terms.
    terms.forEach(_ -> seen.add(Map.of()));
    for (int i = 0; i < terms.size(); i++) {
      FieldPath at = FieldPath.child(path, "allowedTopologies").index(i).child("matchLabelExpressions");
      Map<String, Set<String>> term = term(terms.get(i), at, errors);
      seen.stream().filter(term::equals).forEach(_ -> errors.add(FieldError.duplicate(at, "")));
      seen.add(term);
    }
  }

  private static Map<String, Set<String>> term(ObjectValue term, FieldPath path, List<FieldError> errors) {
    Map<String, Set<String>> expressions = new HashMap<>();
    List<ObjectValue> all = term.list("matchLabelExpressions").objects();
    for (int i = 0; i < all.size(); i++) {
      FieldPath at = path.index(i);
      String key = all.get(i).string("key");
      List<String> values = all.get(i).list("values").strings();
      if (values.isEmpty()) {
        errors.add(FieldError.required(at.child("values"), ""));
      }
      Set<String> distinct = new HashSet<>();
      for (int j = 0; j < values.size(); j++) {
        if (!distinct.add(values.get(j))) {
          errors.add(FieldError.duplicate(at.child("values").index(j), values.get(j)));
        }
      }
      Rules.checkFormat(key, at.child("key"), errors, Names::qualifiedName);
      if (expressions.put(key, distinct) != null) {
        errors.add(FieldError.duplicate(at.child("key"), key));
      }
    }
    return expressions;
  }

  private static List<String> warnings(ObjectValue object) {
    var warnings = new ArrayList<String>();
    List<ObjectValue> terms = object.list("allowedTopologies").objects();
    for (int i = 0; i < terms.size(); i++) {
      List<ObjectValue> expressions = terms.get(i).list("matchLabelExpressions").objects();
      for (int j = 0; j < expressions.size(); j++) {
        FieldPath at = FieldPath.of("allowedTopologies").index(i).child("matchLabelExpressions").index(j).child("key");
        NodeLabels.findDeprecation(expressions.get(j).string("key")).ifPresent(text -> warnings.add(at + ": " + text));
      }
    }
    return warnings;
  }
}

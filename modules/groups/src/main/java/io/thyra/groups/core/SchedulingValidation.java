package io.thyra.groups.core;

import io.thyra.machinery.Names;
import io.thyra.machinery.SelectorValidation;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.ObjectValue;
import java.util.HashSet;
import java.util.List;

/// Where a pod wants to run: affinity and the spread over topologies. Source: pkg/apis/core/validation/validation.go.
public final class SchedulingValidation {
  private static final String REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
  private static final String PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";
  private static final int WEIGHT_MAX = 100;

  private SchedulingValidation() {}

  static void affinity(ObjectValue spec, FieldPath path, List<FieldError> errors) {
    if (!(spec.get("affinity") instanceof ObjectValue affinity)) {
      return;
    }
    if (affinity.get("nodeAffinity") instanceof ObjectValue nodes) {
      FieldPath at = path.child("nodeAffinity");
      if (nodes.get(REQUIRED) instanceof ObjectValue required) {
        nodeSelector(required, at.child(REQUIRED), errors);
      }
      List<ObjectValue> preferred = nodes.list(PREFERRED).objects();
      for (int i = 0; i < preferred.size(); i++) {
        FieldPath one = at.child(PREFERRED).index(i);
        weight(preferred.get(i), one, errors);
        nodeSelectorTerm(preferred.get(i).object("preference"), true, one.child("preference"), errors);
      }
    }
    for (String kind : List.of("podAffinity", "podAntiAffinity")) {
      ObjectValue pods = affinity.object(kind);
      List<ObjectValue> required = pods.list(REQUIRED).objects();
      for (int i = 0; i < required.size(); i++) {
        podTerm(required.get(i), path.child(kind, REQUIRED).index(i), errors);
      }
      List<ObjectValue> preferred = pods.list(PREFERRED).objects();
      for (int i = 0; i < preferred.size(); i++) {
        FieldPath at = path.child(kind, PREFERRED).index(i);
        weight(preferred.get(i), at, errors);
        podTerm(preferred.get(i).object("podAffinityTerm"), at.child("podAffinityTerm"), errors);
      }
    }
  }

  private static void weight(ObjectValue term, FieldPath path, List<FieldError> errors) {
    long weight = term.integer(0, "weight");
    if (weight <= 0 || weight > WEIGHT_MAX) {
      errors.add(FieldError.invalid(path.child("weight"), weight, "must be in the range 1-100"));
    }
  }

  /// A choice of nodes, of pods and of persistent volumes.
  public static void nodeSelector(ObjectValue selector, FieldPath path, List<FieldError> errors) {
    List<ObjectValue> terms = selector.list("nodeSelectorTerms").objects();
    if (terms.isEmpty()) {
      errors.add(FieldError.required(path.child("nodeSelectorTerms"), "must have at least one node selector term"));
    }
    for (int i = 0; i < terms.size(); i++) {
      nodeSelectorTerm(terms.get(i), false, path.child("nodeSelectorTerms").index(i), errors);
    }
  }

  private static void nodeSelectorTerm(ObjectValue term, boolean anyValue, FieldPath path, List<FieldError> errors) {
    List<ObjectValue> expressions = term.list("matchExpressions").objects();
    for (int i = 0; i < expressions.size(); i++) {
      expression(expressions.get(i), anyValue, path.child("matchExpressions").index(i), errors);
    }
    List<ObjectValue> fields = term.list("matchFields").objects();
    for (int i = 0; i < fields.size(); i++) {
      field(fields.get(i), path.child("matchFields").index(i), errors);
    }
  }

  private static void expression(ObjectValue requirement, boolean anyValue, FieldPath path, List<FieldError> errors) {
    List<String> values = requirement.list("values").strings();
    String operator = requirement.string("operator");
    switch (operator) {
      case "In", "NotIn" -> {
        if (values.isEmpty()) {
          errors.add(FieldError.required(path.child("values"), "must be specified when `operator` is 'In' or 'NotIn'"));
        }
      }
      case "Exists", "DoesNotExist" -> {
        if (!values.isEmpty()) {
          errors.add(
              FieldError.forbidden(path.child("values"), "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
        }
      }
      case "Gt", "Lt" -> {
        if (values.size() != 1) {
          errors.add(
              FieldError.required(path.child("values"), "must be specified single value when `operator` is 'Lt' or 'Gt'"));
        }
      }
      default -> errors.add(FieldError.invalid(path.child("operator"), operator, "not a valid selector operator"));
    }
    labelName(requirement.string("key"), path.child("key"), errors);
    for (int i = 0; i < values.size() && !anyValue; i++) {
      Checks.format(values.get(i), Names.labelValue(values.get(i)), path.child("values").index(i), errors);
    }
  }

  private static void labelName(String name, FieldPath path, List<FieldError> errors) {
    Checks.format(name, Names.qualifiedName(name), path, errors);
  }

  private static void field(ObjectValue requirement, FieldPath path, List<FieldError> errors) {
    List<String> values = requirement.list("values").strings();
    String operator = requirement.string("operator");
    if (!operator.equals("In") && !operator.equals("NotIn")) {
      errors.add(FieldError.invalid(path.child("operator"), operator, "not a valid selector operator"));
    } else if (values.size() != 1) {
      errors.add(
          FieldError.required(
              path.child("values"), "must be only one value when `operator` is 'In' or 'NotIn' for node field selector"));
    }
    String key = requirement.string("key");
    if (!key.equals("metadata.name")) {
      errors.add(FieldError.invalid(path.child("key"), key, "not a valid field selector key"));
      return;
    }
    for (int i = 0; i < values.size(); i++) {
      Checks.format(values.get(i), Names.DNS_SUBDOMAIN.check(values.get(i), false), path.child("values").index(i), errors);
    }
  }

  private static void podTerm(ObjectValue term, FieldPath path, List<FieldError> errors) {
    for (String field : List.of("labelSelector", "namespaceSelector")) {
      errors.addAll(SelectorValidation.labelSelector(term.get(field), false, path.child(field)));
    }
    for (String namespace : term.list("namespaces").strings()) {
      Checks.format(namespace, Names.dns1123Label(namespace), path.child("namespace"), errors);
    }
    labelKeys(term, path, errors);
    String key = term.string("topologyKey");
    if (key.isEmpty()) {
      errors.add(FieldError.required(path.child("topologyKey"), "can not be empty"));
    }
    labelName(key, path.child("topologyKey"), errors);
  }

  /// Keys whose values a pod takes from its own labels into the selector.
  private static void labelKeys(ObjectValue term, FieldPath path, List<FieldError> errors) {
    boolean selects = term.get("labelSelector") instanceof ObjectValue;
    for (String field : List.of("matchLabelKeys", "mismatchLabelKeys")) {
      List<String> keys = term.list(field).strings();
      if (!keys.isEmpty() && !selects) {
        errors.add(FieldError.forbidden(path.child(field), "must not be specified when labelSelector is not set"));
        continue;
      }
      for (int i = 0; i < keys.size(); i++) {
        labelName(keys.get(i), path.child(field).index(i), errors);
      }
    }
    List<String> matching = term.list("matchLabelKeys").strings();
    var selected = new HashSet<>(term.object("labelSelector", "matchLabels").names());
    for (ObjectValue expression : term.list("labelSelector", "matchExpressions").objects()) {
      String key = expression.string("key");
      int at = matching.lastIndexOf(key);
      if (!selected.add(key) && at >= 0) {
        // Upstream counts from the term itself here.
        errors.add(FieldError.invalid(path.index(at), key, "exists in both matchLabelKeys and labelSelector"));
      }
    }
    List<String> mismatching = term.list("mismatchLabelKeys").strings();
    for (int i = 0; i < matching.size(); i++) {
      if (mismatching.contains(matching.get(i))) {
        errors.add(
            FieldError.invalid(
                path.child("matchLabelKeys").index(i), matching.get(i), "exists in both matchLabelKeys and mismatchLabelKeys"));
      }
    }
  }

  static void spread(ObjectValue spec, FieldPath path, List<FieldError> errors) {
    List<ObjectValue> constraints = spec.list("topologySpreadConstraints").objects();
    for (int i = 0; i < constraints.size(); i++) {
      ObjectValue constraint = constraints.get(i);
      FieldPath at = path.index(i);
      positive(constraint.integer(0, "maxSkew"), at.child("maxSkew"), errors);
      String key = constraint.string("topologyKey");
      if (key.isEmpty()) {
        errors.add(FieldError.required(at.child("topologyKey"), "can not be empty"));
      }
      String action = constraint.string("whenUnsatisfiable");
      if (!action.equals("DoNotSchedule") && !action.equals("ScheduleAnyway")) {
        errors.add(FieldError.notSupported(at.child("whenUnsatisfiable"), action, List.of("DoNotSchedule", "ScheduleAnyway")));
      }
      boolean repeated =
          constraints.subList(i + 1, constraints.size()).stream()
              .anyMatch(c -> c.string("topologyKey").equals(key) && c.string("whenUnsatisfiable").equals(action));
      if (repeated) {
        errors.add(FieldError.duplicate(at.child("{topologyKey, whenUnsatisfiable}"), "{" + key + ", " + action + "}"));
      }
      if (constraint.has("minDomains")) {
        long domains = constraint.integer(0, "minDomains");
        positive(domains, at.child("minDomains"), errors);
        if (!action.equals("DoNotSchedule")) {
          errors.add(
              FieldError.invalid(
                  at.child("minDomains"), domains, "can only use minDomains if whenUnsatisfiable=DoNotSchedule, not " + action));
        }
      }
      for (String field : List.of("nodeAffinityPolicy", "nodeTaintsPolicy")) {
        String policy = constraint.string(field);
        if (constraint.has(field) && !policy.equals("Honor") && !policy.equals("Ignore")) {
          errors.add(FieldError.notSupported(at.child(field), policy, List.of("Honor", "Ignore")));
        }
      }
      labelKeys(constraint, at, errors);
      errors.addAll(SelectorValidation.labelSelector(constraint.get("labelSelector"), false, at.child("labelSelector")));
    }
  }

  private static void positive(long number, FieldPath path, List<FieldError> errors) {
    if (number <= 0) {
      errors.add(FieldError.invalid(path, number, "must be greater than zero"));
    }
  }
}

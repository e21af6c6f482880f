package io.thyra.groups.networking;

import static io.thyra.groups.Checks.isSet;

import io.thyra.groups.Checks;
import io.thyra.groups.GoStruct;
import io.thyra.groups.Group;
import io.thyra.groups.KindStrategy;
import io.thyra.groups.Rule;
import io.thyra.groups.Rules;
import io.thyra.machinery.Names;
import io.thyra.machinery.Words;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.ObjectValue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// IngressClasses, and the references that they and ingresses have to objects of any group.
/// Source: pkg/apis/networking/validation/validation.go.
final class ClassRules {
  private static final FieldPath SPEC = FieldPath.of("spec");
  private static final int CONTROLLER_BYTES_MAX = 250;

  private static final Rule RULES =
      Rules.in(
          "spec",
          Rules.maxLength("controller", CONTROLLER_BYTES_MAX),
          (spec, path, errors) ->
              errors.addAll(Words.domainPrefixedPath(FieldPath.child(path, "controller"), spec.string("controller"))),
          Rules.in("parameters", ClassRules::parameters));

  private ClassRules() {}

  static void declare(Group.Declaration r) {
    r.rules()
        .named(Names.DNS_SUBDOMAIN)
        .checksUpdates(KindStrategy.UpdateOrder.OWN_WHOLE)
        .countsGenerations()
        .updateRules((object, old, _, errors) -> Checks.immutable(GoStruct.at(r.struct(), "spec"), object.object("spec"), old.object("spec"), SPEC, errors, "controller"))
        .rules(RULES);
  }

  /// Group, kind and name of an object.
  static void reference(ObjectValue reference, @Nullable FieldPath path, List<FieldError> errors) {
    if (isSet(reference, "apiGroup")) {
      Rules.checkFormat(reference.string("apiGroup"), FieldPath.child(path, "apiGroup"), errors, Names::dns1123Subdomain);
    }
    Checks.named(reference, "kind", path, errors, Names::pathSegmentName);
    Checks.named(reference, "name", path, errors, Names::pathSegmentName);
  }

  private static void parameters(ObjectValue parameters, @Nullable FieldPath path, List<FieldError> errors) {
    reference(parameters, path, errors);
    FieldPath namespace = FieldPath.child(path, "namespace");
    boolean given = isSet(parameters, "namespace");
    if (!isSet(parameters, "scope")) {
      errors.add(FieldError.required(FieldPath.child(path, "scope"), ""));
      return;
    }
    switch (parameters.string("scope")) {
      case "Namespace" -> {
        if (given) {
          Rules.checkFormat(parameters.string("namespace"), namespace, errors, Names::dns1123Label);
        } else {
          errors.add(FieldError.required(namespace, "`parameters.scope` is set to 'Namespace'"));
        }
      }
      case "Cluster" -> {
        if (given) {
          errors.add(FieldError.forbidden(namespace, "`parameters.scope` is set to 'Cluster'"));
        }
      }
      case String scope -> Checks.oneOf(scope, FieldPath.child(path, "scope"), errors, "Cluster", "Namespace");
    }
  }
}

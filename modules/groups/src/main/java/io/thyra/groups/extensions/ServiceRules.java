package io.thyra.groups.extensions;

import io.thyra.groups.Checks;
import io.thyra.groups.Group;
import io.thyra.groups.Rules;
import io.thyra.groups.SchemaOrder;
import io.thyra.machinery.Names;
import io.thyra.machinery.Words;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.GoText;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.registry.RequestContext;
import io.thyra.schema.Struct;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// APIServices: the name is made of version and group, and one without a service is always available.
/// Source: kube-aggregator pkg/apis/apiregistration/validation/validation.go, pkg/registry/apiservice/strategy.go.
final class ServiceRules {
  private static final FieldPath SPEC = FieldPath.of("spec");
  private static final FieldPath SERVICE = SPEC.child("service");

  private ServiceRules() {}

  static void declare(Group.Declaration r) {
    Struct struct = r.struct();
    r.rules()
        .named((name, _) -> Names.pathSegmentName(name))
        .checksNameOnUpdate()
        .dropsStatus()
        .requiresResourceVersion()
        .onCreate((context, service) -> localIsAvailable(context, service, struct))
        .rules(ServiceRules::service);
    r.statusRules()
        .named(Names.PATH_SEGMENT)
        .requiresResourceVersion()
        .keepsMetadata("labels", "annotations", "finalizers", "ownerReferences")
        .resets("metadata")
        .updateRules(
            (service, _, _, errors) -> {
              List<ObjectValue> conditions = service.list("status", "conditions").objects();
              for (int i = 0; i < conditions.size(); i++) {
                FieldPath at = FieldPath.of("status", "conditions").index(i).child("status");
                Checks.oneOf(conditions.get(i).string("status"), at, errors, "True", "False", "Unknown");
              }
            });
  }

  private static ObjectValue localIsAvailable(RequestContext context, ObjectValue service, Struct struct) {
    if (Checks.isSet(service.at("spec", "service"))) {
      return service;
    }
    ObjectValue condition =
        ObjectValue.builder()
            .put("type", "Available")
            .put("status", "True")
            .put("lastTransitionTime", context.now().truncatedTo(ChronoUnit.SECONDS).toString())
            .put("reason", "Local")
            .put("message", "Local APIServices are always available")
            .build();
    return SchemaOrder.put(struct, service, "status", ObjectValue.of("conditions", ListValue.of(condition)));
  }

  private static void service(ObjectValue object, @Nullable FieldPath root, List<FieldError> errors) {
    ObjectValue spec = object.object("spec");
    String name = object.string("metadata", "name");
    String group = spec.string("group");
    String version = spec.string("version");
    String required = version + "." + group;
    if (Names.pathSegmentName(name).isEmpty() && !name.isEmpty() && !name.equals(required)) {
      errors.add(
          FieldError.invalid(
              FieldPath.of("metadata", "name"), name, "must be `spec.version+\".\"+spec.group`: " + GoText.quote(required)));
    }
    if (group.isEmpty() && !version.equals("v1")) {
      errors.add(FieldError.required(SPEC.child("group"), "only v1 may have an empty group and it better be legacy kube"));
    }
    if (!group.isEmpty()) {
      Rules.checkFormat(group, SPEC.child("group"), errors, Names::dns1123Subdomain);
    }
    Rules.checkFormat(version, SPEC.child("version"), errors, Names::dns1035Label);
    priority(spec, "groupPriorityMinimum", 20_000, errors);
    priority(spec, "versionPriority", 1000, errors);
    int bundle = Base64.getMimeDecoder().decode(spec.string("caBundle")).length;
    boolean insecure = spec.bool("insecureSkipTLSVerify");
    if (spec.get("service") instanceof ObjectValue target) {
      target(target, errors);
      if (insecure && bundle > 0) {
        insecure("may not be true if caBundle is present", errors);
      }
      return;
    }
    if (bundle > 0) {
      errors.add(FieldError.invalid(SPEC.child("caBundle"), bundle + " bytes", "local APIServices may not have a caBundle"));
    }
    if (insecure) {
      insecure("local APIServices may not have insecureSkipTLSVerify", errors);
    }
  }

  private static void priority(ObjectValue spec, String field, long max, List<FieldError> errors) {
    long priority = Checks.number(spec, field);
    if (priority <= 0 || priority > max) {
      errors.add(FieldError.invalid(SPEC.child(field), priority, "must be positive and less than " + max));
    }
  }

  private static void insecure(String why, List<FieldError> errors) {
    errors.add(FieldError.invalidPrinted(SPEC.child("insecureSkipTLSVerify"), "true", why));
  }

  private static void target(ObjectValue target, List<FieldError> errors) {
    Checks.required(target, "namespace", "", SERVICE, errors);
    Checks.required(target, "name", "", SERVICE, errors);
    long port = Checks.number(target, "port");
    List<String> complaints = Words.portNumber(port);
    if (!complaints.isEmpty()) {
      errors.add(FieldError.invalid(SERVICE.child("port"), port, "port is not valid: " + String.join(", ", complaints)));
    }
  }
}

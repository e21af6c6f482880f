package io.thyra.groups.resource;

import static io.thyra.groups.Declared.field;
import static io.thyra.groups.Declared.type;

import io.thyra.groups.Checks;
import io.thyra.groups.Declared;
import io.thyra.groups.Group;
import io.thyra.machinery.Names;
import io.thyra.machinery.ObjectMetaValidation;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import io.thyra.model.Value;
import io.thyra.schema.Struct;
import java.util.List;

/// ResourcePoolStatusRequests: a question that is answered once.
/// Source: pkg/registry/resource/resourcepoolstatusrequest/strategy.go, pkg/apis/resource/v1alpha3/zz_generated.validations.go.
final class PoolStatusRules {
  private static final FieldPath STATUS = FieldPath.of("status");
  private static final int POOLS_MAX = 1000;
  private static final int CONDITIONS_MAX = 10;
  private static final int ERROR_BYTES_MAX = 256;

  private static final Declared POOL =
      type(
          field("driver").required().format(Names::dns1123SubdomainCaseless),
          field("poolName").required().rule(PoolStatusRules::poolName),
          field("generation").required().min(0),
          field("resourceSliceCount").maybe().min(1),
          field("totalDevices").maybe().min(0),
          field("allocatedDevices").maybe().min(0),
          field("availableDevices").maybe().min(0),
          field("unavailableDevices").maybe().min(0),
          field("nodeName").maybe().format(Names::dns1123Subdomain),
          field("validationError").maybe().maxBytes(ERROR_BYTES_MAX));
  private static final Declared REQUEST =
      type(
          field("spec")
              .immutable()
              .then(
                  type(
                      field("driver").required().format(Names::dns1123SubdomainCaseless),
                      field("poolName").maybe().rule(PoolStatusRules::poolName),
                      field("limit").present().max(POOLS_MAX).min(1))),
          field("status")
              .maybe()
              .then(
                  type(
                      field("poolCount").present().min(0),
                      field("pools").maxItems(POOLS_MAX).optional().each(POOL),
                      field("conditions").maxItems(CONDITIONS_MAX).optional().uniqueBy("type"))));

  private PoolStatusRules() {}

  static void declare(Group.Declaration r) {
    r.rules()
        .named(Names.DNS_SUBDOMAIN)
        .dropsStatus()
        .requiresResourceVersion()
        .createRules((request, path, errors) -> REQUEST.check(request, null, false, path, errors))
        .updateRules((request, old, path, errors) -> REQUEST.check(request, old, true, path, errors));
    r.statusRules()
        .named(Names.DNS_SUBDOMAIN)
        .resetsMetadata()
        .requiresResourceVersion()
        .updateRules(
            (request, old, path, errors) -> {
              status(r.struct(), request, old, errors);
              REQUEST.check(request, old, true, path, errors);
            });
  }

  private static void status(Struct struct, ObjectValue request, ObjectValue old, List<FieldError> errors) {
    if (Checks.isSet(old, "status")) {
      Checks.immutable(struct, request, old, null, errors, "status");
    } else if (Checks.isSet(request, "status")) {
      errors.addAll(ObjectMetaValidation.conditions(request.list("status", "conditions"), STATUS.child("conditions")));
    }
  }

  private static void poolName(Value value, FieldPath path, List<FieldError> errors) {
    String name = value instanceof StringValue(String text) ? text : "";
    if (name.length() > 253) {
      errors.add(FieldError.tooLong(path, 253));
    }
    String[] parts = name.split("/", -1);
    for (int i = 0; i < parts.length; i++) {
      String segment = "segment " + i + ": ";
      if (parts[i].isEmpty()) {
        errors.add(FieldError.invalid(path, name, segment + "must not be empty"));
      } else {
        for (String complaint : Names.dns1123Subdomain(parts[i])) {
          errors.add(FieldError.invalid(path, parts[i], segment + Declared.inBytes(complaint)));
        }
      }
    }
  }
}

package io.thyra.groups.admissionregistration;

import io.thyra.groups.Cells;
import io.thyra.groups.Columns;
import io.thyra.groups.Group;
import io.thyra.groups.GroupDependencies;
import io.thyra.model.ObjectValue;
import io.thyra.registry.TableColumns;

/// `admissionregistration.k8s.io`: webhooks and policies.
public final class AdmissionGroup {
  private static final String WEBHOOKS = "Webhooks indicates the number of webhooks registered in this configuration";

  private AdmissionGroup() {}

  public static void declare(Group group, GroupDependencies needs) {
    var validating = new ParamAccess(group.schemas(), needs, "validatingadmissionpolicies");
    var mutating = new ParamAccess(group.schemas(), needs, "mutatingadmissionpolicies");
    for (String plural : new String[] {"mutatingwebhookconfigurations", "validatingwebhookconfigurations"}) {
      group.resource(
          plural,
          r -> {
            r.columns(c -> c.number("Webhooks", WEBHOOKS, o -> o.list("webhooks").size()).age().build());
            WebhookRules.declare(r);
          });
    }
    group.resource(
        "validatingadmissionpolicies",
        r -> {
          r.columns(
              c ->
                  policy(
                      c,
                      "Validations",
                      "Validations indicates the number of validation rules defined in this configuration",
                      "validations"));
          PolicyRules.declareValidating(r, validating);
        });
    group.resource(
        "mutatingadmissionpolicies",
        r -> {
          r.storedIn("v1beta1");
          r.columns(
              c ->
                  policy(
                      c, "Mutations", "Mutation indicates the number of mutations rules defined in this configuration", "mutations"));
          PolicyRules.declareMutating(r, mutating);
        });
    group.resource("validatingadmissionpolicybindings", r -> binding(r, true, validating));
    group.resource(
        "mutatingadmissionpolicybindings",
        r -> {
          r.storedIn("v1beta1");
          binding(r, false, mutating);
        });
  }

  private static void binding(Group.Declaration r, boolean validating, ParamAccess access) {
    r.columns(
        c ->
            c.text(
                    "PolicyName",
                    "PolicyName indicates the policy definition which the policy binding binded to",
                    o -> o.string("spec", "policyName"))
                .text(
                    "ParamRef", "ParamRef indicates the param resource which sets the configuration param", AdmissionGroup::parameters)
                .age()
                .build());
    BindingRules.declare(r, validating, access);
  }

  private static TableColumns policy(Columns columns, String name, String description, String field) {
    return columns
        .number(name, description, o -> o.list("spec", field).size())
        .text(
            "ParamKind",
            "ParamKind specifies the kind of resources used to parameterize this policy",
            o ->
                o.at("spec", "paramKind") instanceof ObjectValue kind
                    ? kind.string("apiVersion") + "/" + kind.string("kind")
                    : Cells.UNSET)
        .age()
        .build();
  }

  private static String parameters(ObjectValue binding) {
    if (!(binding.at("spec", "paramRef") instanceof ObjectValue reference)) {
      return Cells.UNSET;
    }
    String name = reference.string("name");
    if (!name.isEmpty()) {
      String namespace = reference.string("namespace");
      return (namespace.isEmpty() ? "*" : namespace) + "/" + name;
    }
    return reference.get("selector") instanceof ObjectValue selector ? GoSelector.print(selector) : Cells.UNSET;
  }
}
